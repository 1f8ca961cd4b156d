"""The belt without a browser: patients, ingest, documents, search, export, verify, audit, custody, as a person would run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from tests.cli.running import ROOT, Ran, luuky
from tests.generator import hostile
from tests.pdfa.test_xmp import said

DEMO = ROOT / "deploy" / "demo"
SCANS = ("2009-11_giay-ra-vien.jpg", "2009-11_benh-an.pdf", "2012-02_phieu-kham.jpg", "2021-08_don-thuoc.jpg")
PATIENT = "BN94529915"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A store into which the patient index and four scans were taken."""
    folder = tmp_path_factory.mktemp("store")
    for name in ("patients.csv", "stays.csv"):
        assert luuky("patients", "import", DEMO / name, "--yes", data=folder).status == 0
    ran = luuky("ingest", *(DEMO / "scans" / name for name in SCANS), "--wait", data=folder)
    assert ran.status == 0, ran.err
    assert ran.out == ""
    return folder


def documents(data: Path) -> dict[str, dict[str, Any]]:
    ran = luuky("documents", "--json", data=data)
    assert ran.status == 0
    return {row["source_name"]: row for row in ran.json}


def test_documents_lists_each_with_state_patient_and_reasons(data):
    rows = documents(data)
    assert set(rows) == set(SCANS)
    for row in rows.values():
        assert {"document", "source_name", "sha256", "state", "findable", "kind", "patient", "pages", "reasons"} <= set(row)
        assert row["findable"] is True
    letter = rows["2009-11_giay-ra-vien.jpg"]
    assert (letter["state"], letter["kind"], letter["patient"], letter["pages"]) == ("KEPT", "01/BV-01", PATIENT, 1)
    assert rows["2009-11_benh-an.pdf"]["pages"] == 2


def test_a_patient_who_is_not_certain_is_left_to_a_person_with_the_reason(data):
    row = documents(data)["2012-02_phieu-kham.jpg"]
    assert (row["state"], row["patient"]) == ("NEEDS_REVIEW", None)
    assert row["reasons"][0]["code"] == "namesakes"
    assert row["reasons"][0]["vi"]
    assert row["reasons"][0]["en"]


def test_search_finds_the_page_without_tones_and_boxes_the_words(data):
    ran = luuky("search", "nguyen thi huong viem phoi", "--json", data=data)
    assert ran.status == 0
    value = ran.json
    assert list(value) == ["version", "query", "total", "took_ms", "hits"]
    assert value["total"] == len(value["hits"]) >= 2
    hit = value["hits"][0]
    assert set(hit) == {"document", "title", "kind", "patient", "page", "score", "snippet", "boxes"}
    assert hit["patient"] == PATIENT
    assert hit["snippet"]
    assert all(x0 < x1 and y0 < y1 for x0, y0, x1, y1 in hit["boxes"])
    assert len(hit["boxes"]) >= 5


def test_search_without_a_hit_says_so_and_succeeds(data):
    ran = luuky("search", "khongcochunayo", "--json", data=data)
    assert (ran.status, ran.json["total"], ran.json["hits"]) == (0, 0, [])


def test_the_same_file_again_makes_no_second_document(data):
    before = documents(data)
    ran = luuky("ingest", DEMO / "scans" / SCANS[0], "--wait", data=data)
    assert ran.status == 0
    assert documents(data) == before


def test_a_refused_file_is_listed_with_its_reason_and_exit_status_4(data, tmp_path):
    bad = hostile.MAKERS["encrypted"](tmp_path / "khóa.pdf")
    assert luuky("ingest", bad, "--wait", data=data).status == 4
    row = documents(data)["khóa.pdf"]
    assert (row["state"], row["findable"]) == ("REJECTED", False)
    assert row["reasons"][0]["code"] == "encrypted"


