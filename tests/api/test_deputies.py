"""Who is away names somebody who signs meanwhile: within the time, in that capacity, and everybody sees in whose name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.documents import State
from domain.people import Role
from domain.signatures import SigningRule
from storage.clock import now

TODAY = now().date()


def named(deputy, first=-1, last=1, **more):
    return {"deputy": deputy.id, "first": str(TODAY + timedelta(days=first)), "last": str(TODAY + timedelta(days=last)), **more}


@pytest.fixture
def away(hospital):
    return hospital.person("away", Role.DOCTOR, ("Khoa Nội",), "BS. Đi Vắng")


@pytest.fixture
def deputy(hospital):
    return hospital.person("thay", Role.DOCTOR, (), "BS. Ký Thay")


@pytest.fixture
def paper(hospital):
    return hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)


def signature_of(hospital, document):
    with hospital.store.read() as tx:
        return tx.signing.of(document.id)[0]


def test_a_deputy_sees_what_is_the_others_marked_in_whose_name_until_it_is_ended(hospital, browser, away, deputy, paper):
    theirs = browser("thay")
    assert paper.id not in theirs.get("/sign").text
    assert browser("away").post("/sign/deputies", data=named(deputy)).status_code == 303
    page = theirs.get("/sign").text
    assert paper.id in page
    assert "ký thay BS. Đi Vắng" in page
    assert theirs.get(f"/records/{paper.id}").status_code == 200
    with hospital.store.read() as tx:
        (known,) = tx.signers.deputies(away.id)
    assert theirs.post(f"/sign/deputies/{known.id}/end").status_code == 404
    assert browser("away").post(f"/sign/deputies/{known.id}/end").status_code == 303
    assert paper.id not in theirs.get("/sign").text
    assert theirs.get(f"/records/{paper.id}").status_code == 404
    with hospital.store.read() as tx:
        acts = [(one.act, one.actor, one.object) for one in tx.audit.newest(9, ("name_deputy", "end_deputy"))]
    assert acts == [("end_deputy", "away", "away"), ("name_deputy", "away", "away")]


def test_only_a_doctor_signs_in_a_doctors_name_but_for_what_was_digitised(hospital, browser, away):
    clerk = hospital.person("kho", Role.ARCHIVE)
    theirs = browser("away")
    for capacity in ("", "author", "head"):
        refused = theirs.post("/sign/deputies", data=named(clerk, capacity=capacity))
        assert (refused.status_code, "phải là bác sĩ" in refused.text) == (422, True)
    assert theirs.post("/sign/deputies", data=named(clerk, capacity="digitiser")).status_code == 303


@pytest.mark.parametrize("window", [(-9, -2), (2, 9)])
@pytest.mark.usefixtures("away")
def test_outside_the_time_nothing_is_seen_nor_sent(hospital, browser, deputy, paper, window):
    browser("away").post("/sign/deputies", data=named(deputy, *window))
    theirs = browser("thay")
    assert paper.id not in theirs.get("/sign").text
    assert theirs.post(f"/sign/{signature_of(hospital, paper).id}/seen", data={"page": 1}).status_code == 404


@pytest.mark.parametrize("narrow", [{"capacity": "head"}, {"department": "Khoa Nhi"}])
@pytest.mark.usefixtures("away")
def test_a_deputy_for_another_capacity_or_department_sees_nothing_of_it(browser, deputy, paper, narrow):
    browser("away").post("/sign/deputies", data=named(deputy, **narrow))
    assert paper.id not in browser("thay").get("/sign").text


def test_what_is_asked_of_the_other_by_name_is_the_deputys_too(hospital, browser, away, deputy, paper):
    with hospital.store.write() as tx:
        tx.signing.forget(paper.id)
        tx.signing.ask(paper.id, [SigningRule("", "TacGia", "author", "Khoa Nhi", away.id)])
    browser("away").post("/sign/deputies", data=named(deputy, department="Khoa Nội"))
    assert paper.id not in browser("thay").get("/sign").text
    browser("away").post("/sign/deputies", data=named(deputy))
    assert paper.id in browser("thay").get("/sign").text


def test_a_deputy_passes_nothing_on(hospital, browser, away, deputy, paper):
    third = hospital.person("ba", Role.DOCTOR)
    browser("away").post("/sign/deputies", data=named(deputy))
    browser("thay").post("/sign/deputies", data=named(third))
    assert paper.id not in browser("ba").get("/sign").text


def test_the_deputy_of_somebody_whose_account_is_closed_signs_nothing_in_that_name(hospital, browser, away, deputy, paper):
    browser("away").post("/sign/deputies", data=named(deputy))
    with hospital.store.write() as tx:
        tx.people.change(away.id, active=False)
    assert paper.id not in browser("thay").get("/sign").text


def test_the_administrator_names_and_ends_a_deputy_for_another(hospital, browser, away, deputy, paper):
    hospital.person("quantri", Role.ADMINISTRATOR)
    client = browser("quantri")
    assert client.post("/admin/deputies", data=named(deputy, person=away.id)).status_code == 303
    assert "BS. Ký Thay" in client.get("/admin/offices").text
    assert paper.id in browser("thay").get("/sign").text
    with hospital.store.read() as tx:
        (known,) = tx.signers.deputies()
    assert known.set_by == "quantri"
    client.post(f"/admin/deputies/{known.id}/end")
    assert paper.id not in browser("thay").get("/sign").text


def test_nobody_is_their_own_deputy_nor_for_ever_nor_without_an_account_that_signs(hospital, browser, away, deputy):
    reader, client = hospital.person("doc", Role.CLINICIAN), browser("away")
    for wrong in (named(away), named(deputy, 0, 500), named(deputy, 2, 0), named(reader)):
        assert client.post("/sign/deputies", data=wrong).status_code == 422
    with hospital.store.read() as tx:
        assert tx.signers.deputies() == []


def test_nobody_is_proposed_as_a_deputy(browser, away, deputy):
    page = browser("away").get("/sign/deputies").text
    assert '<select class="field slim" name="deputy" required><option value="">Chọn người</option>' in page
    assert f'<option value="{deputy.id}">' in page
