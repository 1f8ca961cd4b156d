"""What a visible block shows, read back from the page; and that no way of drawing it costs PDF/A or a verdict."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from domain.blocks import BlockFrame, BlockLayout, BlockLine, BlockPicture, Look, SmallPicture
from domain.errors import Refused
from domain.signatures import Verdict
from signing.appearance import Block
from signing.first_half import SignatureSpec, prepare_revision
from signing.sample import sample
from signing.second_half import complete_revision
from signing.typeset import Face, Words, set_into
from signing.upgrade import prove
from signing.verify import verify_file
from tests import judges
from tests.signing.fixtures import NETWORK, Hospital

TIME = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LONG = "PGS.TS.BS. Công Tằng Tôn Nữ Nguyễn Hoàng Thị Ngọc Phương Thảo Quỳnh Giao"
BLUE = SmallPicture(40, 20, zlib.compress(bytes([20, 40, 160]) * 800))
ALL = tuple(BlockLine)
LOOKS = {
    "usual": Look(),
    "everything": Look(BlockLayout(lines=ALL, picture=BlockPicture.PERSON, reason="Duyệt bệnh án", wide=220, high=80), BLUE),
    "logo": Look(BlockLayout(picture=BlockPicture.HOUSE, frame=BlockFrame.LINE), None, BLUE),
    "bare": Look(BlockLayout(lines=(BlockLine.NAME,), heading="", frame=BlockFrame.NONE)),
}


def block(look: Look, name: str = "BS. Nguyễn Thị Phương Thảo") -> Block:
    return Block(name, "Người lập hồ sơ", TIME, unit="Khoa Nội tổng hợp", issuer="VNPT-CA", look=look)


def read(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_a_block_says_what_the_layout_wants_and_no_more() -> None:
    layout = BlockLayout(lines=ALL, heading="Ký số bởi", reason="Duyệt bệnh án")
    assert read(sample(block(Look(layout)).painted(), 220, 90)) == (
        "Ký số bởi: BS. Nguyễn Thị Phương Thảo Người lập hồ sơ – Khoa Nội tổng hợp "
        "Thời gian: 04/03/2026 12:06:07 +07:00 Lý do: Duyệt bệnh án Chứng thư: VNPT-CA"
    )
    assert read(sample(block(LOOKS["bare"]).painted(), 220, 90)) == "BS. Nguyễn Thị Phương Thảo"


def test_in_whose_name_and_why_void_is_said_whatever_the_layout_leaves_out() -> None:
    given = replace(block(LOOKS["bare"]), behalf="TS. Trần Đình Dũng")
    assert "Ký thay: TS. Trần Đình Dũng" in read(sample(given.painted(), 200, 60))
    void = read(sample(replace(given, void="Nhầm người bệnh").painted(), 200, 60))
    assert "ĐÃ HỦY – KHÔNG CÒN GIÁ TRỊ Lý do: Nhầm người bệnh" in void
    assert "Thời gian: 04/03/2026" in void


@pytest.mark.parametrize(("wide", "high"), [(174, 44), (94, 24), (120, 80)])
@pytest.mark.parametrize("name", ["BS. A", LONG])
def test_words_wrap_and_shrink_until_they_stand_inside(wide: int, high: int, name: str) -> None:
    found = set_into([[Words("Ký bởi: "), Words(name, strong=True)], [Words("Thời gian: 04/03/2026 12:06:07 +07:00")]],
                     wide, high, Face.SANS, 9.0)  # fmt: skip
    assert 2.0 < found.size <= 9.0
    for one in found.words:
        assert one.x >= 0
        assert one.x + Face.SANS.width(one.text) * found.size <= wide + 0.1
        assert one.y >= 0
        assert one.y + 0.8 * found.size <= high + 0.1
    said = read(sample(block(Look(), name).painted(), wide, high))
    assert name in said


def test_a_name_is_drawn_in_nfc_and_a_letter_that_the_font_lacks_is_refused() -> None:
    decomposed = "BS. Nguye\u0302\u0303n Thi\u0323"
    assert "BS. Nguyễn Thị" in read(sample(block(Look(), decomposed).painted(), 174, 44))
    with pytest.raises(Refused, match="glyph"):
        block(Look(), "BS. 山").painted()


def test_the_picture_is_drawn_beside_the_words() -> None:
    with pypdfium2.PdfDocument(sample(block(LOOKS["logo"]).painted(), 174, 44)) as document:
        shown = document[0].render(scale=2).to_pil().convert("RGB")
    left = shown.crop((0, 0, shown.width // 3, shown.height))
    assert (20, 40, 160) in {colour for _, colour in left.getcolors(1 << 20) or ()}


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_leaves_a_signature_that_holds_in_a_pdf_a(hospital: Hospital, tmp_path: Path, look: str) -> None:
    signatory = hospital.signatory("bs-thao")
    spec = SignatureSpec("TacGia", block(LOOKS[look], signatory.name))
    target = tmp_path / "signed.pdf"
    half = prepare_revision(hospital.fields(), target, signatory, spec)
    with hospital.key("bs-thao") as key:
        complete_revision(target, half, key.sign(half.attributes), hospital.timestamps)
    assert judges.verapdf(target)["compliant"]
    proven = tmp_path / "proven.pdf"
    prove(target, proven, hospital.trust, NETWORK, hospital.timestamps)
    assert verify_file(proven, hospital.trust).verdict is Verdict.PASSED
    assert judges.dss(proven, hospital.authority.trust)["signatures"][0]["indication"] == "TOTAL_PASSED"
    assert judges.verapdf(proven)["compliant"]
    with pikepdf.open(target) as pdf:
        widget = next(one for one in pdf.Root.AcroForm.Fields if one.T == "TacGia")
        form = widget.AP.N
        assert "/SMask" not in str(form.get("/Resources", {}))
        fonts = list(form.Resources.Font.values())
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)
    added = target.stat().st_size - hospital.fields().stat().st_size
    assert added < 45_000, "a subset of the font and no more"
