"""What the web needs from the rooms, handed in by the wiring: values and callables, so that `api` imports no tool."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from api.ordering import Ordering
from api.settings import ApiSettings
from domain.arrangement import Deed
from domain.blocks import Look, SmallPicture
from domain.copies import CopyOrder, CopyRequest
from domain.corrections import WordCorrection
from domain.documents import Document, Origin
from domain.errors import Message
from domain.lasting import Outlook
from domain.pages import Box, PageReading
from domain.patients import Candidate
from domain.people import Person, Sight
from domain.search import Answer, Query
from domain.signatures import Examined, FileVerdict
from domain.trust import Claim, Listed, Offered, Purpose, Rests
from storage.signing import Device, Job
from storage.store import Store, Transaction


class Index(Protocol):
    """The part of a search index that screens use."""

    def search(self, query: Query) -> Answer:
        """Pages that answer, within the asker's rights. Raises PartAway if the index does not answer."""
        ...

    def suggest(self, prefix: str, sight: Sight, limit: int = 8) -> Sequence[str]:
        """Words and names that begin so, within the asker's rights."""
        ...


class Located(Protocol):
    """Where a query's words stand on a page."""

    @property
    def boxes(self) -> Sequence[Box]:
        """The words that answer, in reading order."""
        ...

    @property
    def snippet(self) -> str:
        """The words around the first of them."""
        ...


class Offer(Protocol):
    """A fact that was taken from words which people corrected since."""

    @property
    def fact(self) -> str:
        """A member of the facts."""
        ...

    @property
    def value(self) -> str:
        """What it says."""
        ...

    @property
    def now(self) -> str | None:
        """What filing would take from these words now; None if nothing."""
        ...


class Review(Protocol):
    """A person decides whose paper it is. Every deed names the version it saw; raises Stale if somebody was faster."""

    def candidates(self, document_id: str) -> Sequence[Candidate]:
        """Patients of the index who may be meant, the likeliest first."""
        ...

    def compare(self, document_id: str, patient_id: str) -> Candidate | None:
        """One patient of the index beside the paper; None if the index has no such patient."""
        ...

    def accept(self, document: Document, patient_id: str, actor: str) -> Document:
        """File the document with this patient."""
        ...

    def correct(self, document: Document, fact: str, value: str, actor: str) -> Document:
        """Correct what was read; `fact` is a member of the facts or `kind`. Raises Refused for a value that cannot be."""
        ...

    def offers(self, document_id: str) -> Sequence[Offer]:
        """Facts to look at again, since people corrected the words that they were taken from."""
        ...

    def not_in_index(self, document: Document, actor: str) -> Document:
        """Nobody of the index is meant: it goes on waiting, with that reason."""
        ...

    def reject(self, document: Document, why: str, actor: str) -> Document:
        """The document does not belong here at all; original and reason are kept."""
        ...

    def undo(self, document: Document, actor: str) -> Document:
        """Take an acceptance back, as long as nobody has signed."""
        ...


class Words(Protocol):
    """A page as people corrected it, and what the next deed must name."""

    @property
    def reading(self) -> PageReading:
        """The words."""
        ...

    @property
    def deeds(self) -> Sequence[WordCorrection]:
        """All that people did here, in order."""
        ...

    @property
    def standing(self) -> Sequence[WordCorrection]:
        """The corrections that were not taken back, oldest first."""
        ...

    @property
    def missed(self) -> frozenset[int]:
        """Numbers of corrections that hold nowhere on the page as it is read now."""
        ...

    @property
    def seen(self) -> int:
        """The number of the newest deed, 0 if there is none."""
        ...


class WordDesk(Protocol):
    """A person says what stands on a page. Every deed names the newest one it saw; raises Stale if somebody was faster."""

    def words(self, document_id: str, page: int) -> Words:
        """A page as it is now. Raises Broken `no_page`."""
        ...

    def correct(self, place: tuple[str, int, range], text: str, seen: int, actor: str) -> Words:
        """Say what stands in a place: document, page, which of its words. Raises Refused."""
        ...

    def take_back(self, place: tuple[str, int], number: int, seen: int, actor: str) -> Words:
        """Take a correction back. Raises Refused."""
        ...


