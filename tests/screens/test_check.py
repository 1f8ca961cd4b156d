"""Kiểm tra: a person who has no account and a file in hand."""

from __future__ import annotations

import pytest

from domain.documents import Document
from tests.screens.morning import Morning


@pytest.fixture
def kept(morning: Morning) -> Document:
    return morning.discharge


def test_the_public_page_is_fit_to_be_seen_and_used_by_everybody(at_screen, kept):
    person = at_screen("")
    person.opens(f"/kiem-tra/{kept.id}")
    person.photographs("kiem-tra")
    person.finds_nothing_wrong()
    person.opens("/kiem-tra/khong-co")
    person.photographs("kiem-tra-khong-co")


def test_a_file_is_compared_without_leaving_the_browser(at_screen, morning, kept, tmp_path):
    right, wrong = tmp_path / "đúng.pdf", tmp_path / "sai.pdf"
    right.write_bytes(morning.hospital.store.objects.get(kept.current))
    wrong.write_bytes(right.read_bytes() + b" ")
    person = at_screen("")
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.method))
    for file, answer in ((right, "Đúng nguyên bản."), (wrong, "Không phải bản nào trong kho.")):
        person.opens(f"/kiem-tra/{kept.id}")
        person.page.set_input_files("#file", file)
        person.page.click("#compare button")
        person.page.wait_for_selector(f"#answer >> text={answer}")
    person.photographs("kiem-tra-sai")
    assert set(sent) == {"GET"}


def test_without_scripts_the_file_is_sent_and_compared(browser, site, morning, kept, tmp_path):
    file = tmp_path / "tệp.pdf"
    file.write_bytes(morning.hospital.store.objects.get(kept.current))
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.address}/kiem-tra/{kept.id}")
        page.set_input_files("#file", file)
        page.click("#compare button")
        assert "Đúng nguyên bản." in page.inner_text("#answer")


def test_over_plain_http_in_the_lan_where_browsers_do_not_hash_the_file_is_sent_and_compared(
    browser, site, morning, kept, tmp_path
):
    file = tmp_path / "tệp.pdf"
    file.write_bytes(morning.hospital.store.objects.get(kept.current))
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address.replace('127.0.0.1', 'kho.lan')}/kiem-tra/{kept.id}")
        assert page.evaluate("window.isSecureContext") is False
        assert page.is_visible("#sent")
        page.set_input_files("#file", file)
        with page.expect_request(lambda request: request.method == "POST"):
            page.click("#compare button")
        page.wait_for_selector("#answer >> text=Đúng nguyên bản.")
