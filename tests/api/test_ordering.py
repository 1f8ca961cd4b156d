"""Who signs with which provider, what the screen Ký says about it, and the screen of the hospital's seal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.app import create_app
from domain.documents import State
from domain.errors import Message
from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office, Sealing
from signing.settings import SigningSettings
from storage import orders as kept
from storage.clock import now
from storage.orders import Orders, Way
from tests.api.hospital import orders_of
from tests.fakes.secret_file import secret_file

AWAY = "http://127.0.0.1:9"
WHY = Message("token_away", "Thiết bị ký không trả lời.", "The signing device does not answer.")


def desk_of(hospital, folder, sealing=Sealing.ITSELF):
    """The real thing; nobody answers at its provider's address."""
    secret = secret_file(folder / "secret", "bí mật")
    settings = SigningSettings(smartca_url=AWAY, smartca_sp="x", smartca_secret=secret)
    return orders_of(hospital.store, settings, folder, sealing)


@pytest.fixture
def cloudy(hospital, tmp_path):
    def made(sealing=Sealing.ITSELF):
        hospital.app = create_app(replace(hospital.services, orders=desk_of(hospital, tmp_path, sealing)))
        return hospital

    return made


@pytest.fixture
def doctor(hospital):
    return hospital.person("bacsi", Role.DOCTOR, ("Khoa Nội",), "BS. Trần Quốc Bảo")


def waiting(hospital, *rules):
    document = hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)
    with hospital.store.write() as tx:
        if rules:
            tx.signing.forget(document.id)
            tx.signing.ask(document.id, rules)
        return document, tx.signing.of(document.id)[0]


SEAL_RULE = SigningRule("", "ConDau", "seal")


def test_an_administrator_says_with_what_a_person_signs_and_looks_the_certificate_up(cloudy, browser, doctor):
    hospital = cloudy()
    hospital.person("quantri", Role.ADMINISTRATOR)
    admin = browser("quantri")
    assert "VNPT SmartCA" in admin.get("/admin/people").text
    where = f"/admin/people/{doctor.id}/way"
    assert admin.get(where).status_code == 404
    assert admin.post(where, data={"provider": "smartca", "account": " 001085012345 "}).status_code == 303
    with hospital.store.read() as tx:
        assert Orders(tx.connection).way(doctor.id) == Way(doctor.id, "smartca", "001085012345")
        (entry,) = tx.audit.newest(5, ("set_signing_way",))
    assert (entry.actor, entry.object, entry.details) == ("quantri", "bacsi", {"provider": "smartca"})
    assert "không trả lời" in admin.get(where).text
    assert browser("bacsi").get("/sign").text.count("Ký bằng VNPT SmartCA") == 1
    admin.post(where, data={"provider": ""})
    assert "Ký bằng VNPT SmartCA" not in browser("bacsi").get("/sign").text


@pytest.mark.parametrize(
    "chosen", [{"provider": "csc", "account": "1"}, {"provider": "smartca"}, {"provider": "seal", "account": "1"}]
)
def test_what_is_not_configured_or_names_nobody_is_refused(cloudy, browser, doctor, chosen):
    hospital = cloudy()
    hospital.person("quantri", Role.ADMINISTRATOR)
    assert browser("quantri").post(f"/admin/people/{doctor.id}/way", data=chosen).status_code == 422
    with hospital.store.read() as tx:
        assert Orders(tx.connection).ways() == {}


def test_nobody_but_an_administrator_sets_it(cloudy, browser, doctor):
    cloudy()
    assert (
        browser("bacsi").post(f"/admin/people/{doctor.id}/way", data={"provider": "smartca", "account": "1"}).status_code == 403
    )


def an_order(hospital, doctor, signature, state, **values):
    with hospital.store.write() as tx:
        orders = Orders(tx.connection)
        orders.set_way(Way(doctor.id, "smartca", "001"))
        job = tx.signing.open_job(doctor.id)
        order = orders.open(job, Way(doctor.id, "smartca", "001"))
        tx.signing.set(signature.id, state="prepared", job_id=job.id)
        orders.put(order.id, state, **values)
        return orders.get(order.id)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ((kept.READY, {}), "Đang hỏi dịch vụ ký cho 1 tài liệu"),
        ((kept.OPEN, {"kept": {"visit": ""}}), "Chờ bạn duyệt ký 1 tài liệu trên điện thoại"),
        ((kept.OPEN, {"kept": {"visit": "https://ky.example/x?a=1"}}), "https://ky.example/x?a=1"),
        ((kept.ASKS, {"asks": ["otp", "pin"]}), "Chờ bạn nhập mã để ký 1 tài liệu"),
        ((kept.SIGNED, {}), "Đã duyệt, đang hoàn tất 1 tài liệu"),
        ((kept.READY, {"problem": {"code": "x", "vi": "Dịch vụ ký nghỉ.", "en": "Away."}}), "Dịch vụ ký nghỉ."),
    ],
    ids=["asking", "phone", "page", "typing", "finishing", "away"],
)
def test_the_screen_says_how_an_order_stands_and_what_to_do(cloudy, browser, doctor, case, said):
    hospital, (state, values) = cloudy(), case
    _, signature = waiting(hospital)
    an_order(hospital, doctor, signature, state, **values)
    assert said in browser("bacsi").get("/sign").text
    assert said in browser("bacsi").get("/sign/queue").text


def test_the_form_asks_for_what_the_provider_wants_and_nothing_else(cloudy, browser, doctor):
    hospital = cloudy()
    _, signature = waiting(hospital)
    an_order(hospital, doctor, signature, kept.ASKS, asks=["otp"])
    page = browser("bacsi").get("/sign/order").text
    assert 'name="otp"' in page
    assert 'name="pin"' not in page


