"""At the archive clerk's screens: the belt moves, a photo is handed in, a paper is filed, taken back, and filed again."""

from __future__ import annotations

import pytest

from domain.documents import State
from tests.generator import forms
from tests.journeys.browser import AtScreen


@pytest.fixture
def clerk(at_screen):
    return at_screen("luutru")


def test_the_clerk_sees_new_papers_arrive_without_touching_anything(clerk, morning):
    clerk.opens("/")
    clerk.sees("Vừa về")
    clerk.sees("2013_benh-an-ngoai-khoa.pdf")
    form = forms.phieu_x_quang(morning.khanh, morning.khanh.stays[0], morning.rng)
    arrived = morning.hospital.scanned(form, form.pages(60), morning.khanh.id, State.FILED)
    clerk.expects(f".landed a[href$='{arrived.id}']", 1)


def test_a_paper_that_arrives_while_the_page_is_still_loading_is_not_missed(clerk, morning):
    form = forms.phieu_x_quang(morning.khanh, morning.khanh.stays[0], morning.rng)
    arrived = []

    def arrives(route):
        arrived.append(morning.hospital.scanned(form, form.pages(60), morning.khanh.id, State.FILED))
        route.continue_()

    clerk.page.route("**/static/js/live.js", arrives, times=1)
    clerk.opens("/")
    clerk.expects(f".landed a[href$='{arrived[0].id}']", 1)


def test_the_clerk_hands_in_a_photo(clerk, morning, tmp_path):
    photo = tmp_path / "anh-chup.jpg"
    photo.write_bytes(b"\xff\xd8 a photo")
    clerk.opens("/")
    clerk.place("#files").set_input_files(photo)
    clerk.sees("Đã nhận 1 tệp")
    assert [name for name, *_ in morning.hospital.uploads] == ["anh-chup.jpg"]


def test_photos_that_are_dropped_anywhere_on_the_page_are_handed_in(clerk, morning, tmp_path):
    photos = [tmp_path / "mat-truoc.jpg", tmp_path / "mat-sau.jpg"]
    for photo in photos:
        photo.write_bytes(b"\xff\xd8 a photo")
    clerk.opens("/")
    clerk.drops(*photos)
    clerk.sees("Đã nhận 2 tệp")
    assert [name for name, *_ in morning.hospital.uploads][-2:] == ["mat-truoc.jpg", "mat-sau.jpg"]


def test_without_scripts_the_clerk_hands_in_a_photo_with_a_button(browser, site, morning, tmp_path):
    photo = tmp_path / "khong-script.jpg"
    photo.write_bytes(b"\xff\xd8 a photo")
    with browser.new_context(java_script_enabled=False) as context:
        clerk = AtScreen(context, site).logs_in("luutru")
        clerk.opens("/")
        clerk.place("#files").set_input_files(photo)
        with clerk.page.expect_navigation():
            clerk.clicks("Gửi lên")
    assert morning.hospital.uploads[-1][0] == "khong-script.jpg"


def test_a_file_that_was_refused_and_a_page_that_stopped_say_why(clerk):
    clerk.opens("/")
    clerk.sees("Tệp có mật khẩu nên không mở được.")
    clerk.sees("Một trang làm máy đọc dừng ba lần.")
    clerk.clicks("Thử lại")
    clerk.expects(".trouble .notice.look", 0)


def test_the_clerk_decides_whose_paper_it_is_with_one_key_and_takes_it_back_with_another(clerk, morning):
    clerk.opens("/")
    clerk.goes_to("Duyệt")
    clerk.sees("Giấy này của ai?")
    clerk.expects(".cand", 2)
    clerk.sees("Có người khác cũng khớp, vẫn chọn số 1", "#accept")
    clerk.expects("#accept[data-armed]", 1)
    clerk.presses("Enter")
    clerk.sees("Tài liệu 1 trong 2")
    clerk.presses("ArrowRight")
    clerk.sees("Tài liệu 2 trong 2")
    assert clerk.place(".ev").count() >= 8
    clerk.sees("Đúng là người số 1", "#accept")
    clerk.expects("#accept[data-armed]", 1)
    clerk.presses("Enter")
    clerk.sees("Đã xếp Giấy ra viện vào hồ sơ Hoàng Đức Khánh")
    clerk.presses("z")
    clerk.sees("Đã hoàn tác")
    clerk.expects("#accept[data-armed]", 1)
    clerk.presses("Enter")
    clerk.sees("Tài liệu 1 trong 1")
    with morning.hospital.store.read() as tx:
        assert tx.documents.get(morning.likely.id).patient_id == morning.khanh.id


def test_a_paper_whose_picture_has_not_arrived_cannot_be_decided_by_a_key(clerk, morning):
    clerk.page.route("**/image", lambda _: None)
    clerk.page.goto(f"{clerk.site.address}/review/{morning.unsure.id}", wait_until="domcontentloaded")
    clerk.page.keyboard.press("Shift+Enter")
    clerk.page.keyboard.press("2")  # keys are heard, then
    clerk.sees("vẫn chọn số 2", "#accept")
    with morning.hospital.store.read() as tx:
        assert tx.documents.get(morning.unsure.id).state is State.NEEDS_REVIEW


def test_a_misread_field_is_corrected_by_keyboard(clerk, morning):
    clerk.opens(f"/review/{morning.unsure.id}")
    clerk.place(".fields .row").nth(2).click()
    clerk.presses("e")
    clerk.page.keyboard.type("040057123456")
    clerk.presses("Enter")
    clerk.sees("040057123456", ".fields")


def test_keys_are_silent_while_somebody_types(clerk, morning):
    clerk.opens(f"/review/{morning.unsure.id}")
    clerk.presses("/")
    clerk.page.keyboard.type("mez")
    assert clerk.place("#people-dialog input").input_value() == "mez"
    clerk.presses("Escape")
    clerk.sees("Giấy này của ai?")


def test_the_clerk_sees_which_batch_lacks_pages(clerk):
    clerk.opens("/")
    clerk.goes_to("Lô quét")
    clerk.sees("thiếu 2 trang")
    clerk.presses("f")
    clerk.sees("nghiêng, tối", "#sheet")
