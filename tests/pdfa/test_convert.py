from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pikepdf.pdfa
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, String

from domain.errors import Refused, Unreadable
from domain.pages import Box, PageReading, Word
from pdfa.convert import convert
from pdfa.likeness import alike
from pdfa.settings import PdfaSettings
from tests import judges
from tests.generator import damage, files, hostile
from tests.pdfa import sheets
from tests.pdfa.sheets import RECORD

OWN_TEXT = PageReading(1, 1240, 1754, 150.0, engine="text layer")
SCAN = replace(OWN_TEXT, engine="perfect 1.0")


def test_a_printed_pdf_keeps_its_text_and_its_look_as_pdf_a_2u(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ()
    verdict = judges.verapdf(bound.path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict
    assert _text(bound.path) == _text(source)
    assert "HUỲNH THỊ MAI" in _text(bound.path)
    assert np.array_equal(_look(bound.path), _look(source))
    with pikepdf.open(bound.path) as pdf:
        assert not pdf.pages[0].images
        assert str(pdf.docinfo.Title) == RECORD.title


def test_the_same_pdf_gives_the_same_bytes(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    first, second = (convert(source, [OWN_TEXT], RECORD, tmp_path / name) for name in ("a.pdf", "b.pdf"))
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("lean", [0.0, 2.0])
def test_a_scanned_page_among_printed_ones_gets_its_words_in_place_and_stands_upright(
    rotate: int, lean: float, tmp_path: Path
) -> None:
    page = sheets.page(lean)
    stored = damage.turned(page, 1)
    scan = files.pdf([stored], tmp_path / "scan.pdf")
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf, pikepdf.open(scan) as other:
        pdf.pages.append(other.pages[0])
        pdf.pages[1].rotate(rotate, relative=False)
        pdf.save()
    seen = sheets.reading(page, rotation=(270 - rotate) % 360, skew=lean)
    bound = convert(source, [OWN_TEXT, seen], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("words_added",)
    assert judges.verapdf(bound.path)["compliant"]
    with pypdfium2.PdfDocument(bound.path) as shown:
        text = shown[1].get_textpage()
        assert shown[1].get_size() == pytest.approx((page.image.width * 0.72, page.image.height * 0.72), abs=0.1)
        for word in page.words:
            x0, y0, x1, y1 = (side * 0.72 for side in word.box)
            found = text.get_text_bounded(*_unturned(shown[1], (x0 - 4, y0 - 4, x1 + 4, y1 + 4)))
            assert word.text in found


def test_a_scanners_own_hidden_words_give_way_to_ours(tmp_path: Path) -> None:
    page = sheets.page()
    scan = files.pdf([page], tmp_path / "scan.pdf")
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].add_resource(pdf.make_indirect(font), Name.Font, Name.F1)
        pdf.pages[0].contents_add(b"q BT 3 Tr /F1 12 Tf 50 500 Td (HUYNH THl MAl) Tj ET Q")
        pdf.save()
    bound = convert(scan, [sheets.reading(page)], RECORD, tmp_path / "out.pdf")
    assert "HUYNH" not in _text(bound.path)
    assert "HUỲNH THỊ MAI" in _text(bound.path)


def _act(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=_script())
    pdf.pages[0].obj.AA = Dictionary(O=_script())
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(_script())])))


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _link(pdf: Pdf) -> None:
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    box = Array([10, 10, 60, 30])
    pdf.pages[0].obj.Annots = Array(
        [
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=launch, F=4)),
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=box, F=4)),
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=box, F=4)),
        ]
    )


def _attach(pdf: Pdf) -> None:
    pdf.attachments["note.txt"] = b"attached"


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        (_act, {"javascript_removed"}),
        (_link, {"actions_removed", "attachments_removed", "media_removed"}),
        (_attach, {"attachments_removed"}),
    ],
)
def test_what_acts_is_taken_out_and_said(change: Callable[[Pdf], None], notes: set[str], tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save()
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert set(bound.notes) == notes
    assert judges.verapdf(bound.path)["compliant"]
    with pikepdf.open(bound.path) as pdf:
        bare = b"".join(item.unparse() for item in pdf.objects)
    assert not any(word in bare for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/Movie"))


def _filled_form(pdf: Pdf, *, drawn: bool) -> None:
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("ten"), V=String("Mai"), Rect=[100, 700, 200, 720], F=4
    )  # fmt: skip
    if drawn:
        look = pdf.make_stream(b"0 0 1 rg 0 0 100 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 20])
        field.AP = Dictionary(N=look)
    widget = pdf.make_indirect(field)
    pdf.pages[0].obj.Annots = Array([widget])
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))


