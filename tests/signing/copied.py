"""A kept chart whose doctor keeps the seal, and the worker that makes certified copies of it: everything real, in one process."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from custody.step import KeepStep
from domain.copies import CertifiedCopy, CopyOrder, checked_request
from domain.documents import Document
from domain.signers import Capacity, Office
from pdfa.inked import page_ink
from pipeline import wiring_copies
from pipeline.copying import CopyRunner
from signing.certified import CopyMaker
from signing.copies import CopyDesk
from signing.renew import Renewer
from signing.trusted import TrustDesk
from storage.clock import now
from storage.copies import CertifiedCopies
from tests.agent.desk import carried
from tests.signing.ordered import Ordered

HOUSE = "Bệnh viện Đa khoa Sông Mây"
ASKED = checked_request("sao_y", "Tòa án nhân dân huyện Sông Mây", "Theo công văn số 12/CV-TA", "", 2)


def maker(here: Ordered) -> CopyMaker:
    make = partial(wiring_copies.derived, HOUSE)
    return CopyMaker(here.settings, here.providers, make, page_ink, partial(wiring_copies.judged, ()))


def runner(here: Ordered) -> CopyRunner:
    renewer = Renewer(here.settings, now, TrustDesk(here.store, here.settings).trust)
    return CopyRunner(here.store, maker(here), renewer, here.owner)


def kept(here: Ordered) -> Document:
    """A sealed chart at the end of the belt; the doctor keeps the seal."""
    chart = here.chart(sealed=True, signed=False)
    here.seal()
    for step in (here.clinic.proving, KeepStep(here.store.objects)):
        carried(here.clinic, chart.id, step)
    with here.store.write() as tx:
        tx.signers.give(Office(here.clinic.doctor.id, Capacity.SEAL))
        return tx.documents.get(chart.id)


def asked(here: Ordered, document: Document) -> CopyOrder:
    """The doctor has a copy made."""
    return CopyDesk(here.store).ask(here.clinic.doctor, document.id, ASKED)


def issued(here: Ordered, document: Document) -> tuple[CertifiedCopy, Path]:
    """A worker has made it."""
    order = asked(here, document)
    runner(here).run(order.id)
    copy = found(here, order)
    assert copy, now_(here, order).problem
    return copy, here.store.objects.path(copy.sha256)


def found(here: Ordered, order: CopyOrder) -> CertifiedCopy | None:
    """What stands in the register."""
    with here.store.read() as tx:
        return CertifiedCopies(tx.connection).get(order.id)


def now_(here: Ordered, order: CopyOrder) -> CopyOrder:
    """The order as it stands."""
    with here.store.read() as tx:
        still = CertifiedCopies(tx.connection).order(order.id)
        assert still
        return still
