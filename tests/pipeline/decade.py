"""A hospital whose charts were proven in 2016, by a service whose certificate ended with 2019 and that had a new one from March.

The past, since the library asks this machine's clock what is known by now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from custody.step import KeepStep
from domain.documents import Document, Origin, State
from pdfa.validator import Judgement
from pipeline.renewals import RenewalRunner, Renewals
from signing.first_half import prepare_revision
from signing.network import Network
from signing.renew import Renewer
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.trust import load_trust
from signing.trusted import TrustDesk
from signing.upgrade import prove
from storage.lasting import Lasting
from storage.store import Store
from tests.fakes.authority import Authority, Era
from tests.signing.fixtures import Hospital, spec

BORN = datetime(2016, 1, 1, tzinfo=UTC)
NEW = datetime(2019, 3, 1, tzinfo=UTC)
DUE = datetime(2019, 4, 1, tzinfo=UTC)
ERAS = Era("A", BORN, stamps=4), Era("B", NEW, stamps=6)
VALID = Judgement(True, "PDF/A-2U", (), "veraPDF", "1.30")


def proven(authority: Authority, hospital: Hospital, folder: Path) -> Path:
    """B-LTA of January 2016."""
    authority.clock = BORN + timedelta(days=1)
    half = prepare_revision(hospital.fields(), folder / "signed.pdf", authority.signatory("A"), spec("TacGia"))
    timestamps = Rfc3161(authority.tsa_url)
    complete_revision(folder / "signed.pdf", half, authority.sign("A", half.attributes), timestamps, authority.clock)
    prove(folder / "signed.pdf", folder / "proven.pdf", load_trust(authority.roots), Network(5), timestamps, authority.clock)
    return folder / "proven.pdf"


@dataclass
class Archive:
    """A store with proven charts, and both parts of renewing them at the authority's time."""

    store: Store
    authority: Authority
    file: Path
    says: Judgement = VALID
    settings: SigningSettings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = SigningSettings(self.authority.tsa_url, self.authority.roots, 5, renew_per_minute=2)
        trusted = TrustDesk(self.store, self.settings)
        self.renewer = Renewer(self.settings, lambda: self.authority.clock, trusted.trust)
        self.renewals = Renewals(self.store, self.renewer, self.settings.renew_per_minute, trusted.look)
        self.runner = RenewalRunner(self.store, self.renewer, lambda *_: self.says, "test:1")

    def chart(self, state: State = State.KEPT) -> str:
        """A chart that the belt has proven, and kept."""
        name = self.store.objects.put_file(self.file)
        with self.store.write() as tx:
            document = tx.documents.add(Origin("quét.pdf", "cli"), name, 1, pages=1)
            for each in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE, State.SIGNED):
                document = tx.documents.move(document, each, "test")
            tx.documents.add_version(document.id, "proven", name)
            document = tx.documents.move(document, State.PROVEN, "signing", current=name)
        if state is State.KEPT:
            step = KeepStep(self.store.objects)
            with self.store.read() as tx:
                job = step.look(tx, document)
            result = step.work(job)
            with self.store.write() as tx:
                step.write(tx, document, result)
        return document.id

    def round(self) -> int:
        """A minute of the dispatcher and of a worker; returns how many documents were asked for."""
        self.renewals.survey()
        asked = self.renewals.ask()
        with self.store.read() as tx:
            errands = tx.outbox.next(("renew",), 100)
        for errand in errands:
            self.runner.run(errand.document_id)
        return asked

    def document(self, document_id: str) -> Document:
        with self.store.read() as tx:
            return tx.documents.get(document_id)

    def kinds(self, document_id: str) -> list[str]:
        with self.store.read() as tx:
            return [version["kind"] for version in tx.documents.versions(document_id)]

    def waiting(self) -> dict[str, int]:
        with self.store.read() as tx:
            chains = Lasting(tx.connection).outlook(self.renewer.before).chains
            return {code: number for one in chains for code, number in one.waiting.items()}
