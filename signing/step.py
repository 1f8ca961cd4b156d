"""What the belt calls: ask for signatures (BOUND → AWAITING_SIGNATURE), and prove them for decades (SIGNED → PROVEN)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.blocks import layout_for
from domain.certification import leaves_room_to_void
from domain.documents import Document, Nature, State
from domain.errors import Broken, Refused
from domain.lasting import Ends
from domain.signatures import FileVerdict, SignatureVerdict, SigningRule, Verdict
from domain.signers import VOID, asked
from signing.certifying import intend
from signing.fields import Drawing, Wish, make_fields
from signing.network import network_of
from signing.printed import Sheet, sheet
from signing.rfc3161 import service
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.tokens import ends
from signing.trust import TrustList
from signing.upgrade import prove
from signing.verify import verify_file
from storage.lasting import Lasting
from storage.objects import Objects
from storage.store import Transaction

ACTOR = "signing"
LOOKED_AT = 12
"""Pages from the end of a document that are searched for signature lines."""


@dataclass(frozen=True, slots=True)
class AskJob:
    """The bound file, the rules that name its kind, the fields for them, and what its pages say, the last one first."""

    bound: str
    rules: tuple[SigningRule, ...]
    wishes: tuple[Wish, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class AskResult:
    """The file with its empty fields."""

    rules: tuple[SigningRule, ...]
    name: str


class AskStep:
    """BOUND → AWAITING_SIGNATURE: the fields that the rules name are made, and their signatures asked for."""

    takes = State.BOUND

    def __init__(self, objects: Objects, draw: Drawing) -> None:
        """`draw`: where a page has ink; of a page that it cannot draw, words alone tell where there is room."""
        self._objects = objects
        self._draw = draw

    def look(self, tx: Transaction, document: Document) -> AskJob:
        """Rules and the words of the pages that may have signature lines."""
        rules = needed(tx, document)
        return AskJob(_present(document.bound), rules, _wishes(tx, document, rules), _sheets(tx, document) if rules else ())

    def work(self, job: AskJob) -> AskResult:
        """Make the fields. Raises Unreadable."""
        with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
            target = Path(folder, "fields.pdf")
            make_fields(self._objects.path(job.bound), target, job.wishes, job.sheets, self._draw)
            intend(target, job.rules)
            return AskResult(job.rules, self._objects.put_file(target))

    def write(self, tx: Transaction, document: Document, result: AskResult) -> None:
        """Ask. A document bound anew is signed anew: earlier signatures belong to bytes that no longer count."""
        signed = [version["sha256"] for version in tx.documents.versions(document.id) if version["kind"] == "signed"]
        tx.signing.replace(document.id, signed[-1] if signed else _present(document.bound))
        tx.signing.ask(document.id, result.rules)
        tx.documents.add_version(document.id, "fields", result.name)
        tx.documents.move(document, State.AWAITING_SIGNATURE, ACTOR, note={"sha256": result.name}, current=result.name)


def _wishes(tx: Transaction, document: Document, rules: Sequence[SigningRule]) -> tuple[Wish, ...]:
    """A field for each rule; also the one that makes void where none could be made later, seen, and beside nobody's caption."""
    titles, layout = tx.signers.titles(), layout_for(tx.blocks.layouts(), document.kind_code)
    size = float(layout.wide), float(layout.high)
    named = {one.field: (titles.get(one.field, one.field), one.capacity) for one in rules}
    void = [Wish(VOID, titles[VOID], "", seen=True, size=size)] if leaves_room_to_void(rules) else []
    return (*(Wish(field, title, capacity, layout.visible, size) for field, (title, capacity) in named.items()), *void)


def _sheets(tx: Transaction, document: Document) -> tuple[Sheet, ...]:
    last = document.pages or 1
    found = ((number, tx.pages.page_as_read(document.id, number)) for number in range(last, max(0, last - LOOKED_AT), -1))
    return tuple(sheet(reading, number - 1) for number, reading in found if reading)


def needed(tx: Transaction, document: Document) -> tuple[SigningRule, ...]:
    """Whose signatures the rules want on a document; none on one that came in signed."""
    if document.nature is Nature.SIGNED:
        return ()
    operator = tx.people.by_login(document.origin.operator) if document.origin.operator else None
    return tuple(asked(tx.signing.rules(), document, tx.documents.facts(document.id), operator))


@dataclass(frozen=True, slots=True)
class ProveResult:
    """The proven file, what our own verification says of it, and how its proof ends."""

    name: str
    verdict: FileVerdict
    ends: Ends


class ProveStep:
    """SIGNED → PROVEN: evidence and an archive timestamp for every signature; then the file is judged as a stranger would."""

    takes = State.SIGNED

    def __init__(self, objects: Objects, settings: SigningSettings, trust: Callable[[], TrustList]) -> None:
        """`trust`: the list as it is whenever it is asked for."""
        self._objects = objects
        self._settings = settings
        self._trust = trust

    def look(self, tx: Transaction, document: Document) -> str:  # noqa: ARG002
        """The signed file."""
        return _present(document.current)

    def work(self, job: str) -> ProveResult:
        """Prove and judge. Raises PartAway, PartMissing, Broken `too_late`, `not_proven`."""
        settings = self._settings
        trust, network = self._trust(), network_of(settings)
        with tempfile.TemporaryDirectory(prefix="luuky-prove-") as folder:
            target = Path(folder, "proven.pdf")
            try:
                stamp = prove(self._objects.path(job), target, trust, network, service(settings))
            except Refused as error:  # no review can change what is signed: a person must decide
                raise Broken(error.message.code, error.message.vi, error.message.en) from error
            verdict = verify_file(target, trust)
            if verdict.verdict is not Verdict.PASSED:
                raise Broken(
                    "not_proven",
                    "Bằng chứng dài hạn vừa tạo không đạt kiểm tra. Bản đã ký còn nguyên. Hãy báo người quản trị.",
                    "The long-term proof just made does not pass. The signed file is safe. Call the administrator.",
                )
            proof_ends = ends(stamp, (*trust.roots, *trust.others), Sunsets(settings.sunsets))
            return ProveResult(self._objects.put_file(target), verdict, proof_ends)

    def write(self, tx: Transaction, document: Document, result: ProveResult) -> None:
        """PROVEN, with what was found among the versions."""
        tx.documents.add_version(document.id, "proven", result.name, {"signatures": _report(result.verdict.signatures)})
        tx.documents.move(document, State.PROVEN, ACTOR, note={"sha256": result.name}, current=result.name)
        Lasting(tx.connection).note(document.id, result.name, result.ends)


def _report(signatures: Sequence[SignatureVerdict]) -> list[dict[str, Any]]:
    return [{"field": str(one.field), "level": one.level, "verdict": one.verdict} for one in signatures]


def _present(name: str | None) -> str:
    if name is None:
        raise Broken("no_bound", "Tài liệu chưa có tệp để ký.", "The document has no file to sign.")
    return name
