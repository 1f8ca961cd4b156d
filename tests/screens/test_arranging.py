"""At the clerk's screen: pages are turned, moved, taken out, split, joined, put in, replaced, each by a key, and taken back."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from playwright.sync_api import Browser, Route, expect

from domain.arrangement import Deed
from domain.documents import Document, State
from domain.pages import PageReading
from domain.signatures import SigningRule
from filing.arrange import PageDesk
from tests.generator import forms
from tests.generator.forms import Form
from tests.generator.sheet import Page
from tests.journeys.browser import AtScreen, Site, screens
from tests.journeys.demo import until
from tests.screens.morning import Morning

Leaves = list[tuple[str, int]]
FOLDERS = count(1)


class Pages:
    """A batch of its own: a chart of three pages, a letter, and what stands where in the store."""

    def __init__(self, morning: Morning, drawn: list[tuple[Form, Page]]) -> None:
        self.hospital = morning.hospital
        self.desk = PageDesk(self.hospital.store)
        self.drawn = drawn
        with self.hospital.store.write() as tx:
            self.batch = tx.batches.current(f"may-quet-{next(FOLDERS)}0").id
        self.chart = self.scanned(0, 1, 2, batch=self.batch)
        self.letter = self.scanned(2, batch=self.batch)

    def scanned(self, *which: int, state: State = State.FILED, batch: str | None = None) -> Document:
        sheets = [self.drawn[one][1] for one in which]
        return self.hospital.scanned(self.drawn[which[0]][0], sheets, None, state, batch=batch)

    def of(self, document: Document) -> Leaves:
        with self.hospital.store.read() as tx:
            return [leaf.named for leaf in tx.arrangements.of(document.id).leaves]

    def aside(self, document: Document) -> Leaves:
        with self.hospital.store.read() as tx:
            return [leaf.named for leaf in tx.arrangements.of(document.id).aside]

    def turns(self, document: Document) -> list[int]:
        with self.hospital.store.read() as tx:
            return [leaf.rotation for leaf in tx.arrangements.of(document.id).leaves]

    def state(self, document: Document) -> State:
        with self.hospital.store.read() as tx:
            return tx.documents.get(document.id).state

    def moves_on(self, document: Document) -> None:
        """The belt does its work: the version is another, the pages are the same."""
        with self.hospital.store.write() as tx:
            tx.documents.move(tx.documents.get(document.id), State.BOUND, "belt")

    def read_again(self, document: Document, number: int) -> None:
        """A turned page is read as it stands now, and has a picture of its own again."""
        with self.hospital.store.write() as tx:
            page = tx.pages.get(document.id, number)
            upright = self.drawn[number - 1][1].image.rotate(-(page.turn or 0), expand=True).convert("RGB")
            picture = io.BytesIO()
            upright.save(picture, "JPEG")
            name = self.hospital.store.objects.put(picture.getvalue())
            reading = PageReading(number, *upright.size, 50.0, rotation=page.turn or 0, engine="test")
            tx.pages.keep(page, hashlib.sha256(f"{document.id} {number} again".encode()).hexdigest(), reading, (name, name))
            tx.documents.move(tx.documents.get(document.id), State.READ, "belt")

    def is_being_signed(self, document: Document) -> None:
        with self.hospital.store.write() as tx:
            moved = tx.documents.move(tx.documents.get(document.id), State.BOUND, "belt")
            tx.documents.move(moved, State.AWAITING_SIGNATURE, "belt")
            tx.signing.ask(document.id, [SigningRule("", "TacGia", "author")])
            (signature,) = tx.signing.of(document.id)
            tx.signing.set(signature.id, state="prepared")

    def somebody_else(self, document: Document, order: str) -> None:
        with self.hospital.store.read() as tx:
            seen = tx.documents.get(document.id).version
        self.desk.arrange(document.id, order, Deed("huong", {document.id: seen}))


@pytest.fixture(scope="module")
def drawn(morning: Morning) -> list[tuple[Form, Page]]:
    stay = morning.khanh.stays[0]
    made = [make(morning.khanh, stay, morning.rng) for make in (forms.to_dieu_tri, forms.phieu_xet_nghiem, forms.giay_ra_vien)]
    return [(form, form.pages(50)[0]) for form in made]


@pytest.fixture
def pages(morning: Morning, drawn: list[tuple[Form, Page]]) -> Pages:
    return Pages(morning, drawn)


@pytest.fixture(scope="module")
def seated(browser: Browser, site: Site) -> Iterator[AtScreen]:
    with screens(browser, site) as sit:
        yield sit("luutru")


@pytest.fixture
def clerk(seated: AtScreen, pages: Pages) -> AtScreen:
    seated.faults.clear()
    seated.opens(f"/batches/{pages.batch}")
    seated.expects(".pages-strip .g .thumb", 4)
    return seated


def choose(clerk: AtScreen, number: int) -> None:
    clerk.place(".pages-strip .g .thumb").nth(number - 1).click()


def told(clerk: AtScreen, words: str) -> None:
    expect(clerk.place("#arranged span")).to_have_text(words)


@contextmanager
def meanwhile(clerk: AtScreen, something_happens: Callable[[], None]) -> Iterator[None]:
    """After the clerk's deed has left their screen, and before the server hears of it."""
    deeds = []

    def first(route: Route) -> None:
        deeds.append(route.request.method)
        if len(deeds) == 1:
            something_happens()
        route.continue_()

    clerk.page.route("**/arrangement", first)
    yield
    clerk.page.unroute("**/arrangement")
    assert deeds


