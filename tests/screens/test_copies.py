"""Sao y, at the clerk's screen: a kept paper is found, opened for a request, copied by a worker with the real seal, fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, expect

from api.app import create_app
from domain.documents import Document, State
from domain.people import Role
from domain.signatures import Verdict
from domain.signers import Capacity, Office, Sealing
from signing.order_desk import OrderDesk
from signing.verify import verify_file
from storage.copies import TOPIC, CertifiedCopies
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.api.hospital import PASSWORD, Hospital
from tests.generator import forms, people
from tests.journeys.browser import AtScreen, Site, chromium, screens, serving
from tests.signing.copied import runner
from tests.signing.fixtures import Hospital as Authority
from tests.signing.ordered import Ordered, ordered

CLERKS = (("vanthu", "Lê Thị Thu"), ("thaythe", "Phạm Văn Hòa"), ("luutru", "Đặng Thị Mai"))
NAME = "Nguyễn Thị Hương"
Value = TypeVar("Value")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, signing_hospital: Authority) -> Iterator[Ordered]:
    """A house with a seal in a token."""
    folder = tmp_path_factory.mktemp("archive")
    migrate(StorageSettings(folder / "data"))
    store = open_store(StorageSettings(folder / "data"))
    yield ordered(signing_hospital, store, None, folder)
    store.close()


@pytest.fixture(scope="module")
def house(archive: Ordered, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """Three clerks, two of whom keep the seal."""
    made = Hospital(archive.store, tmp_path_factory.mktemp("house"))
    *keepers, _ = (made.person(login, Role.ARCHIVE, (), name) for login, name in CLERKS)
    with archive.store.write() as tx:
        for keeper in keepers:
            tx.signers.give(Office(keeper.id, Capacity.SEAL))
    desk = OrderDesk(archive.ordering, archive.providers, Sealing.ITSELF)
    made.services = replace(made.services, orders=desk)
    yield made
    made.close()


@pytest.fixture(scope="module")
def paper(house: Hospital, signing_hospital: Authority) -> Document:
    """A kept discharge letter whose newest bytes are signed and proven."""
    rng = Random(20091104)
    born = people.invent(rng, NAME, "Nữ", date(1958, 5, 14))
    who = replace(born, stays=(replace(people.invent_stay(rng, date(2009, 11, 4), date(2009, 11, 4)), department="K01"),))
    house.admit([who])
    form = forms.giay_ra_vien(who, who.stays[0], rng)
    document = house.scanned(form, form.pages(110), who.id, State.KEPT)
    name = house.store.objects.put_file(signing_hospital.proven())
    with house.store.write() as tx:
        return tx.documents.change(document, "custody", "renew", current=name, pages=1)


@pytest.fixture(scope="module")
def browser(paper: Document) -> Iterator[Browser]:
    """Started last: who signs needs a loop of its own."""
    assert paper.current
    with chromium() as started:
        yield started


@pytest.fixture
def at_screen(browser: Browser, house: Hospital) -> Iterator[Callable[[str], AtScreen]]:
    with serving(create_app(house.services)) as address:  # an app that was closed once sends no more events
        site = Site(address, {login: PASSWORD for login, _ in CLERKS})
        with screens(browser, site) as sit:
            yield sit


def elsewhere(work: Callable[[], Value]) -> Value:
    """In a thread: what signs and verifies needs a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def a_worker_comes(archive: Ordered) -> None:
    with archive.store.read() as tx:
        errands = tx.outbox.next((TOPIC,), 10)
    for errand in errands:
        elsewhere(partial(runner(archive).run, errand.document_id))


def asks(clerk: AtScreen) -> None:
    clerk.place(".side .btn.main").click()
    clerk.sees("Đang làm bản sao. Bạn có thể rời trang này.")


