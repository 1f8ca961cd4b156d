"""Certified copies: a file of its own with the block that NĐ 30/2020 asks for, sealed, proven, registered; what is kept stays."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import ImageDraw

from domain.copies import checked_request
from domain.errors import Refused
from domain.here import HERE
from domain.signatures import Verdict
from domain.signers import Capacity, Office
from pdfa.bind import bind
from pdfa.inked import page_ink
from pipeline import wiring_copies
from signing.certified import Derived
from signing.copies import CopyDesk
from signing.copy_field import CopyBlock, add_copy_field
from signing.verify import verify_file
from storage.copies import CertifiedCopies
from storage.store import Store
from tests import judges
from tests.pdfa import sheets
from tests.signing.copied import ASKED, HOUSE, issued, kept
from tests.signing.fixtures import Hospital
from tests.signing.ordered import Ordered, ordered

TIME = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def here(hospital: Hospital, store: Store, tmp_path: Path) -> Ordered:
    return ordered(hospital, store, None, tmp_path)


def test_a_copy_is_sealed_proven_registered_and_names_what_it_was_made_of(here: Ordered, hospital: Hospital) -> None:
    document = kept(here)
    source = here.store.objects.path(document.current or "")
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    copy, path = issued(here, document)
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before == copy.source
    assert verify_file(path, hospital.trust).verdict is Verdict.PASSED
    (found,) = judges.dss(path, hospital.authority.trust)["signatures"]
    assert (found["level"], found["indication"]) == ("PAdES-BASELINE-LTA", "TOTAL_PASSED")
    assert judges.verapdf(path)["compliant"]
    with pikepdf.open(path) as pdf:
        (field,) = [one for one in pdf.Root.AcroForm.Fields if "/V" in one and one.T == "SaoY"]
        reason = str(field.V.Reason)
        packet = pdf.Root.Metadata.read_bytes().decode()
    assert copy.source in reason
    assert "Tòa án nhân dân huyện Sông Mây" in reason
    assert copy.source in packet
    with here.store.read() as tx:
        assert CertifiedCopies(tx.connection).of(document.id) == [copy]
        entry = next(one for one in tx.audit.of(document.id) if one.act == "certify_copy")
        now = tx.documents.get(document.id)
    assert (entry.actor, entry.details["recipient"], entry.details["why"]) == (
        here.clinic.doctor.login, ASKED.recipient, ASKED.reason,
    )  # fmt: skip
    assert (now.current, now.state) == (document.current, document.state)
    again, _ = issued(here, document)
    assert again.number == copy.number + 1


def test_the_block_stands_top_right_in_black_letters_of_size_10_and_says_form_house_and_time(here: Ordered) -> None:
    copy, path = issued(here, kept(here))
    with pypdfium2.PdfDocument(path) as pdf:
        pdf.init_forms()
        page = pdf[0]
        wide, high = page.get_size()
        shown = page.render(scale=2, may_draw_forms=True).to_pil().convert("L")
        without = page.render(scale=2, may_draw_forms=False).to_pil().convert("L")
    with pikepdf.open(path) as pdf:
        widget = next(one for one in pdf.Root.AcroForm.Fields if one.T == "SaoY")
        left, bottom = [float(side) for side in pdf.pages[0].mediabox][:2]
        x0, y0, x1, y1 = (float(side) for side in widget.Rect)
        x0, y0, x1, y1 = x0 - left, y0 - bottom, x1 - left, y1 - bottom
        drawn = widget.AP.N.read_bytes().decode("latin-1")
        fonts = [str(font.BaseFont) for font in widget.AP.N.Resources.Font.values()]
    assert x0 >= wide / 2
    assert y1 > high - 90
    assert "/F0 10.00 Tf" in drawn
    assert "0.000 0.000 0.000 rg" in drawn
    assert all("Tinos" in font for font in fonts)
    box = tuple(round(side * 2) for side in (x0, high - y1, x1, high - y0))
    assert sum(value < 128 for value in without.crop(box).tobytes()) == 0, "it stands on nothing"
    assert sum(value < 128 for value in shown.crop(box).tobytes()) > 100
    time = copy.signed_at.astimezone(HERE)
    said = " ".join(words.text for line in CopyBlock("Sao y", HOUSE, copy.signed_at).painted().lines for words in line)
    assert said == f"Sao y {HOUSE} {time:%Y-%m-%dT%H:%M:%S}+07:00"


def test_an_extract_has_its_pages_alone_and_nothing_of_the_others(tmp_path: Path) -> None:
    pages = [sheets.page(), sheets.page(1.0), sheets.page()]
    bound = bind([(sheets.coded(one.image, "jpeg"), sheets.reading(one)) for one in pages], sheets.RECORD, tmp_path / "three.pdf")
    wanted = Derived(bound.path, (2,), "Trích sao: Giấy ra viện", "ab" * 10, "cd" * 32, None, TIME)
    wiring_copies.derived(HOUSE, wanted, tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as pdf, pikepdf.open(bound.path) as whole:
        assert len(pdf.pages) == 1
        pictures = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        assert len(pictures) == 1
        assert pictures[0].read_raw_bytes() == next(iter(whole.pages[1].images.values())).read_raw_bytes()
    assert judges.verapdf(tmp_path / "one.pdf")["compliant"]


def test_a_page_that_is_full_at_the_top_grows_upwards(tmp_path: Path) -> None:
    page = sheets.page()
    full = page.image.copy()
    draw = ImageDraw.Draw(full)
    for y in range(0, full.height, 12):
        draw.line([(0, y), (full.width, y)], fill="black", width=2)
    bound = bind([(sheets.coded(full, "jpeg"), sheets.reading(page))], sheets.RECORD, tmp_path / "bound.pdf")
    block = CopyBlock("Sao lục", "Bệnh viện Đa khoa khu vực liên huyện Sông Mây – Thượng Nguồn tỉnh Bình An", TIME)
    add_copy_field(bound.path, tmp_path / "field.pdf", block.size, page_ink)
    with pikepdf.open(tmp_path / "field.pdf") as pdf:
        media, paper = (list(map(float, pdf.pages[0].obj[name])) for name in ("/MediaBox", "/TrimBox"))
        box = list(map(float, pdf.Root.AcroForm.Fields[0].Rect))
    assert media[:3] == paper[:3]
    assert paper[3] < box[1] < box[3] < media[3]


def test_only_who_keeps_the_seal_issues_copies_and_only_of_what_is_kept(here: Ordered) -> None:
    waiting = here.chart(sealed=True)
    document = kept(here)
    with here.store.write() as tx:
        tx.signers.take(Office(here.clinic.doctor.id, Capacity.SEAL))
    with pytest.raises(Refused, match="not_copyable"):
        CopyDesk(here.store).ask(here.clinic.doctor, document.id, ASKED)
    with here.store.write() as tx:
        tx.signers.give(Office(here.clinic.doctor.id, Capacity.SEAL))
    with pytest.raises(Refused, match="not_copyable"):
        CopyDesk(here.store).ask(here.clinic.doctor, waiting.id, ASKED)


@pytest.mark.parametrize(
    ("form", "to", "why", "pages"),
    [
        ("sao_y", "", "x", ""),
        ("sao_y", "x", " ", ""),
        ("sao_y", "x", "x", "1"),
        ("trich_sao", "x", "x", ""),
        ("khac", "x", "x", ""),
    ],
)
def test_a_request_says_form_recipient_reason_and_pages_where_it_must(form: str, to: str, why: str, pages: str) -> None:
    with pytest.raises(Refused, match="copy"):
        checked_request(form, to, why, pages)


@pytest.mark.parametrize("count", [0, -1, 100])
def test_a_request_is_of_1_to_99_copies(count: int) -> None:
    with pytest.raises(Refused, match="copy_count"):
        checked_request("sao_y", "x", "x", "", count)


def test_pages_of_an_extract_are_asked_for_in_words_of_copies() -> None:
    assert checked_request("trich_sao", "x", "x", "2-3,1").numbers(3) == (2, 3, 1)
    for wrong in ("abc", "1r90", "x1"):
        with pytest.raises(Refused, match="copy_pages"):
            checked_request("trich_sao", "x", "x", wrong).numbers(3)
    with pytest.raises(Refused, match="no_such_page"):
        checked_request("trich_sao", "x", "x", "4").numbers(3)