class Sheaf(Protocol):
    """A document with its pages in order and those set aside."""

    def as_json(self) -> dict[str, Any]:
        """As `docs/reference/arranging.md` describes it."""
        ...


class PageDesk(Protocol):
    """A person puts pages together. Every deed names the versions it saw; raises Stale if somebody was faster, Refused with the
    reason. Pages count from 1.
    """

    def sheaf(self, document_id: str) -> Sheaf:
        """A document as it lies there now."""
        ...

    def arrange(self, document_id: str, order: str, deed: Deed) -> Document:
        """Give a document exactly the pages of an order such as `1-3,5,4r90,ID:2-4,x1`."""
        ...

    def split(self, document_id: str, parts: Sequence[str], deed: Deed) -> list[Document]:
        """Make one document of each part, such as `1-3`; the first stays this document."""
        ...

    def join(self, document_id: str, others: Sequence[str], deed: Deed) -> Document:
        """Append all pages of other documents, which are withdrawn."""
        ...


class Signer(Protocol):
    """The first and the last half of signing, and what the desk agent asks in between (`docs/reference/agent.md`)."""

    @property
    def most(self) -> int:
        """Documents that go to the desk at once."""
        ...

    def send(self, person: Person, signature_ids: Sequence[str]) -> Job:
        """A job that a worker prepares for the person's agent, in this order. Raises Refused with the reason."""
        ...

    def stop(self, person: Person, job_id: str) -> None:
        """End a job; nothing is half signed."""
        ...

    def refuse(self, person: Person, signature_id: str, why: str) -> None:
        """Will not sign: the document goes to a person, with the reason. Raises Refused."""
        ...

    def ask_again(self, document: Document, actor: str) -> None:
        """Ask again for what was refused. Raises Refused, Stale."""
        ...

    def recall(self, person: Person, signature_id: str, why: str) -> None:
        """Take the own signature back before the next one. Raises Refused."""
        ...

    def ask_void(self, person: Person, document_id: str, why: str) -> None:
        """Ask for the signature that makes a kept document void. Raises Refused."""
        ...

    def cancel_void(self, person: Person, signature_id: str) -> None:
        """Ask for it no longer. Raises Refused."""
        ...

    def offer_code(self, person: Person) -> str:
        """A fresh pairing code, shown once."""
        ...

    def pair(self, body: dict[str, Any]) -> dict[str, Any]:
        """An agent shows a code and its key. Raises Refused."""
        ...

    def device(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Device:
        """Which paired device signed this request. Raises Refused `device` for any doubt."""
        ...

    def jobs(self, device: Device, able: Collection[str] = ()) -> dict[str, Any]:
        """What waits for the device, as a signed JSON value. `able`: in which ways the key can sign, where the device knows."""
        ...

    def document(self, device: Device, job_id: str, item: str) -> bytes:
        """The bytes of one document of a job. Raises Refused."""
        ...

    def complete(self, device: Device, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take the agent's results in: each item is signed or has its reason."""
        ...


class Examiner(Protocol):
    """Judges files that people bring, hostile ones among them. `seats`: how many at a time; `folder`: where they must lie."""

    @property
    def seats(self) -> int:
        """How many files are judged at a time; who asks meanwhile waits."""
        ...

    @property
    def folder(self) -> Path:
        """Where to put a file; whoever put it there removes it."""
        ...

    def examine(self, path: Path, name: str, sha256: str, tell: Callable[[str], None]) -> Examined:
        """Everything about a file; `tell` hears what is being done: `signatures`, `archival`, `report`."""
        ...


class TrustDesk(Protocol):
    """Whom the house trusts (`docs/reference/trust.md`). Every change needs a reason; raises Refused."""

    @property
    def soon(self) -> datetime:
        """What ends by then is told."""
        ...

    def edition(self) -> str:
        """Another value whenever the list changed."""
        ...

    def listed(self) -> list[Listed]:
        """All entries, trusted ones first."""
        ...

    def get(self, sha256: str) -> Listed:
        """One entry."""
        ...

    def alarms(self) -> Sequence[Message]:
        """What a person must see to, months ahead."""
        ...

    def offered(self, data: bytes) -> list[Offered]:
        """What a file holds, looked at before it counts."""
        ...

    def add(self, data: bytes, purpose: Purpose, reason: str, actor: str) -> list[Listed]:
        """Trust what is in a file; all of it or nothing."""
        ...

    def withdraw(self, sha256: str, reason: str, actor: str) -> Listed:
        """Trust it no longer for what is made from now on."""
        ...

    def remove(self, sha256: str, reason: str, actor: str) -> Listed:
        """Trust it for nothing."""
        ...

    def restore(self, sha256: str, reason: str, actor: str) -> Listed:
        """Trust it again as before."""
        ...

    def rests(self, sha256: str) -> Rests:
        """What rests on it."""
        ...


class ClaimDesk(Protocol):
    """Certificates that people paired, where an administrator must say whether they are theirs. Raises Refused."""

    def listed(self) -> list[Claim]:
        """Those that wait first."""
        ...

    def answer(self, person_id: str, sha256: str, actor: str, *, confirmed: bool) -> None:
        """Whether it is theirs."""
        ...

    def set_number(self, person_id: str, text: str, actor: str) -> None:
        """The number of a person's identity card."""
        ...


class BlockTools(Protocol):
    """What the administration makes of blocks of signatures."""

    def picture(self, data: bytes) -> SmallPicture:
        """A PNG or JPEG as blocks show it. Raises Refused `picture`."""
        ...

    def shown(self, look: Look) -> bytes:
        """A PNG of an invented person's block."""
        ...


class CopyTools(Protocol):
    """Certified copies of kept documents: asked for here, made by a worker. Every deed raises Refused with the reason."""

    def keeps(self, tx: Transaction, person: Person) -> bool:
        """Whether a person keeps the seal."""
        ...

    def may(self, tx: Transaction, person: Person, document: Document) -> bool:
        """Whether a person may have copies made of a document."""
        ...

    def ask(self, person: Person, document_id: str, request: CopyRequest) -> CopyOrder:
        """Have one made."""
        ...

    def again(self, person: Person, copy_id: str) -> None:
        """Try once more, now."""
        ...

    def stop(self, person: Person, copy_id: str) -> None:
        """Call it off."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the installation on the health page: `state` is `missing`, `away`, `warning` or `ok`; `said`: what was seen,
    what is wrong and what to do.
    """

    name: str
    state: str
    said: Message


@dataclass(frozen=True, slots=True)
class Seal:
    """What a check of the audit log found; no fault: nothing was altered or cut off."""

    sealed: int
    unsealed: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document that a person can choose."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder."""

    name: str
    path: str
    department: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the web is given.

    `accept_upload` takes an uploaded file (it may delete it); None: the belt will pick it up in a moment.
    `verdict_sentences` puts a verdict in plain words (`vi` or `en`), one sentence a line. `lasting`: until when proofs last, and
    what a person must see to.
    """

    store: Store
    index: Index
    locate_hits: Callable[[PageReading, str], Located]
    accept_upload: Callable[[Path, Origin], Document | None]
    review: Review
    words: WordDesk
    pages: PageDesk
    signer: Signer
    examiner: Examiner
    verify_document: Callable[[Document], FileVerdict]
    verdict_sentences: Callable[[FileVerdict, str], Sequence[str]]
    verify_audit: Callable[[], Seal]
    blocks: BlockTools
    copies: CopyTools
    settings: ApiSettings
    health: Callable[[], Sequence[Part]]
    lasting: Callable[[], tuple[Outlook, Sequence[Message]]]
    trust: TrustDesk
    claims: ClaimDesk
    kinds: Callable[[], Sequence[Kind]]
    folders: Callable[[], Sequence[Folder]]
    orders: Ordering
