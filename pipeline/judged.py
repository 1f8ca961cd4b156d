"""The independent judge's word on every version that is bound, signed or proven, before its document goes on.

1. A version that fails stops its document where it stands, and a person is told. Its bytes, signatures included, are kept.
2. No verdict (no judge, one that died or hung) stops nothing: the version is marked as not checked, and `luuky custody judge`
   asks again. A judge that gave none is not asked a second time by the belt.
3. Judging belongs to the work of a step: nobody who signs waits for it, and no transaction is open. What was said is kept at
   once, so that a step that fails afterwards need not ask again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.documents import Document, State
from domain.errors import Broken
from domain.proof import Proof, Standing, named
from pdfa.validator import Judgement
from storage.proofs import Proofs, Version
from storage.step import Step
from storage.store import Store, Transaction

ACTOR = "judge"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Judged:
    """A version and what was said of it."""

    version: Version
    proof: Proof


class Judge:
    """Judges versions of a store's documents. `ask` gives the verdict on an object of so many pages."""

    def __init__(self, store: Store, ask: Callable[[str, int], Judgement]) -> None:
        self.store = store
        self._ask = ask

    def of(self, document: Document) -> list[Judged]:
        """Judge what of a document has not passed; not again what a judge gave no verdict on (rule 2), and nothing that was bound
        anew since: what was taken back must not stop what came after it.
        """
        with self.store.read() as tx:
            found = Proofs(tx.connection).open(document.id)
            bound = [version["id"] for version in tx.documents.versions(document.id) if version["kind"] == "bound"]
        now = [one for one in found if one.id >= max(bound, default=0)]
        asked = [one for one in now if one.proof.standing is Standing.FAILED or not one.proof.judge]
        return [self.judge(one, ACTOR, document.pages or 1) for one in asked]

    def open(self) -> list[Version]:
        """All versions of all documents that have not passed."""
        with self.store.read() as tx:
            return Proofs(tx.connection).open()

    def judge_late(self, version: Version, actor: str) -> Judged:
        """Judge a version outside the belt. What waits for a signature and fails waits no more: a person is told (rule 1)."""
        with self.store.read() as tx:
            document = tx.documents.get(version.document_id)
        one = self.judge(version, actor, document.pages or 1)
        if one.proof.standing is Standing.FAILED and document.state is State.AWAITING_SIGNATURE:
            with self.store.write() as tx:
                tx.documents.give_up(document, failed(one).message)
        return one

    def judge(self, version: Version, actor: str, pages: int) -> Judged:
        """Judge one version, and keep what was said (rule 3)."""
        report = self._ask(version.sha256, pages).as_report()
        with self.store.write() as tx:
            return Judged(version, Proofs(tx.connection).keep(version, report, actor))


class OnceJudged(Generic[Result]):
    """`step`, once what its document consists of has been judged. Its own look comes after that: it may want to know."""

    def __init__(self, step: Step[Any, Result], judge: Judge) -> None:
        self.takes = step.takes
        self._step = step
        self._judge = judge

    def look(self, tx: Transaction, document: Document) -> Document:  # noqa: ARG002
        """Which document it is."""
        return document

    def work(self, job: Document) -> Result:
        """Judge, then do the step's work. Raises also Broken `not_pdfa` (rule 1)."""
        failures = [one for one in self._judge.of(job) if one.proof.standing is Standing.FAILED]
        if failures:
            raise failed(failures[-1])
        with self._judge.store.read() as tx:
            own = self._step.look(tx, job)
        return self._step.work(own)

    def write(self, tx: Transaction, document: Document, result: Result) -> None:
        """As the step does."""
        self._step.write(tx, document, result)


def failed(one: Judged) -> Broken:
    """What to tell a person about a version that failed."""
    vi, en = named(one.proof.failed)
    judge = one.proof.judge
    if one.version.kind == "bound":
        return Broken(
            "not_pdfa",
            f"Bản PDF/A chưa ký không đạt kiểm định của {judge} ({vi}). Bản gốc còn nguyên. Hãy báo người quản trị.",
            f"The PDF/A, not signed yet, does not pass {judge} ({en}). The original is safe. Call the administrator.",
        )
    return Broken(
        "signed_not_pdfa",
        f"Bản đã ký không đạt kiểm định PDF/A của {judge} ({vi}) nên tài liệu dừng ở đây. Chữ ký còn nguyên trong kho, chưa cần "
        "ký lại. Hãy báo người quản trị; bấm “Thử lại” để kiểm định lại.",
        f"The signed file does not pass {judge} as PDF/A ({en}), so the document stops here. The signature is safe in the store, "
        "nobody need sign again yet. Call the administrator; “Try again” has it judged again.",
    )
