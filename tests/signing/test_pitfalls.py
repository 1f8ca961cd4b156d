"""What a signature does to a PDF/A when nobody takes care: one test for each pitfall that was seen."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from domain.errors import Refused
from signing.first_half import prepare_revision
from signing.revision import PdfaWriter
from signing.typeset import drawable
from tests import judges
from tests.signing.fixtures import FIELDS, Hospital, spec


def widget(pdf: pikepdf.Pdf, field: str) -> Any:
    return next(one for one in pdf.Root.AcroForm.Fields if str(one.T) == field)


def appearance_font(pdf: pikepdf.Pdf, field: str) -> Any:
    """The one font of a visible block, however deep it lies."""
    forms, fonts = [widget(pdf, field).AP.N], []
    while forms:
        resources = forms.pop().get("/Resources", {})
        fonts += list(resources.get("/Font", {}).values())
        forms += list(resources.get("/XObject", {}).values())
    assert len(fonts) == 1
    return fonts[0].DescendantFonts[0]


def attributes(path: Path, field: str) -> tuple[set[str], cms.SignerInfo, bytes]:
    with pikepdf.open(path) as pdf:
        contents = bytes(widget(pdf, field).V.Contents)
    signed = cms.ContentInfo.load(contents)["content"]
    assert len(signed["signer_infos"]) == 1
    info = signed["signer_infos"][0]
    return {one["type"].native for one in info["signed_attrs"]}, info, contents


def test_the_visible_block_embeds_its_font_with_the_widths_the_font_has(hospital: Hospital) -> None:
    with pikepdf.open(hospital.signed()) as pdf:
        font = appearance_font(pdf, "TacGia")
        embedded = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        assert embedded["head"].unitsPerEm == 1000
        widths: dict[int, float] = {}
        for code, entry in zip(list(font.W)[::2], list(font.W)[1::2], strict=True):
            widths |= {int(code) + i: float(width) for i, width in enumerate(entry)}
    metrics = embedded["hmtx"].metrics
    named = {embedded.getGlyphID(name): width for name, (width, _) in metrics.items()}
    assert widths
    assert all(named[glyph] == width for glyph, width in widths.items() if glyph in named)


def test_every_vietnamese_letter_can_be_drawn_however_it_was_typed() -> None:
    letters = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
    assert drawable(unicodedata.normalize("NFD", letters + letters.upper())) == letters + letters.upper()


def test_a_letter_that_the_font_lacks_is_refused_and_not_drawn_as_a_box(hospital: Hospital, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="glyph"):
        prepare_revision(hospital.fields(), tmp_path / "x.pdf", hospital.signatory("bs-thao"), spec("TacGia", "BS. 王"))


def test_a_percent_sign_in_a_name_is_drawn_and_not_interpreted(hospital: Hospital, tmp_path: Path) -> None:
    prepare_revision(hospital.fields(), tmp_path / "x.pdf", hospital.signatory("bs-thao"), spec("TacGia", "100 % %(ts)s"))


def test_an_elliptic_key_leaves_the_file_pdf_1_7(hospital: Hospital, tmp_path: Path) -> None:
    path = hospital.sign(hospital.fields(), tmp_path / "ec.pdf", "bs-dung", "TacGia")
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.get("/Version", "/1.7")) == "/1.7"
        assert set(pdf.Root.Extensions.keys()) == {"/ESIC"}
    assert judges.verapdf(path)["compliant"]


def test_metadata_and_information_stay_byte_for_byte_through_all_revisions(hospital: Hospital) -> None:
    def said(path: Path) -> tuple[bytes, Any, Any]:
        with pikepdf.open(path) as pdf:
            info = {name: str(value) for name, value in pdf.docinfo.items()}
            return pdf.Root.Metadata.read_raw_bytes(), info, pdf.Root.Metadata.objgen

    assert said(hospital.proven(2)) == said(hospital.bound())


def test_the_library_still_has_the_method_whose_override_keeps_the_metadata() -> None:
    theirs = getattr(IncrementalPdfFileWriter, "_update_meta", None)
    assert callable(theirs)
    assert PdfaWriter._update_meta is not theirs


def test_a_signature_fits_the_longest_string_that_pdf_a_allows(hospital: Hospital) -> None:
    with pikepdf.open(hospital.proven(2)) as pdf:
        sizes = [len(bytes(one.V.Contents)) for one in pdf.Root.AcroForm.Fields if "/V" in one]
    assert len(sizes) == 3
    assert max(sizes) <= 32_767


def test_the_archive_timestamp_is_the_last_thing_in_the_file_and_there_is_no_vri(hospital: Hospital) -> None:
    path = hospital.proven(2)
    with pikepdf.open(path) as pdf:
        last = next(one.V for one in pdf.Root.AcroForm.Fields if "/V" in one and str(one.V.Type) == "/DocTimeStamp")
        start, end = int(last.ByteRange[2]), int(last.ByteRange[3])
        assert "/VRI" not in pdf.Root.DSS
    assert start + end == path.stat().st_size


def test_the_roots_are_among_the_evidence(hospital: Hospital) -> None:
    root = hospital.trust.roots[0].dump()
    with pikepdf.open(hospital.proven()) as pdf:
        assert root in [one.read_bytes() for one in pdf.Root.DSS.Certs]


def test_fields_are_printed_and_viewers_are_not_asked_to_draw_them(hospital: Hospital) -> None:
    with pikepdf.open(hospital.proven()) as pdf:
        for field in FIELDS:
            assert int(widget(pdf, field).F) & 0b100, "Print"
            assert "/AP" in widget(pdf, field)
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_the_visible_block_is_opaque(hospital: Hospital) -> None:
    with pikepdf.open(hospital.signed()) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/ExtGState":
                assert float(thing.get("/ca", 1)) == float(thing.get("/CA", 1)) == 1
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                assert not thing.get("/Interpolate", False)


def test_the_time_stands_in_the_dictionary_and_the_signed_attributes_are_the_three_of_pades(hospital: Hospital) -> None:
    names, info, _ = attributes(hospital.signed(), "TacGia")
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= names
    assert names <= {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"}
    assert {one["type"].native for one in info["unsigned_attrs"]} == {"signature_time_stamp_token"}
    with pikepdf.open(hospital.signed()) as pdf:
        assert "/M" in widget(pdf, "TacGia").V


def test_the_chain_travels_with_the_signature_but_for_its_root(hospital: Hospital) -> None:
    _, _, contents = attributes(hospital.signed(), "TacGia")
    certificates = [one.chosen for one in cms.ContentInfo.load(contents)["content"]["certificates"]]
    assert len(certificates) == 2
    assert not any(one.self_signed == "yes" for one in certificates)
