"""Verification for the doors: signatures by `signing`, PDF/A by a judge, and what the store's register knows of the file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.documents import Document, Nature
from domain.errors import Broken
from domain.proof import JUDGED, Standing, proof_of
from domain.signatures import FileVerdict, Verdict
from pdfa.claim import claimed
from pdfa.validator import Validator, first_verdict
from pipeline.reporting import report_of
from signing.history import history
from signing.network import Network
from signing.report import particulars
from signing.sunsets import Sunsets
from signing.trust import TrustList
from signing.verify import Expected, verify_file
from storage.store import Store

_VALID = {Standing.PASSED: True, Standing.FAILED: False, Standing.UNCHECKED: None}


class Verifier:
    """Judges files against a trust list and, where there is one, the register of a store."""

    def __init__(
        self,
        trust: TrustList | Callable[[], TrustList],
        judges: Sequence[Validator],
        store: Store | None = None,
        online: Network | None = None,
        sunsets: Sequence[str] = (),
    ) -> None:
        self._given = trust
        self._judges = judges
        self._store = store
        self._online = online
        self._sunsets = Sunsets(sunsets)

    @property
    def _trust(self) -> TrustList:
        """As it is now."""
        return self._given if isinstance(self._given, TrustList) else self._given()

    def file(self, path: Path) -> FileVerdict:
        """Any file. One whose bytes the register knows is held to what the register says of it."""
        verdict = verify_file(path, self._trust, self._register(path), self._online)
        return self.archival(path, verdict)

    def archival(self, path: Path, verdict: FileVerdict) -> FileVerdict:
        """The same verdict with what is said of PDF/A, of a file that can be read."""
        if verdict.verdict is Verdict.UNREADABLE:
            return verdict
        judged = first_verdict(self._judges, path)
        return replace(verdict, pdfa_claimed=claimed(path), pdfa_valid=_VALID[proof_of(judged.as_report()).standing])

    def report(self, path: Path, verdict: FileVerdict) -> dict[str, Any]:
        """All there is to say of a file that was judged, for `--json` and for the report on paper."""
        trust = self._trust
        found = report_of(verdict, particulars(path, trust), trust, online=self._online is not None)
        return {**found, **history(path, trust, self._sunsets).as_json()}

    def document(self, document: Document) -> FileVerdict:
        """The newest bytes of a document of the store. Raises Broken `object_missing`, `not_bound`."""
        if self._store is None or document.current is None:
            raise Broken("not_bound", "Tài liệu chưa được đóng quyển.", "The document is not bound yet.")
        path = self._store.objects.path(document.current)
        verdict = verify_file(path, self._trust, _expected(self._store, document), self._online)
        return replace(verdict, file=f"{document.id}.pdf", pdfa_claimed=claimed(path), pdfa_valid=_judged(self._store, document))

    def _register(self, path: Path) -> Expected | None:
        if self._store is None:
            return None
        with path.open("rb") as file:
            return in_register(self._store, hashlib.file_digest(file, "sha256").hexdigest())


def in_register(store: Store, sha256: str) -> Expected | None:
    """What a store's register says of the file with this SHA-256 (hex), if that is the newest of a document."""
    with store.read() as tx:
        document = tx.documents.with_bytes(sha256)
    return _expected(store, document) if document and document.current == sha256 else None


def _expected(store: Store, document: Document) -> Expected:
    with store.read() as tx:
        signed = tuple(s.field for s in tx.signing.of(document.id) if s.state == "signed")
    return Expected(document.current or "", signed if document.nature is not Nature.SIGNED else ())


def _judged(store: Store, document: Document) -> bool | None:
    """What the judge said of the newest bytes; None where it was not asked, or has not said."""
    with store.read() as tx:
        versions = tx.documents.versions(document.id)
    reports = [one["report"] for one in versions if one["sha256"] == document.current and one["kind"] in JUDGED]
    return _VALID[proof_of(reports[-1]).standing] if reports else None
