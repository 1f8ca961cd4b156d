"""The administration's page of what ends when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from api.app import create_app
from domain.errors import Message
from domain.lasting import ChainCount, Outlook
from domain.people import Role
from storage.lasting import Lasting
from tests.pipeline.test_outlook import ending, proven

CHAIN = ChainCount("TSA của VNPT", "ab" * 32, 120, datetime(2028, 1, 2, tzinfo=UTC), "rsa/2048", 7, {"tsa_not_newer": 7}, 2)


def test_the_page_says_what_ends_when_and_what_is_waited_for(hospital, browser):
    hospital.person("quantri", Role.ADMINISTRATOR)
    alarm = Message("renewal_impossible", "Không gia hạn được.", "Not renewed.")
    outlook = Outlook((CHAIN,), 3, datetime(2026, 5, 6, tzinfo=UTC), ("d1",))
    hospital.app = create_app(replace(hospital.services, lasting=lambda: (outlook, [alarm])))
    page = browser("quantri").get("/admin/lasting").text
    for words in ("TSA của VNPT", "120", "02/01/2028", "rsa/2048", "chứng thư mới của dịch vụ", "06/05/2026", alarm.vi):
        assert words in page


def test_only_the_administrator_sees_it_and_may_have_it_tried_again(hospital, browser):
    for login, role in (("quantri", Role.ADMINISTRATOR), ("luutru", Role.ARCHIVE), ("bacsi", Role.DOCTOR)):
        hospital.person(login, role)
    document = proven(hospital.store, ending(9), "9" * 64)
    with hospital.store.write() as tx:
        tx.documents.give_up(document, Message("renewal_too_late", "Hết hạn.", "Ended."))
    for login in ("luutru", "bacsi"):
        assert browser(login).get("/admin/lasting").status_code in (303, 403, 404)
        assert browser(login).post("/admin/lasting/again").status_code in (303, 403, 404)
    with hospital.store.read() as tx:
        assert Lasting(tx.connection).troubled() == [document.id]
    assert browser("quantri").post("/admin/lasting/again").headers["location"] == "/admin/lasting"
    with hospital.store.read() as tx:
        assert Lasting(tx.connection).troubled() == []
