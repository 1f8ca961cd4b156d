"""A hundred papers, two roles, a PIN each; the server is killed in the first batch, the token pulled out in the second."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from domain.documents import Document, State
from signing.demo_authority import start
from storage.signing import Signature
from tests import judges
from tests.agent.desk import Agent
from tests.agent.drivers import Driver, driver
from tests.fakes.ward import BOTH, DOCTOR, HEAD, ONE, PASSWORD, SEAL, SEALED, Ward
from tests.journeys.browser import AtScreen, Site, chromium, screens
from tests.journeys.demo import LONG, until

pytestmark = pytest.mark.skipif("LUUKY_TEST_LONG" not in os.environ, reason="4 to 12 minutes in a browser: LUUKY_TEST_LONG=1")

PAPERS = {BOTH: 97, SEALED: 3, ONE: 2}
"""A hundred that both sign, three of which are sealed too; two more that the doctor signs alone."""
DOCTORS, HEADS = sum(PAPERS.values()), PAPERS[BOTH] + PAPERS[SEALED]
PULLED_AT = 45
"""Which signature of the head's fails because the token is out."""
GONE = "0x32"
"""CKR_DEVICE_REMOVED."""
SEEING = 120
"""Milliseconds by which the browser's clock is put on while a page is looked at; it must lie there still for 600."""


class Desk:
    """Somebody with a token at a computer of their own."""

    def __init__(self, ward: Ward, folder: Path, login: str, token: str) -> None:
        self.ward, self.login, self.token = ward, login, token
        self.agent = Agent(folder / "desk", ward.authority.softhsm_conf)
        self.module: Driver = driver(folder / "driver.so", ward.authority.softhsm_conf)
        self.pin = ward.authority.token(token).pin

    def pairs(self, person: AtScreen) -> None:
        person.clicks("Ghép bàn ký")
        person.clicks("Lấy mã ghép")
        code = person.place(".code").inner_text()
        module = str(self.module.path)
        paired = self.agent("pair", code, "--server", self.ward.address, "--module", module, "--token", self.token)
        assert paired.returncode == 0, paired.stderr

    def signs(self, *, pin: bool = True) -> subprocess.CompletedProcess[str]:
        return self.agent("sign", "--all", "--pin-stdin", pin=self.pin if pin else "")

    def starts(self) -> subprocess.Popen[str]:
        return self.agent.starts(self.pin, subprocess.PIPE)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    made = Ward(tmp_path_factory.mktemp("ward"), ("dispatch", "worker", "serve"))
    services = start(made.authority)
    try:
        for kind, count in PAPERS.items():
            made.papers(count, kind)
        with made:
            made.wait(lambda: all(one.state is State.AWAITING_SIGNATURE for one in made.documents()), LONG)
            yield made
    finally:
        services.terminate()
        services.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def at_screen(browser: Browser, ward: Ward) -> Iterator[Callable[[str], AtScreen]]:
    with screens(browser, Site(ward.address, {"bacsi": PASSWORD, "truongkhoa": PASSWORD})) as sit:
        yield sit