def test_export_writes_the_pdf_and_the_sidecar(data, tmp_path):
    row = documents(data)[SCANS[0]]
    assert luuky("export", row["document"], "-o", tmp_path / "out", data=data).status == 0
    sidecar = json.loads((tmp_path / "out" / f"{row['document']}.json").read_text(encoding="utf-8"))
    assert sidecar["source"]["sha256"] == row["sha256"]
    assert sidecar["pages"][0]["words"]
    assert (tmp_path / "out" / f"{row['document']}.pdf").read_bytes().startswith(b"%PDF")
    assert luuky("export", "nonsense", "-o", tmp_path / "out", data=data).status == 4


def test_a_bound_scan_tells_when_its_scanner_wrote_it_and_when_it_came_in(tmp_path):
    for name in ("patients.csv", "stays.csv"):
        assert luuky("patients", "import", DEMO / name, "--yes", data=tmp_path).status == 0
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:03:04 05:06:07"
    with Image.open(DEMO / "scans" / SCANS[0]) as scan:
        scan.save(tmp_path / "a.jpg", quality=90, exif=exif, dpi=scan.info["dpi"])
    assert luuky("ingest", tmp_path / "a.jpg", "--wait", data=tmp_path).status == 0
    row = documents(tmp_path)["a.jpg"]
    luuky("export", row["document"], "-o", tmp_path, data=tmp_path)
    path = tmp_path / f"{row['document']}.pdf"
    assert said(path)["scanned"] == "2026-03-04T05:06:07+07:00"
    with pikepdf.open(path) as pdf:
        assert "20260304050607" not in str(pdf.docinfo["/CreationDate"])


def test_verify_tells_unsigned_from_unreadable(data, tmp_path):
    row = documents(data)[SCANS[0]]
    luuky("export", row["document"], "-o", tmp_path, data=data)
    unsigned = tmp_path / f"{row['document']}.pdf"
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"xin chao")
    ran = luuky("verify", unsigned, "--json", data=data)
    assert ran.status == 3
    assert ran.json[0]["verdict"] == "unsigned"
    assert ran.json[0]["pdfa"]["claimed"] == "PDF/A-2U"
    ran = luuky("verify", broken, unsigned, "--json", data=data)
    assert (ran.status, [value["verdict"] for value in ran.json]) == (4, ["unreadable", "unsigned"])


def test_verify_says_what_is_not_there_and_loses_no_report(data, tmp_path):
    row = documents(data)[SCANS[0]]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    luuky("export", row["document"], "-o", tmp_path / "a", data=data)
    first = tmp_path / "a" / f"{row['document']}.pdf"
    second = tmp_path / "b" / first.name
    second.write_bytes(first.read_bytes())
    ran = luuky("verify", tmp_path / "none.pdf", "--json", data=data)
    assert (ran.status, ran.json[0]["verdict"]) == (4, "unreadable")
    assert "[no_file]" in ran.err
    assert luuky("verify", first, second, "--report", tmp_path / "reports", data=data).status == 3
    assert len(list((tmp_path / "reports").iterdir())) == 2
    ran = luuky("verify", first, "--report", second / "report.pdf", data=data)
    assert ran.status == 4
    assert "[report]" in ran.err


def test_status_counts_what_stands_where(data):
    value = luuky("status", "--json", data=data).json
    assert value["states"]["NEEDS_REVIEW"] == 1
    assert value["running"] is False
    assert value["to_index"] == 0


def test_the_audit_log_proves_itself_and_tells_when_it_was_touched(data):
    ran = luuky("audit", "verify", "--json", data=data)
    assert (ran.status, ran.json["faults"]) == (0, [])
    assert ran.json["sealed"] > 10
    heads = data / "audit" / "heads.jsonl"
    lines = heads.read_text(encoding="utf-8").splitlines()
    changed = {**json.loads(lines[-1]), "hash": "0" * 64}
    heads.write_text("\n".join([*lines[:-1], json.dumps(changed)]) + "\n", encoding="utf-8")
    assert luuky("audit", "verify", data=data).status == 1
    heads.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_custody_check_finds_a_damaged_original(data):
    assert luuky("custody", "check", data=data).status == 0
    name = documents(data)[SCANS[3]]["sha256"]
    path = data / "objects" / name[:2] / name[2:4] / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"x")
    ran = luuky("custody", "check", "--json", data=data)
    assert (ran.status, ran.json["damaged"]) == (1, [name])
    path.write_bytes(whole)


