"""A doctor's desk and a hospital's store with bound charts that wait for the doctor's signature."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.documents import Document, Origin, State
from domain.errors import Refused
from domain.people import Person, Role
from domain.signatures import SigningRule
from pdfa.inked import page_ink
from pipeline.preparing import Preparer, to_the_desk
from signing.demo_authority import module
from signing.desk import SigningDesk
from signing.prepare import signatory_of
from signing.settings import SigningSettings
from signing.step import AskStep, ProveStep
from signing.trusted import TrustDesk
from storage.signing import Job, Signature
from storage.store import Store
from tests.signing.fixtures import Hospital

KIND = "01/BV-01"
WARD = "Khoa Nội"
NAME = "BS. Nguyễn Thị Phương Thảo"
PROGRAM = (sys.executable, "-c", "from luuky_agent.main import run; run()")


class ReadyDesk(SigningDesk):
    """A desk that is its own worker."""

    def prepare(self, person: Person, signature_ids: Sequence[str]) -> Job:
        """Send documents and have them prepared at once. Raises Refused for one that cannot be."""
        job = self.send(person, signature_ids)
        preparer(self.store, self.settings).run(job.id)
        with self.store.read() as tx:
            asked = [tx.signing.get(one) for one in signature_ids]
            problems = [one.problem for one in asked if one is not None and one.problem]
            for problem in problems:
                raise Refused(**problem)
            return tx.signing.job(job.id) or job


def preparer(store: Store, settings: SigningSettings, owner: str = "test:1") -> Preparer:
    """Of a house whose people all sign at the desk."""
    return Preparer(store, settings, owner, to_the_desk, partial(signatory_of, store, settings))


@dataclass
class Clinic:
    """A store, the two halves around it, and one doctor."""

    hospital: Hospital
    store: Store
    desk: ReadyDesk
    doctor: Person

    def chart(self, fields: tuple[str, ...] = ("TacGia",)) -> Document:
        """A bound document, brought to AWAITING_SIGNATURE by the belt's own step."""
        return self.chart_by([SigningRule(KIND, field, "author") for field in fields])

    def chart_by(self, rules: list[SigningRule]) -> Document:
        """The same, for which these are the rules."""
        bound = self.store.objects.put_file(self.hospital.bound())
        with self.store.write() as tx:
            tx.signing.set_rules(rules)
            document = tx.documents.add(Origin("quét.pdf", "cli", department=WARD), bound, 1, pages=1)
            for state in (State.PAGED, State.READ, State.FILED):
                document = tx.documents.move(document, state, "test")
            document = tx.documents.move(
                document, State.BOUND, "test", bound=bound, current=bound, kind_code=KIND, title="Giấy ra viện"
            )
            step = self.asking
            step.write(tx, document, step.work(step.look(tx, document)))
        return self.document(document.id)

    @property
    def asking(self) -> AskStep:
        return AskStep(self.store.objects, page_ink)

    @property
    def proving(self) -> ProveStep:
        settings = self.desk.settings
        return ProveStep(self.store.objects, settings, TrustDesk(self.store, settings).trust)

    def document(self, document_id: str) -> Document:
        with self.store.read() as tx:
            return tx.documents.get(document_id)

    def signatures(self, document_id: str) -> list[Signature]:
        with self.store.read() as tx:
            return tx.signing.of(document_id)

    def file(self, document_id: str) -> Path:
        return self.store.objects.path(self.document(document_id).current or "")

    def send(self, *documents: Document) -> None:
        """The doctor ticks documents and presses sign."""
        self.desk.prepare(self.doctor, [self.signatures(one.id)[0].id for one in documents])


def carried(here: Clinic, document_id: str, step: Any) -> None:
    """One step of the belt."""
    with here.store.read() as tx:
        job = step.look(tx, tx.documents.get(document_id))
    result = step.work(job)
    with here.store.write() as tx:
        step.write(tx, tx.documents.get(document_id), result)


def clinic(hospital: Hospital, store: Store, tsa_url: str | None = None, token: str = "bs-thao") -> Clinic:
    settings = SigningSettings(tsa_url or hospital.authority.tsa_url, hospital.authority.trust, network_seconds=10)
    with store.write() as tx:
        doctor = tx.people.add("bacsi", NAME, Role.DOCTOR, "password of the test", (WARD,))
        certificate = base64.b64encode(hospital.authority.token(token).certificate).decode()
        tx.people.change(doctor.id, certificate=certificate)
    return Clinic(hospital, store, ReadyDesk(store, settings, Ed25519PrivateKey.generate()), doctor)


@dataclass
class Agent:
    """The command `luuky-agent`, as a doctor's computer runs it."""

    home: Path
    softhsm_conf: Path

    def __call__(self, *arguments: str, pin: str = "") -> subprocess.CompletedProcess[str]:
        command = [*PROGRAM, *arguments]
        return subprocess.run(command, input=pin + "\n", env=self.environment, capture_output=True, text=True, check=False)

    def starts(self, pin: str, said: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        """Signs everything and is not waited for; `said` is where its words go."""
        command = [*PROGRAM, "sign", "--all", "--pin-stdin"]
        process = subprocess.Popen(command, env=self.environment, stdin=subprocess.PIPE, stderr=said, text=True)
        assert process.stdin is not None
        process.stdin.write(pin + "\n")
        process.stdin.close()
        return process

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "XDG_CONFIG_HOME": str(self.home), "SOFTHSM2_CONF": str(self.softhsm_conf), "LC_ALL": "C.UTF-8"}

    def pair(self, clinic: Clinic, address: str, token: str = "bs-thao") -> None:
        code = clinic.desk.offer_code(clinic.doctor)
        done = self("pair", code, "--server", address, "--module", str(module()), "--token", token)
        assert done.returncode == 0, done.stderr
