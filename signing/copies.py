"""Certified copies: a kept document's pages in a file of their own, signed with the hospital's seal, in a register.

1. Only who keeps the seal may ask, of a document that is kept and not void, with a recipient and a reason.
2. The kept file is never touched: what is signed is made of its pages anew, and names its SHA-256.
3. The copy is proven like any other signed file, and judged, before anybody gets it. What it is judged by fails: nothing is kept.
4. The entry in the register, the copy among the document's versions and the audit entry are one transaction.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from domain.copies import CertifiedCopy, CopyRequest
from domain.documents import Document, State
from domain.errors import Broken, Refused, Stale
from domain.people import Person
from domain.signatures import Verdict
from signing.batch import Waiting, order_for
from signing.copy_field import FIELD, CopyBlock, add_copy_field
from signing.fields import Drawing
from signing.first_half import SignatureSpec, prepare_revision
from signing.keys import Provider, Told
from signing.network import network_of
from signing.rfc3161 import service
from signing.sealing import keeps, seal_with
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.trust import TrustList
from signing.trusted import trust_of
from signing.upgrade import prove
from signing.verify import verify_file
from storage.clock import new_id
from storage.copies import CertifiedCopies
from storage.store import Store, Transaction

KIND = "copy"
"""Of a version."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What a copy is made of: the file, which pages (from 1), and what it says about itself."""

    source: Path
    pages: Sequence[int]
    title: str
    copy_id: str
    sha256: str
    kind_code: str | None
    made: datetime


@dataclass(frozen=True, slots=True)
class Copier:
    """`derive` writes the file to be signed; `draw` tells where a page has ink; `judged` whether a file is PDF/A, if known."""

    store: Store
    settings: SigningSettings
    providers: Callable[[str], Provider]
    derive: Callable[[Derived, Path], None]
    draw: Drawing
    judged: Callable[[Path], bool | None]

    def may(self, tx: Transaction, person: Person, document: Document) -> bool:
        """Rule 1."""
        kept = document.state is State.KEPT and document.current is not None
        return kept and keeps(tx, person) and not tx.signing.voided([document.id])

    def issue(self, person: Person, document_id: str, request: CopyRequest) -> CertifiedCopy:
        """Make, seal and enter a copy. Raises Refused with the reason, PartAway, PartMissing, Stale."""
        with self.store.read() as tx:
            document = tx.documents.get(document_id)
            if not self.may(tx, person, document):
                raise _not_copyable()
            trust = trust_of(tx, self.settings.trust)
        source, made = document.current or "", datetime.now(UTC)
        numbers = request.numbers(document.pages or 1)
        copy = CertifiedCopy(
            id=new_id(),
            number=0,
            document_id=document_id,
            source=source,
            form=request.form,
            pages=request.pages,
            recipient=request.recipient,
            reason=request.reason,
            asked_by=person.login,
            signed_at=made,
            sha256="",
        )
        with tempfile.TemporaryDirectory(prefix="luuky-copy-") as name:
            folder = Path(name)
            title = f"{request.form.words}: {document.title or document.origin.name}"
            path = self.store.objects.path(source)
            self.derive(Derived(path, numbers, title, copy.id, source, document.kind_code, made), folder / "derived.pdf")
            proven = self._sealed(folder, copy, trust)
            copy = replace(copy, sha256=self.store.objects.put_file(proven))
        return self._enter(person, document, copy)

    def _sealed(self, folder: Path, copy: CertifiedCopy, trust: TrustList) -> Path:
        """Rules 2 and 3."""
        seal, network, timestamps = self.providers("seal"), network_of(self.settings), service(self.settings)
        _, signatory, scheme = seal_with(seal, "", trust, self.settings)
        block = CopyBlock(copy.form.words, signatory.name, copy.signed_at)
        add_copy_field(folder / "derived.pdf", folder / "field.pdf", block.size, self.draw)
        reason = f"{copy.form.words} từ tệp có SHA-256 {copy.source}. Nơi nhận: {copy.recipient}"
        spec = SignatureSpec(FIELD, block, reason)
        half = replace(prepare_revision(folder / "field.pdf", folder / "signed.pdf", signatory, spec), scheme=scheme)
        order = order_for(copy.id, "", [Waiting(copy.id, folder / "signed.pdf", half)])
        complete_revision(folder / "signed.pdf", half, seal.begin(order, Told()).values[copy.id], timestamps)
        prove(folder / "signed.pdf", folder / "proven.pdf", trust, network, timestamps)
        verdict = verify_file(folder / "proven.pdf", trust)
        if verdict.verdict is not Verdict.PASSED or self.judged(folder / "proven.pdf") is False:
            raise Broken(
                "copy_not_valid",
                "Bản sao vừa tạo không đạt kiểm tra nên không được cấp. Hãy báo người quản trị.",
                "The copy just made does not pass its checks and is not issued. Call the administrator.",
            )
        return folder / "proven.pdf"

    def _enter(self, person: Person, document: Document, copy: CertifiedCopy) -> CertifiedCopy:
        """Rule 4. Raises Stale if the document is another one meanwhile."""
        with self.store.write() as tx:
            now, register = tx.documents.get(document.id), CertifiedCopies(tx.connection)
            if now.current != copy.source or not self.may(tx, person, now):
                raise Stale
            entered = replace(copy, number=register.next_number())
            register.add(entered)
            tx.documents.add_version(document.id, KIND, entered.sha256, {"copy": entered.id})
            tx.audit.add(
                person.login, "certify_copy", document.id, number=entered.number, form=entered.form, pages=entered.pages,
                recipient=entered.recipient, why=entered.reason, source=entered.source, sha256=entered.sha256,
            )  # fmt: skip
            tx.events.add("document", document.id, copy=entered.id)
        return entered


def _not_copyable() -> Refused:
    return Refused(
        "not_copyable",
        "Không cấp được bản sao: tài liệu chưa cất vào kho, đã hủy, hoặc bạn không phải người giữ con dấu.",
        "No certified copy: the document is not kept yet or void, or you do not keep the seal.",
    )
