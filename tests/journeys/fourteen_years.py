"""Fourteen years in a minute: `python -m tests.journeys.fourteen_years FOLDER FIELDS` under libfaketime, whose clock it moves by
the file that FAKETIME_TIMESTAMP_FILE names. Everything is real: belt, authority, time stamps, renewals; only years pass quickly.

Prints for each chart `{"signed", "file", "verdict", "renewed", "withheld", "levels"}` as of the end, and the outlook on the way.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from custody.fixity import check_all
from custody.step import KeepStep
from domain.documents import Origin, State
from domain.errors import Message
from pdfa.validator import Judgement
from pipeline.renewals import RenewalRunner, Renewals
from pipeline.steps import Runner
from signing.first_half import prepare_revision
from signing.renew import Renewer
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.step import ProveStep
from signing.trust import load_trust
from signing.trusted import TrustDesk
from signing.verify import verify_file
from storage.clock import now
from storage.lasting import Lasting
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.fakes.authority import Authority, Era
from tests.fakes.steps import passing_flow
from tests.signing.fixtures import FIELDS, spec

ERAS = (
    Era("2026", datetime(2026, 1, 1, tzinfo=UTC), "rsa", stamps=5, signs=3, lasts=6),
    Era("2027", datetime(2027, 6, 1, tzinfo=UTC), "ec", stamps=6, signs=4, lasts=8),
    Era("2031", datetime(2031, 2, 1, tzinfo=UTC), "ec", stamps=11, signs=6, lasts=15),
)
"""RSA with PKCS #1 v1.5 is trusted no more from 2029 on; each hierarchy but the last ends on the way, roots included."""
SIGNED = ((2026, 2, 3), (2026, 11, 1), (2028, 5, 2), (2030, 3, 1), (2033, 3, 1), (2035, 10, 1))
"""Year, month, how many sign."""
END = (2040, 12)
LEAP = 6
"""Months from one look of the dispatcher to the next."""
VALID = Judgement(True, "PDF/A-2U", (), "veraPDF", "1.30")


@dataclass
class Story:
    """A hospital over the years."""

    folder: Path
    fields: Path
    authority: Authority
    charts: dict[str, str] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        storage = StorageSettings(self.folder / "data")
        migrate(storage)
        self.store = open_store(storage)
        settings = SigningSettings(self.authority.tsa_url, self.authority.roots, 5)
        trusted = TrustDesk(self.store, settings)
        self.renewer = Renewer(settings, now, trusted.trust)
        self.renewals = Renewals(self.store, self.renewer, 60, trusted.look)
        self.worker = RenewalRunner(self.store, self.renewer, lambda *_: VALID, "story:1")
        flow = passing_flow()
        flow._steps |= {
            State.SIGNED: ProveStep(self.store.objects, settings, trusted.trust),
            State.PROVEN: KeepStep(self.store.objects),
        }
        self.belt = Runner(self.store, flow, "story:1")

    def it_is(self, year: int, month: int) -> None:
        moment = datetime(year, month, 15, 10, tzinfo=UTC)
        Path(os.environ["FAKETIME_TIMESTAMP_FILE"]).write_text(f"{moment:%Y-%m-%d %H:%M:%S}\n")
        self.authority.clock = moment
        assert now() == moment, now()

    def signed(self, label: str, signers: int) -> Path:
        """One after the other, with this era's certificate."""
        era, path = [one for one in ERAS if one.begins <= now()][-1].name, self.fields
        for name in FIELDS[:signers]:
            source, path = path, self.folder / f"{label}-{name}.pdf"
            half = prepare_revision(source, path, self.authority.signatory(era), spec(name))
            complete_revision(path, half, self.authority.sign(era, half.attributes), Rfc3161(self.authority.tsa_url))
        return path

    def sign(self, label: str, signers: int) -> None:
        """Doctors sign; the belt proves and keeps."""
        name = self.store.objects.put_file(self.signed(label, signers))
        with self.store.write() as tx:
            document = tx.documents.add(Origin(f"{label}.pdf", "cli"), name, 1, pages=1)
            for state in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE):
                document = tx.documents.move(document, state, "test")
            tx.documents.move(document, State.SIGNED, "test", current=name)
        for state in (State.PROVEN, State.KEPT):
            self.belt.run_step(document.id)
            with self.store.read() as tx:
                assert tx.documents.get(document.id).state is state, tx.documents.get(document.id)
        self.charts[document.id] = label

    def withhold(self, label: str) -> None:
        """A chart that nobody may touch: a person has put a problem on it."""
        document_id = next(one for one, name in self.charts.items() if name == label)
        with self.store.write() as tx:
            tx.documents.give_up(tx.documents.get(document_id), Message("withheld", "Giữ lại.", "Withheld."))

    def look(self) -> None:
        """A look of the dispatcher, and the workers' errands."""
        self.renewals.ask()
        with self.store.read() as tx:
            errands = tx.outbox.next(("renew",), 100)
        for errand in errands:
            self.worker.run(errand.document_id)
        with self.store.read() as tx:
            outlook = Lasting(tx.connection).outlook(self.renewer.before)
        self.alarms += [f"{now():%Y-%m} {alarm.code}" for alarm in outlook.alarms(now(), self.renewer.soon)]

    def told(self) -> dict[str, Any]:
        trust = load_trust(self.authority.roots)
        found = []
        for document_id, label in self.charts.items():
            with self.store.read() as tx:
                document, versions = tx.documents.get(document_id), tx.documents.versions(document_id)
            path = self.store.objects.path(document.current or "")
            verdict = verify_file(path, trust)
            kinds = [one["kind"] for one in versions]
            found.append({
                "signed": label, "file": str(path), "verdict": verdict.verdict, "renewed": kinds.count("renewed"),
                "state": document.state, "problem": document.problem.code if document.problem else None,
                "levels": [one.level for one in verdict.signatures], "manifests": kinds.count("manifest"),
            })  # fmt: skip
        fixity = check_all(self.store, "test")
        return {"charts": found, "alarms": self.alarms, "damaged": [*fixity.damaged, *fixity.missing], "end": now().isoformat()}


def main(folder: Path, fields: Path) -> None:
    with Authority(folder / "authority", *ERAS) as authority:
        story = Story(folder, fields, authority)
        moment, (year, month) = datetime(*SIGNED[0][:2], 1, tzinfo=UTC), END
        while moment <= datetime(year, month, 28, tzinfo=UTC):
            story.it_is(moment.year, moment.month)
            for y, m, signers in SIGNED:
                since = (moment.year - y) * 12 + moment.month - m
                if 0 <= since < LEAP and f"{y}-{m}" not in story.charts.values():
                    story.sign(f"{y}-{m}", signers)
            if moment.year == 2027:
                story.withhold("2026-11")
            story.look()
            moment = (moment + timedelta(days=31 * LEAP)).replace(day=1)
        story.it_is(*END)
        json.dump(story.told(), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