def takes_back(clerk: AtScreen, words: str = "Đã hoàn tác, trang xếp lại như trước.") -> None:
    clerk.presses("z")
    told(clerk, words)


def chosen(clerk: AtScreen) -> str | None:
    return clerk.place(".thumb[aria-current]").get_attribute("data-leaf")


def test_a_page_turns_at_once_stays_turned_and_is_turned_back(clerk, pages):
    choose(clerk, 2)
    picture = clerk.place("#sheet .page img")
    clerk.presses("r")
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    told(clerk, "Đã xoay phải trang 2 của Tờ điều trị.")
    assert pages.turns(pages.chart) == [0, 90, 0]
    clerk.expects(".thumb[aria-current] .flag.plain", 1)  # it waits to be read again, and shows the picture it had, turned
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    expect(clerk.place(".thumb[aria-current] .im img")).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    clerk.photographs("xep-trang")
    clerk.finds_nothing_wrong()
    clerk.presses("l", "l")
    told(clerk, "Đã xoay trái trang 2 của Tờ điều trị.")
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(270deg\)"))
    clerk.presses("z")
    told(clerk, "Đã hoàn tác, trang xếp lại như trước.")
    takes_back(clerk)
    clerk.presses("z")
    expect(picture).not_to_have_attribute("style", re.compile("rotate"))
    until(lambda: pages.turns(pages.chart) == [0, 0, 0])  # the picture turns before the server has heard of it


def test_a_turned_page_has_its_own_picture_once_it_is_read_again(clerk, pages):
    choose(clerk, 2)
    clerk.clicks("Xoay phải")
    told(clerk, "Đã xoay phải trang 2 của Tờ điều trị.")
    pages.read_again(pages.chart, 2)
    clerk.expects(".pages-strip .flag.plain", 0)
    picture = clerk.place("#sheet .page img")
    expect(picture).not_to_have_attribute("style", re.compile("rotate"))
    until(lambda: picture.evaluate("one => one.naturalWidth > 500"))
    assert picture.evaluate("one => one.naturalWidth > one.naturalHeight")
    clerk.presses("l")
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(270deg\)"))
    told(clerk, "Đã xoay trái trang 2 của Tờ điều trị.")
    assert pages.turns(pages.chart) == [0, 0, 0]


