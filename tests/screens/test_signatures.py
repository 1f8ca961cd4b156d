"""Kiểm tra chữ ký: files are dropped, chosen and judged in a real browser."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, expect

from storage.store import Store
from tests.api.hospital import PASSWORD
from tests.journeys.browser import SHOTS, AtScreen, Site, chromium, serving
from tests.screens.morning import STAFF, Morning
from tests.signing.fixtures import Hospital as Authority


@pytest.fixture(scope="module")
def browser(proven: Path, site: Site) -> Iterator[Browser]:
    """Started last: who signs needs a loop of its own, and judges are forked before there are others."""
    assert proven.exists()
    assert site.address
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def proven(signing_hospital: Authority) -> Path:
    return signing_hospital.proven(2)


@pytest.fixture(scope="module")
def site(morning: Morning, signing_hospital: Authority) -> Iterator[Site]:
    morning.hospital.judges.sit(morning.hospital.store, signing_hospital.trust)
    with serving(morning.hospital.app) as address:
        yield Site(address, {login: PASSWORD for login, *_ in STAFF})


@pytest.fixture
def person(at_screen) -> AtScreen:
    sat: AtScreen = at_screen("bacsi")
    sat.page.on("filechooser", lambda _: None)  # from here on no dialog of the system opens, however quick a key is
    sat.goes_to("Kiểm tra chữ ký")
    expect(sat.page.locator("#choose")).to_be_focused()
    return sat


@pytest.fixture
def files(proven: Path, tmp_path: Path) -> dict[str, Path]:
    """A good file, one that was changed, one that is none, one without a signature."""
    good = proven.read_bytes()
    bad = bytearray(good)
    bad[bad.index(b"stream") + 40] ^= 1
    found = {"tốt.pdf": good, "bị sửa.pdf": bytes(bad), "không phải.pdf": b"PK\x03\x04"}
    for name, data in found.items():
        (tmp_path / name).write_bytes(data)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "chưa ký.pdf")
    return {name: tmp_path / name for name in (*found, "chưa ký.pdf")}


def judged(person: AtScreen, count: int) -> None:
    expect(person.page.locator("article[data-verdict], article.failed")).to_have_count(count, timeout=60_000)


def test_files_that_are_dropped_are_judged_one_after_the_other(person, files):
    person.finds_nothing_wrong()
    person.photographs("kiem-tra-chu-ky-trong")
    person.drops(*files.values())
    judged(person, 4)
    verdicts = person.page.locator("article").evaluate_all("all => all.map(one => one.dataset.verdict)")
    assert verdicts == ["passed", "failed", "unreadable", "unsigned"]
    person.sees("Đừng dùng tệp này")
    person.photographs("kiem-tra-chu-ky")
    person.finds_nothing_wrong()


def test_it_is_done_with_the_keyboard_alone(person, files):
    with person.page.expect_file_chooser() as chooser:
        person.presses("o")
    chooser.value.set_files(files["tốt.pdf"])
    judged(person, 1)
    person.presses("j")
    assert person.page.evaluate("document.activeElement.tagName") == "ARTICLE"
    expect(person.page.locator("article table.rules").first).not_to_be_visible()
    person.presses("e")
    expect(person.page.locator("article table.rules").first).to_be_visible()
    person.sees("Nội dung đã ký còn nguyên")
    person.photographs("kiem-tra-chu-ky-bang-chung")
    person.finds_nothing_wrong()
    person.presses("e")
    expect(person.page.locator("article table.rules").first).not_to_be_visible()


def test_each_rule_says_in_vietnamese_what_it_saw_and_keeps_the_technical_term_small(person, files):
    with person.page.expect_file_chooser() as chooser:
        person.presses("o")
    chooser.value.set_files([files["tốt.pdf"], files["bị sửa.pdf"]])
    judged(person, 2)
    good, bad = person.page.locator("article").all()
    for article in (good, bad):
        article.locator("summary").first.click()
    table = good.locator("table.rules").first
    expect(table.get_by_text("Chứng thư có hiệu lực từ")).to_contain_text("(giờ Việt Nam); chữ ký đã có trước")
    expect(table.get_by_text("ENTIRE_REVISION, last timestamp ENTIRE_FILE", exact=True)).to_be_visible()
    cells = table.locator("tbody td:last-child")
    assert cells.count() == 10
    for cell in cells.all():
        said, term = cell.inner_text().strip().split("\n", 1)
        assert re.search("[à-ỹ]", said), said
        assert term == cell.locator("small[lang=en]").inner_text()
    changed = bad.locator("table.rules").first.get_by_text("Nội dung đã bị thay đổi sau khi ký.")
    expect(changed).to_contain_text("HASH_FAILURE")
    bad.locator("table.rules").first.scroll_into_view_if_needed()
    person.photographs("kiem-tra-chu-ky-quy-tac")
    person.finds_nothing_wrong()


def test_both_reports_are_downloaded_under_the_files_name(person, files, tmp_path):
    person.drops(files["tốt.pdf"])
    judged(person, 1)
    for kind in ("PDF", "JSON"):
        with person.page.expect_download() as download:
            person.clicks(f"Báo cáo {kind}")
        assert download.value.suggested_filename == f"tốt-kiem-tra.{kind.lower()}"
        download.value.save_as(tmp_path / kind)
    subprocess.run(["pdftoppm", "-png", "-r", "70", "-f", "1", "-singlefile", tmp_path / "PDF", SHOTS / "bao-cao"], check=True)
    assert json.loads((tmp_path / "JSON").read_bytes())[0]["verdict"] == "passed"
    assert not person.faults


def test_what_is_too_large_is_not_even_sent(person, tmp_path):
    large = tmp_path / "lớn.pdf"
    with large.open("wb") as file:
        file.truncate(2_000_000_000)
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.method))
    person.drops(large)
    person.sees("nên không gửi lên để kiểm tra được")
    assert "POST" not in sent
    person.finds_nothing_wrong()


def test_a_session_that_ended_is_said(person, files, morning):
    store: Store = morning.hospital.store
    with store.write() as tx:
        for cookie in person.context.cookies():
            if cookie["name"] == "luuky_session":
                tx.people.close_session(cookie["value"])
    person.drops(files["tốt.pdf"])
    expect(person.page.get_by_text("Phiên làm việc đã kết thúc").or_(person.page.locator("#login")).first).to_be_visible()
