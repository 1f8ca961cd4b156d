"""What came after what in a signed file: its revisions, and until when the proof in it lasts. Whether it holds is for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.lasting import Ends
from signing.evidence import claimed_time, evidence_by_revision, own_timestamps, stamped_at, together
from signing.reading import BAD, Signature, is_timestamp, opened, parsed, signed_fields, stamps_of
from signing.sunsets import Sunsets
from signing.tokens import ends, token_of
from signing.trust import TrustList

_MOST = 200
"""Revisions that are told; a hostile file may have any number."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What one saving of a file added to it. `kind`: `first`, `signature`, `timestamp`, `evidence` (DSS) or `other`.

    `field` is the field that was signed in; `at`: when, by a timestamp where there is one; `bytes`: where the revision ends.
    """

    number: int
    kind: str
    bytes: int
    field: str | None = None
    at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The same in plain values; the time in ISO 8601."""
        at = self.at.isoformat() if self.at else None
        return {"number": self.number, "kind": self.kind, "field": self.field, "at": at, "bytes": self.bytes}


@dataclass(frozen=True, slots=True)
class History:
    """The revisions of a file, oldest first; how the proof by its last timestamp ends, None where it has none."""

    revisions: tuple[Revision, ...] = ()
    ends: Ends | None = None

    def as_json(self) -> dict[str, Any]:
        """As members of the report (`docs/reference/verdicts.md`)."""
        last = self.ends
        until = {"at": last.at.isoformat(), "what": last.what, "by": last.authority} if last else None
        return {"revisions": [one.as_json() for one in self.revisions], "proven_until": until}


def history(path: Path, trust: TrustList, sunsets: Sunsets) -> History:
    """Of a file; nothing of one that cannot be read."""
    try:
        with path.open("rb") as file:
            reader = opened(file, strict=False)
            if reader is None:
                return History()
            found = [parsed(reader, field, name) for name, field in signed_fields(reader) or ()]
            signatures = [one for one in found if isinstance(one, Signature)]
            return History(tuple(_revisions(reader, signatures)), _end(reader, signatures, trust, sunsets))
    except (*BAD, LookupError):
        return History()


def _revisions(reader: PdfFileReader, signatures: list[Signature]) -> Iterator[Revision]:
    made = {one.signed_revision: one for one in signatures}
    for number in range(min(reader.xrefs.total_revisions, _MOST)):
        end, one = reader.xrefs.get_xref_container_info(number).end_location, made.get(number)
        if one is not None:
            kind = "timestamp" if is_timestamp(one) else "signature"
            yield Revision(number + 1, kind, end, str(one.field_name), _time(one))
        elif number == 0:
            yield Revision(1, "first", end)
        else:
            yield Revision(number + 1, "evidence" if _brought_evidence(reader, number) else "other", end)


def _time(one: Signature) -> datetime | None:
    stamps = [one.signed_data] if is_timestamp(one) else own_timestamps(one)
    return stamped_at(stamps[0]) if stamps else claimed_time(one)


def _brought_evidence(reader: PdfFileReader, number: int) -> bool:
    """Whether a revision brought a DSS, or another one."""
    now, before = (reader.get_historical_root(each) for each in (number, number - 1))
    return "/DSS" in now and ("/DSS" not in before or reader.xrefs.get_last_change(now.raw_get("/DSS").reference) >= number)


def _end(reader: PdfFileReader, signatures: list[Signature], trust: TrustList, sunsets: Sunsets) -> Ends | None:
    over_all: list[cms.SignedData] = [one.signed_data for one in stamps_of(signatures)]
    own = [stamp for one in signatures if not is_timestamp(one) for stamp in own_timestamps(one)]
    if not over_all and not own:
        return None
    stored = together(evidence_by_revision(reader, signatures).values())
    known = [*trust.roots, *trust.others, *stored.certificates]
    if over_all:
        return ends(token_of(over_all[-1]), known, sunsets)
    return min((ends(token_of(one), known, sunsets) for one in own), key=lambda one: one.at)
