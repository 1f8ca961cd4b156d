"""At the doctor's screen: every page is seen, five papers are ticked and sent, each result comes back live."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def doctor(at_screen):
    return at_screen("bacsi")


def test_nothing_can_be_ticked_before_every_page_was_seen(doctor):
    doctor.opens("/")
    doctor.goes_to("Ký")
    doctor.sees("Chưa xem")
    doctor.expects("#queue .tick:disabled", 5)
    doctor.expects("#send:disabled", 1)


def test_the_doctor_pairs_the_agent_sees_ticks_and_signs_five(doctor, site):
    doctor.opens("/sign")
    doctor.clicks("Ghép bàn ký")
    doctor.clicks("Lấy mã ghép")
    code = doctor.place(".code").inner_text()
    device = httpx.post(f"{site.address}/api/v1/agent/pair", json={"code": code, "name": "PC-KHOA-NOI"}).json()["device"]
    agent = httpx.Client(base_url=f"{site.address}/api/v1/agent", headers={"x-device": device})
    agent.get("/jobs")
    doctor.opens("/sign")
    doctor.sees("Bàn ký sẵn sàng")
    for number in range(5):
        doctor.sees_all_pages()
        doctor.expects("#queue tr.on .tick:enabled", 1)
        doctor.presses("x")
        doctor.expects("#queue .tick:checked", number + 1)
        if number < 4:
            doctor.presses("ArrowDown")
            doctor.expects(f"#queue tbody tr:nth-child({number + 2}).on", 1)
    doctor.sees("Ký 5 tài liệu", "#send")
    doctor.photographs("ky-da-chon")
    with doctor.page.expect_navigation():
        doctor.place("#send").dblclick()
    doctor.sees("Đã gửi 5 tài liệu sang bàn ký")
    (job,) = agent.get("/jobs").json()["jobs"]
    agent.post(f"/results/{job['id']}", json={})
    doctor.expects("#queue .verdict.passed", 5)
    doctor.photographs("ky-xong")
    doctor.finds_nothing_wrong()
