"""Files that people bring to be judged: what each is told, what hostile ones cost, who may, what is kept of them."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import time
from pathlib import Path
from urllib.parse import quote

import httpx
import pikepdf
import pytest
from pikepdf import Encryption

from api import limits
from api.errors import Busy
from api.judging import Bench
from domain.documents import State
from domain.people import Role
from domain.signatures import SigningRule, Verdict
from pipeline import court
from signing.trust import TrustList
from signing.verify import verify_file
from storage.clock import now
from storage.tables import documents
from tests.journeys.browser import serving

ROLES = tuple(Role)


@pytest.fixture
def authority(signing_hospital):
    """What files are signed with."""
    return signing_hospital


@pytest.fixture
def sitting(hospital, authority):
    """The hospital with real judges, who trust the demo authority."""
    hospital.judges.sit(hospital.store, authority.trust)
    for role in ROLES:
        hospital.person(role.value, role, ("Khoa Nội",))
    return hospital


def brought(client, data, name="bệnh án.pdf", **headers):
    """What happened to a file, in order."""
    answer = client.post("/signatures", content=data, headers={"X-File-Name": quote(name), **headers})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def said(client, data, **more):
    return brought(client, data, **more)[-1]


def ours_with(hospital, file, state=State.KEPT, patient=None):
    """A paper of the house whose newest bytes are `file`."""
    paper = hospital.paper("Giấy ra viện", patient, state)
    name = hospital.store.objects.put_file(file)
    with hospital.store.write() as tx:
        tx.documents.add_version(paper.id, "proven", name)
        tx.connection.execute(documents.update().where(documents.c.id == paper.id).values(current=name))
        return tx.documents.get(paper.id)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_who_is_logged_in_may_have_a_file_judged(sitting, browser, authority, role):
    client = browser(role.value)
    assert "Kiểm tra chữ ký" in client.get("/signatures").text
    heard = brought(client, authority.proven(2).read_bytes())
    assert [one["stage"] for one in heard] == ["signatures", "archival", "report", "done"]
    html = heard[-1]["html"]
    assert heard[-1]["verdict"] == "passed"
    for words in (
        "bệnh án.pdf", "Mọi chữ ký trong tệp đều hợp lệ.", "BS. Nguyễn Thị Phương Thảo", "TS.BS. Trần Đình Dũng", "PAdES B-LTA",
        "CN=BS. Nguyễn Thị Phương Thảo,O=Lưu Ký", "Do Lưu Ký Demo CA cấp, dùng được từ ",
        "giờ Việt Nam (UTC+7)", "Chứng minh được đến", "quy tắc đạt", "Không phải tệp trong kho",
    ):  # fmt: skip
        assert words in html, words


def test_both_languages_are_spoken(sitting, browser, authority):
    client = browser("doctor")
    client.cookies.set("luuky_language", "en")
    assert "All signatures in the file are valid." in said(client, authority.proven().read_bytes())["html"]


def test_the_reports_are_in_the_answer_and_say_what_the_command_says(sitting, browser, authority):
    answer = said(browser("clinician"), authority.proven().read_bytes())
    assert base64.b64decode(answer["pdf"]).startswith(b"%PDF-")
    (value,) = json.loads(answer["json"])
    assert {"version", "file", "sha256", "verdict", "signatures", "pdfa", "report"} == value.keys()
    assert value["report"]["indication"] == "TOTAL-PASSED"
    assert [one["kind"] for one in value["report"]["revisions"]] == ["first", "other", "signature", "timestamp"]
    assert value["report"]["proven_until"]["at"] > "2027"


def test_programs_get_the_same_by_the_interface(sitting, browser, authority):
    client, data = browser("auditor"), authority.proven().read_bytes()
    answer = client.post("/api/v1/verifications", content=data, headers={"X-File-Name": "a.pdf"})
    (page,) = json.loads(said(client, data, name="a.pdf")["json"])
    value = answer.json()
    for one in (page, value):
        del one["report"]["judged_at"]
    assert value == page
    paper = client.post("/api/v1/verifications", content=data, headers={"Accept": "application/pdf"})
    assert paper.content.startswith(b"%PDF-")
    assert paper.headers["content-type"] == "application/pdf"


def test_what_was_changed_after_signing_is_called_so(sitting, browser, authority, tmp_path):
    data = bytearray(authority.proven().read_bytes())
    data[data.index(b"stream") + 40] ^= 1
    answer = said(browser("doctor"), bytes(data))
    assert answer["verdict"] == "failed"
    assert "Đừng dùng tệp này" in answer["html"]


def test_of_broken_content_nothing_good_is_said(sitting, browser, authority):
    data = bytearray(authority.proven(2).read_bytes())
    data[len(data) // 4] ^= 1
    html = said(browser("doctor"), bytes(data))["html"]
    assert "Nội dung đã ký không còn nguyên" in html
    assert "không đụng tới nội dung" not in html
    assert "giữ giá trị lâu dài" not in html
    longer = said(browser("doctor"), authority.proven(2).read_bytes() + b"\n% more\n")["html"]
    assert "Nội dung đã ký không còn nguyên" in longer


def test_who_trusts_nobody_decides_nothing(hospital, browser, authority):
    hospital.judges.sit(hospital.store, TrustList())
    hospital.person("doctor", Role.DOCTOR)
    answer = said(browser("doctor"), authority.proven().read_bytes())
    assert answer["verdict"] == "undetermined"
    assert "danh sách tin cậy chưa có nơi đó" in answer["html"]


# ---- is it one of ours


def test_the_newest_revision_of_ours_is_known_and_leads_to_its_record(sitting, browser, authority):
    paper = ours_with(sitting, authority.proven(), patient=sitting.patient("BN1", departments=["Khoa Nội"]))
    answer = said(browser("doctor"), authority.proven().read_bytes())
    assert 'data-standing="current"' in answer["html"]
    assert f"/records/{paper.id}" in answer["html"]
    assert "Giống từng byte với bản trong sổ lưu trữ" in answer["html"]


def test_who_may_not_see_a_document_learns_that_it_is_ours_and_nothing_else(sitting, browser, authority):
    paper = ours_with(sitting, authority.proven(), patient=sitting.patient("BN2", departments=["Khoa Nhi"]))
    answer = said(browser("clinician"), authority.proven().read_bytes())
    assert 'data-standing="current"' in answer["html"]
    assert "không có quyền xem tài liệu đó" in answer["html"]
    assert paper.id not in answer["html"] + answer["json"]
    assert "Giấy ra viện" not in answer["html"]


def test_an_older_revision_and_the_original_are_told_apart(sitting, browser, authority):
    paper = ours_with(sitting, authority.signed())
    newer = sitting.store.objects.put_file(authority.proven())
    with sitting.store.write() as tx:
        tx.documents.add_version(paper.id, "proven", newer)
        tx.connection.execute(documents.update().where(documents.c.id == paper.id).values(current=newer))
    client = browser("doctor")
    assert 'data-standing="older"' in said(client, authority.signed().read_bytes())["html"]
    assert 'data-standing="current"' in said(client, authority.proven().read_bytes())["html"]
    copy = authority.bound().read_bytes() + b"\n"
    with sitting.store.write() as tx:
        tx.documents.add_version(paper.id, "copy", sitting.store.objects.put(copy))
    assert 'data-standing="copy"' in said(client, copy)["html"]
    assert 'data-standing="original"' in said(client, sitting.store.objects.get(paper.original))["html"]


def test_a_file_that_says_it_is_ours_and_is_no_revision_is_called_changed(sitting, browser, authority, tmp_path):
    paper = sitting.paper("Giấy ra viện")
    claims = tmp_path / "nhan-la.pdf"
    with pikepdf.open(authority.bound()) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:identifier"] = paper.id
        pdf.save(claims)
    assert 'data-standing="changed"' in said(browser("doctor"), claims.read_bytes())["html"]


def test_a_void_document_is_called_void_first(sitting, browser, authority):
    paper = ours_with(sitting, authority.proven())
    with sitting.store.write() as tx:
        tx.signing.ask(paper.id, [SigningRule("", "HuyBo", "head")])
        made = next(one for one in tx.signing.of(paper.id) if one.field == "HuyBo")
        tx.signing.set(made.id, state="signed", signed_at=now())
    html = said(browser("archive"), authority.proven().read_bytes())["html"]
    assert "Tài liệu này đã bị hủy" in html
    assert html.index("đã bị hủy") < html.index("BS. Nguyễn Thị Phương Thảo")


# ---- hostile files


def locked(folder: Path) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(folder / "khoa.pdf", encryption=Encryption(owner="mot", user="hai"))
    return (folder / "khoa.pdf").read_bytes()


def unsigned(folder: Path) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(folder / "trang.pdf")
    return (folder / "trang.pdf").read_bytes()


HOSTILE = {
    "no PDF": (lambda folder: b"PK\x03\x04 word", "unreadable", "Tệp này không phải là PDF."),
    "half a PDF": (lambda folder: b"%PDF-1.7\n1 0 obj << /Type /Cat", "unreadable", "bị hỏng"),
    "a password": (locked, "unreadable", "Tệp cần mật khẩu"),
    "no signature": (unsigned, "unsigned", "Tệp không có chữ ký số."),
    "nothing": (lambda folder: b"", "unreadable", "không phải là PDF"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_what_cannot_be_judged_is_said_with_what_to_do(sitting, browser, tmp_path, which):
    make, verdict, words = HOSTILE[which]
    answer = said(browser("doctor"), make(tmp_path))
    assert answer["verdict"] == verdict
    assert words in answer["html"]
    assert "Hãy xin" in answer["html"] or "hãy xin" in answer["html"] or "Hãy tải lại" in answer["html"]


def test_a_file_that_kills_its_judge_costs_its_own_verdict_and_the_next_is_judged(hospital, browser, authority, monkeypatch):
    monkeypatch.setattr(court, "verify_file", _dies_of_bombs)
    hospital.judges.sit(hospital.store, authority.trust)
    hospital.person("doctor", Role.DOCTOR)
    client = browser("doctor")
    answer = said(client, b"%PDF-1.7 BOMB")
    assert answer["verdict"] == "unreadable"
    assert "dừng đột ngột" in answer["html"]
    assert said(client, authority.proven().read_bytes())["verdict"] == "passed"


def _dies_of_bombs(path, *more):
    if b"BOMB" in path.read_bytes()[:100]:
        os.kill(os.getpid(), 9)
    return verify_file(path, *more)


def test_a_name_is_shown_as_text_whatever_it_holds(sitting, browser):
    answer = said(browser("doctor"), b"", name="../../<script>alert(1)</script>\n.pdf")
    assert "<script>" not in answer["html"]
    assert json.loads(answer["json"])[0]["file"] == "script>\n.pdf".replace("\n", "")


def test_a_file_above_the_limit_is_refused_while_it_arrives(sitting, browser, monkeypatch):
    monkeypatch.setattr(limits, "JUDGED", 3_000_000)
    for path in ("/signatures", "/api/v1/verifications"):
        chunks = (b"\0" * 1_000_000 for _ in range(5))
        assert browser("doctor").post(path, content=chunks).status_code == 413
        assert not list(sitting.judges.folder.iterdir())


# ---- rights, traces


def test_without_a_session_or_its_token_nothing_is_taken(sitting, guest, browser):
    assert guest.get("/signatures").headers["location"] == "/login?next=/signatures"
    assert guest.post("/signatures", content=b"%PDF").status_code == 303
    assert guest.post("/api/v1/verifications", content=b"%PDF").status_code == 401
    client = browser("doctor")
    del client.headers["X-CSRF-Token"]
    for path in ("/signatures", "/api/v1/verifications"):
        assert client.post(path, content=b"%PDF", headers={"content-type": "application/pdf"}).status_code == 403


def test_nothing_of_a_file_stays_but_its_hash_size_and_verdict_in_the_log(sitting, browser, authority, caplog):
    data = authority.proven().read_bytes()
    with caplog.at_level(logging.DEBUG):
        said(browser("doctor"), data, name="Trần Thị Bí Mật.pdf")
    assert not list(sitting.judges.folder.iterdir())
    with sitting.store.read() as tx:
        (entry,) = tx.audit.newest(10, ("verify_file",))
    assert (entry.actor, entry.object) == ("doctor", None)
    assert entry.details.keys() == {"sha256", "bytes", "verdict"}
    assert (entry.details["bytes"], entry.details["verdict"]) == (len(data), Verdict.PASSED)
    assert "Bí Mật" not in caplog.text
    assert not [path for path in sitting.judges.folder.parent.parent.rglob("*") if path.is_file() and path.read_bytes() == data]


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path):
    def verifier(trust):
        raise AssertionError(trust)

    gone, here = tmp_path / "999999999", tmp_path / str(os.getpid())
    for folder in (gone, here):
        folder.mkdir()
        (folder / "left.pdf").write_bytes(b"%PDF")
    court.Court(tmp_path, verifier, seats=0)
    assert [path.name for path in tmp_path.iterdir()] == [here.name]


def test_one_person_does_not_take_all_places_and_all_do_not_take_more_than_there_are():
    bench = Bench(seats=1, most=3, each=2)
    bench.enter("a")
    bench.enter("a")
    with pytest.raises(Busy):
        bench.enter("a")
    bench.enter("b")
    with pytest.raises(Busy):
        bench.enter("c")
    bench.leave("a")
    bench.enter("c")


GATE = "gate"


def _waits_at_the_gate(path, *more):
    while not (path.parent.parent / GATE).exists():
        time.sleep(0.02)
    return verify_file(path, *more)


@pytest.fixture
def gated(hospital, authority, monkeypatch):
    """One judge, who does not go on before the gate is opened; two doctors; a running web."""
    monkeypatch.setattr(court, "verify_file", _waits_at_the_gate)
    hospital.judges.sit(hospital.store, authority.trust)
    for login in ("a", "b"):
        hospital.person(login, Role.DOCTOR)
    with serving(hospital.app) as address:
        yield address
        (hospital.judges.folder.parent / GATE).touch()


def sending(browser, address, login, data):
    """A request whose answer is read as it comes."""
    known = browser(login)
    headers = {"X-CSRF-Token": known.headers["X-CSRF-Token"], "Cookie": f"luuky_session={known.cookies['luuky_session']}"}
    return httpx.stream("POST", f"{address}/signatures", content=data, headers=headers, timeout=60)


def test_who_waits_for_a_judge_hears_it_and_the_web_goes_on_meanwhile(gated, hospital, browser, authority):
    data = authority.proven().read_bytes()
    with sending(browser, gated, "a", data) as first, sending(browser, gated, "b", data) as second:
        begun, waits = first.iter_lines(), second.iter_lines()
        assert json.loads(next(begun)) == {"stage": "signatures", "ahead": 0}
        assert json.loads(next(waits)) == {"stage": "waiting", "ahead": 1}
        assert httpx.get(f"{gated}/healthz").status_code == 200
        (hospital.judges.folder.parent / GATE).touch()
        assert json.loads(list(begun)[-1])["verdict"] == "passed"
        assert json.loads(list(waits)[-1])["verdict"] == "passed"


def test_of_who_goes_away_meanwhile_nothing_stays_either(gated, hospital, browser, authority):
    with sending(browser, gated, "a", authority.proven().read_bytes()) as answer:
        next(answer.iter_lines())
    (hospital.judges.folder.parent / GATE).touch()
    while not _noted(hospital):
        time.sleep(0.05)
    assert not list(hospital.judges.folder.iterdir())


def _noted(hospital):
    with hospital.store.read() as tx:
        return tx.audit.newest(10, ("verify_file",))


def test_nobody_has_two_files_judged_while_others_wait():
    order: list[str | tuple[str, int]] = []
    bench = Bench(seats=2)

    async def one(who, name, gate):
        async with bench.seat(who, lambda place: order.append((name, place))):
            order.append(name)
            await gate.wait()

    async def story():
        gate = asyncio.Event()
        tasks = [asyncio.create_task(one(who, name, gate)) for who, name in (("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"))]
        asyncio.get_running_loop().call_later(0, gate.set)
        await asyncio.gather(*tasks)

    asyncio.run(story())
    assert [name for name in order if isinstance(name, str)] == ["a1", "b1", "a2", "a3"]
    assert ("a2", 1) in order
    assert ("a3", 2) in order


def test_who_comes_when_all_places_are_taken_is_told_to_come_later(sitting, browser):
    sitting.app.state.bench = Bench(seats=1, most=0)
    answer = browser("doctor").post("/signatures", content=b"%PDF", headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert "hãy chờ một phút" in answer.text


def test_the_screen_names_the_limit_that_holds(sitting, browser):
    assert f'data-limit="{limits.JUDGED}"' in browser("doctor").get("/signatures").text
