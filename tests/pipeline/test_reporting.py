"""The report for a court: all terms in the JSON, and the same on a PDF/A that a doctor can read from the top."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests import judges
from tests.cli.running import luuky
from tests.signing.forge import attacks
from tests.signing.forge.cases import World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def verified(world: World, data: bytes, folder: Path) -> tuple[int, dict[str, object], str]:
    """Exit status, the JSON of the file, the words of the report."""
    trust, file, report = folder / "trust", folder / "ba.pdf", folder / "bao-cao.pdf"
    trust.mkdir()
    (trust / "root.der").write_bytes(world.authority.root.asn1.dump())
    file.write_bytes(data)
    done = luuky("verify", file, "--json", "--trust", trust, "--report", report, data=folder / "data")
    text = subprocess.run(["pdftotext", "-layout", report, "-"], check=True, capture_output=True).stdout.decode()
    assert judges.verapdf(report)["compliant"], judges.verapdf(report)
    return done.status, done.json[0], " ".join(text.split())


def test_a_valid_file_is_reported_in_the_terms_of_the_standard(world: World, tmp_path: Path) -> None:
    status, answer, text = verified(world, world.twice, tmp_path)
    assert (status, answer["verdict"]) == (0, "passed")
    report = answer["report"]
    assert report["indication"] == "TOTAL-PASSED"  # type: ignore[index]
    first = report["signatures"][0]  # type: ignore[index]
    assert (first["indication"], first["sub_indication"]) == ("TOTAL-PASSED", None)
    assert [one["trusted"] for one in first["chain"]] == ["no", "no", "yes"]
    assert first["chain"][0]["subject"] == "CN=BS. Nguyễn Thị Phương Thảo,O=Bệnh viện Đa khoa Sông Mây,C=VN"
    named = {one["subject"] for one in first["chain"]} | {one["by"] for one in first["timestamps"]}
    for name in named | {one["subject"] for one in report["trusted_roots"]}:  # type: ignore[index]
        assert name in text
    assert "Common Name" not in text
    assert {one["over"] for one in first["timestamps"]} == {"signature", "document"}
    assert {(one["kind"], one["status"]) for one in first["revocation"]} == {("OCSP", "good"), ("CRL", "good")}
    assert text.index("Mọi chữ ký trong tệp đều hợp lệ.") < text.index("Chi tiết")
    assert "BS. Nguyễn Thị Phương Thảo" in text
    assert "TOTAL-PASSED" in text
    rules = answer["signatures"][0]["rules"]  # type: ignore[index]
    assert len(rules) == 10
    for rule in rules:
        assert f"Quy tắc {rule['number']}, đạt: {rule['words']['vi']}" in text
    assert "giờ Việt Nam (UTC+7)" in text
    assert re.search(r"giờ chứng minh được: \d\d/\d\d/\d{4} \d\d:\d\d:\d\d", text)
    assert world.authority.root.asn1.sha256.hex()[:30] in text


def test_a_tampered_file_is_reported_with_the_rule_that_caught_it(world: World, tmp_path: Path) -> None:
    status, answer, text = verified(world, attacks.updated(world.proven, attacks.overlay), tmp_path)
    assert (status, answer["verdict"]) == (1, "failed")
    one = answer["report"]["signatures"][0]  # type: ignore[index]
    assert (one["indication"], one["sub_indication"]) == ("TOTAL-FAILED", "FORMAT_FAILURE")
    changed = "Sau chữ ký này, chữ hoặc hình trên trang bị thay hoặc bị vẽ thêm."
    assert f"Quy tắc 7, KHÔNG đạt: {changed} later_changes: suspicious: Values for dict key /Contents differ" in text
    rules = {rule["number"]: rule for rule in answer["signatures"][0]["rules"]}  # type: ignore[index]
    assert rules[7]["words"]["vi"] == changed
    assert rules[7]["words"]["en"].startswith("After this signature words or pictures")
    assert rules[7]["evidence"].startswith("suspicious: ")
    assert "Đừng dùng tệp này làm bằng chứng." in text
