"""The choice of tools for certified copies."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from domain.shown import Inked
from pdfa.derived import derive
from pdfa.record import BindRecord
from pdfa.validator import Validator, first_verdict
from pipeline import wiring_judges
from pipeline.apart import apart
from pipeline.settings import Settings
from pipeline.wiring import signing_settings
from signing.copies import Copier, Derived
from signing.providers import Providers
from storage.store import Store


def copier(opened: Store, settings: Settings, asked: Providers) -> Copier:
    """Issues certified copies with the hospital's seal."""
    judges = wiring_judges.validators(settings)
    organisation = settings.pdfa.organisation or settings.hospital
    return Copier(
        opened, signing_settings(opened, settings), asked, partial(derived, organisation), _ink, partial(judged, judges)
    )


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
