"""The belt's two beats of signing: ask the signers that the rules name, and, when all have signed, prove it for decades."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from domain.documents import Document, State
from domain.errors import Broken
from domain.pages import PageReading
from domain.signatures import SigningRule
from signing.fields import prepare_fields, printed_areas
from signing.network import Network
from signing.rfc3161 import Rfc3161
from signing.settings import SigningSettings
from signing.trust import load_trust
from signing.upgrade import prove
from storage.objects import Objects
from storage.store import Transaction

ACTOR = "signing"


@dataclass(frozen=True, slots=True)
class AskJob:
    """The bound file, the rules of its kind, and the words of its last page (which the blocks should not cover)."""

    bound: str
    rules: tuple[SigningRule, ...]
    last: PageReading | None


@dataclass(frozen=True, slots=True)
class AskResult:
    """The file with its empty fields, and the rules they were made for."""

    name: str
    rules: tuple[SigningRule, ...]


class AskStep:
    """BOUND → AWAITING_SIGNATURE."""

    takes = State.BOUND

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def look(self, tx: Transaction, document: Document) -> AskJob:
        """Who must sign, and where there is room."""
        if document.bound is None or document.kind_code is None:
            raise Broken("not_bound", "Tài liệu chưa được đóng quyển.", "The document is not bound.")
        pages = tx.pages.reading(document.id).pages
        return AskJob(document.bound, tuple(tx.signing.rules(document.kind_code)), pages[-1] if pages else None)

    def work(self, job: AskJob) -> AskResult:
        """One revision with an empty field for each rule."""
        with tempfile.TemporaryDirectory(prefix="luuky-fields-") as folder:
            target = Path(folder, "fields.pdf")
            printed = printed_areas(job.last) if job.last else ()
            prepare_fields(self._objects.path(job.bound), target, [rule.field for rule in job.rules], printed)
            return AskResult(self._objects.put_file(target), job.rules)

    def write(self, tx: Transaction, document: Document, result: AskResult) -> None:
        """The signatures are asked for; the document waits for people."""
        tx.documents.add_version(document.id, "fields", result.name)
        tx.signing.ask(document.id, result.rules)
        fields = [rule.field for rule in result.rules]
        tx.documents.move(document, State.AWAITING_SIGNATURE, ACTOR, note={"fields": fields}, current=result.name)


class ProveStep:
    """SIGNED → PROVEN."""

    takes = State.SIGNED

    def __init__(self, objects: Objects, settings: SigningSettings) -> None:
        self._objects = objects
        self._settings = settings

    def look(self, tx: Transaction, document: Document) -> str:  # noqa: ARG002 - the document names the file
        """The signed file."""
        if document.current is None:
            raise Broken("not_signed", "Không thấy tệp đã ký.", "There is no signed file.")
        return document.current

    def work(self, job: str) -> str:
        """Evidence and a document timestamp over everything. Raises PartAway while an authority does not answer."""
        settings = self._settings
        with tempfile.TemporaryDirectory(prefix="luuky-prove-") as folder:
            target = Path(folder, "proven.pdf")
            stamps = Rfc3161(settings.tsa_url, settings.network_seconds)
            prove(self._objects.path(job), target, load_trust(settings.trust), Network(settings.network_seconds), stamps)
            return self._objects.put_file(target)

    def write(self, tx: Transaction, document: Document, result: str) -> None:
        """The proven bytes are the document's bytes from now on."""
        tx.documents.add_version(document.id, "proven", result)
        tx.documents.move(document, State.PROVEN, ACTOR, note={"sha256": result}, current=result)