@pytest.fixture(scope="module")
def doctors(ward: Ward, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(ward, tmp_path_factory.mktemp("doctor"), "bacsi", DOCTOR.label)


@pytest.fixture(scope="module")
def heads(ward: Ward, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(ward, tmp_path_factory.mktemp("head"), "truongkhoa", HEAD.label)


# ---- what is so


def made(ward: Ward, field: str, state: str = "signed") -> list[Signature]:
    """The signatures in a field that are in this state."""
    with ward.store.read() as tx:
        every = [one for document in tx.documents.listed() for one in tx.signing.of(document.id)]
    return [one for one in every if (one.field, one.state) == (field, state)]


def of_kind(ward: Ward, kind: str) -> list[Document]:
    return [one for one in ward.documents() if one.kind_code == kind]


def sees(person: AtScreen) -> None:
    """Looks at the open paper, down to its end, until its page counts as seen."""
    down = "() => { const stage = document.querySelector('.stage'); stage.scrollTop = stage.scrollHeight; }"
    person.page.evaluate(down)
    while not person.place("#paper-thumbs .seen").first.inner_text():
        person.page.clock.run_for(SEEING)
        person.page.evaluate(down)


def reads_on(person: AtScreen, papers: int) -> None:
    """Sees so many papers of the queue, with the space bar from one to the next; the queue's next page is another document."""
    other = "old => document.querySelector('.stage') && document.getElementById('sign-room').dataset.item !== old"
    sees(person)
    for _ in range(papers - 1):
        item = person.place("#sign-room").get_attribute("data-item")
        person.presses(" ")
        person.page.wait_for_function(other, arg=item)
        sees(person)


# ---- the story


def test_a_doctor_sees_chooses_and_signs_a_hundred_with_one_pin_though_worker_and_server_are_killed(at_screen, ward, doctors):
    doctor = at_screen("bacsi")
    doctor.goes_to("Ký")
    doctor.sees(f"{DOCTORS} tài liệu, {DOCTORS} trang")
    doctors.pairs(doctor)
    doctor.page.clock.install()
    doctor.opens("/sign?by=kind")
    reads_on(doctor, DOCTORS)
    doctor.presses("a")
    doctor.sees(f"Ký {DOCTORS} tài liệu", "#send")
    doctor.photographs("tram-da-chon")
    doctor.presses("Control+Enter")
    until(lambda: made(ward, "TacGia", "prepared"))
    ward.kill("worker")
    doctor.sees("Đang chuẩn bị")
    doctor.photographs("tram-dang-chuan-bi")
    doctor.fits("#send")
    ward.start("worker")
    until(lambda: len(made(ward, "TacGia", "prepared")) == DOCTORS)
    doctor.sees(f"Đã gửi {DOCTORS} tài liệu sang bàn ký")

    doctors.module.rules("C_Sign:*:sleep20")
    signing = doctors.starts()
    until(lambda: len(made(ward, "TacGia")) > 30)
    ward.kill("serve")
    assert signing.wait(LONG) == 5, signing.stderr.read()
    assert len(made(ward, "TacGia")) < DOCTORS
    ward.start("serve")
    until(ward.answers)
    again = doctors.signs(pin=False)
    assert again.returncode == 0, again.stderr
    assert len(made(ward, "TacGia")) == DOCTORS
    assert doctors.module.calls.count("C_Sign") == DOCTORS
    assert doctors.module.calls.count("C_Login") == 1
    doctor.opens("/sign")
    doctor.sees(f"Đã ký {DOCTORS} tài liệu hôm nay")
    doctor.photographs("tram-da-ky")


def test_the_head_signs_the_same_hundred_with_another_token_that_is_pulled_out_in_between(at_screen, ward, heads):
    head = at_screen("truongkhoa")
    head.goes_to("Ký")
    head.sees(f"{HEADS} tài liệu, {HEADS} trang")
    heads.pairs(head)
    head.page.clock.install()
    head.opens("/sign?by=patient")
    reads_on(head, HEADS)
    head.presses("a")
    head.sees(f"Ký {HEADS} tài liệu", "#send")
    head.presses("Control+Enter")
    until(lambda: len(made(ward, "TruongKhoa", "prepared")) == HEADS)
    heads.module.rules(f"C_Sign:{PULLED_AT}:{GONE}")
    pulled = heads.signs()
    assert pulled.returncode == 5, pulled.stderr
    assert 0 < len(made(ward, "TruongKhoa")) < HEADS
    head.sees(f"trong {HEADS}")
    heads.module.rules("")
    again = heads.signs()
    assert again.returncode == 0, again.stderr
    assert len(made(ward, "TruongKhoa")) == HEADS


def test_each_paper_has_one_signature_of_each_role_in_its_file_and_is_proven_after_one_two_and_three(ward):
    until(lambda: all(one.state is State.KEPT or one.problem for one in ward.documents()))
    fields = {BOTH: ["TacGia", "TruongKhoa"], SEALED: ["TacGia", "TruongKhoa", "ConDau"], ONE: ["TacGia"]}
    trust = ward.authority.trust
    for kind, wanted in fields.items():
        assert len(of_kind(ward, kind)) == PAPERS[kind]
        for number, document in enumerate(of_kind(ward, kind)):
            assert (document.state, document.problem) == (State.KEPT, None)
            with ward.store.read() as tx:
                assert sorted(one.field for one in tx.signing.of(document.id)) == sorted(wanted)
                assert [one["kind"] for one in tx.documents.versions(document.id)].count("signed") == len(wanted)
            path = ward.store.objects.path(document.current or "")
            assert path.read_bytes().count(b"/ByteRange") == len(wanted) + 1
            if number < 2:
                _judged(path, trust, len(wanted))


def _judged(path: Path, trust: Path, signers: int) -> None:
    found: dict[str, Any] = judges.dss(path, trust)
    assert [one["indication"] for one in found["signatures"]] == ["TOTAL_PASSED"] * signers
    assert {one["level"] for one in found["signatures"]} == {"PAdES-BASELINE-LTA"}
    assert found["timestamps"][-1]["covers_whole_file"]
    assert judges.verapdf(path)["compliant"]


def test_the_record_says_so_on_the_screen(at_screen, ward):
    head = at_screen("truongkhoa")
    for kind, signers in ((BOTH, (DOCTOR, HEAD)), (SEALED, (DOCTOR, HEAD, SEAL))):
        head.opens(f"/records/{of_kind(ward, kind)[0].id}")
        head.sees("Mọi chữ ký trong tệp đều hợp lệ.", ".vd")
        for one in signers:
            head.sees(one.name, ".vd")
        head.finds_nothing_wrong()
    head.photographs("tram-ho-so")