def test_a_stopped_order_gives_its_documents_back_and_says_what_to_do_about_the_phone(cloudy, browser, doctor):
    hospital = cloudy()
    _, signature = waiting(hospital)
    order = an_order(hospital, doctor, signature, kept.OPEN, begun=True)
    hospital.person("khac", Role.DOCTOR, ("Khoa Nội",))
    browser("khac").post(f"/sign/order/{order.id}/stop")
    with hospital.store.read() as tx:
        assert tx.signing.of(signature.document_id)[0].state == "prepared"
    assert browser("bacsi").post(f"/sign/order/{order.id}/stop").status_code == 303
    with hospital.store.read() as tx:
        assert tx.signing.of(signature.document_id)[0].state == "waiting"
    assert "nếu điện thoại còn hiện yêu cầu thì hãy từ chối" in browser("bacsi").get("/sign").text


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?code=y", "?state=&code=y"])
def test_a_return_from_nowhere_is_refused(cloudy, browser, doctor, query):
    hospital = cloudy()
    with hospital.store.write() as tx:
        Orders(tx.connection).set_way(Way(doctor.id, "smartca", "001"))
    assert browser("bacsi").get(f"/sign/return{query}").status_code == 422


def test_the_seals_screen_says_what_waits_for_it_and_why(cloudy, browser):
    hospital = cloudy()
    hospital.person("luutru", Role.ARCHIVE)
    document, signature = waiting(hospital, SEAL_RULE)
    page = browser("luutru").get("/sign/seal").text
    assert "Tự đóng ngay khi đến lượt" in page
    assert "1 tài liệu chờ đóng dấu" in page
    assert document.id in page
    with hospital.store.write() as tx:
        orders = Orders(tx.connection)
        orders.rest(orders.open_seal([signature.id]).id, now(), WHY, counts=False)
    page = browser("luutru").get("/sign/seal/list").text
    assert WHY.vi in page
    assert "1 tài liệu chờ đóng dấu" in page


def test_the_seals_screen_shows_papers_only_to_who_sees_them_anyway_or_keeps_the_seal(cloudy, browser):
    hospital = cloudy(Sealing.PRESSED)
    other = hospital.person("nhi", Role.DOCTOR, ("Khoa Nhi",))
    document, _ = waiting(hospital, SEAL_RULE)
    page = browser("nhi").get("/sign/seal").text
    assert "1 tài liệu chờ đóng dấu" in page
    assert document.id not in page
    assert document.id not in browser("nhi").get("/sign/seal/list").text
    with hospital.store.write() as tx:
        tx.signers.give(Office(other.id, Capacity.SEAL))
    assert document.id in browser("nhi").get("/sign/seal").text


def test_what_waits_for_the_seal_stands_on_the_day_of_archive_staff_and_keepers(cloudy, browser, doctor):
    hospital = cloudy()
    hospital.person("luutru", Role.ARCHIVE)
    _, signature = waiting(hospital, SEAL_RULE)
    assert "1 tài liệu chờ đóng dấu" in browser("luutru").get("/").text
    assert "chờ đóng dấu" not in browser("bacsi").get("/").text
    with hospital.store.write() as tx:
        orders = Orders(tx.connection)
        orders.rest(orders.open_seal([signature.id]).id, now(), WHY, counts=False)
        tx.signers.give(Office(doctor.id, Capacity.SEAL))
    for login in ("luutru", "bacsi"):
        assert WHY.vi in browser(login).get("/today").text


def test_only_who_keeps_the_seal_has_it_put_and_on_what_they_choose(cloudy, browser, doctor):
    hospital = cloudy(Sealing.PRESSED)
    hospital.person("luutru", Role.ARCHIVE)
    (_, first), (_, second) = waiting(hospital, SEAL_RULE), waiting(hospital, SEAL_RULE)
    assert browser("luutru").post("/sign/seal").status_code == 422
    assert "press-seal" not in browser("luutru").get("/sign/seal").text
    with hospital.store.write() as tx:
        tx.signers.give(Office(doctor.id, Capacity.SEAL))
    keeper = browser("bacsi")
    assert "press-seal" in keeper.get("/sign/seal").text
    assert keeper.post("/sign/seal", data={"items": [first.id]}).status_code == 303
    with hospital.store.read() as tx:
        (order,) = Orders(tx.connection).sealing()
        assert [one.id for one in Orders(tx.connection).items(order.id)] == [first.id]
        assert [one.id for one in Orders(tx.connection).to_seal()] == [second.id]
        (entry,) = tx.audit.newest(5, ("press_seal",))
        assert (entry.actor, entry.object) == ("bacsi", first.document_id)
    keeper.post("/sign/seal")
    with hospital.store.read() as tx:
        assert Orders(tx.connection).to_seal() == []


def test_without_a_seal_nothing_is_put_and_the_rule_lacks_somebody(cloudy, browser):
    hospital = cloudy(Sealing.NONE)
    hospital.person("luutru", Role.ARCHIVE)
    hospital.person("quantri", Role.ADMINISTRATOR)
    with hospital.store.write() as tx:
        tx.signing.set_rules([SigningRule("01/BV-01", "ConDau", "seal")])
    assert browser("luutru").post("/sign/seal").status_code == 503
    lacking = browser("quantri").get("/admin/rules").text
    cloudy(Sealing.ITSELF)
    assert len(browser("quantri").get("/admin/rules").text) < len(lacking)