def test_a_page_moves_within_its_document_and_stays_the_chosen_one(clerk, pages):
    first, second, third = pages.of(pages.chart)
    choose(clerk, 1)
    name = chosen(clerk)
    clerk.presses("Shift+ArrowRight", "Shift+ArrowRight")
    told(clerk, "Đã dời trang 2 của Tờ điều trị thành trang 3.")
    assert pages.of(pages.chart) == [second, third, first]
    assert chosen(clerk) == name
    clerk.presses("Shift+ArrowRight")
    told(clerk, "Đây đã là trang cuối của tài liệu.")
    clerk.presses("Shift+ArrowLeft")
    told(clerk, "Đã dời trang 3 của Tờ điều trị thành trang 2.")
    takes_back(clerk)
    assert pages.of(pages.chart) == [second, third, first]


def test_a_page_is_set_aside_in_sight_and_brought_back(clerk, pages):
    first, second, third = pages.of(pages.chart)
    choose(clerk, 2)
    clerk.presses("x")
    told(clerk, "Đã để riêng trang 2 của Tờ điều trị.")
    assert (pages.of(pages.chart), pages.aside(pages.chart)) == ([first, third], [second])
    clerk.sees("Để riêng: trang 2 của tệp gốc", ".aside")
    clerk.sees("Đặng Thị Mai", ".aside")
    clerk.expects(".aside img", 1)
    clerk.photographs("xep-trang-de-rieng")
    clerk.finds_nothing_wrong()
    takes_back(clerk)
    assert pages.of(pages.chart) == [first, second, third]
    choose(clerk, 3)
    clerk.presses("x")
    clerk.expects(".aside li", 1)
    choose(clerk, 1)
    clerk.clicks("Đưa lại")
    told(clerk, "Đã đưa lại thành trang 2 của Tờ điều trị.")
    expect(clerk.place(".thumb[aria-current]")).to_be_focused()
    assert pages.of(pages.chart) == [first, third, second]


def test_a_document_is_split_at_the_page_and_joined_again_with_the_one_before(clerk, pages):
    first, second, third = pages.of(pages.chart)
    choose(clerk, 2)
    clerk.presses("s")
    told(clerk, "Đã tách Tờ điều trị: từ trang 2 là một tài liệu mới.")
    assert pages.of(pages.chart) == [first]
    clerk.expects(".pages-strip section", 3)
    assert [one.get_attribute("data-number") for one in clerk.place(".pages-strip .g .thumb").all()] == ["1", "1", "2", "1"]
    takes_back(clerk)
    assert pages.of(pages.chart) == [first, second, third]
    choose(clerk, 4)
    letter = pages.of(pages.letter)
    clerk.presses("g")
    told(clerk, "Đã gộp vào Tờ điều trị, từ trang 4.")
    assert pages.of(pages.chart) == [first, second, third, *letter]
    assert pages.state(pages.letter) is State.WITHDRAWN
    clerk.expects(".pages-strip section", 1)
    takes_back(clerk, "Đã hoàn tác, các trang ấy lại là một tài liệu riêng.")
    assert pages.of(pages.chart) == [first, second, third]
    clerk.expects(".pages-strip section", 2)


def test_the_rescanned_sheet_is_put_in_or_takes_the_place_of_a_bad_one(clerk, pages):
    first, second, third = pages.of(pages.chart)
    letter = pages.of(pages.letter)
    choose(clerk, 1)
    clerk.presses("i")
    expect(clerk.place("#stock-title")).to_have_text("Chèn sau trang 1 của Tờ điều trị")
    clerk.sees("Cùng lô", "#stock")
    expect(clerk.place("#stock [data-stock]").first).to_be_focused()
    clerk.photographs("xep-trang-chen")
    clerk.finds_nothing_wrong()
    clerk.presses("Enter")
    told(clerk, "Đã chèn 1 trang sau trang 1 của Tờ điều trị.")
    assert pages.of(pages.chart) == [first, *letter, second, third]
    takes_back(clerk, "Đã hoàn tác, các trang ấy lại là một tài liệu riêng.")
    assert pages.of(pages.chart) == [first, second, third]
    choose(clerk, 2)
    clerk.presses("t")
    expect(clerk.place("#stock [data-stock]").first).to_be_focused()
    clerk.presses("Enter")
    told(clerk, "Đã thay trang 2 của Tờ điều trị bằng 1 trang; trang cũ để riêng.")
    assert (pages.of(pages.chart), pages.aside(pages.chart)) == ([first, *letter, third], [second])
    takes_back(clerk, "Đã hoàn tác, các trang ấy lại là một tài liệu riêng.")
    assert (pages.of(pages.chart), pages.aside(pages.chart)) == ([first, second, third], [])


