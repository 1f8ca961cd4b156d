"""The PDF as viewers fetch it: whole, in parts, or only asked after; shown or saved; noted once a reading."""

from __future__ import annotations

import pytest

from domain.people import Role


@pytest.fixture
def reader(hospital, browser):
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",), "BS. Lan")
    return browser("noi")


@pytest.fixture
def paper(hospital):
    return hospital.paper("viêm phổi", hospital.patient("BN1", "Nguyễn Thị Hương", ["Khoa Nội"]))


@pytest.fixture
def whole(hospital, paper):
    return hospital.store.objects.get(paper.current)


def notes(hospital):
    with hospital.store.read() as tx:
        return [one for one in tx.audit.newest(200) if one.act == "download_pdf"]


def test_a_viewer_may_ask_how_long_it_is_and_fetch_parts_of_it(reader, paper, whole):
    head = reader.head(f"/documents/{paper.id}/pdf")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole))
    assert (head.headers["content-type"], head.headers["accept-ranges"]) == ("application/pdf", "bytes")
    part = reader.get(f"/documents/{paper.id}/pdf", headers={"Range": "bytes=3-9", "If-Range": head.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole[3:10])
    assert part.headers["content-range"] == f"bytes 3-9/{len(whole)}"


def test_parts_of_other_bytes_than_those_begun_are_never_mixed(reader, paper, whole):
    answer = reader.get(f"/documents/{paper.id}/pdf", headers={"Range": "bytes=3-9", "If-Range": '"older"'})
    assert (answer.status_code, answer.content) == (200, whole)
    assert reader.head(f"/documents/{paper.id}/pdf").headers["etag"] == f'"{paper.current}"'


def test_a_part_beyond_the_end_is_refused(reader, paper, whole):
    answer = reader.get(f"/documents/{paper.id}/pdf", headers={"Range": f"bytes={len(whole)}-"})
    assert answer.status_code == 416


def test_it_is_saved_unless_it_is_to_be_shown(reader, paper):
    address = f"/documents/{paper.id}/pdf"
    assert f'href="{address}?inline=true" target="_blank"' in reader.get(f"/records/{paper.id}").text
    assert reader.head(address).headers["content-disposition"].startswith("attachment")
    assert reader.head(f"{address}?inline=true").headers["content-disposition"].startswith("inline")


def test_reading_it_part_by_part_is_noted_once_and_fetching_it_whole_each_time(hospital, reader, paper):
    address = f"/documents/{paper.id}/pdf"
    reader.head(address)
    assert notes(hospital) == []
    for start in (5, 10, 0):
        reader.get(address, headers={"Range": f"bytes={start}-{start + 2}"})
    assert [one.object for one in notes(hospital)] == [paper.id]
    reader.get(address)
    assert len(notes(hospital)) == 2


def test_another_person_who_reads_parts_is_noted_too(hospital, browser, reader, paper):
    hospital.person("luu", Role.CLINICIAN, ("Khoa Nội",))
    for person in (reader, browser("luu")):
        person.get(f"/documents/{paper.id}/pdf", headers={"Range": "bytes=0-2"})
    assert {one.actor for one in notes(hospital)} == {"noi", "luu"}
