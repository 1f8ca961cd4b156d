"""A rule that certifies or locks, from the belt's step through the desk to what may still be done with the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.documents import Document, State
from domain.errors import Refused
from domain.signatures import SigningRule, Verdict
from domain.signers import VOID
from signing.upgrade import prove
from signing.verify import verify_file
from signing.void import ask_void
from signing.wording import sentences
from storage.store import Store
from tests.agent.desk import Agent, Clinic, clinic
from tests.fakes.agent_server import serving
from tests.signing.fixtures import NETWORK, Hospital


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


def signs(here: Clinic, folder: Path, document: Document) -> list[str]:
    """The doctor makes all signatures of a document, one after the other; what the desk said each time."""
    agent = Agent(folder / "desk", here.hospital.authority.softhsm_conf)
    said = []
    with serving(here.desk) as address:
        agent.pair(here, address)
        while here.document(document.id).state is State.AWAITING_SIGNATURE:
            waiting = [one.id for one in here.signatures(document.id) if one.state == "waiting"]
            here.desk.prepare(here.doctor, waiting[:1])
            done = agent("sign", "--all", "--pin-stdin", pin=here.hospital.authority.token("bs-thao").pin)
            assert done.returncode == 0, done.stderr
            said.append(done.stderr)
    return said


def proven(here: Clinic, document: Document, folder: Path) -> Path:
    target = folder / "proven.pdf"
    prove(here.file(document.id), target, here.hospital.trust, NETWORK, here.hospital.timestamps)
    return target


def test_the_first_signature_certifies_the_last_locks_and_the_field_to_make_void_is_there(here: Clinic, tmp_path: Path) -> None:
    rules = [
        SigningRule("", "TacGia", "author", certifies=2),
        SigningRule("", "TruongKhoa", "author", step=2),
        SigningRule("", "NguoiSoHoa", "author", step=3, locks=True),
    ]
    document = here.chart_by(rules)
    first, *others = signs(here, tmp_path, document)
    assert "chứng nhận: sau đó chỉ được ký thêm" in first
    assert not any("chứng nhận" in one for one in others)
    path = proven(here, document, tmp_path)
    verdict = verify_file(path, here.hospital.trust)
    assert verdict.verdict is Verdict.PASSED
    assert {one.field: one.as_json()["certifies"] for one in verdict.signatures} == {
        "TacGia": 2, "TruongKhoa": None, "NguoiSoHoa": None
    }  # fmt: skip
    assert any("chứng nhận tài liệu" in line for line in sentences(verdict))
    with path.open("rb") as file:
        fields = {str(one.get_object()["/T"]): one.get_object() for one in PdfFileReader(file).root["/AcroForm"]["/Fields"]}
        assert "/V" not in fields[VOID]
        assert VOID not in list(fields["NguoiSoHoa"]["/Lock"]["/Fields"])


def test_without_such_a_rule_nothing_certifies_and_no_field_is_made_in_advance(here: Clinic, tmp_path: Path) -> None:
    document = here.chart_by([SigningRule("", "TacGia", "author")])
    signs(here, tmp_path, document)
    with here.file(document.id).open("rb") as file:
        root = PdfFileReader(file).root
        assert "/Perms" not in root
        assert [str(one.get_object()["/T"]) for one in root["/AcroForm"]["/Fields"]] == ["TacGia"]


@pytest.mark.parametrize(("certifies", "code"), [(1, "certified"), (2, None)])
def test_a_kept_document_is_made_void_unless_it_was_certified_as_final(
    here: Clinic, tmp_path: Path, certifies: int, code: str | None
) -> None:
    rules = [SigningRule("", "TacGia", "author", certifies=certifies), SigningRule("", VOID, "author")]
    document = here.chart_by(rules)
    signs(here, tmp_path, document)
    with here.store.write() as tx:
        kept = here.document(document.id)
        name = here.store.objects.put_file(proven(here, document, tmp_path))
        for state in (State.PROVEN, State.KEPT):
            kept = tx.documents.move(kept, state, "test", current=name)
    if code:
        with pytest.raises(Refused, match=code):
            ask_void(here.store, here.doctor, document.id, "Nhầm người bệnh")
        return
    ask_void(here.store, here.doctor, document.id, "Nhầm người bệnh")
    (void,) = [one for one in here.signatures(document.id) if one.field == VOID]
    agent = Agent(tmp_path / "desk", here.hospital.authority.softhsm_conf)
    with serving(here.desk) as address:
        agent.pair(here, address)
        here.desk.prepare(here.doctor, [void.id])
        assert agent("sign", "--all", "--pin-stdin", pin=here.hospital.authority.token("bs-thao").pin).returncode == 0
    path = proven(here, document, tmp_path)
    verdict = verify_file(path, here.hospital.trust)
    assert [(one.field, one.verdict) for one in verdict.signatures] == [("TacGia", Verdict.PASSED), (VOID, Verdict.PASSED)]
