"""The choice of tools for certified copies: for workers that make them, and the dispatcher that asks for their renewal."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from domain.shown import Inked
from pdfa.derived import derive
from pdfa.record import BindRecord
from pdfa.validator import Validator, first_verdict
from pipeline import wiring_judges
from pipeline.apart import apart
from pipeline.copying import CopyRunner
from pipeline.settings import Settings
from pipeline.wiring import signing_settings
from pipeline.worker_name import owner
from signing.certified import CopyMaker, Derived
from signing.providers import Providers
from signing.renew import Renewer
from storage.store import Store


def runner(opened: Store, settings: Settings, asked: Providers, renewer: Renewer) -> CopyRunner:
    """The worker's part: makes copies with the hospital's seal."""
    judges = wiring_judges.validators(settings)
    organisation = settings.pdfa.organisation or settings.hospital
    signing = signing_settings(opened, settings)
    maker = CopyMaker(signing, asked, partial(derived, organisation), _ink, partial(judged, judges))
    return CopyRunner(opened, maker, renewer, owner())


def _ink(path: Path, number: int) -> Inked | None:
    found: Inked | None = apart("pdfa.inked:page_ink", path, number)
    return found


def derived(organisation: str, wanted: Derived, target: Path) -> None:
    """The file to be signed, by the house of that name."""
    record = BindRecord(
        wanted.title,
        wanted.copy_id,
        wanted.made,
        (wanted.sha256,),
        kind_code=wanted.kind_code,
        organisation=organisation,
    )
    derive(wanted.source, target, wanted.pages, record)


def judged(judges: tuple[Validator, ...], path: Path) -> bool | None:
    """Whether it is PDF/A, by the best judge that is there."""
    return first_verdict(judges, path).compliant