def test_a_person_can_be_added_once_and_only_with_a_long_password(data):
    def add(password: str) -> Ran:
        return luuky("user", "add", "mai", "--role", "archive", "--password-stdin", data=data, stdin=f"{password}\n")

    assert add("ngắn").status == 4
    added = add("một mật khẩu đủ dài")
    assert added.status == 0
    assert "weak_password" not in added.err
    assert add("một mật khẩu đủ dài").status == 4


def test_rebuild_makes_the_index_anew_and_says_what_is_missing(data):
    assert luuky("rebuild", "--index", data=data).status == 0
    assert luuky("search", "viem phoi", "--json", data=data).json["total"] >= 2
    assert luuky("rebuild", "--database", data=data).status == 5


def test_a_production_store_never_becomes_a_demo(data):
    ran = luuky("up", "--demo", data=data)
    assert ran.status == 4
    assert "production" in ran.err


def test_patients_are_shown_before_they_are_changed(data, tmp_path):
    changed = tmp_path / "patients.csv"
    changed.write_text(
        "Mã BN;Họ và tên;Ngày sinh;Giới tính;Số CCCD\nBN1;Trần Thị Hà;01/02/1980;Nữ;042180000017\nBN2;;;;\n", encoding="utf-8"
    )
    ran = luuky("patients", "import", changed, data=data, stdin="n\n")
    assert ran.status == 0
    assert "Mã BN →" in ran.err
    assert "mới / new 1" in ran.err
    assert "dòng / line 3" in ran.err
    assert "mới / new 1" in luuky("patients", "import", changed, "--yes", data=data).err
    assert "giữ nguyên / same 1" in luuky("patients", "import", changed, "--yes", data=data).err


def test_doctor_looks_at_every_part(data):
    ran = luuky("doctor", "--json", data=data)
    assert {part["part"] for part in ran.json["parts"]} >= {"recogniser", "tesseract", "database", "index", "queue", "disk"}
    assert ran.status == 0
    assert luuky("doctor", data=data, LUUKY_SEARCH_ELASTICSEARCH_URL="http://127.0.0.1:9").status == 5


def test_a_file_that_came_signed_is_kept_byte_for_byte_and_its_signatures_are_judged(data, hospital, tmp_path):
    signed = tmp_path / "đã ký.pdf"
    signed.write_bytes(hospital.proven().read_bytes())
    assert luuky("digitise", signed, "-o", tmp_path / "again.pdf").status == 4
    assert luuky("ingest", signed, "--wait", data=data).status == 0
    row = documents(data)["đã ký.pdf"]
    assert row["findable"]
    luuky("export", row["document"], "-o", tmp_path, data=data)
    exported = tmp_path / f"{row['document']}.pdf"
    if row["state"] == "KEPT":
        assert exported.read_bytes() == signed.read_bytes()
    ran = luuky("verify", signed, "--trust", hospital.authority.trust, "--json", data=data)
    assert (ran.status, ran.json[0]["verdict"]) == (0, "passed")
    assert ran.json[0]["signatures"][0]["level"] == "LTA"
    said = luuky("verify", signed, "--trust", hospital.authority.trust, data=data).out
    assert "Mọi chữ ký trong tệp đều hợp lệ." in said
    assert "All signatures in the file are valid." in said
    assert "Quy tắc 9, đạt: Chứng thư có hiệu lực từ" in " ".join(said.split())
    assert "Rule 4, passed: What was signed is unchanged" in " ".join(said.split())