def test_what_is_signed_asks_for_a_reason_and_says_what_becomes_of_the_signature(clerk, pages):
    signed = pages.scanned(0, 1, state=State.SIGNED)
    first, second = pages.of(signed)
    clerk.opens(f"/records/{signed.id}")
    clerk.clicks("Xếp trang")
    clerk.sees("tài liệu không thuộc lô nào")
    clerk.presses("Shift+ArrowRight")
    clerk.sees("Bản cũ cùng chữ ký vẫn được giữ nguyên.", "#reason-dialog")
    clerk.photographs("xep-trang-ly-do")
    clerk.finds_nothing_wrong()
    clerk.presses("Escape")
    told(clerk, "Chưa thay đổi gì.")
    assert pages.of(signed) == [first, second]
    clerk.presses("x")
    clerk.place("#reason-dialog input[value=bad_scan]").check()
    clerk.types("mờ", "#reason-text")
    clerk.presses("Enter")
    told(clerk, "Đã để riêng trang 1 của Tờ điều trị. Bản mới phải ký lại; bản cũ vẫn được giữ.")
    assert pages.of(signed) == [second]
    clerk.sees("Quét lại trang xấu: mờ", ".aside")
    clerk.presses("z")
    told(
        clerk,
        "Đã xếp trang lại như trước. Chữ ký không lấy lại được: tài liệu phải ký lại, bản đã ký vẫn được giữ.",
    )
    assert pages.of(signed) == [first, second]


def test_a_kept_chart_is_found_in_its_batch_opened_with_a_reason_and_arranged_anew(clerk, pages):
    kept = pages.scanned(0, 1, state=State.KEPT, batch=pages.batch)
    first, second = pages.of(kept)
    clerk.opens(f"/batches/{pages.batch}")
    clerk.sees("1 tài liệu của lô đã cất vào kho lưu trữ", ".stored")
    clerk.expects(".pages-strip .g .thumb", 4)
    clerk.place(".stored").scroll_into_view_if_needed()
    clerk.photographs("xep-lai-da-cat")
    clerk.clicks("Xếp lại trang: Trang 5–6 · Tờ điều trị")
    clerk.sees("Trang 5–6 · Tờ điều trị", "#kept-dialog")
    clerk.sees("Chữ ký ở lại với bản cũ", "#kept-dialog")
    expect(clerk.place("#kept-code")).to_be_hidden()
    clerk.presses("Enter")  # no reason yet
    clerk.place("#kept-dialog input[value=bad_scan]").check()
    clerk.types("tờ đầu mờ", "#kept-text")
    clerk.photographs("xep-lai-da-cat-ly-do")
    clerk.finds_nothing_wrong()
    clerk.presses("Enter")
    clerk.expects(".pages-strip .g .thumb", 6)
    clerk.sees("Lý do: Quét lại trang xấu: tờ đầu mờ. Bản mới phải ký lại; chữ ký ở lại với bản cũ.", ".opened")
    expect(clerk.place(".thumb[aria-current]")).to_have_attribute("data-leaf", f"{first[0]}:{first[1]}")
    clerk.expects(".stored", 0)
    expect(clerk.place("#sheet .page img")).to_have_js_property("complete", True)
    clerk.photographs("xep-lai-da-mo")
    clerk.finds_nothing_wrong()
    clerk.presses("x")
    expect(clerk.place("#reason-dialog input[value=bad_scan]")).to_be_checked()
    expect(clerk.place("#reason-text")).to_have_value("tờ đầu mờ")
    assert pages.state(kept) is State.KEPT
    clerk.presses("Enter")
    told(clerk, "Đã để riêng trang 1 của Tờ điều trị. Bản mới phải ký lại; bản cũ vẫn được giữ.")
    assert (pages.of(kept), pages.aside(kept), pages.state(kept)) == ([second], [first], State.READ)
    with pages.hospital.store.read() as tx:
        assert [(one.state, one.replaced) for one in tx.signing.earlier(kept.id)] == [("signed", kept.current)]
        acts = [one.act for one in reversed(tx.audit.of(kept.id)) if one.act in ("open_kept", "view_page", "arrange")]
        assert acts[:2] == ["open_kept", "view_page"]
        assert acts.count("arrange") == 1


