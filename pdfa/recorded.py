"""From what is known of a document to the record that its bound file carries.

Rules
1. A number or day that was read counts from a confidence of 0.7: below, it is not known.
2. Who converts the paper: the house's own word, else who scanned it, else the house.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from domain.findings import EpisodeFacts, Facts, Finding
from domain.patients import Patient
from pdfa.record import Conversion, Identity, Shelf
from pdfa.settings import PdfaSettings

SURE = 0.7
CHECK = "/kiem-tra/"
"""Below the address of the web pages: where a document is checked."""
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class House:
    """The part of the settings that goes into records."""

    settings: PdfaSettings

    def shelf(self, facts: Facts) -> Shelf:
        """Where the paper stands."""
        settings, archive = self.settings, _sure(facts.episode.archive_number)
        codes = {
            "organ": settings.organ_id,
            "fonds": settings.fonds_code,
            "catalog": settings.file_catalog,
            "year": _year(facts.episode),
            "archive": archive,
        }
        return Shelf(
            organ_id=settings.organ_id or None,
            fonds_code=settings.fonds_code or None,
            file_catalog=settings.file_catalog or None,
            file_code=settings.file_code.filled(codes),
            archive_number=archive,
            mode=settings.access_mode or None,
        )

    def conversion(self, operator: str | None, document_id: str | None) -> Conversion | None:
        """Who converts (rule 2), and where that can be checked: `document_id` None, nowhere. None: nobody is known."""
        converter = self.settings.converter or operator or self.settings.organisation
        base = self.settings.verify_url.rstrip("/")
        address = f"{base}{CHECK}{document_id}" if base and document_id else None
        return Conversion(converter, address) if converter else None

    def identity(self, patient: Patient | None) -> Identity | None:
        """Whom it is about, where the house wants that said."""
        if patient is None or not self.settings.patient_in_metadata:
            return None
        birth = patient.birth_date.isoformat() if patient.birth_date else str(patient.birth_year or "") or None
        codes = (patient.id, patient.record_number, patient.citizen_id, patient.insurance_id)
        return Identity(patient.name, birth, tuple(dict.fromkeys(code for code in codes if code)))


def media_type(name: str) -> str:
    """By the ending of a file's name."""
    return mimetypes.guess_type(name)[0] or _UNKNOWN_TYPE


def _sure(finding: Finding[str] | None) -> str | None:
    return finding.value if finding and finding.confidence >= SURE else None


def _year(episode: EpisodeFacts) -> str | None:
    """The year in which the file was closed, else opened."""
    day = _sure(episode.discharge_date) or _sure(episode.admission_date)
    return day[:4] if day else None
