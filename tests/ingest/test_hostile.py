"""Damage that once went by unseen, or ended the process that met it."""

from __future__ import annotations

import struct
import subprocess
import sys
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from benchmarks import limits
from domain.errors import Refused, Unreadable
from ingest import placement, refusals, tiff_tags, unpacked
from ingest.inspect import inspect
from ingest.optional import Layers
from ingest.pages import cut, cut_all
from ingest.settings import IngestSettings
from ocr import pictures
from tests.cli.running import ROOT
from tests.faults.fuzz import bombs
from tests.generator import files
from tests.ingest import samples

SETTINGS = IngestSettings()


def test_a_damaged_jpeg_is_broken_even_where_it_is_the_first_that_is_opened(tmp_path: Path) -> None:
    data = bytearray(files.jpeg(samples.page(), tmp_path / "a").read_bytes())
    data[data.index(b"\xff\xc0") + 2 :][:2] = b"\0\0"
    data[data.index(b"\xff\xc0") + 5] = data[data.index(b"\xff\xc0") + 6] = 0
    (tmp_path / "a").write_bytes(data)
    code = (
        "import sys; from pathlib import Path; from ingest.inspect import inspect; from ingest.settings import IngestSettings; "
    )
    code += "inspect(Path(sys.argv[1]), IngestSettings())"
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "a"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "domain.errors.Unreadable: broken" in done.stderr


def patched(path: Path, tag: int, value: int, which: int = 1) -> Path:
    """A TIFF in which a tag of one of its directories has another value, or, with tag 0, in which it is the last."""
    data = bytearray(path.read_bytes())
    at = struct.unpack_from("<I", data, 4)[0]
    for _ in range(which):
        at = struct.unpack_from("<I", data, at + 2 + 12 * struct.unpack_from("<H", data, at)[0])[0]
    count = struct.unpack_from("<H", data, at)[0]
    entries = [at + 2 + 12 * n for n in range(count)]
    if tag == 0:
        struct.pack_into("<I", data, at + 2 + 12 * count, 0)
    else:
        entry = next(entry for entry in entries if struct.unpack_from("<H", data, entry)[0] == tag)
        struct.pack_into("<HHII", data, entry, 254, 4, 1, value)
    path.write_bytes(data)
    return path


def test_a_page_that_is_called_a_thumbnail_but_is_as_large_as_the_others_is_a_page(tmp_path: Path) -> None:
    path = patched(files.tiff([samples.bitonal()] * 3, tmp_path / "a"), tiff_tags.ROWS_PER_STRIP, 1)
    assert inspect(path, SETTINGS).pages == 3


def test_pages_behind_the_last_directory_are_told(tmp_path: Path) -> None:
    whole = files.tiff([samples.bitonal()] * 3, tmp_path / "a")
    assert inspect(whole, SETTINGS).notes == ()
    cut_short = patched(whole, 0, 0)
    assert (inspect(cut_short, SETTINGS).pages, inspect(cut_short, SETTINGS).notes) == (2, (refusals.LEFT_OVER,))


