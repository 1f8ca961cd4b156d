"""Pages through `/api/v1`: listed and put together within rights, against what was seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.desk import OPEN_FOR
from domain.documents import Nature, State
from domain.people import Role
from storage.tables import audit


def address(document, deed="arrangement"):
    return f"/api/v1/documents/{document.id}/{deed}"


@pytest.fixture
def clerk(hospital, browser):
    hospital.person("luutru", Role.ARCHIVE, name="Đặng Thị Mai")
    return browser("luutru")


@pytest.fixture
def papers(hospital):
    patient = hospital.patient("BN1", departments=["Khoa Nội"])
    return [hospital.paper(text, patient, State.FILED) for text in ("Chẩn đoán viêm phổi", "Tờ điều trị")]


def seen(clerk, *documents):
    return {one.id: clerk.get(address(one)).json()["seen"] for one in documents}


def test_the_pages_of_a_document_are_listed_in_the_documented_form(hospital, clerk, papers):
    value = clerk.get(address(papers[0])).json()
    assert set(value) == {
        "version", "document", "seen", "state", "needs_reason", "originals", "pages", "aside", "versions",
    }  # fmt: skip
    assert value["pages"] == [{"number": 1, "original": 0, "page": 1, "turn": None, "rotation": 0, "read": True}]
    assert (value["state"], value["needs_reason"], value["aside"]) == ("FILED", False, [])
    with hospital.store.read() as tx:
        assert [(entry.act, entry.actor) for entry in tx.audit.of(papers[0].id, 1)] == [("view_document", "luutru")]


def test_documents_are_joined_split_and_turned_and_found_where_their_pages_are(hospital, clerk, papers):
    into, other = papers
    joined = clerk.post(address(into, "join"), json={"documents": [other.id], "seen": seen(clerk, into, other)})
    assert joined.status_code == 200, joined.text
    assert [(one["state"], one["pages"]) for one in joined.json()["documents"]] == [("READ", 2), ("WITHDRAWN", 0)]
    hospital.find_all()
    (hit,) = clerk.get("/api/v1/search?q=tờ điều trị").json()["hits"]
    assert (hit["document"], hit["page"], hit["patient"]) == (into.id, 2, None)
    assert clerk.get(f"/api/v1/documents/{other.id}").json()["reasons"][0]["code"] == "pages_moved"

    split = clerk.post(address(into, "split"), json={"parts": ["2", "1"], "seen": seen(clerk, into)}).json()["documents"]
    assert [one["pages"] for one in split] == [1, 1]
    turned = clerk.post(address(into), json={"order": "1r90", "seen": seen(clerk, into)})
    assert [(one["state"], one["pages"]) for one in turned.json()["documents"]] == [("PAGED", 1)]
    (page,) = clerk.get(address(into)).json()["pages"]
    assert (page["turn"], page["read"]) == (90, False)


def test_who_was_slower_is_told_and_changes_nothing(clerk, papers):
    into, other = papers
    late = seen(clerk, into, other)
    assert clerk.post(address(into), json={"order": "1r180", "seen": late}).status_code == 200
    answer = clerk.post(address(into, "join"), json={"documents": [other.id], "seen": late})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert clerk.get(address(other)).json()["state"] == "FILED"


@pytest.mark.parametrize(("order", "code"), [("1,9", "no_such_page"), ("hai", "bad_order"), ("1,1", "page_twice")])
def test_what_cannot_be_is_answered_with_its_code(clerk, papers, order, code):
    answer = clerk.post(address(papers[0]), json={"order": order, "seen": seen(clerk, papers[0])})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_only_archive_staff_arrange_and_only_what_they_may_see(hospital, browser, clerk, papers):
    kept = hospital.paper("Đã cất", state=State.KEPT)
    body = {"order": f"1,{kept.id}:1", "seen": {**seen(clerk, papers[0]), kept.id: kept.version}}
    assert clerk.post(address(papers[0]), json=body).status_code == 404
    assert clerk.get(address(kept)).status_code == 404
    for login, role in (("bacsi", Role.DOCTOR), ("lamsang", Role.CLINICIAN), ("quantri", Role.ADMINISTRATOR)):
        hospital.person(login, role, ("Khoa Nội",))
        other = browser(login)
        assert other.get(address(papers[0])).status_code == 403
        assert other.post(address(papers[0]), json={"order": "1r90", "seen": {}}).status_code == 403


def test_pages_to_put_in_are_offered_from_ones_own_batch_first_and_none_means_scan_first(hospital, clerk, papers):
    patient = hospital.patient("BN2", "Lê Văn Tám", ["Khoa Nội"])
    with hospital.store.write() as tx:
        batch = tx.batches.current("may-quet-1").id
    chart, sheet = (hospital.paper(name, patient, State.FILED, title=name, batch=batch) for name in ("Bệnh án", "Tờ quét lại"))
    offered = clerk.get(f"/batches/document/{chart.id}/stock").text
    assert offered.index("Cùng lô") < offered.index(sheet.id) < offered.index("Tài liệu khác") < offered.index(papers[1].id)
    assert offered.index(papers[1].id) < offered.index(papers[0].id)
    assert chart.id not in offered
    for one in (sheet, *papers):
        now = seen(clerk, chart, one)
        assert clerk.post(address(chart, "join"), json={"documents": [one.id], "seen": now}).status_code == 200
    assert "Hãy quét tờ thiếu trước." in clerk.get(f"/batches/document/{chart.id}/stock").text


WHY = {"reason": "wrong_patient", "text": "tờ 2 của người khác"}


@pytest.fixture
def kept(hospital):
    with hospital.store.write() as tx:
        batch = tx.batches.current("may-quet-1").id
    patient = hospital.patient("BN9", "Hoàng Kín Đáo", ["Khoa Nội"])
    return hospital.paper("Đã cất", patient, State.KEPT, title="Giấy của người kín đáo", batch=batch)


def opens(client, document, **given):
    return client.post("/batches/kept", data={"code": document.id, **WHY, **given})


def places(document):
    """Where its pages are had for arranging, and where anything else of it is."""
    pages = f"/batches/document/{document.id}", f"/documents/{document.id}/pages/1/image", address(document)
    rest = f"/records/{document.id}", f"/documents/{document.id}/pdf", f"/documents/{document.id}/sidecar"
    return pages, (*rest, f"/find/look?document={document.id}&page=1", f"/api/v1/documents/{document.id}")


def test_a_kept_document_is_opened_for_its_pages_alone_with_a_reason_that_is_written_down(hospital, clerk, kept):
    pages, rest = places(kept)
    assert {clerk.get(path).status_code for path in (*pages, *rest)} == {404}
    assert (
        opens(clerk, kept, code=f" https://x.vn/kiem-tra/{kept.id.upper()} ").headers["location"]
        == f"/batches/document/{kept.id}"
    )
    assert [clerk.get(path).status_code for path in pages] == [303, 200, 200]
    assert {clerk.get(path).status_code for path in rest} == {404}
    hospital.find_all()
    assert clerk.get("/api/v1/search?q=cất").json()["total"] == 0
    with hospital.store.read() as tx:
        opened = next(one for one in tx.audit.of(kept.id) if one.act == "open_kept")
        assert (opened.actor, opened.details) == ("luutru", {"reason": "wrong_patient", "why": "tờ 2 của người khác"})
        assert [one.act for one in tx.audit.of(kept.id, 2)] == ["view_document", "view_page"]
    without = clerk.post(address(kept), json={"order": "1r90", "seen": seen(clerk, kept)})
    assert (without.status_code, without.json()["code"]) == (422, "reason_needed")
    turned = clerk.post(address(kept), json={"order": "1r90", "seen": seen(clerk, kept), "reason": "wrong_patient"})
    assert turned.json()["documents"][0]["state"] == "PAGED"


def test_what_one_person_opened_is_open_to_nobody_else_and_for_an_hour(hospital, browser, clerk, kept):
    opens(clerk, kept)
    hospital.person("khac", Role.ARCHIVE)
    (_, picture, arranged), _ = places(kept)
    assert {browser("khac").get(path).status_code for path in (picture, arranged)} == {404}
    assert {clerk.get(path).status_code for path in (picture, arranged)} == {200}
    with hospital.store.write() as tx:
        (entry,) = [one for one in tx.audit.of(kept.id) if one.act == "open_kept"]
        tx.connection.execute(audit.update().where(audit.c.id == entry.id).values(at=entry.at - OPEN_FOR - timedelta(seconds=1)))
    assert {clerk.get(path).status_code for path in (picture, arranged)} == {404}
    with hospital.store.write() as tx:
        tx.connection.execute(audit.update().where(audit.c.id == entry.id).values(at=entry.at))
        tx.people.change(tx.people.by_login("luutru").id, role=Role.ADMINISTRATOR)
    assert clerk.get(picture).status_code == 404


@pytest.mark.parametrize("given", [{"reason": ""}, {"reason": "for fun"}, {"text": "x" * 600}])
def test_without_a_reason_nothing_kept_is_opened(hospital, clerk, kept, given):
    assert opens(clerk, kept, **given).status_code == 422
    assert clerk.get(address(kept)).status_code == 404


def test_only_archive_staff_open_what_is_kept_and_only_what_can_be_arranged(hospital, browser, clerk, kept):
    for login, role in (
        ("bacsi", Role.DOCTOR),
        ("lamsang", Role.CLINICIAN),
        ("quantri", Role.ADMINISTRATOR),
        ("kt", Role.AUDITOR),
    ):
        hospital.person(login, role, ("Khoa Nội",))
        assert opens(browser(login), kept).status_code == 403
    del clerk.headers["X-CSRF-Token"]
    assert opens(clerk, kept).status_code == 403
    clerk = browser("luutru")
    assert opens(clerk, kept, code="f" * 32).status_code == 404
    with hospital.store.write() as tx:
        tx.documents.change(tx.documents.get(kept.id), "test", "correct", nature=Nature.SIGNED)
    refused = opens(clerk, kept)
    assert (refused.status_code, "đã có chữ ký khi gửi đến" in refused.text) == (422, True)
    with hospital.store.read() as tx:
        assert not [one for one in tx.audit.newest(100) if one.act == "open_kept"]


def test_a_batch_says_of_what_is_kept_where_it_lies_and_nothing_of_the_person(clerk, kept):
    page = clerk.get(f"/batches/{kept.batch_id}").text
    assert f'data-kept="{kept.id}" data-name="Trang 1 · Giấy ra viện"' in page
    assert "kín đáo" not in page.casefold()
    opens(clerk, kept)
    page = clerk.get(f"/batches/{kept.batch_id}").text
    assert f'data-kept="{kept.id}"' not in page
    assert 'data-reason="wrong_patient: tờ 2 của người khác"' in page
