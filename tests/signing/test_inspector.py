"""What an inspector is told to type, typed: on a file that was signed just now, and on one that somebody changed."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.sealer import Sealer
from pipeline.server_key import server_key
from signing.stamping import stamp
from storage.store import Store
from tests.signing.fixtures import Hospital

ROOT = Path(__file__).parents[2]
PAGE, ENGLISH = ROOT / "docs/huong-dan/thanh-tra.md", ROOT / "docs/reference/inspector.md"
SHELL = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


def typed(folder: Path, commands: str, interpreter: tuple[str, ...] = ("bash", "-c")) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*interpreter, commands], cwd=folder, capture_output=True, text=True, check=False)


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


@pytest.fixture
def desk(hospital: Hospital, tmp_path: Path) -> Path:
    """An inspector's folder: a proven file and the root."""
    shutil.copyfile(hospital.proven(2), tmp_path / "tai-lieu.pdf")
    (root,) = hospital.authority.trust.iterdir()
    made = typed(tmp_path, f"openssl x509 -inform DER -in '{root}' -out goc.pem")
    assert made.returncode == 0, made.stderr
    return tmp_path


def test_every_step_says_yes_to_a_proven_file(desk, hospital):
    ran = typed(desk, f"set -e\n{SHELL}")
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert "CMS Verification successful" in said
    assert said.count("Verification: OK") == 2
    assert "CN=BS. Nguyễn Thị Phương Thảo" in said
    assert "Cert Status: good" in said
    assert "WHOLE FILE" in said


def test_every_step_says_no_to_a_file_that_was_changed(desk):
    data = bytearray((desk / "tai-lieu.pdf").read_bytes())
    data[data.index(b"stream") + 40] ^= 1
    (desk / "tai-lieu.pdf").write_bytes(data)
    ran = typed(desk, SHELL)
    said = ran.stdout + ran.stderr
    assert "Digest Mismatch" in said
    assert "CMS Verification failure" in said
    assert "Verification: FAILED" in said


def test_another_root_is_not_taken_for_the_right_one(desk):
    made = typed(
        desk, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj /CN=Other -out goc.pem"
    )
    assert made.returncode == 0, made.stderr
    said = typed(desk, SHELL)
    assert "CMS Verification failure" in said.stderr
    assert "Verification: OK" not in said.stdout + said.stderr


def test_the_program_with_pyhanko_sees_what_came_later(desk):
    program = (sys.executable, "-c")
    ran = typed(desk, blocks("python"), program)
    assert "TacGia AdESPassed.OK True FORM_FILLING" in ran.stdout, ran.stderr
    assert "TruongKhoa AdESPassed.OK True LTA_UPDATES" in ran.stdout


def test_heads_of_the_log_are_checked_without_us(desk, hospital: Hospital, store: Store):
    with store.write() as tx:
        tx.audit.add("kiemtoan", "login")
    data = desk / "kho"
    sealer = Sealer(store, server_key(data), desk, lambda said: stamp(said, hospital.timestamps))
    assert sealer.tick()
    assert sealer.stamp_daily()
    exported = typed(desk, "openssl pkey -in kho/keys/server.pem -pubout -out khoa.pem")
    assert exported.returncode == 0, exported.stderr
    ran = typed(desk, blocks("bash"))
    assert "Signature Verified Successfully" in ran.stdout, ran.stderr
    assert "Verification: OK" in ran.stdout + ran.stderr
    head = json.loads((desk / "heads.jsonl").read_text(encoding="utf-8"))
    head["signature"] = base64.b64encode(bytes(64)).decode()
    (desk / "heads.jsonl").write_text(json.dumps(head), encoding="utf-8")
    assert "Signature Verification Failure" in typed(desk, blocks("bash")).stdout


def test_both_languages_say_to_type_the_same():
    for language in ("sh", "bash", "python"):
        fence = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
        assert fence.findall(PAGE.read_text(encoding="utf-8")) == fence.findall(ENGLISH.read_text(encoding="utf-8"))