@pytest.mark.parametrize("entry", ["/Filter", "/Subtype", "/Width"])
def test_a_page_whose_only_picture_cannot_be_shown_is_not_taken_for_an_empty_one(tmp_path: Path, entry: str) -> None:
    path = files.pdf([samples.page(), samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        picture = document.pages[1].Resources.XObject.Im
        picture[entry] = -1 if entry == "/Width" else pikepdf.Name.Nothing
        document.save(path)
    with pytest.raises(Unreadable, match="broken"):
        list(cut_all(path, inspect(path, SETTINGS).pages, SETTINGS))


def test_a_page_whose_instructions_are_damaged_is_not_an_empty_one(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        packed = zlib.compress(b"q 100 0 0 100 0 0 cm 0 0 1 1 re f Q " * 9)
        page.Contents = pikepdf.Stream(pdf, packed[:12] + bytes(4) + packed[16:], Filter=pikepdf.Name.FlateDecode)
        pdf.save(tmp_path / "damaged.pdf", compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    with pytest.raises(Unreadable, match="broken_page"):
        cut(tmp_path / "damaged.pdf", 1, SETTINGS)


def test_a_jpeg_that_is_refined_without_end_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bombs.many_scans(tmp_path / "refined.jpg")
    with pytest.raises(Refused, match="rare_coding"):
        inspect(tmp_path / "refined.jpg", SETTINGS)


def test_an_empty_page_is_a_page(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        white = pikepdf.Stream(document, bytes([255]) * 100, Width=10, Height=10, BitsPerComponent=8, Subtype=pikepdf.Name.Image)
        white.ColorSpace = pikepdf.Name.DeviceGray
        name = document.pages[0].add_resource(white, pikepdf.Name.XObject)
        document.pages[0].contents_add(f"q 300 0 0 300 0 0 cm {name} Do Q".encode())
        document.add_blank_page(page_size=(595, 842))
        document.save(tmp_path / "a")
    assert [image.number for image in cut_all(tmp_path / "a", 2, SETTINGS)] == [1, 2]


@pytest.mark.parametrize("name", ["page_of_a_bomb", "form_in_itself", "forms_that_double"])
def test_what_fills_the_memory_or_never_ends_is_told_before_it_is_drawn(tmp_path: Path, name: str) -> None:
    bombs.MAKERS[name](tmp_path / "a")
    with pytest.raises(Refused, match="bomb"):
        inspect(tmp_path / "a", SETTINGS)


@pytest.mark.parametrize("in_a_form", [False, True])
@pytest.mark.parametrize(("count", "side"), [(1200, 4000), (4000, 10)])
def test_a_page_of_thousands_of_large_pictures_is_told_before_it_is_drawn(
    tmp_path: Path, count: int, side: int, *, in_a_form: bool
) -> None:
    sheet = b"59.4 0 0 84" if side == 10 else b"1 0 0 1"
    content = b"".join(b"q %b 0 0.%d cm /Im Do Q " % (sheet, at % 2) for at in range(count))
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        data = zlib.compress(bytes(side * side // 8 + side))
        entries = {"Width": side, "Height": side, "BitsPerComponent": 1, "ColorSpace": pikepdf.Name.DeviceGray}
        picture = pikepdf.Stream(document, data, Subtype=pikepdf.Name.Image, Filter=pikepdf.Name.FlateDecode, **entries)
        things = pikepdf.Dictionary(Im=picture)
        form = pikepdf.Stream(document, content, Subtype=pikepdf.Name.Form, BBox=[0, 0, 60, 85])
        form.Resources = pikepdf.Dictionary(XObject=things)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Form=form) if in_a_form else things)
        page.Contents = pikepdf.Stream(document, b"10 0 0 10 0 0 cm " + (b"/Form Do" if in_a_form else content))
        document.save(tmp_path / "a")
    with pytest.raises(Refused, match="bomb"):
        cut(tmp_path / "a", 1, IngestSettings(drawing_dpi=200))


def test_a_page_that_is_cut_to_a_rectangle_thousands_of_times_needs_little_memory(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        page.Contents = pikepdf.Stream(document, b"0 0 9 9 re W n q " * 12_000)
        tracemalloc.start()
        try:
            placement.pictures(page, Layers(document))
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 100_000_000


def test_a_page_of_very_many_instructions_is_drawn(tmp_path: Path) -> None:
    path = files.pdf([samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].contents_add(b"q Q " * 300_000)
        document.save(path)
    assert cut(path, 1, SETTINGS).native is False


def test_a_picture_whose_size_is_not_what_was_checked_is_not_decoded(tmp_path: Path) -> None:
    Image.new("L", (300, 200), 255).save(tmp_path / "a", "PNG")
    image = cut(tmp_path / "a", 1, SETTINGS)
    assert pictures.decode(image).size == (300, 200)
    with pytest.raises(Unreadable, match="broken"):
        pictures.decode(replace(image, width=299))


def sparse(path: Path, length: int) -> Path:
    """Made longer by what no disk has to hold, and then by the end of a JPEG."""
    with path.open("r+b") as file:
        file.seek(length)
        file.write(b"\xff\xd9")
    return path


def test_a_picture_that_would_fill_the_memory_as_a_file_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too_large"):
        inspect(sparse(files.jpeg(samples.page(), tmp_path / "a"), 260_000_000), SETTINGS)


def test_a_stream_that_would_fill_the_memory_as_it_stands_is_refused_unread(tmp_path: Path) -> None:
    limits.pdf(tmp_path / "a", 1, 130_000_000)
    with pytest.raises(Refused, match="bomb"):
        inspect(tmp_path / "a", SETTINGS)


def test_what_lzw_unpacks_to_is_known_before_it_is_unpacked(tmp_path: Path) -> None:
    Image.new("L", (400, 250)).save(tmp_path / "a", "TIFF", compression="tiff_lzw", tiffinfo={278: 250})
    (start, count), *_ = tiff_tags.pieces(tiff_tags.directories(tmp_path / "a")[0])
    packed = (tmp_path / "a").read_bytes()[start : start + count]
    assert len(packed) < 1000
    assert not unpacked.lzw_is_longer(packed, 100_000)
    assert unpacked.lzw_is_longer(packed, 99_999)


@pytest.mark.parametrize(("marker", "bits"), [(0xC3, 8), (0xC1, 12), (0xCB, 8), (0xC5, 8)])
def test_a_jpeg_of_a_kind_that_no_viewer_shows_is_refused_by_name(marker: int, bits: int, tmp_path: Path) -> None:
    path = files.jpeg(samples.page(), tmp_path / "a")
    data = bytearray(path.read_bytes())
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, bits
    path.write_bytes(data)
    with pytest.raises(Refused, match="rare_coding"):
        inspect(path, SETTINGS)


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    path = files.tiff([samples.page()] * 3, tmp_path / "a", "tiff_lzw")
    data = bytearray(path.read_bytes())
    start, count = tiff_tags.pieces(tiff_tags.directories(path)[1])[0]
    data[start : start + count] = bytes([0xFF]) * count
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        list(cut_all(path, 3, SETTINGS))
    assert caught.value.message.code == "broken_page"
    assert "trang 2" in caught.value.message.vi
