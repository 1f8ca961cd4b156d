"""Nothing of a paper leaks to those who may not see it: no picture, no word, no hit, no count, no name."""

from __future__ import annotations

from random import Random

import pytest

from domain.documents import State
from domain.people import Role, sight_of
from domain.signers import own_hats

UNITS = ("Khoa Nội", "Khoa Ngoại", "Khoa Nhi")
STATES = (State.RECEIVED, State.NEEDS_REVIEW, State.FILED, State.AWAITING_SIGNATURE, State.PROVEN, State.KEPT)
READERS = (Role.ARCHIVE, Role.DOCTOR, Role.CLINICIAN)


def paths_of(document_id: str) -> list[str]:
    return [
        f"/documents/{document_id}/pages/1/image", f"/documents/{document_id}/pages/1/thumbnail", f"/documents/{document_id}/pdf",
        f"/documents/{document_id}/sidecar", f"/records/{document_id}", f"/records/{document_id}/verdict",
        f"/records/{document_id}/badge", f"/find/look?document={document_id}&page=1", f"/api/v1/documents/{document_id}",
        f"/api/v1/documents/{document_id}/sidecar", f"/api/v1/documents/{document_id}/verification",
        f"/documents/{document_id}/aside/1/image", f"/documents/{document_id}/aside/1/thumbnail",
        f"/batches/document/{document_id}", f"/batches/document/{document_id}/stock", f"/copies/{document_id}",
        f"/copies/{document_id}/list",
    ]  # fmt: skip


@pytest.fixture
def crowd(hospital):
    """Papers of random patients in random states, each with a word of its own; people with random departments."""
    rng = Random(77)
    for number in range(10):
        units = rng.sample(UNITS, rng.randint(1, 2))
        patient = hospital.patient(f"BN{number}", f"Người Thứ{number}", units)
        state = STATES[number % len(STATES)]
        hospital.paper(f"chung rieng{number}", patient, state, title=f"Giấy số{number}")
    for number, role in enumerate(READERS * 2):
        hospital.person(f"nguoi{number}", role, tuple(rng.sample(UNITS, rng.randint(0, 2))))
    hospital.find_all()
    return hospital


def allowed_to(hospital, login):
    with hospital.store.read() as tx:
        person = tx.people.by_login(login)
        documents = tx.documents.listed()
        hats = own_hats(person, ())
        waiting = {
            one.id
            for one in documents
            for asked in tx.signing.of(one.id)
            if asked.state == "waiting" and any(h.fits(asked.signer_id, asked.capacity, frozenset(one.departments)) for h in hats)
        }
        sight = sight_of(person, frozenset(waiting))
        return [one for one in documents if sight.allows(one)], [one for one in documents if not sight.allows(one)]


@pytest.mark.parametrize("login", [f"nguoi{number}" for number in range(6)])
def test_what_is_outside_ones_sight_does_not_exist(crowd, browser, login):
    client = browser(login)
    seen, hidden = allowed_to(crowd, login)
    for document in hidden:
        for path in paths_of(document.id):
            assert client.get(path).status_code in (403, 404), path
            assert document.title is None or document.title not in client.get(path).text
    for document in seen:
        assert client.get(f"/records/{document.id}").status_code == 200


@pytest.mark.parametrize("login", [f"nguoi{number}" for number in range(6)])
def test_hits_and_counts_are_those_of_an_index_that_holds_only_what_is_allowed(crowd, browser, login):
    client = browser(login)
    seen, hidden = allowed_to(crowd, login)
    found = client.get("/api/v1/search?q=chung&limit=100").json()
    findable = {one.id for one in seen if one.findable}
    assert {hit["document"] for hit in found["hits"]} == findable
    assert found["total"] == len(findable)
    listed = {one["document"] for one in client.get("/api/v1/documents?limit=1000").json()}
    assert listed == {one.id for one in seen}
    pages = "".join(client.get(path).text for path in ("/", "/today", "/records", "/find", "/find?q=chung", "/find?q=nguoi"))
    for document in hidden:
        assert document.id not in pages
        assert not document.patient_id or f"Thứ{document.patient_id[2:]}" not in pages


def test_suggestions_come_from_what_one_may_see(crowd, browser):
    seen, _ = allowed_to(crowd, "nguoi2")
    words = browser("nguoi2").get("/api/v1/suggest?prefix=nguoi&limit=20").json()
    names = {f"Người Thứ{one.patient_id[2:]}" for one in seen if one.patient_id}
    assert set(words) <= names | {one.title for one in seen}


def test_a_namesake_outside_ones_sight_is_not_announced(hospital, browser):
    mine = hospital.patient("BN1", "Nguyễn Thị Hương", ["Khoa Nội"])
    other = hospital.patient("BN2", "Nguyễn Thị Hương", ["Khoa Nhi"], address="xã Kín Đáo")
    hospital.paper("viêm phổi", mine)
    hospital.paper("gãy tay", other)
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    hospital.person("hai", Role.CLINICIAN, ("Khoa Nội", "Khoa Nhi"))
    hospital.find_all()
    assert "Kín Đáo" not in browser("noi").get("/find?q=viêm phổi").text
    assert "Kín Đáo" in browser("hai").get("/find?q=viêm phổi").text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_administrators_and_auditors_see_no_paper(crowd, browser, role):
    crowd.person("khong", role, UNITS)
    client = browser("khong")
    with crowd.store.read() as tx:
        documents = tx.documents.listed()
    for document in documents:
        for path in paths_of(document.id):
            assert client.get(path).status_code in (403, 404), path
    assert client.get("/api/v1/search?q=chung").json()["total"] == 0
    assert client.get("/api/v1/documents").json() == []


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        (Role.ARCHIVE, ["/admin/people", "/admin/audit"]),
        (Role.DOCTOR, ["/review", "/batches", "/admin/people", "/admin/audit"]),
        (Role.CLINICIAN, ["/review", "/batches", "/sign", "/admin/people", "/admin/audit"]),
        (Role.ADMINISTRATOR, ["/review", "/batches", "/sign", "/find", "/records", "/admin/audit"]),
        (Role.AUDITOR, ["/review", "/batches", "/sign", "/find", "/records", "/admin/people"]),
    ],
)
def test_each_role_enters_its_own_rooms_only(hospital, browser, role, closed):
    hospital.person("ai", role, UNITS)
    client = browser("ai")
    for path in closed:
        assert client.get(path).status_code == 403, path


def test_a_doctor_sees_what_waits_for_the_doctors_of_the_department_and_nothing_else_waiting(hospital, browser):
    hospital.person("noi", Role.DOCTOR, ("Khoa Nội",))
    mine = hospital.paper("của tôi", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)
    other = hospital.paper("của khoa khác", hospital.patient("BN2", "B", ["Khoa Nhi"]), State.AWAITING_SIGNATURE)
    page = browser("noi").get("/sign").text
    assert mine.id in page
    assert other.id not in page


def test_rights_that_change_count_at_once(hospital, browser):
    document = hospital.paper("một trang", hospital.patient("BN1", "A", ["Khoa Nội"]))
    person = hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    client = browser("noi")
    assert client.get(f"/documents/{document.id}/pages/1/image").status_code == 200
    with hospital.store.write() as tx:
        tx.people.change(person.id, departments=["Khoa Nhi"])
    assert client.get(f"/documents/{document.id}/pages/1/image").status_code == 404
