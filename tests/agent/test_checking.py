"""What you see is what you sign: each rule of the check, broken on its own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import cms
from luuky_agent.checking import check
from luuky_agent.errors import AgentError
from luuky_agent.job import Item

from tests.signing.fixtures import Hospital


@pytest.fixture
def prepared(hospital: Hospital, tmp_path: Path) -> tuple[Item, bytes, bytes]:
    path = tmp_path / "prepared.pdf"
    half = hospital.prepared(hospital.fields(), path, "bs-thao", "TacGia")
    item = Item(
        "i", "Giấy ra viện", None, 1, "Người lập hồ sơ", half.field, half.digest, half.start, half.end, half.attributes,
        half.certificate,
    )  # fmt: skip
    return item, path.read_bytes(), half.certificate


def rule(item: Item, document: bytes, certificate: bytes) -> str:
    with pytest.raises(AgentError) as refused:
        check(item, document, certificate)
    assert refused.value.code == "mismatch"
    return refused.value.en[refused.value.en.index("(") :][:8]


def test_a_document_as_prepared_passes(prepared: tuple[Item, bytes, bytes]) -> None:
    check(*prepared)


def test_bytes_behind_what_is_signed_are_seen(prepared: tuple[Item, bytes, bytes]) -> None:
    item, document, certificate = prepared
    longer = document + b"\n1 0 obj << >> endobj"
    assert rule(item, longer, certificate) == "(rule 1)"
    digest = hashlib.sha256(longer[: item.start] + longer[item.end :]).digest()
    assert rule(replace(item, digest=digest), longer, certificate) == "(rule 1)"


def test_a_hole_that_hides_content_is_seen(prepared: tuple[Item, bytes, bytes]) -> None:
    item, document, certificate = prepared
    filled = document[: item.start + 1] + b"41" + document[item.start + 3 :]
    assert rule(item, filled, certificate) == "(rule 1)"
    assert rule(replace(item, start=100, end=200), document, certificate) == "(rule 1)"
    assert rule(item, b"no signature here", certificate) == "(rule 1)"


def test_another_document_is_seen(prepared: tuple[Item, bytes, bytes]) -> None:
    item, document, certificate = prepared
    place = document.index(b"stream") + 50
    changed = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]
    assert rule(item, changed, certificate) == "(rule 2)"


def test_attributes_over_another_document_are_seen(prepared: tuple[Item, bytes, bytes]) -> None:
    item, document, certificate = prepared
    assert rule(replace(item, attributes=_with(item, "message_digest", bytes(32))), document, certificate) == "(rule 3)"
    assert rule(replace(item, attributes=b"\x31\x00"), document, certificate) == "(rule 3)"
    assert rule(replace(item, attributes=b"garbage"), document, certificate) == "(rule 3)"


def test_attributes_of_another_kind_are_seen(prepared: tuple[Item, bytes, bytes]) -> None:
    item, document, certificate = prepared
    assert rule(replace(item, attributes=_with(item, "content_type", "signed_data")), document, certificate) == "(rule 3)"


def test_attributes_for_another_certificate_are_seen(hospital: Hospital, prepared: tuple[Item, bytes, bytes]) -> None:
    item, document, _ = prepared
    other = hospital.authority.token("bs-dung").certificate
    assert rule(item, document, other) == "(rule 4)"
    assert rule(replace(item, certificate=other), document, other) == "(rule 4)"


def _with(item: Item, name: str, value: object) -> bytes:
    found = cms.CMSAttributes.load(item.attributes)
    changed = [
        cms.CMSAttribute({"type": one["type"].native, "values": [value]}) if one["type"].native == name else one for one in found
    ]
    return bytes(cms.CMSAttributes(changed).dump())
