"""What the belt calls: ask for signatures (BOUND → AWAITING_SIGNATURE), and prove them for decades (SIGNED → PROVEN)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.documents import Document, Nature, State
from domain.errors import Broken, Refused
from domain.lasting import Ends
from domain.signatures import FileVerdict, SignatureVerdict, SigningRule, Verdict
from domain.signers import asked
from signing.fields import Area, prepare_fields, printed_areas
from signing.network import network_of
from signing.rfc3161 import service
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.tokens import ends
from signing.trust import load_trust
from signing.upgrade import prove
from signing.verify import verify_file
from storage.lasting import Lasting
from storage.objects import Objects
from storage.store import Transaction

ACTOR = "signing"


@dataclass(frozen=True, slots=True)
class AskJob:
    """The bound file, the rules that name its kind, and where its last page has words."""

    bound: str
    rules: tuple[SigningRule, ...]
    printed: tuple[Area, ...]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class AskResult:
    """The file with its empty fields."""

    rules: tuple[SigningRule, ...]
    name: str


class AskStep:
    """BOUND → AWAITING_SIGNATURE: the fields that the rules name are made, and their signatures asked for."""

    takes = State.BOUND

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def look(self, tx: Transaction, document: Document) -> AskJob:
        """Rules and the last page's words."""
        reading = tx.pages.page_as_read(document.id, document.pages or 1)
        printed = printed_areas(reading) if reading else ()
        return AskJob(_present(document.bound), needed(tx, document), printed, tx.signers.titles())

    def work(self, job: AskJob) -> AskResult:
        """Make the fields. Raises Unreadable."""
        with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
            target = Path(folder, "fields.pdf")
            fields = list(dict.fromkeys(rule.field for rule in job.rules))
            prepare_fields(self._objects.path(job.bound), target, fields, job.printed, job.titles)
            return AskResult(job.rules, self._objects.put_file(target))

    def write(self, tx: Transaction, document: Document, result: AskResult) -> None:
        """Ask. A document bound anew is signed anew: earlier signatures belong to bytes that no longer count."""
        signed = [version["sha256"] for version in tx.documents.versions(document.id) if version["kind"] == "signed"]
        tx.signing.replace(document.id, signed[-1] if signed else _present(document.bound))
        tx.signing.ask(document.id, result.rules)
        tx.documents.add_version(document.id, "fields", result.name)
        tx.documents.move(document, State.AWAITING_SIGNATURE, ACTOR, note={"sha256": result.name}, current=result.name)


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

    def __init__(self, objects: Objects, settings: SigningSettings) -> None:
        self._objects = objects
        self._settings = settings

    def look(self, tx: Transaction, document: Document) -> str:  # noqa: ARG002
        """The signed file."""
        return _present(document.current)

    def work(self, job: str) -> ProveResult:
        """Prove and judge. Raises PartAway, PartMissing, Broken `too_late`, `not_proven`."""
        settings = self._settings
        trust, network = load_trust(settings.trust), network_of(settings)
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
