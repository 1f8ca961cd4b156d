"""The trust list of a house: the roots that its settings name, and what administrators added, withdrew and removed.

1. The start set is the folder of the settings, as it lies there now; an entry of the list about the same certificate counts
   instead.
2. Nothing is added without having been looked at (`offered.py`), and without a reason; everything is in the audit log.
3. *Withdrawn*: no longer trusted for what is made from then on. What was made before stays proven: verdicts do not change.
4. *Removed*: not trusted for anything. What rests on it alone can no longer be judged (undetermined), nor renewed.
5. Who asks gets the list as it is in the database at that moment: no process keeps one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.errors import LuukyError, Message, Refused
from domain.lasting import MONTH
from domain.trust import Listed, Offered, Purpose, Rests, Trusted, alarms
from signing.evidence import stored_evidence
from signing.offered import face_of, offered
from signing.pdf import reading_pdf
from signing.settings import SigningSettings
from signing.shared import shared
from signing.trust import TrustList, load_trust, no_trust, reached
from storage.clock import now
from storage.store import Store, Transaction
from storage.trust import TrustBook

LOOKED_AT = 40
"""Files that are looked at while somebody waits for a number."""


class TrustDesk:
    """What screens and commands do with the list."""

    def __init__(self, store: Store, settings: SigningSettings) -> None:
        self._store = store
        self._settings = settings

    def trust(self) -> TrustList:
        """As it is now. Raises PartMissing where nobody is trusted, Refused `trust`."""
        with self._store.read() as tx:
            return trust_of(tx, self._settings.trust)

    def known(self) -> TrustList:
        """The same for judging files: nobody where nobody is trusted. Raises PartMissing where the folder is gone, Refused."""
        with self._store.read() as tx:
            return _known(tx, self._settings.trust)

    def edition(self) -> str:
        """Another value whenever administrators changed the list."""
        with self._store.read() as tx:
            return TrustBook(tx.connection).edition()

    def listed(self) -> list[Listed]:
        """All entries: those that are trusted first, roots before what helps to build chains, the first to end first."""
        with self._store.read() as tx:
            entries = _entries(tx, self._settings.trust)
        shown = [Listed(one, face_of(shared(Certificate, one.certificate))) for one in entries]
        moment = now()
        return sorted(shown, key=lambda one: (one.standing(moment) != "trusted", not one.face.root, one.face.ends))

    def get(self, sha256: str) -> Listed:
        """One entry. Raises Refused `trust_unknown`."""
        found = next((one for one in self.listed() if one.face.sha256 == sha256.replace(":", "").casefold()), None)
        if found is None:
            raise Refused("trust_unknown", "Không có chứng thư này trong danh sách.", "There is no such certificate in the list.")
        return found

    @property
    def soon(self) -> datetime:
        """What ends by then is told."""
        return now() + self._settings.trust_months * MONTH

    def alarms(self) -> list[Message]:
        """What a person must see to, months ahead; a folder that cannot be read is said too."""
        try:
            return alarms(self.listed(), now(), self.soon)
        except LuukyError as error:
            return [error.message]

    def offered(self, data: bytes) -> list[Offered]:
        """What a file holds. Raises Refused `trust_file`."""
        return offered(data, {one.face.sha256 for one in self.listed() if not one.entry.removed}, now())

    def add(self, data: bytes, purpose: Purpose, reason: str, actor: str) -> list[Listed]:
        """Rule 2. Raises Refused for the first certificate in `data` that may not be added: then none is."""
        why = _reason(reason)
        found = self.offered(data)
        wrong = next((one.wrong for one in found if one.wrong), None)
        if wrong is not None:
            raise Refused(wrong.code, wrong.vi, wrong.en)
        with self._store.write() as tx:
            book = TrustBook(tx.connection)
            for one in found:
                entry = Trusted(one.face.sha256, one.certificate, purpose, now(), actor, why)
                book.put(entry)
                tx.audit.add(actor, "add_trust", one.face.sha256, purpose=purpose, why=why, subject=one.face.subject)
            book.look_again()
        listed = {one.face.sha256: one for one in self.listed()}
        return [listed[one.face.sha256] for one in found]

    def withdraw(self, sha256: str, reason: str, actor: str, since: datetime | None = None) -> Listed:
        """Rule 3, from `since` on (None: now). Raises Refused `trust_chain_only` for what is no root.

        What is withdrawn already is never withdrawn later than it was: only `restore` makes good what was made since.
        """
        listed = self.get(sha256)
        if not listed.face.root:
            raise Refused(
                "trust_chain_only",
                "Chứng thư trung gian không tự được tin cậy; muốn thôi dùng thì bỏ hẳn, hoặc thôi tin cậy chứng thư gốc của nó.",
                "An intermediate is not trusted by itself: remove it, or withdraw its root.",
            )
        until = min(filter(None, (listed.entry.until, since or now())))
        return self._change(sha256, reason, (actor, "withdraw_trust"), until=until, removed=False)

    def remove(self, sha256: str, reason: str, actor: str) -> Listed:
        """Rule 4."""
        return self._change(sha256, reason, (actor, "remove_trust"), removed=True)

    def restore(self, sha256: str, reason: str, actor: str) -> Listed:
        """Trust it again as before."""
        return self._change(sha256, reason, (actor, "restore_trust"), until=None, removed=False)

    def rests(self, sha256: str, most: int = LOOKED_AT) -> Rests:
        """What rests on an entry; `most` files of which it is not known are looked at first."""
        self.look(most)
        with self._store.read() as tx:
            book = TrustBook(tx.connection)
            return Rests(book.documents_on(sha256), book.not_looked_at_count())

    def _change(self, sha256: str, reason: str, by: tuple[str, str], **values: object) -> Listed:
        why, (actor, act) = _reason(reason), by
        entry = self.get(sha256).entry
        changed = replace(
            entry, ended_at=now(), ended_by=actor, ended_reason=why, **values  # type: ignore[arg-type]
        )  # fmt: skip
        with self._store.write() as tx:
            TrustBook(tx.connection).put(changed)
            until = changed.until.isoformat() if changed.until else None
            tx.audit.add(actor, act, entry.sha256, why=why, until=until)
        return self.get(entry.sha256)

    def look(self, most: int) -> int:
        """Note of some files, at most so many, on which roots their proofs rest; returns of how many."""
        with self._store.read() as tx:
            files = TrustBook(tx.connection).not_looked_at(most)
            trust = _list_of(_entries(tx, self._settings.trust)) if files else TrustList()
        noted = {file: self._rests_on(file, trust) for file in files}
        if noted:
            with self._store.write() as tx:
                for file, roots in noted.items():
                    TrustBook(tx.connection).note(file, roots)
        return len(noted)

    def _rests_on(self, file: str, trust: TrustList) -> list[str]:
        try:
            return rests_on(self._store.objects.path(file), trust)
        except LuukyError:  # a file that is gone: `luuky custody check` tells
            return []


def trust_of(tx: Transaction, folder: Path | None) -> TrustList:
    """Rules 1 and 5. Raises PartMissing where nobody is trusted, Refused `trust`."""
    found = _known(tx, folder)
    if not found.roots:
        raise no_trust()
    return found


def rests_on(path: Path, trust: TrustList) -> list[str]:
    """SHA-256 (hex) of the roots of a trust list to which what a file holds leads; none for a file that cannot be read."""
    try:
        with path.open("rb") as file, reading_pdf():
            reader = PdfFileReader(file)
            known = stored_evidence(reader).certificates
            signers = [one.signer_cert for one in reader.embedded_signatures]
    except (LuukyError, OSError):
        return []
    return sorted({root.hex() for one in (*signers, *known) for root in reached(one, known, trust.roots)})


def _known(tx: Transaction, folder: Path | None) -> TrustList:
    return _list_of([one for one in _entries(tx, folder) if not one.removed])


def _entries(tx: Transaction, folder: Path | None) -> list[Trusted]:
    """Rule 1."""
    given = load_trust(folder) if folder is not None else TrustList()
    start = {one.sha256.hex(): _given(one) for one in (*given.roots, *given.others)}
    return list({**start, **{one.sha256: one for one in TrustBook(tx.connection).listed()}}.values())


def _given(certificate: Certificate) -> Trusted:
    return Trusted(certificate.sha256.hex(), certificate.dump(), Purpose.BOTH, None, "", "")


def _list_of(entries: Sequence[Trusted]) -> TrustList:
    loaded: dict[str, Certificate] = {one.sha256: shared(Certificate, one.certificate) for one in entries}
    return TrustList(
        tuple(one for one in loaded.values() if one.self_issued),
        tuple(one for one in loaded.values() if not one.self_issued),
        {one.sha256: one.purpose for one in entries if one.purpose is not Purpose.BOTH},
        {one.sha256: one.until for one in entries if one.until is not None},
    )


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) < 3:
        raise Refused("reason_needed", "Hãy ghi lý do.", "Say why.")
    return reason[:500]
