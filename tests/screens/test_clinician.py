"""At the clinician's screens: no tones, the right one of two namesakes, a verdict in plain words."""

from __future__ import annotations

import pytest

from domain.signatures import Verdict


@pytest.fixture
def clinician(at_screen):
    return at_screen("lamsang")


def test_the_clinician_types_without_tones_and_opens_the_letter(clinician):
    clinician.sees("Mới xếp gần đây")
    clinician.types("nguyen thi huong viem phoi", "#q")
    clinician.expects(".res", 3)
    clinician.sees("Nguyễn Thị Hương", ".pt")
    clinician.sees("Có 1 người trùng họ tên", ".pt")
    assert clinician.place(".res .snip .hit").count() >= 6
    clinician.presses("ArrowDown", "ArrowDown")
    clinician.presses(" ")
    clinician.expects_at_least("#quick[open] .page .hit", 2)
    clinician.presses("Escape")
    clinician.presses("Enter")
    clinician.sees("Giấy ra viện", "h1")
    clinician.expects_at_least(".page .hit", 2)
    clinician.sees("Chữ ký hợp lệ", ".vd")
    clinician.sees("Mọi chữ ký trong tệp đều hợp lệ.")
    days = clinician.place(".side section:has(h2:text('Giấy tờ')) time").all_inner_texts()
    assert days == ["12/08/2021", "15/03/2015", "17/11/2009", "17/11/2009"]


def test_enter_never_opens_an_answer_to_an_earlier_question(clinician):
    clinician.opens("/find?q=nguyen thi huong")
    clinician.expects(".res", 5)
    clinician.types("hoang duc khanh", "#q")
    clinician.presses("Enter")
    clinician.sees("Hoàng Đức Khánh", ".pt")
    assert "/find" in clinician.page.url


def test_the_document_is_downloaded(clinician, morning):
    clinician.opens(f"/records/{morning.discharge.id}")
    with clinician.page.expect_download() as waiting:
        clinician.presses("d")
    assert waiting.value.suggested_filename.startswith("Giấy ra viện")
    assert waiting.value.path().read_bytes().startswith(b"%PDF")


def test_words_instead_of_the_picture_and_back(clinician, morning):
    clinician.opens(f"/records/{morning.discharge.id}")
    clinician.presses("c")
    clinician.sees("GIẤY RA VIỆN", ".words")
    clinician.presses("c")
    assert not clinician.place(".words").first.is_visible()


def test_a_broken_signature_is_named_as_such_in_plain_words(clinician, morning):
    morning.hospital.verdict = Verdict.FAILED
    clinician.opens(f"/records/{morning.discharge.id}")
    clinician.sees("Chữ ký không hợp lệ", ".vd")
    clinician.sees("Có chữ ký KHÔNG hợp lệ.")
    clinician.photographs("ho-so-hong")
    morning.hospital.verdict = Verdict.PASSED


def test_facets_narrow_the_answer_as_they_are_ticked(clinician):
    clinician.opens("/find?q=nguyen thi huong")
    clinician.expects(".res", 5)
    clinician.place(
        ".facet label",
    ).filter(has_text="Tờ điều trị").click()
    clinician.expects(".res", 1)


def test_nothing_found_says_what_to_do_next(clinician):
    clinician.types("khong co gi nhu the", "#q")
    clinician.sees("Không thấy “khong co gi nhu the”")
    clinician.sees("nhờ tổ lưu trữ tìm bản giấy")


def test_english_is_one_click_away(clinician):
    clinician.page.locator(".rail").get_by_role("link", name="English").click()
    clinician.sees("Newest papers")
    clinician.finds_nothing_wrong()