def test_a_filled_form_becomes_a_plain_page_that_shows_what_was_filled_in(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        _filled_form(pdf, drawn=True)
        pdf.save()
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("form_flattened",)
    assert judges.verapdf(bound.path)["compliant"]
    assert _look(bound.path)[842 - 710, 150].tolist() == [0, 0, 255]
    with pikepdf.open(bound.path) as pdf:
        assert Name.AcroForm not in pdf.Root


def test_the_same_filled_form_gives_the_same_bytes(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        _filled_form(pdf, drawn=True)
        pdf.save()
    first, second = (convert(source, [OWN_TEXT], RECORD, tmp_path / name) for name in ("a.pdf", "b.pdf"))
    assert first.path.read_bytes() == second.path.read_bytes()


def test_values_of_a_form_that_no_program_has_drawn_are_drawn(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        _filled_form(pdf, drawn=False)
        pdf.save()
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("form_flattened", "form_drawn")
    assert judges.verapdf(bound.path)["compliant"]
    with pypdfium2.PdfDocument(bound.path) as shown:
        assert shown[0].get_textpage().get_text_bounded(100, 700, 200, 720).endswith("Mai")


@pytest.mark.parametrize("flags", [1 << 13, 1 << 24])
def test_a_password_or_a_value_in_cells_that_nobody_has_drawn_is_refused(flags: int, tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        _filled_form(pdf, drawn=False)
        pdf.pages[0].obj.Annots[0].Ff = flags
        pdf.save()
    _refused("form_not_drawn", source, tmp_path)


def test_an_empty_signature_field_goes_as_other_fields_do(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        place = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("s"), Rect=[50, 50, 150, 100], F=4)
        widget = pdf.make_indirect(place)
        pdf.pages[0].obj.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)
        rights = pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=String("x")))
        pdf.Root.Perms = Dictionary(UR3=rights)
        pdf.save()
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("form_flattened",)
    assert judges.verapdf(bound.path)["compliant"]
    with pikepdf.open(bound.path) as pdf:
        assert not {"/AcroForm", "/Perms"} & set(pdf.Root.keys())
        assert not pdf.pages[0].get("/Annots")


def test_a_signed_file_is_refused(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        value = pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=String("x")))
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=value))]))
        pdf.save()
    _refused("signed", source, tmp_path)


@pytest.mark.parametrize(("maker", "code"), [("encrypted", "encrypted"), ("owner_password", "encrypted"), ("xfa", "xfa")])
def test_what_may_not_be_rewritten_is_refused(maker: str, code: str, tmp_path: Path) -> None:
    _refused(code, hostile.MAKERS[maker](tmp_path / "in.pdf"), tmp_path)


def test_a_damaged_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        convert(hostile.MAKERS["hollow"](tmp_path / "in.pdf"), [SCAN], RECORD, tmp_path / "out.pdf")


def _unusual_outline(pdf: Pdf) -> None:
    title = pdf.make_indirect(String("Trang 1"))
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    root.First = root.Last = pdf.make_indirect(Dictionary(Title=title, Parent=root, Dest=[pdf.pages[0].obj, Name.Fit]))
    pdf.Root.Outlines = root


def _unused_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].add_resource(pdf.make_indirect(font), Name.Font, Name.Unused)


@pytest.mark.parametrize("change", [_unusual_outline, _unused_font])
def test_what_can_be_put_right_without_changing_a_glyph_is_no_reason_to_refuse(
    change: Callable[[Pdf], None], tmp_path: Path
) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save()
    look = _look(source)
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    verdict = judges.verapdf(bound.path)
    assert verdict["compliant"], verdict
    assert np.array_equal(_look(bound.path), look)


def test_a_file_printed_through_cairo_which_leaves_glyph_maps_to_their_default_becomes_pdf_a_2u(tmp_path: Path) -> None:
    source = tmp_path / "cairo.pdf"
    subprocess.run(["pdftocairo", "-pdf", files.born_digital(sheets.form(), tmp_path / "in.pdf"), source], check=True)
    verdict = judges.verapdf(convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf").path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict


def _without_its_font(path: Path) -> Path:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 300))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        page.add_resource(pdf.make_indirect(font), Name.Font, Name.F1)
        page.contents_add(b"BT /F1 20 Tf 50 100 Td (Glucose 5,6 mmol/l) Tj ET")
        pdf.save(path)
    return path


def test_a_font_that_is_not_in_the_file_is_never_replaced_by_a_picture(tmp_path: Path) -> None:
    _refused("cannot_convert", _without_its_font(tmp_path / "in.pdf"), tmp_path)


