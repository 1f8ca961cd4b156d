"""At the doctor's screen while the server goes away and comes back: what was chosen stays chosen, and it is said what to do."""

from __future__ import annotations

import pytest

from api.app import create_app
from domain.documents import State
from tests.api.hospital import PASSWORD
from tests.journeys.browser import OLD, Site, screens, serving
from tests.servers.server import free_port


@pytest.fixture
def papers(morning):
    """How many papers wait, every page of them looked at."""
    with morning.hospital.store.write() as tx:
        waiting = tx.documents.listed(states=(State.AWAITING_SIGNATURE,))
        for paper in waiting:
            (signature,) = tx.signing.of(paper.id)
            tx.signing.set(signature.id, state="waiting", job_id=None, seen=[page.number for page in tx.pages.of(paper.id)])
    return len(waiting)


def chooses_all(doctor, papers):
    doctor.opens("/sign?by=kind")
    doctor.presses("a")
    doctor.sees(f"Ký {papers} tài liệu", "#send")


def test_what_a_server_that_is_away_did_not_take_stays_ticked_and_is_sent_when_it_is_back(browser, morning, papers):
    services, port = morning.hospital.services, free_port()
    with screens(browser, Site(f"http://127.0.0.1:{port}", {"bacsi": PASSWORD})) as sit:
        with serving(create_app(services), port):
            doctor = sit("bacsi")
            chooses_all(doctor, papers)
        doctor.presses("Control+Enter")
        doctor.sees("Máy chủ không trả lời nên chưa rõ đã gửi được hay chưa.", "#trouble [role=alert]")
        doctor.sees(f"Ký {papers} tài liệu", "#send")
        doctor.expects("#queue .tick:checked", papers)
        doctor.fits("#trouble .toast span")
        doctor.sits_at(OLD)
        doctor.fits("#trouble .toast span")
        doctor.photographs("ky-may-chu-vang")
        doctor.presses("ArrowDown")
        doctor.sees("Máy chủ không trả lời. Những tài liệu đã chọn vẫn còn", "#trouble [role=alert]")
        doctor.expects("#queue .tick:checked", papers)
        doctor.faults.clear()  # the browser notes each question that nobody answered
        with serving(create_app(services), port):
            doctor.presses("Control+Enter")
            doctor.page.wait_for_url("**/sign")
            doctor.sees(f"Đã gửi {papers} tài liệu sang bàn ký")
            doctor.expects("#queue .tick:checked", 0)
            doctor.expects("#trouble > *", 0)


def test_what_the_server_refuses_stays_ticked_and_the_reason_is_said(at_screen, morning, papers):
    doctor = at_screen("bacsi")
    chooses_all(doctor, papers)
    with morning.hospital.store.write() as tx:
        paper = tx.documents.listed(states=(State.AWAITING_SIGNATURE,))[0]
        tx.signing.set(tx.signing.of(paper.id)[0].id, seen=[])
    doctor.presses("Control+Enter")
    doctor.sees("Còn trang chưa xem.", "#trouble [role=alert]")
    doctor.expects("#queue .tick:checked", papers)
    doctor.sees(f"Ký {papers} tài liệu", "#send")


def test_a_long_message_is_read_whole_on_a_small_screen_too(at_screen):
    doctor = at_screen("bacsi")
    doctor.sits_at(OLD)
    doctor.opens("/sign?by=kind")
    name = "_".join(f"Giay_ra_vien_Khoa_Noi_{number}" for number in range(12))
    said = f"Không mở được tệp {name}.pdf. " + "Máy chủ không trả lời nên chưa rõ đã gửi được hay chưa. " * 3
    doctor.page.evaluate("said => import('/static/js/trouble.js').then(one => one.tell(said))", said)
    doctor.sees("Không mở được tệp", "#trouble [role=alert]")
    doctor.fits("#trouble .toast")
    doctor.fits("#trouble .toast span")
