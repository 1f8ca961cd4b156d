"""Login, lock-out, sessions, forged requests, headers: who gets in, and what every answer carries."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api import machine_routes
from api.app import GUARDED, create_app
from api.limits import FORM
from api.screens import login
from api.settings import ApiSettings
from domain.people import Role
from storage.clock import now
from storage.people import IDLE_ENDS
from storage.tables import sessions
from tests.api.hospital import PASSWORD, Hospital


def gate(client):
    return client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]


def enter(client, name, password):
    return client.post("/login", data={"login": name, "password": password, "csrf": gate(client)})


@pytest.fixture
def clerk(hospital):
    return hospital.person("luutru", Role.ARCHIVE)


def test_who_is_not_logged_in_is_asked_to_and_then_taken_where_they_wanted(guest, clerk):
    turned_away = guest.get("/batches")
    assert turned_away.status_code == 303
    assert turned_away.headers["location"] == "/login?next=/batches"
    entered = guest.post("/login", data={"login": "luutru", "password": PASSWORD, "csrf": gate(guest), "next": "/batches"})
    assert entered.headers["location"] == "/batches"


def test_login_sends_nobody_to_another_site(guest, clerk):
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        entered = guest.post("/login", data={"login": "luutru", "password": PASSWORD, "csrf": gate(guest), "next": elsewhere})
        assert entered.headers["location"] == "/"


def test_a_program_that_is_not_logged_in_gets_problem_details(guest):
    answer = guest.get("/api/v1/documents")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "login_needed"


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(guest, clerk):
    for _ in range(5):
        assert enter(guest, "luutru", "sai").status_code == 401
    locked = enter(guest, "luutru", PASSWORD)
    assert locked.status_code == 401
    assert "tạm khóa" in locked.text


def test_an_unknown_name_is_answered_like_a_wrong_password(guest, clerk):
    known, unknown = enter(guest, "luutru", "sai").text, enter(guest, "khong-co", "sai").text
    assert "chưa đúng" in known
    assert "chưa đúng" in unknown


def test_failed_and_successful_logins_are_noted(hospital, guest, clerk):
    enter(guest, "luutru", "sai")
    enter(guest, "luutru", PASSWORD)
    with hospital.store.read() as tx:
        assert [one.act for one in tx.audit.newest(2)] == ["login", "login_failed"]


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(guest, clerk):
    cookie = enter(guest, "luutru", PASSWORD).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_with_tls_cookies_are_secure(store, tmp_path):
    hospital = Hospital(store, tmp_path, ApiSettings(secure_cookies=True))
    answer = TestClient(hospital.app, base_url="https://luuky.local").get("/login")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"]
    hospital.close()


def test_logging_out_ends_the_session_for_good(browser, clerk):
    client = browser("luutru")
    cookie = client.cookies["luuky_session"]
    assert client.post("/logout").status_code == 303
    client.cookies.set("luuky_session", cookie)
    assert client.get("/batches").status_code == 303


def test_an_idle_session_ends(hospital, browser, clerk):
    client = browser("luutru")
    with hospital.store.write() as tx:
        tx.connection.execute(sessions.update().values(seen_at=now() - IDLE_ENDS - timedelta(seconds=1)))
    assert client.get("/").status_code == 303


def test_a_locked_out_person_is_out_at_once(hospital, browser, clerk):
    client = browser("luutru")
    with hospital.store.write() as tx:
        tx.people.change(clerk.id, active=False)
    assert client.get("/").status_code == 303


def deeds():
    return [
        (method, route.path)
        for router in (login.router, machine_routes.router, *(screen.router for screen in GUARDED))
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]


def test_every_deed_needs_the_sessions_token(hospital, browser, clerk):
    client = browser("luutru")
    del client.headers["X-CSRF-Token"]
    found = deeds()
    assert len(found) > 15
    for method, path in found:
        address = path.replace("{", "").replace("}", "")
        answer = client.request(method, address, data={"csrf": "forged", "version": 1})
        assert answer.status_code == 403, path


def test_every_deed_of_the_screens_is_among_them():
    assert {("POST", "/login"), ("POST", "/logout"), ("POST", "/upload"), ("POST", "/sign/jobs")} <= set(deeds())


def test_the_token_may_come_as_a_form_field_too(browser, clerk):
    client = browser("luutru")
    token = client.headers.pop("X-CSRF-Token")
    assert client.post("/logout", data={"csrf": token}).status_code == 303


@pytest.mark.parametrize("path", ["/login", "/healthz", "/api/v1/documents", "/nowhere", "/static/css/luuky.css"])
def test_every_answer_carries_the_security_headers(guest, path):
    headers = guest.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_nothing_of_a_patient_is_stored_by_browsers_or_proxies(hospital, browser):
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    document = hospital.paper("một trang", hospital.patient("BN1", "A", ["Khoa Nội"]))
    client = browser("noi")
    for path in (f"/documents/{document.id}/pages/1/image", f"/records/{document.id}", "/find?q=a", "/api/v1/documents"):
        assert client.get(path).headers["cache-control"] == "no-store", path


def test_a_name_that_nobody_has_is_not_written_down(hospital, guest):
    enter(guest, "mat-khau-go-nham-o", "sai")
    with hospital.store.read() as tx:
        (entry,) = tx.audit.newest(1)
    assert (entry.actor, entry.act) == ("unknown", "login_failed")


def test_a_body_that_is_too_large_is_cut_off_before_anybody_is_asked(guest):
    answer = guest.post("/login", content=b"x" * (FORM + 1), headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413


def test_a_whole_scan_is_taken_only_from_somebody_with_a_session(hospital, guest, browser, clerk):
    scan = {"files": ("scan.pdf", b"%PDF" + b"x" * FORM, "application/pdf")}
    assert guest.post("/upload", files=scan).status_code == 413
    assert browser("luutru").post("/upload", files=scan).status_code == 303
    assert hospital.uploads[0][0] == "scan.pdf"


def test_the_health_check_needs_no_login(guest):
    assert guest.get("/healthz").json() == {"status": "ok"}


def test_the_description_for_machines_is_openapi_3_1(hospital):
    described = hospital.app.openapi()
    assert described["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1") or path == "/healthz" for path in described["paths"])
    assert "/api/v1/search" in described["paths"]
    assert "/api/v1/agent/jobs" in described["paths"]


def test_an_unexpected_fault_says_that_nothing_is_lost_and_shows_no_trace(hospital, browser, clerk):
    broken = create_app(hospital.services)

    @broken.get("/broken")
    def broken_page():
        raise RuntimeError("secret detail")

    answer = TestClient(broken, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert "Không mất gì" in answer.text
    assert "secret detail" not in answer.text


def test_an_error_leads_back_to_where_one_came_from_and_to_no_other_site(hospital, browser, clerk):
    client = browser("luutru")
    ours = client.get("/records/nope", headers={"referer": "http://testserver/find?q=a"}).text
    assert 'href="/find?q=a"' in ours
    assert "evil" not in client.get("/records/nope", headers={"referer": "http://evil.example/x"}).text


def test_the_web_loads_no_picture_or_pdf_engine():
    """In a fresh interpreter: what the web imports of this product, without the tests' own parts."""
    program = "import api.app, api.server, sys; print(sorted({'cv2', 'pytesseract', 'pikepdf', 'pypdfium2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
