"""At the screen: a misread word is seen, corrected by keyboard or mouse beside its enlarged picture, and taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from domain.documents import State
from tests.generator import forms

MISREAD = {"KHÁNH": "KHẢNH", "Chẩn": "Chân"}


@pytest.fixture
def paper(morning):
    """A signed letter with two misread words."""
    return written(morning, State.PROVEN)


@pytest.fixture
def clerk(at_screen):
    return at_screen("luutru")


def written(morning, state):
    form = forms.giay_ra_vien(morning.khanh, morning.khanh.stays[0], morning.rng)
    owner = None if state is State.NEEDS_REVIEW else morning.khanh.id
    return morning.hospital.scanned(form, form.pages(110), owner, state, misread=MISREAD)


def text(morning, document):
    with morning.hospital.store.read() as tx:
        return tx.pages.reading(document.id).pages[0].text


def said(person):
    return person.place("#pentoast span")


def test_doubtful_words_are_marked_visited_and_corrected_by_keyboard_alone(clerk, morning, paper):
    clerk.opens(f"/records/{paper.id}")
    clerk.expects(".wm", 2)
    expect(clerk.place("#doubtful b")).to_have_text("2")
    clerk.presses("s")
    expect(clerk.place(".wd")).to_be_focused()
    expect(clerk.place(".wd")).to_have_attribute("aria-label", re.compile("KHẢNH. Máy đọc “KHẢNH”, chưa chắc"))
    clerk.presses("Enter")
    expect(clerk.place(".pen input")).to_have_value("KHẢNH")
    clerk.photographs("sua-chu")
    clerk.finds_nothing_wrong()
    clerk.page.keyboard.type("KHÁNH")
    clerk.presses("Enter")
    expect(said(clerk)).to_have_text("Đã sửa “KHẢNH” thành “KHÁNH”.")
    clerk.expects(".pen", 0)
    expect(clerk.place(".wd")).to_be_focused()
    expect(clerk.place(".wm.by")).to_have_attribute("title", re.compile("Đặng Thị Mai sửa lúc .*; máy đọc “KHẢNH”."))
    clerk.sees("KHÁNH", "#told")
    clerk.presses("s", "Enter")
    expect(clerk.place(".pen input")).to_have_value("Chân")
    assert "HOÀNG ĐỨC KHÁNH" in text(morning, paper)
    clerk.finds_nothing_wrong()


def test_the_picture_above_the_editor_shows_the_ink_of_the_word(clerk, paper):
    clerk.opens(f"/records/{paper.id}")
    clerk.presses("s", "Enter")
    clerk.expects(".pen canvas", 1)
    dark = clerk.page.evaluate(
        """() => { const one = document.querySelector('.pen canvas'), {width, height} = one;
            const bytes = one.getContext('2d').getImageData(0, 0, width, height).data;
            let dark = 0; for (let at = 0; at < bytes.length; at += 4) dark += bytes[at] < 90; return dark / width / height; }"""
    )
    assert 0.03 < dark < 0.5


def test_a_whole_line_is_written_anew_and_taken_back_with_one_key(clerk, morning, paper):
    before = text(morning, paper)
    clerk.opens(f"/records/{paper.id}")
    clerk.presses("s", "Enter")
    clerk.expects(".pen", 1)
    clerk.presses("Shift+Enter")
    line = clerk.place(".pen input")
    expect(line).to_have_value(re.compile("Họ và tên .*KHẢNH"))
    line.fill("1. Họ và tên (in hoa): HOÀNG ĐỨC KHÁNH Giới tính: Nam 2")
    clerk.presses("Enter")
    clerk.sees("Đã sửa", "#pentoast")
    assert "HOÀNG ĐỨC KHÁNH Giới tính: Nam 2\n" in text(morning, paper)
    clerk.presses("u")
    expect(said(clerk)).to_have_text("Đã bỏ chỗ sửa.")
    assert text(morning, paper) == before
    clerk.expects(".wm.by", 0)


def test_arrows_go_from_word_to_word_and_escape_leaves_everything_as_it_was(clerk, morning, paper):
    before = text(morning, paper)
    clerk.opens(f"/records/{paper.id}")
    clerk.presses("s")
    expect(clerk.place(".wd")).to_have_attribute("aria-label", re.compile("^KHẢNH"))
    clerk.presses("ArrowLeft")
    expect(clerk.place(".wd")).to_have_attribute("aria-label", re.compile("^ĐỨC"))
    clerk.presses("ArrowDown", "ArrowUp")
    expect(clerk.place(".wd")).to_be_focused()
    clerk.presses("Enter")
    clerk.place(".pen input").fill(" ")
    clerk.presses("Enter")
    clerk.sees("Nếu chỗ này không có chữ nào, sửa cả dòng", ".pen")
    clerk.place(".pen input").fill("khác")
    clerk.presses("Escape")
    clerk.expects(".pen", 0)
    expect(clerk.place(".wd")).to_be_focused()
    assert text(morning, paper) == before


def test_a_click_on_a_word_opens_the_editor_and_the_mouse_saves(clerk, morning, paper):
    clerk.opens(f"/records/{paper.id}")
    clerk.expects(".wm", 2)
    place = clerk.place(".wm").nth(1).bounding_box()
    clerk.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    clerk.place(".pen input").fill("Chẩn")
    clerk.clicks("Lưu")
    clerk.sees("Đã sửa", "#pentoast")
    assert "Chẩn đoán" in text(morning, paper)
    clerk.presses("c")
    clerk.sees("Chẩn đoán", ".words")
    clerk.presses("c")
    clerk.place("#told").get_by_role("button", name="Bỏ: Chẩn").click()
    clerk.expects(".wm.by", 0)
    assert "Chân đoán" in text(morning, paper)


def test_two_clerks_on_one_page_lose_nothing_and_see_each_others_words(at_screen, morning, paper):
    slow, quick = at_screen("luutru"), at_screen("luutru")
    for one in (slow, quick):
        one.opens(f"/records/{paper.id}")
        one.expects(".wm", 2)
    slow.presses("s", "Enter")
    slow.place(".pen input").fill("KHÁNH!")
    quick.presses("s", "s", "Enter")
    quick.place(".pen input").fill("Chẩn")
    quick.presses("Enter")
    quick.sees("Đã sửa", "#pentoast")
    slow.presses("Enter")
    slow.sees("Có người vừa sửa trang này", ".pen")
    expect(slow.place(".pen input")).to_have_value("KHÁNH!")
    slow.faults.clear()  # the browser itself writes an answer of 409 to its console
    slow.presses("Enter")
    slow.sees("Đã sửa", "#pentoast")
    quick.expects(".wm.by", 2)
    assert "KHÁNH!" in text(morning, paper)
    assert "Chẩn đoán" in text(morning, paper)


def test_a_word_that_another_clerk_splits_does_not_move_the_editor_to_its_neighbour(at_screen, morning, paper):
    slow, quick = at_screen("luutru"), at_screen("luutru")
    for one in (slow, quick):
        one.opens(f"/records/{paper.id}")
        one.presses("s")
    slow.presses("Enter")
    slow.place(".pen input").fill("KHÁNH!")
    quick.presses("ArrowLeft", "Enter")
    quick.place(".pen input").fill("ĐỨ C")
    quick.presses("Enter")
    quick.sees("Đã sửa", "#pentoast")
    slow.expects(".wm.by", 2)
    slow.presses("Enter")
    slow.sees("Có người vừa sửa trang này", ".pen")
    slow.presses("Enter")
    expect(said(slow)).to_have_text("Đã sửa “KHẢNH” thành “KHÁNH!”.")
    assert "HOÀNG ĐỨ C KHÁNH! " in text(morning, paper)
    expect(quick.place(".wd")).to_have_attribute("aria-label", re.compile("^ĐỨ"))


def test_what_another_clerk_writes_is_shown_after_an_answer_that_was_overtaken_by_its_own_event(at_screen, morning, paper):
    slow, quick = at_screen("luutru"), at_screen("luutru")
    for one in (slow, quick):
        one.opens(f"/records/{paper.id}")
        one.expects(".wm", 2)
    held = {}

    def hold(route):
        if route.request.method in held:
            route.continue_()
        else:
            held[route.request.method] = (route, route.fetch())

    quick.page.route("**/pages/1/words", hold)
    quick.presses("s", "s", "Enter")
    quick.place(".pen input").fill("Chẩn")
    quick.presses("Enter")
    for _ in range(500):
        if "GET" not in held:
            quick.page.wait_for_timeout(20)
    for method in ("POST", "GET"):
        route, answer = held[method]
        route.fulfill(response=answer)
    quick.sees("Đã sửa", "#pentoast")
    quick.expects(".wm.by", 1)
    slow.presses("s", "Enter")
    slow.place(".pen input").fill("KHÁNH")
    slow.presses("Enter")
    slow.sees("Đã sửa", "#pentoast")
    quick.expects(".wm.by", 2)


def test_in_review_the_keys_of_words_decide_about_no_patient(clerk, morning):
    document = written(morning, State.NEEDS_REVIEW)
    clerk.opens(f"/review/{document.id}")
    clerk.expects("#accept[data-armed]", 1)
    clerk.presses("s", "Enter")
    clerk.place(".pen input").fill("KHÁNH")
    clerk.presses("Enter")
    clerk.sees("Đã sửa", "#pentoast")
    clerk.presses("Enter", "Shift+Enter", "Enter")
    clerk.sees("Đã xác nhận", "#pentoast")
    with morning.hospital.store.read() as tx:
        assert tx.documents.get(document.id).state is State.NEEDS_REVIEW
        assert len(tx.words.of(document.id)) == 2


def test_in_review_a_fact_taken_from_the_word_is_offered(clerk, morning):
    document = morning.likely
    clerk.opens(f"/review/{document.id}")
    clerk.expects("#told", 1)
    place = clerk.place('.ev[data-field="1"]')
    place.dblclick(position={"x": 13, "y": 12})  # within the 7 px around it that are easy to hit
    expect(clerk.place(".pen input")).to_have_value("HOÀNG")
    clerk.place(".pen input").fill("HOÀN")
    clerk.presses("Enter")
    clerk.sees("Mục Họ tên lấy từ chỗ vừa sửa.", "#told")
    clerk.photographs("sua-chu-muc")
    clerk.finds_nothing_wrong()
    clerk.presses("u")
    expect(clerk.place("#told .notice")).to_have_count(0)


def test_doubtful_words_of_later_pages_are_visited_though_nobody_scrolled_there(clerk, morning):
    form = forms.benh_an_noi_khoa(morning.khanh, morning.khanh.stays[0], morning.rng)
    pages = form.pages(110)
    assert len(pages) > 1
    (word,) = [one.text for one in pages[-1].words if [p.text for page in pages for p in page.words].count(one.text) == 1][-1:]
    paper = morning.hospital.scanned(form, pages, morning.khanh.id, State.PROVEN, misread={word: "|~|"})
    clerk.opens(f"/records/{paper.id}")
    clerk.presses("s", "Enter")
    expect(clerk.place(f".page[data-page='{len(pages)}'] .pen input")).to_have_value("|~|")
    clerk.page.wait_for_function("() => [...document.querySelectorAll('.pen canvas')].some((one) => one.width > 100)")
    for _ in range(3):
        clerk.place("[data-zoom='1.2']").click()
    clerk.page.wait_for_timeout(100)
    box, stage = (clerk.place(one).bounding_box() for one in (".pen", ".stage"))
    assert stage["x"] <= box["x"]
    assert box["x"] + box["width"] <= stage["x"] + stage["width"]
    assert stage["y"] <= box["y"]
    assert box["y"] + box["height"] <= stage["y"] + stage["height"]
    clerk.photographs("sua-chu-phong-to")
    clerk.place(".pen input").fill(word)
    clerk.presses("Enter")
    clerk.sees("Đã sửa", "#pentoast")
    expect(clerk.place("#doubtful b")).to_have_text("0")


def test_a_clinician_has_no_pen(at_screen, morning):
    clinician = at_screen("lamsang")
    clinician.opens(f"/records/{morning.discharge.id}")
    clinician.expects("#doubtful", 0)
    clinician.presses("s")
    clinician.expects(".wd", 0)


def test_what_was_typed_stays_when_the_server_does_not_answer(clerk, morning, paper):
    clerk.opens(f"/records/{paper.id}")
    clerk.presses("s", "Enter")
    clerk.place(".pen input").fill("KHÁNH")
    clerk.page.route("**/words", lambda route: route.abort())
    clerk.presses("Enter")
    clerk.sees("Chưa lưu được vì máy chủ không trả lời.", ".pen")
    clerk.page.unroute("**/words")
    clerk.presses("Enter")
    clerk.sees("Đã sửa", "#pentoast")
    assert "HOÀNG ĐỨC KHÁNH" in text(morning, paper)