def test_the_clerk_who_keeps_the_seal_has_a_kept_paper_copied_and_fetches_the_copy(
    at_screen: Callable[[str], AtScreen], archive: Ordered, paper: Document, signing_hospital: Authority, tmp_path: Path
) -> None:
    clerk = at_screen("vanthu")
    clerk.goes_to("Sao y")
    clerk.sees("Chưa cấp bản sao nào.")
    clerk.types("nguyen thi huong", "#q")
    clerk.presses("Enter")
    clerk.sees(NAME)
    clerk.photographs("sao-y-tim")
    clerk.finds_nothing_wrong()
    clerk.clicks("Giấy ra viện")
    clerk.sees("Tài liệu đang đóng")
    clerk.expects(".stage img", 0)
    clerk.types("Chị Nguyễn Thị Hương", "#copy-recipient")
    clerk.types("Giấy đề nghị số 04/2026", "#copy-reason")
    clerk.photographs("sao-y-mo")
    clerk.finds_nothing_wrong()
    clerk.clicks("Mở tài liệu")
    expect(clerk.place(".stage img").first).to_have_js_property("complete", True, timeout=30_000)
    expect(clerk.place("#copy-recipient")).to_have_value("Chị Nguyễn Thị Hương")
    clerk.types("2", "#copy-count")
    clerk.photographs("sao-y-yeu-cau")
    clerk.finds_nothing_wrong()
    asks(clerk)
    clerk.photographs("sao-y-dang-lam")
    a_worker_comes(archive)
    clerk.sees("Sao y số 1")
    clerk.sees("Bằng chứng giữ đến")
    clerk.photographs("sao-y-da-cap")
    clerk.finds_nothing_wrong()
    with clerk.page.expect_download() as fetched:
        clerk.place("#copies a").first.click()
    fetched.value.save_as(tmp_path / "copy.pdf")
    assert fetched.value.suggested_filename == "sao-y-1.pdf"
    judged = elsewhere(lambda: verify_file(tmp_path / "copy.pdf", signing_hospital.trust))
    assert judged.verdict is Verdict.PASSED
    clerk.goes_to("Sao y")
    clerk.sees("Cấp cho Chị Nguyễn Thị Hương · Giấy đề nghị số 04/2026 · 2 bản")
    clerk.photographs("sao-y-so")
    clerk.finds_nothing_wrong()
    with archive.store.read() as tx:
        acts = [one.act for one in reversed(tx.audit.of(paper.id)) if one.actor == "vanthu" and "cop" in one.act]
    assert acts == ["open_to_copy", "ask_copy", "certify_copy", "download_copy"]


def test_while_the_seal_is_away_the_page_and_everybodys_rail_say_so_and_the_copy_is_made_by_itself_afterwards(
    at_screen: Callable[[str], AtScreen], archive: Ordered, paper: Document
) -> None:
    clerk, other = at_screen("vanthu"), at_screen("thaythe")
    other.opens("/")
    clerk.opens(f"/copies/{paper.id}")
    asks(clerk)
    a_worker_comes(archive.with_settings(seal_token="khong-co"))
    clerk.sees("Đang chờ")
    for one in (clerk, other):
        one.sees("1 việc đang chờ", ".rail")
    clerk.photographs("sao-y-cho")
    clerk.finds_nothing_wrong()
    clerk.clicks("Thử lại")
    clerk.sees("Đang làm bản sao. Bạn có thể rời trang này.")
    other.does_not_see("việc đang chờ", ".rail")
    a_worker_comes(archive)
    clerk.sees("Sao y số 2")
    with archive.store.read() as tx:
        assert len(CertifiedCopies(tx.connection).of(paper.id)) == 2


def test_a_clerk_without_the_seal_has_no_such_room_and_is_refused(at_screen: Callable[[str], AtScreen], paper: Document) -> None:
    clerk = at_screen("luutru")
    clerk.opens("/")
    clerk.does_not_see("Sao y", ".rail")
    answer = clerk.page.goto(f"{clerk.site.address}/copies/{paper.id}")
    assert answer
    assert answer.status == 403
    clerk.does_not_see(NAME)
