from __future__ import annotations

from random import Random

import pytest

from domain.findings import Part
from domain.pages import PageReading
from filing.parts import parts
from tests.filing.paper import page
from tests.generator import forms, people
from tests.pdfa import sheets


def chart(*slugs: str, seed: int = 5) -> tuple[list[PageReading], list[int]]:
    """The pages of these forms, one after the other, and the numbers of the pages on which they begin."""
    rng = Random(seed)
    person = people.invent(rng)
    pages: list[PageReading] = []
    starts = []
    for slug in slugs:
        starts.append(len(pages) + 1)
        pages += [sheets.reading(drawn) for drawn in forms.ALL[slug](person, person.stays[0], rng).pages(dpi=100)]
    return pages, starts


def test_every_form_of_a_chart_begins_where_its_title_stands() -> None:
    pages, starts = chart("benh_an_noi_khoa", "to_dieu_tri", "phieu_xet_nghiem", "phieu_x_quang", "don_thuoc", "giay_ra_vien")
    found = parts(pages)
    assert [part.page for part in found] == starts
    assert [part.title for part in found][:2] == ["Bệnh án Nội khoa", "Tờ điều trị"]
    assert found[-1] == Part(starts[-1], "Giấy ra viện", found[-1].code)


def test_one_form_of_several_pages_is_one_part() -> None:
    pages, _ = chart("benh_an_ngoai_khoa")
    assert len(pages) > 1
    assert [part.page for part in parts(pages)] == [1]


def test_the_same_form_again_is_a_new_one_unless_it_says_that_it_continues() -> None:
    first = page("SỞ Y TẾ", "# PHIẾU CHĂM SÓC", "Tờ số: 1", "Họ và tên: NGUYỄN VĂN AN")
    more = page("SỞ Y TẾ", "# PHIẾU CHĂM SÓC", "Tờ số: 2", "Họ và tên: NGUYỄN VĂN AN")
    assert [part.page for part in parts([first, more, first])] == [1, 3]


@pytest.mark.parametrize("heading", ["TỔNG KẾT BỆNH ÁN", "TÓM TẮT BỆNH ÁN", "B. BỆNH ÁN", "II. HỎI BỆNH"])
def test_the_heading_of_a_section_begins_no_form(heading: str) -> None:
    cover = page("SỞ Y TẾ", "# BỆNH ÁN NỘI KHOA", "Họ và tên: NGUYỄN VĂN AN")
    inside = page(f"# {heading}", "Quá trình bệnh lý và diễn biến lâm sàng", "Phương pháp điều trị")
    assert [part.page for part in parts([cover, inside])] == [1]


def test_a_title_named_in_the_text_far_down_begins_no_form() -> None:
    lines = [f"Dòng thứ {number} của bệnh án này" for number in range(30)]
    assert parts([page(*lines, "# GIẤY RA VIỆN", *lines)]) == ()


def test_pages_without_any_title_have_no_parts() -> None:
    assert parts([page("Chẩn đoán: Viêm phổi", "Điều trị: kháng sinh")] * 3) == ()
    assert parts([]) == ()