def test_ghostscript_puts_a_missing_font_in_where_it_is_installed_and_this_is_said(tmp_path: Path) -> None:
    source = _without_its_font(tmp_path / "in.pdf")
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("ghostscript",)
    verdict = judges.verapdf(bound.path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict
    assert "Glucose 5,6 mmol/l" in _text(bound.path)
    assert alike(source, bound.path)


def test_what_ghostscript_shows_otherwise_is_not_taken(tmp_path: Path) -> None:
    program = tmp_path / "gs"
    white = tmp_path / "white.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        pdf.save(white)
    program.write_text(
        f'#!/bin/sh\nfor each; do case $each in -sOutputFile=*) cp "{white}" "${{each#-sOutputFile=}}";; esac; done\n'
    )
    program.chmod(0o755)
    source = _without_its_font(tmp_path / "in.pdf")
    with pytest.raises(Refused) as caught:
        convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf", settings=PdfaSettings(ghostscript=str(program)))
    assert caught.value.message.code == "cannot_convert"


@pytest.mark.parametrize("told", [None, "0000"])
def test_letters_that_nobody_tells_or_tells_wrongly_are_found_in_the_font(told: str | None, tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    text = _text(source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        _tell_otherwise(pdf, told)
        pdf.save()
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ()
    assert judges.verapdf(bound.path)["profile"] == "PDF/A-2U"
    assert _text(bound.path) == text


def test_fonts_without_unicode_make_level_b(tmp_path: Path) -> None:
    source = _letters_nobody_knows(files.born_digital(sheets.form(), tmp_path / "in.pdf"))
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("level_b",)
    verdict = judges.verapdf(bound.path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2B")


def _untold(path: Path) -> Path:
    return _told(path, None)


def _told_nothing(path: Path) -> Path:
    return _told(path, "0000")


def _told_wrong(path: Path) -> Path:
    return _told(path, "0041")


def _told(path: Path, letter: str | None) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        _tell_otherwise(pdf, letter)
        pdf.save()
    return path


def _letters_nobody_knows(path: Path) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        _tell_otherwise(pdf, None)
        for item in [item for item in pdf.objects if isinstance(item, Dictionary) and Name.FontFile2 in item]:
            program = TTFont(io.BytesIO(item.FontFile2.read_bytes()))
            del program["cmap"]
            program["post"].formatType = 3.0
            out = io.BytesIO()
            program.save(out)
            item.FontFile2 = pdf.make_stream(out.getvalue(), Length1=len(out.getvalue()))
        pdf.save()
    return path


@pytest.mark.parametrize("change", [_untold, _told_nothing, _told_wrong, _letters_nobody_knows])
def test_a_printed_page_that_had_to_be_read_is_copied_once(change: Callable[[Path], Path], tmp_path: Path) -> None:
    page = sheets.page()
    source = change(files.born_digital(sheets.form(), tmp_path / "in.pdf"))
    look = _look(source)
    bound = convert(source, [sheets.reading(page)], RECORD, tmp_path / "out.pdf")
    assert judges.verapdf(bound.path)["compliant"]
    assert np.array_equal(_look(bound.path), look)
    for text in (
        _text(bound.path),
        subprocess.run(["pdftotext", bound.path, "-"], capture_output=True, check=True).stdout.decode(),
    ):
        assert Counter(text.split()) == Counter(word.text for word in page.words)


def test_what_a_page_says_itself_is_not_said_again_and_what_is_drawn_is_added(tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    read = sheets.reading(sheets.page())
    places = [Box(40.0 + 45 * x, 1000.0 + 12 * y, 75.0 + 45 * x, 1010.0 + 12 * y) for y in range(13) for x in range(16)]
    drawn = tuple(Word(f"vẽ{n}", place, 1.0, 1000 + n // 16) for n, place in enumerate(places))
    more = replace(read, words=(*read.words, *drawn))
    bound = convert(source, [more], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("words_added",)
    assert Counter(_text(bound.path).split()) == Counter(word.text for word in more.words)


def _tell_otherwise(pdf: Pdf, told: str | None) -> None:
    for item in [item for item in pdf.objects if isinstance(item, Dictionary) and Name.ToUnicode in item]:
        if told is None:
            del item[Name.ToUnicode]
        else:
            nowhere = re.sub(rb"(?m)^(<\w+>) <\w+>$", rb"\1 <%b>" % told.encode(), item.ToUnicode.read_bytes())
            item.ToUnicode = pdf.make_stream(nowhere)


def test_a_file_that_only_claims_to_be_pdf_a_is_made_one(tmp_path: Path) -> None:
    source = tmp_path / "in.pdf"
    with pikepdf.open(files.born_digital(sheets.form(), tmp_path / "plain.pdf")) as pdf:
        pikepdf.pdfa.prepare(pdf, "2b")
        pdf.Root.OpenAction = _script()
        pdf.save(source)
    bound = convert(source, [OWN_TEXT], RECORD, tmp_path / "out.pdf")
    assert bound.notes == ("javascript_removed",)
    assert judges.verapdf(bound.path)["compliant"]


def _refused(code: str, source: Path, folder: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(Refused) as caught:
        convert(source, [OWN_TEXT], RECORD, folder / "out.pdf", settings=PdfaSettings(ghostscript=""))
    assert caught.value.message.code == code
    assert source.read_bytes() == before
    assert [item.name for item in folder.iterdir() if item != source] == []


def _text(path: Path) -> str:
    return subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout


def _look(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with pypdfium2.PdfDocument(path) as pdf:
        return np.asarray(pdf[0].render(scale=1).to_pil().convert("RGB"))


def _unturned(page: pypdfium2.PdfPage, box: tuple[float, ...]) -> tuple[float, ...]:
    """A box on the page as shown (points, y down) in the page's own frame: left, bottom, right, top."""
    wide, high = page.get_size()
    x0, y0, x1, y1 = box
    return {
        0: (x0, high - y1, x1, high - y0),
        90: (y0, x0, y1, x1),
        180: (wide - x1, y0, wide - x0, y1),
        270: (high - y1, wide - x1, high - y0, wide - x0),
    }[page.get_rotation()]
