"""What lies on a scan in a PDF, or around its coded picture, without being seen takes nothing from the scanner's own bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ingest.pages import cut
from ingest.settings import IngestSettings
from tests.generator import files
from tests.ingest import samples
from tests.ingest.test_pages import WHOLE, difference, shown, viewed

SETTINGS = IngestSettings(drawing_dpi=120)
RECT = [100, 100, 300, 300]
SQUARE = {"Subtype": Name.Square, "C": [0, 0, 0], "IC": [0, 0, 0]}


def annotated(path: Path, *, looks: bool = False, **entries: object) -> Path:
    """A scan with an annotation; `looks`: with an appearance of its own."""
    samples.changed(path, [samples.page()])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("off")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        annotation = Dictionary({f"/{key}": layer if value == "off" else value for key, value in entries.items()})
        annotation.Type, annotation.Rect = Name.Annot, Array(RECT)
        if looks:
            form = pikepdf.Stream(pdf, b"0 0 200 200 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 200])
            annotation.AP = Dictionary(N=form)
        pdf.pages[0].Annots = Array([annotation])
        pdf.save(path)
    return path


UNSEEN: dict[str, Callable[[Path], Path]] = {
    "a link": lambda path: annotated(path, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://example.org")),
    "a hidden one": lambda path: annotated(path, F=2, looks=True, **SQUARE),
    "one that is not for the screen": lambda path: annotated(path, F=32, looks=True, **SQUARE),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_an_annotation_that_nobody_sees_does_not_matter(what: str, tmp_path: Path) -> None:
    path = UNSEEN[what](tmp_path / "a")
    page = cut(path, 1, SETTINGS)
    assert page.data == files.jpeg_bytes(samples.page())
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 4


def test_an_annotation_on_a_layer_that_is_switched_off_is_not_there(tmp_path: Path) -> None:
    page = cut(annotated(tmp_path / "a", OC="off", looks=True, **SQUARE), 1, SETTINGS)
    assert page.data == files.jpeg_bytes(samples.page())


def test_a_link_that_has_a_look_is_drawn(tmp_path: Path) -> None:
    path = annotated(tmp_path / "a", Subtype=Name.Link, looks=True)
    page = cut(path, 1, SETTINGS)
    assert not page.native
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 3


LETTERS: dict[str, tuple[list[Name], Callable[[bytes], bytes]]] = {
    "ASCII85": ([Name.ASCII85Decode], lambda data: base64.a85encode(data) + b"~>"),
    "hexadecimal": ([Name.ASCIIHexDecode], lambda data: data.hex().encode() + b">"),
    "both": ([Name.AHx, Name.A85], lambda data: (base64.a85encode(data) + b"~>").hex().encode() + b">"),
}


@pytest.mark.parametrize("how", LETTERS)
def test_a_jpeg_that_is_written_in_letters_is_taken_out_of_them(how: str, tmp_path: Path) -> None:
    filters, write = LETTERS[how]
    path = files.pdf([samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        picture = pdf.pages[0].Resources.XObject.Im
        picture.write(write(picture.read_raw_bytes()), filter=Array([*filters, Name.DCTDecode]))
        pdf.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert cut(path, 1, SETTINGS).data == files.jpeg_bytes(samples.page())


def test_a_picture_painted_over_and_over_is_the_one_that_is_seen(tmp_path: Path) -> None:
    content = WHOLE + b" q 9 0 0 9 0 0 cm /Im Do Q" + 3000 * (b" " + WHOLE)
    page = cut(samples.changed(tmp_path / "a", [samples.page()], content), 1, SETTINGS)
    assert page.data == files.jpeg_bytes(samples.page())


def test_what_can_be_seen_through_a_picture_stays_under_it(tmp_path: Path) -> None:
    path = samples.changed(tmp_path / "a", [samples.page()], b"q 300 0 0 400 90 90 cm /Im Do Q " + WHOLE.replace(b"Im", b"Ink"))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        ink = pikepdf.Stream(pdf, bytes([0xAA, 0x55] * 32), Subtype=Name.Image, Width=8, Height=64, ImageMask=True)
        ink.BitsPerComponent = 1
        pdf.pages[0].Resources.XObject.Ink = ink
        pdf.save(path)
    page = cut(path, 1, SETTINGS)
    assert page.native
    assert files.jpeg_bytes(samples.page()) in page.data


def test_a_picture_painted_in_many_places_is_carried_once_and_none_beyond_the_edge(tmp_path: Path) -> None:
    places = [(100 * across, 130 * down) for across in range(6) for down in range(9)]
    content = b"".join(b"q 90 0 0 120 %d %d cm /Im Do Q " % place for place in places)
    page = cut(samples.changed(tmp_path / "a", [samples.page()], content), 1, SETTINGS)
    assert page.native
    assert page.data.count(files.jpeg_bytes(samples.page())) == 1
    assert page.data.count(b" Do Q") == 6 * 7
