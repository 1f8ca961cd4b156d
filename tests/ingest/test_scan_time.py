"""When a file was written, by what it says inside."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pillow_heif
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from domain.errors import Unreadable
from domain.here import HERE
from ingest.inspect import inspect
from ingest.scan_time import moment, scan_time
from ingest.settings import IngestSettings
from tests.faults.fuzz import bases
from tests.generator import files
from tests.ingest import samples

SAID = datetime(2026, 3, 4, 5, 6, 7, tzinfo=HERE)
ORIGINAL, ORIGINAL_OFFSET, DIGITIZED, CHANGED, EXIF, MAKE = 0x9003, 0x9011, 0x9004, 0x0132, 0x8769, 0x010F
TOMORROW = datetime.now(UTC) + timedelta(days=2)


def exif(inner: dict[int, str], outer: dict[int, str] | None = None) -> bytes:
    made = Image.Exif()
    made.get_ifd(EXIF).update(inner)
    made.update(outer or {CHANGED: "1999:01:02 03:04:05"})
    return made.tobytes()


def xmp(date: str) -> bytes:
    return packet(f'<rdf:Description rdf:about="" xmp:CreateDate="{date}"/>')


def packet(said: str) -> bytes:
    names = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {names}>{said}</rdf:RDF></x:xmpmeta>'.encode()


def picture() -> Image.Image:
    return samples.page().image


def jpeg(path: Path, said: bytes) -> Path:
    picture().save(path, "JPEG", exif=said)
    return path


def webp(path: Path, said: bytes) -> Path:
    picture().save(path, "WEBP", exif=said)
    return path


def png(path: Path, said: bytes) -> Path:
    picture().save(path, "PNG", exif=said)
    return path


def avif(path: Path, said: bytes) -> Path:
    picture().save(path, "AVIF", exif=said)
    return path


def heic(path: Path, said: bytes) -> Path:
    file = pillow_heif.from_pillow(picture())
    file.info["exif"] = file[0].info["exif"] = said
    file.save(path)
    return path


def tiff(path: Path, said: bytes) -> Path:
    picture().save(path, "TIFF", exif=said)
    return path


def big_tiff(path: Path, said: bytes) -> Path:
    picture().save(path, "TIFF", exif=said, big_tiff=True)
    return path


def jp2(path: Path, said: bytes, uuid: bytes = b"JpgTiffExif->JP2") -> Path:
    picture().save(path, "JPEG2000")
    content = uuid + said.removeprefix(b"Exif\0\0")
    path.write_bytes(path.read_bytes() + struct.pack(">I", 8 + len(content)) + b"uuid" + content)
    return path


PICTURES: list[Callable[[Path, bytes], Path]] = [jpeg, webp, png, avif, heic, tiff, big_tiff, jp2]


def pdf(path: Path, date: object, metadata: bytes | None = None, **entries: object) -> Path:
    files.pdf([samples.page()], path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        if date is not None:
            document.docinfo["/CreationDate"] = date
        if metadata is not None:
            document.Root.Metadata = pikepdf.Stream(document, metadata, Subtype=pikepdf.Name.XML, **entries)
        document.save(path, compress_streams=False, fix_metadata_version=False)
    return path


@pytest.mark.parametrize("write", PICTURES)
def test_a_picture_says_when_it_was_taken_in_which_zone(write: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    path = write(tmp_path / "a", exif({ORIGINAL: "2026:03:04 07:06:07", ORIGINAL_OFFSET: "+09:00"}))
    found = scan_time(path)
    assert (found, found and found.utcoffset()) == (SAID, timedelta(hours=9))


@pytest.mark.parametrize("write", PICTURES)
def test_without_a_zone_it_is_vietnam_s(write: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    assert scan_time(write(tmp_path / "a", exif({DIGITIZED: "2026:03:04 05:06:07"}))) == SAID


@pytest.mark.parametrize("write", PICTURES)
def test_a_scanner_that_says_only_when_it_wrote_the_file_is_believed(
    write: Callable[[Path, bytes], Path], tmp_path: Path
) -> None:
    assert scan_time(write(tmp_path / "a", exif({}, {CHANGED: "2026:03:04 05:06:07"}))) == SAID


@pytest.mark.parametrize("write", PICTURES)
def test_a_picture_that_says_nothing_has_no_time(write: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    assert scan_time(write(tmp_path / "a", exif({}, {MAKE: "fujitsu"}))) is None


def test_the_first_time_that_can_be_counts(tmp_path: Path) -> None:
    said = {ORIGINAL: "0000:00:00 00:00:00", DIGITIZED: "2026:03:04 05:06:07"}
    assert scan_time(jpeg(tmp_path / "a", exif(said))) == SAID
    assert scan_time(jpeg(tmp_path / "b", exif({**said, ORIGINAL: "2025:01:02 03:04:05"}))) == datetime(
        2025, 1, 2, 3, 4, 5, tzinfo=HERE
    )


def test_exif_behind_the_pixels_of_a_png_counts_too(tmp_path: Path) -> None:
    data = png(tmp_path / "a", exif({ORIGINAL: "2026:03:04 05:06:07"})).read_bytes()
    start = data.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(data[start : start + 4], "big")
    behind = data.index(b"IEND") - 4
    (tmp_path / "a").write_bytes(data[:start] + data[end:behind] + data[start:end] + data[behind:])
    assert scan_time(tmp_path / "a") == SAID


def test_jpeg_2000_may_say_it_in_xmp(tmp_path: Path) -> None:
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    assert scan_time(jp2(tmp_path / "a", xmp("2026-03-04T05:06:07+07:00"), uuid)) == SAID


@pytest.mark.parametrize(
    ("date", "metadata"),
    [
        ("D:20260304050607+07'00'", None),
        ("D:20260304050607+07'00", None),
        ("D:20260304050607", xmp("2020-02-02T02:02:02Z")),
        ("20260303220607Z", None),
        ("D:20260303220607Z00'00'", None),
        (pikepdf.Object.parse(b"<feff%s>" % "D:20260304050607+07'00'".encode("utf-16-be").hex().encode()), None),
        (None, xmp("2026-03-04T05:06:07+07:00")),
        (None, packet('<rdf:Description rdf:about=""><xmp:CreateDate>2026-03-03T22:06:07.5Z</xmp:CreateDate></rdf:Description>')),
        ("D:19700101000000Z", xmp("2026-03-04T05:06:07")),
        (20260304050607, xmp("2026-03-04T05:06:07")),
    ],
)
def test_a_pdf_says_it_in_its_info_else_in_xmp(date: object, metadata: bytes | None, tmp_path: Path) -> None:
    assert scan_time(pdf(tmp_path / "a", date, metadata)) == SAID


def test_a_packed_packet_is_read_unless_it_is_a_bomb(tmp_path: Path) -> None:
    for size, expected in ((0, SAID), (1 << 26, None)):
        packed = zlib.compress(xmp("2026-03-04T05:06:07") + b" " * size)
        assert scan_time(pdf(tmp_path / "a", None, packed, Filter=pikepdf.Name.FlateDecode)) == expected


@pytest.mark.parametrize(
    "date",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "1989:12:31 23:59:59",
        "1980:01:01 00:00:00",
        "2000:01:01 00:00:00",
        "2000:01:01 00:12:41",
        "2012:01:01 00:00:00",
        "2026:02:30 05:06:07",
        "2026:03:04 24:06:07",
        "2026:03:04 05:06:07+25:00",
        "2026:03:04 05:06:07+14:30",
        "2026:03:04",
        "2026-03-04",
        "D:20260304",
        "99999999999999",
        pytest.param(f"{TOMORROW:%Y:%m:%d %H:%M:%S}", id="tomorrow"),
        "",
        "hôm nay",
        "２０２６:03:04 05:06:07",
    ],
)
def test_what_cannot_be_is_not_known(date: str) -> None:
    assert moment(date) is None


def test_new_year_s_day_may_be_a_day_of_work() -> None:
    assert moment("2026:01:01 03:15:00") == datetime(2026, 1, 1, 3, 15, tzinfo=HERE)


def test_a_clock_may_be_a_little_ahead() -> None:
    soon = (datetime.now(UTC) + timedelta(hours=12)).replace(microsecond=0)
    assert moment(soon.isoformat()) == soon


@given(
    st.datetimes(datetime(1990, 1, 1, 0, 0, 1), datetime(2026, 3, 4)),  # noqa: DTZ001 - hypothesis wants them so
    st.integers(-14 * 60, 14 * 60).filter(bool),
    st.sampled_from(["{0:%Y:%m:%d %H:%M:%S}{1}", "D:{0:%Y%m%d%H%M%S}{2}", "{0:%Y-%m-%dT%H:%M:%S}{1}"]),
)
def test_each_notation_is_understood(when: datetime, minutes: int, notation: str) -> None:
    when = when.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    if when.date().isoformat() == "2000-01-01" or f"{when:%m%d%H%M%S}" == "0101000000":
        return
    zone = f"{when:%z}"
    assert moment(notation.format(when, f"{zone[:3]}:{zone[3:]}", f"{zone[:3]}'{zone[3:]}'")) == when


@given(st.text(alphabet="0123456789:-+TZD.,'/ \0\n٣", max_size=80) | st.text())
@example("9999:12:31 23:59:59-14:00")
@example("0001:01:01 00:00:00+14:00")
@example("2026:03:04 05:06:07" + "+" * 70)
def test_no_text_is_taken_for_what_cannot_be(text: str) -> None:
    found = moment(text)
    assert found is None or (found.tzinfo and datetime(1989, 12, 31, tzinfo=UTC) < found < TOMORROW)


@pytest.mark.parametrize("base", bases.bases(), ids=lambda base: base.name)
def test_no_file_says_more_than_it_holds_wherever_it_ends(base: bases.Base, tmp_path: Path) -> None:
    for end in range(0, len(base.data), max(1, len(base.data) // 15)):
        (tmp_path / "a").write_bytes(base.data[:end])
        found = scan_time(tmp_path / "a")
        assert found is None or base.kind == "pdf"


@pytest.mark.parametrize("write", PICTURES)
def test_a_spoilt_file_has_a_time_or_none(write: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    data = write(tmp_path / "a", exif({ORIGINAL: "2026:03:04 05:06:07"})).read_bytes()
    around = data.index(b"2026:03:04")
    for at in range(max(0, around - 120), around + 20):
        spoilt = bytearray(data)
        spoilt[at] ^= 0xFF
        (tmp_path / "a").write_bytes(spoilt)
        found = scan_time(tmp_path / "a")
        assert found is None or found.year >= 1990


def test_exif_that_leads_into_itself_or_out_of_the_file_says_nothing(tmp_path: Path) -> None:
    for inner in (8, 0xFFFFFFF0):
        said = b"II*\0" + struct.pack("<IHHHIII", 8, 1, EXIF, 4, 1, inner, 0)
        assert scan_time(jpeg(tmp_path / "a", b"Exif\0\0" + said)) is None


@pytest.mark.parametrize("place", [2**62, 2**63 - 1, 2**64 - 1])
def test_a_big_tiff_whose_words_lie_beyond_any_file_is_broken(place: int, tmp_path: Path) -> None:
    directory = struct.pack("<QHHQQQ", 1, CHANGED, 2, 20, place, 0)
    (tmp_path / "a").write_bytes(b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) + directory)
    assert scan_time(tmp_path / "a") is None
    with pytest.raises(Unreadable):
        inspect(tmp_path / "a", IngestSettings())


def test_a_locked_pdf_or_a_foreign_file_says_nothing(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a", "D:20260304050607+07'00'")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert scan_time(path) is None
    path.write_bytes(b"2026:03:04 05:06:07")
    assert scan_time(path) is None