def test_a_kept_chart_of_long_ago_is_opened_by_the_code_that_its_mark_leads_to(clerk, pages):
    kept = pages.scanned(0, state=State.KEPT)
    clerk.clicks("Xếp lại tài liệu đã cất")
    clerk.types(f"https://luuky.vn/kiem-tra/{kept.id}", "#kept-code")
    clerk.place("#kept-dialog input[value=wrong_order]").check()
    clerk.photographs("xep-lai-theo-ma")
    clerk.finds_nothing_wrong()
    clerk.place("#kept-dialog").get_by_role("button", name="Mở ra xếp lại").click()
    clerk.sees("tài liệu không thuộc lô nào")
    clerk.sees("Lý do: Trang sai thứ tự hoặc sai chiều.", ".opened")
    assert clerk.page.url.endswith(f"/batches/document/{kept.id}")


def test_the_belt_does_not_get_in_the_way(clerk, pages):
    first, second, third = pages.of(pages.chart)
    choose(clerk, 1)
    with meanwhile(clerk, lambda: pages.moves_on(pages.chart)):
        clerk.presses("Shift+ArrowRight")
        told(clerk, "Đã dời trang 1 của Tờ điều trị thành trang 2.")
    assert pages.of(pages.chart) == [second, first, third]


def test_where_somebody_was_faster_nothing_is_done_and_the_strip_is_right_again(clerk, pages):
    first, second, third = pages.of(pages.chart)
    choose(clerk, 3)
    with meanwhile(clerk, lambda: pages.somebody_else(pages.chart, "2,1,3")):
        clerk.presses("x")
        expect(clerk.place("#arranged span")).to_contain_text("Vừa có người khác xếp lại tài liệu này")
    assert pages.of(pages.chart) == [second, first, third]
    leaves = [one.get_attribute("data-leaf") for one in clerk.place(".pages-strip .g .thumb").all()][:3]
    assert leaves == [f"{original}:{page}" for original, page in (second, first, third)]


def test_what_cannot_be_arranged_says_why(clerk, pages):
    choose(clerk, 4)
    expect(clerk.place("[data-deed=out]")).to_be_disabled()
    clerk.presses("x")
    told(clerk, "Tài liệu phải còn ít nhất một trang. Muốn bỏ cả tài liệu, hãy từ chối nó ở màn hình Duyệt.")
    pages.is_being_signed(pages.chart)
    clerk.opens(f"/batches/{pages.batch}")
    choose(clerk, 1)
    clerk.sees("Tài liệu đang được ký.", "#walk")
    expect(clerk.place("[data-deed=right]")).to_have_attribute("title", re.compile("đang được ký"))
    clerk.finds_nothing_wrong()


def test_the_words_are_there_in_english(clerk, pages):
    clerk.opens(f"/language/en?back=/batches/{pages.batch}")
    clerk.sees("Split here", ".foot")
    clerk.presses("Shift+ArrowRight")
    told(clerk, "Page 1 of Tờ điều trị is now page 2.")
    clerk.photographs("xep-trang-en")
    clerk.finds_nothing_wrong()
    clerk.opens("/language/vi")


def test_only_archive_staff_arrange_pages(at_screen, clerk, pages):
    doctor = at_screen("bacsi")
    doctor.opens(f"/batches/document/{pages.chart.id}")
    doctor.sees("không có quyền")
    clerk.opens(f"/batches/document/{pages.chart.id}?page=3")
    expect(clerk.place(".thumb[aria-current]")).to_have_attribute("data-number", "3")
    assert clerk.page.url.split("?")[0].endswith(f"/batches/{pages.batch}")
