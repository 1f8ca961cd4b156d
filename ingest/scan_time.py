"""When a scanner, a telephone or a program wrote a file, by what it says inside: a copy says the same. Tools: pikepdf, `exif.py`.

1. A picture: EXIF DateTimeOriginal, else DateTimeDigitized, else DateTime, each with its OffsetTime; of JPEG 2000
   also XMP CreateDate. A PDF: CreationDate of its Info dictionary, else XMP CreateDate. The first that holds counts.
2. A time without a zone is Vietnam's; a day without a time is no time.
3. What cannot be is not known: before 1990, or more than a day ahead of this machine's clock. Nor is a clock that was never
   set: it counts from 2000-01-01, or stands at the first second of a year.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pikepdf
from PIL import Image

from domain.here import HERE
from ingest import exif, sniff, tiff_tags
from ingest.pdf import MALFORMED
from ingest.pictures import DAMAGED
from ingest.tiff_tags import Directory
from ingest.unpacked import is_longer

_ORIGINAL, _DIGITIZED, _CHANGED = (0x9003, 0x9011), (0x9004, 0x9012), (0x0132, 0x9010)
"""Tags of a time and of its offset from UTC (EXIF 2.32, 4.6.5)."""
_TIMES = (_ORIGINAL, _DIGITIZED, _CHANGED)
_TAGS = frozenset(tag for pair in _TIMES for tag in pair)
_TIFF = (b"II", b"MM")
_UNPACKED = (None, pikepdf.Name.FlateDecode)
"""How a packet may be packed so that its length can be told beforehand."""
_XMP = re.compile(rb"(?:xmp|xap):CreateDate\s{0,9}(?:=\s{0,9}[\"']|>)\s{0,9}([^\"'<]{10,64})")
_MOMENT = re.compile(
    r"(?:D:)?(\d{4})[-:/.]?(\d\d)[-:/.]?(\d\d)[T ]{0,3}(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?"
    r"\s*(?:(Z)|([+-])(\d\d)[:']?(\d\d)?)?",
    re.ASCII,
)
"""As EXIF, PDF (ISO 32000-1, 7.9.4) and XMP (ISO 8601) write it."""
_LONGEST = 64
_FIRST_YEAR, _NEVER_SET = 1990, date(2000, 1, 1)
_AHEAD, _FURTHEST = timedelta(days=1), timedelta(hours=14)
"""How far a clock may be ahead, and the zone that is furthest from UTC."""


def scan_time(path: Path) -> datetime | None:
    """The time with its zone, to the second; None where the file does not say it. Never raises for what a file holds."""
    with suppress(*DAMAGED, *MALFORMED, pikepdf.PasswordError, Image.DecompressionBombError):
        return next(filter(None, map(moment, _stated(path))), None)
    return None


def moment(text: str) -> datetime | None:
    """A time as files write it (rules 2 and 3)."""
    found = _MOMENT.match(text[:_LONGEST].strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        made = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found))
    except ValueError:
        return None
    return made if year >= _FIRST_YEAR and not _is_unset(made) and made <= datetime.now(UTC) + _AHEAD else None


def _zone(found: re.Match[str]) -> timezone:
    """Raises ValueError."""
    utc, sign, hours, minutes = found.groups()[6:]
    if not sign:
        return UTC if utc else HERE
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _FURTHEST:
        raise ValueError("no zone is as far from UTC")
    return timezone(offset if sign == "+" else -offset)


def _is_unset(made: datetime) -> bool:
    first = made.replace(month=1, day=1, hour=0, minute=0, second=0)
    return made.date() == _NEVER_SET or made == first


def _stated(path: Path) -> Iterator[str]:
    """Times as they stand in the file, best first."""
    kind = sniff.media_type(path)
    if kind == sniff.PDF:
        yield from _of_pdf(path)
    elif kind == sniff.TIFF:
        with path.open("rb") as file:
            yield from _of_exif(tiff_tags.noted(file, _TAGS))
    elif kind is not None:
        for found in exif.carried(path, kind):
            is_exif = found.startswith(_TIFF)
            yield from _of_exif(tiff_tags.noted(io.BytesIO(found), _TAGS)) if is_exif else _of_xmp(found)


def _of_exif(said: Directory) -> Iterator[str]:
    for time, offset in _TIMES:
        yield _text(said.table(time)) + _text(said.table(offset))


def _text(value: bytes) -> str:
    return value.decode("ascii", "replace").strip(" \0")


def _of_xmp(packet: bytes) -> Iterator[str]:
    return (_text(found) for found in _XMP.findall(packet))


def _of_pdf(path: Path) -> Iterator[str]:
    with pikepdf.open(path, suppress_warnings=True) as pdf:
        info = pdf.trailer.get("/Info")
        made = info.get("/CreationDate") if isinstance(info, pikepdf.Dictionary) else None
        if isinstance(made, pikepdf.String):
            yield str(made)
        packet = pdf.Root.get("/Metadata")
        if isinstance(packet, pikepdf.Stream) and packet.get("/Filter") in _UNPACKED and not is_longer(packet, exif.MOST):
            yield from _of_xmp(packet.read_bytes())
