"""A bundle's outline, and the originals that may travel inside a bound file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from domain.findings import Part
from domain.pages import PageReading
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.record import BindRecord, Bound, Original
from tests import judges
from tests.generator import files
from tests.pdfa import sheets
from tests.pdfa.sheets import RECORD, coded

PARTS = (Part(1, "Bệnh án Nội khoa", "01/BV1"), Part(3, "Đơn thuốc"), Part(4, "Giấy ra viện", "01/BV-01"))


def bound(record: BindRecord, out: Path, pages: int = 4) -> Bound:
    image = coded(Image.new("L", (200, 280), "white"), "jpeg")
    return bind([(image, PageReading(n + 1, 200, 280, 100.0)) for n in range(pages)], record, out)


def test_every_form_of_a_bundle_has_its_entry_and_the_viewer_shows_them(tmp_path: Path) -> None:
    out = bound(replace(RECORD, parts=PARTS), tmp_path / "out.pdf").path
    with pypdfium2.PdfDocument(out) as pdf:
        entries = [(entry.get_title(), entry.get_dest().get_index()) for entry in pdf.get_toc()]
    assert entries == [("Bệnh án Nội khoa (01/BV1)", 0), ("Đơn thuốc", 2), ("Giấy ra viện (01/BV-01)", 3)]
    with pikepdf.open(out) as pdf:
        assert pdf.Root.PageMode == "/UseOutlines"
    assert judges.verapdf(out)["compliant"]


@pytest.mark.parametrize("parts", [(), PARTS[:1]])
def test_a_document_that_is_one_form_has_none(parts: tuple[Part, ...], tmp_path: Path) -> None:
    out = bound(replace(RECORD, parts=parts), tmp_path / "out.pdf").path
    with pikepdf.open(out) as pdf:
        assert "/Outlines" not in pdf.Root
        assert "/PageMode" not in pdf.Root


def test_the_originals_travel_inside_byte_for_byte_and_the_judge_says_3u(tmp_path: Path) -> None:
    paths = []
    for name in ("một/quét.tif", "hai/quét.tif"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_bytes(os.urandom(100_000) + name.encode())
        paths.append(path)
    originals = tuple(Original(path, path.name, "image/tiff") for path in paths)
    out = bound(replace(RECORD, originals=originals), tmp_path / "out.pdf").path
    verdict = judges.verapdf(out)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-3U"), verdict
    with pikepdf.open(out) as pdf:
        assert sorted(pdf.attachments) == ["quét (2).tif", "quét.tif"]
        assert len(pdf.Root.AF) == 2
        for name, path in zip(("quét.tif", "quét (2).tif"), paths, strict=True):
            file = pdf.attachments[name].get_file()
            assert file.read_bytes() == path.read_bytes()
            assert file.md5 == hashlib.md5(path.read_bytes(), usedforsecurity=False).digest()
            assert (file.mime_type, file.size) == ("image/tiff", path.stat().st_size)
            assert pdf.attachments[name].relationship == "/Source"
            assert str(pdf.attachments[name].obj.EF.F.Params.ModDate) == "D:20260304050607+00'00'"


def test_the_same_originals_give_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "a.bin"
    source.write_bytes(os.urandom(50_000))
    record = replace(RECORD, originals=(Original(source, "a.bin", "application/octet-stream"),))
    assert bound(record, tmp_path / "1.pdf").path.read_bytes() == bound(record, tmp_path / "2.pdf").path.read_bytes()


def test_a_printed_file_may_carry_its_original_too(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    record = replace(RECORD, originals=(Original(source, "in.pdf", "application/pdf"),))
    seen = PageReading(1, 1240, 1754, 150.0, engine="text layer")
    out = convert(source, [seen], record, tmp_path / "out.pdf").path
    assert judges.verapdf(out)["profile"] == "PDF/A-3U"
    with pikepdf.open(out) as pdf:
        assert pdf.attachments["in.pdf"].get_file().read_bytes() == source.read_bytes()


def test_a_large_original_is_not_held_several_times(tmp_path: Path) -> None:
    program = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from pdfa.record import Original
from tests.pdfa.sheets import RECORD
from tests.pdfa.test_outline import bound
source = Path(sys.argv[1])
bound(RECORD, source.with_name("warm.pdf"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
bound(replace(RECORD, originals=(Original(source, "a.bin", "application/octet-stream"),)), source.with_name("out.pdf"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    source = tmp_path / "a.bin"
    source.write_bytes(os.urandom(60 << 20))
    command = [sys.executable, "-c", program, str(source)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert int(done.stdout) < 150 << 10
