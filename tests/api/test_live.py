"""Live events: within rights, with ids only, and never in the way of a shutdown."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx
import pytest

from domain.documents import State
from domain.people import Role
from ocr.correct import WordDesk
from tests.journeys.browser import serving


class Ear:
    """A browser that listens in a thread of its own."""

    def __init__(self, address: str, cookie: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.listening = threading.Event()
        self._request = (address + "/api/v1/events", {"luuky_session": cookie})
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.listening.wait(30)

    def _listen(self) -> None:
        address, cookies = self._request
        with httpx.Client(cookies=cookies, timeout=60) as client, client.stream("GET", address) as answer:
            for line in answer.iter_lines():
                self.listening.set()
                if line.startswith("data: {"):
                    self.heard.append(json.loads(line[6:]))
        self.ended.set()

    def hears(self, wanted) -> bool:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if any(wanted(one) for one in self.heard):
                return True
            time.sleep(0.05)
        return False


@pytest.fixture
def ears(hospital):
    """Opens ears on a real server; ends it and says whether it ended by itself."""

    def listen(address, *logins):
        found = []
        for login in logins:
            with hospital.store.write() as tx:
                token, _ = tx.people.open_session(tx.people.by_login(login))
            found.append(Ear(address, token))
        return found

    return listen


def test_a_browser_hears_of_papers_its_person_may_see_and_of_no_others(hospital, ears):
    hospital.person("luutru", Role.ARCHIVE)
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    patient = hospital.patient("BN1", "A", ["Khoa Nội"])
    with serving(hospital.app) as address:
        clerk, clinician = ears(address, "luutru", "noi")
        waiting = hospital.paper("chờ duyệt", None, State.NEEDS_REVIEW)
        kept = hospital.paper("đã cất", patient, State.KEPT)
        assert clerk.hears(lambda one: one["document"] == waiting.id)
        assert clinician.hears(lambda one: one["document"] == kept.id)
        assert not any(one["document"] == waiting.id for one in clinician.heard)
        assert all(set(one) == {"kind", "document"} for one in clerk.heard + clinician.heard)


def test_of_words_a_browser_hears_which_page_to_ask_for_and_whether_it_has_seen_it(hospital, ears):
    hospital.person("luutru", Role.ARCHIVE)
    paper = hospital.paper("một hai", None, State.NEEDS_REVIEW)
    with serving(hospital.app) as address:
        (clerk,) = ears(address, "luutru")
        seen = WordDesk(hospital.store).correct((paper.id, 1, range(1)), "mốt", 0, "luutru").seen
        assert clerk.hears(lambda one: one == {"kind": "words", "document": paper.id, "page": 1, "seen": seen})


def test_a_persons_own_events_reach_that_person_only(hospital, ears):
    doctor = hospital.person("bacsi", Role.DOCTOR, ("Khoa Nội",))
    hospital.person("khac", Role.DOCTOR, ("Khoa Nội",))
    with serving(hospital.app) as address:
        mine, other = ears(address, "bacsi", "khac")
        with hospital.store.write() as tx:
            tx.events.add("job", person_id=doctor.id)
            tx.events.add("indexed")
        assert mine.hears(lambda one: one["kind"] == "job")
        assert other.hears(lambda one: one["kind"] == "indexed")
        assert not any(one["kind"] == "job" for one in other.heard)


def test_an_open_stream_ends_with_the_server(hospital, ears):
    hospital.person("luutru", Role.ARCHIVE)
    with serving(hospital.app) as address:
        (ear,) = ears(address, "luutru")
    assert ear.ended.wait(30)


def test_a_stream_ends_when_its_session_does(hospital, ears):
    hospital.person("luutru", Role.ARCHIVE)
    with serving(hospital.app) as address:
        (ear,) = ears(address, "luutru")
        with hospital.store.write() as tx:
            person = tx.people.by_login("luutru")
            tx.people.set_password(person.id, "khac-hoan-toan")
            tx.events.add("indexed")
        assert ear.ended.wait(30)


def test_a_stream_opens_with_the_newest_event_and_a_page_tells_the_one_it_was_drawn_after(hospital):
    hospital.person("luutru", Role.ARCHIVE)
    with hospital.store.write() as tx:
        tx.events.add("indexed")
        token, _ = tx.people.open_session(tx.people.by_login("luutru"))
        newest = tx.events.last()
    with serving(hospital.app) as address, httpx.Client(base_url=address, cookies={"luuky_session": token}) as browser:
        assert f'data-heard="{newest}"' in browser.get("/").text
        with browser.stream("GET", "/api/v1/events") as answer:
            lines = answer.iter_lines()
            assert [next(lines) for _ in range(4)] == ["retry: 2000", f"id: {newest}", "event: opened", f"data: {newest}"]
