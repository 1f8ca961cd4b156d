"""A doctor without a token signs with a service, approves on the telephone or types a code; the hospital's seal follows."""

from __future__ import annotations

import json

import httpx

from domain.documents import State
from tests import judges
from tests.journeys.demo import until

PIN = "246810"
"""Of every signer at the trial's signing services."""
SEALED = "2018-04_phieu-phau-thuat.pdf"


def services(demo):
    """Where the trial's signing services let a telephone be played."""
    return f"http://127.0.0.1:{json.loads((demo.data / 'demo' / 'services.json').read_text(encoding='utf-8'))['port']}/demo"


def document(demo, name):
    return next(one for one in demo.documents() if one.origin.name == name)


def ticks_what_is_open(doctor, already):
    doctor.sees_all_pages()
    doctor.expects("#queue tr.on .tick:enabled", 1)
    doctor.presses("x")
    doctor.sees(f"Ký {already + 1} tài liệu", "#send")


def test_three_papers_are_approved_on_the_telephone_and_the_seal_follows_by_itself(at_screen, demo, tmp_path):
    httpx.post(services(demo), json={"delay": 5.0}).raise_for_status()
    administrator = at_screen("quantri")
    administrator.opens("/admin/people")
    administrator.clicks("xem chứng thư")
    administrator.sees("BS. Lê Minh Châu, đến")
    administrator.photographs("dich-vu-ky-nguoi-dung")
    administrator.finds_nothing_wrong()

    doctor = at_screen("ngoai")
    doctor.opens("/sign?kind=14/BV-01")
    doctor.sees("Ký bằng VNPT SmartCA")
    ticks_what_is_open(doctor, 0)
    doctor.opens("/sign?kind=39/BV-01")
    ticks_what_is_open(doctor, 1)
    doctor.presses("ArrowDown")
    doctor.expects("#queue tbody tr:nth-child(2).on", 1)
    ticks_what_is_open(doctor, 2)
    doctor.presses("Control+Enter")
    doctor.page.locator("#sign-progress").get_by_text("Chờ bạn duyệt ký 3 tài liệu trên điện thoại").wait_for(timeout=60_000)
    doctor.photographs("dich-vu-ky-cho-duyet")
    doctor.finds_nothing_wrong()
    doctor.page.locator("#queue .verdict.passed").nth(2).wait_for(timeout=120_000)
    doctor.sees("Đã ký 3 tài liệu hôm nay")
    (prompt,) = httpx.get(services(demo)).json()["prompts"]
    assert (prompt["user"], prompt["count"], prompt["description"]) == ("ngoai", 3, "Ký 3 tài liệu")

    until(lambda: document(demo, SEALED).state is State.KEPT)
    doctor.opens(f"/records/{document(demo, SEALED).id}")
    doctor.sees("Mọi chữ ký trong tệp đều hợp lệ.", ".vd")
    doctor.sees("con dấu của bệnh viện", ".line")
    doctor.photographs("dich-vu-ky-ho-so")
    with doctor.page.expect_download() as waiting:
        doctor.presses("d")
    file = tmp_path / "sealed.pdf"
    waiting.value.save_as(file)
    assert judges.verapdf(file)["compliant"]
    found = judges.dss(file, demo.data / "demo" / "trust")["signatures"]
    told = [(one["level"], one["indication"], one["errors"]) for one in found]
    assert told == [("PAdES-BASELINE-LTA", "TOTAL_PASSED", [])] * 2

    clerk = at_screen("luutru")
    clerk.opens("/sign/seal")
    clerk.sees("Đã đóng dấu 1 tài liệu trong 24 giờ qua")
    clerk.photographs("con-dau")
    clerk.finds_nothing_wrong()


def test_another_service_asks_for_a_code_which_may_be_mistyped_once(at_screen, demo):
    httpx.post(services(demo), json={"wanted": {"ngoai": "pin"}}).raise_for_status()
    administrator = at_screen("quantri")
    administrator.opens("/admin/people")
    row = administrator.place("tr").filter(has_text="BS. Lê Minh Châu")
    row.locator("select[name=provider]").select_option("csc")
    row.get_by_role("button", name="Lưu Ký bằng").click()
    administrator.page.wait_for_load_state("load")

    doctor = at_screen("ngoai")
    doctor.opens("/sign")
    ticks_what_is_open(doctor, 0)
    doctor.presses("Control+Enter")
    doctor.page.locator("#order-open").wait_for(timeout=60_000)
    for pin, said in (("000000", "Mã PIN không đúng"), (PIN, "")):
        doctor.clicks("Nhập mã để ký")
        doctor.clicks("Gửi mã OTP cho tôi")
        doctor.sees("Đã yêu cầu gửi mã.", "#order-form")
        doctor.types(pin, "#order-pin")
        doctor.types(httpx.get(services(demo)).json()["otp"]["ngoai"], "#order-otp")
        doctor.finds_nothing_wrong()
        doctor.place("#order-give button.main").click()
        if said:
            doctor.sees(said, "#sign-progress")
            doctor.photographs("dich-vu-ky-nhap-ma")
    doctor.page.locator("#queue .verdict.passed").nth(3).wait_for(timeout=120_000)
    doctor.sees("Đã ký 4 tài liệu hôm nay")


def test_who_approves_on_the_services_own_page_comes_back_to_a_signed_paper(at_screen, demo):
    httpx.post(services(demo), json={"wanted": {"ngoai": "page"}, "visitor": "ngoai"}).raise_for_status()
    doctor = at_screen("ngoai")
    doctor.opens("/sign")
    ticks_what_is_open(doctor, 0)
    doctor.presses("Control+Enter")
    doctor.page.locator("#sign-progress").get_by_text("Chờ bạn duyệt ký 1 tài liệu ở trang của dịch vụ").wait_for(timeout=60_000)
    doctor.photographs("dich-vu-ky-trang")
    doctor.clicks("Sang trang của dịch vụ ký")
    doctor.page.wait_for_url("**/sign")
    doctor.page.locator("#queue .verdict.passed").nth(4).wait_for(timeout=120_000)
    doctor.sees("Đã ký 5 tài liệu hôm nay")
