"""The trust list from a terminal."""

from __future__ import annotations

from datetime import timedelta

from asn1crypto import pem

from tests.cli.running import luuky
from tests.signing.forge.authority import NOW, Authority, Wish, issue

CA = ("key_cert_sign", "crl_sign")


def test_an_authority_is_looked_at_added_withdrawn_and_removed(tmp_path):
    data, forged = tmp_path / "data", Authority("Dòng lệnh")
    file, root = tmp_path / "goc.pem", forged.root.asn1.sha256.hex()
    file.write_bytes(b"".join(pem.armor("CERTIFICATE", one.asn1.dump()) for one in (forged.root, forged.ica)))
    assert luuky("trust", "list", data=data).status == 1  # nobody is trusted
    looked = luuky("trust", "add", file, "--reason", "công văn 12", "--json", data=data)
    assert looked.status == 0
    assert [(one["subject"], one["root"], one["wrong"]) for one in looked.json["found"]] == [
        ("Dòng lệnh Root", True, None), ("Dòng lệnh CA", False, None),
    ]  # fmt: skip
    assert luuky("trust", "list", "--json", data=data).json["trusted"] == []
    assert luuky("trust", "add", file, "--reason", "công văn 12", "--purpose", "signers", "--yes", data=data).status == 0
    shown = luuky("trust", "list", "--json", data=data)
    assert (shown.status, shown.json["alarms"]) == (0, [])
    first = shown.json["trusted"][0]
    assert (first["sha256"], first["purpose"], first["standing"], first["reason"], first["given"]) == (
        root, "signers", "trusted", "công văn 12", False,
    )  # fmt: skip
    assert first["added_by"].startswith("cli:")
    assert luuky("trust", "add", file, "--reason", "lần nữa", "--yes", data=data).status == 4
    gone = luuky("trust", "withdraw", root[:20], "--reason", "hết hợp đồng", "--since", "2026-01-31", "--json", data=data)
    assert (gone.status, gone.json["trusted"][0]["standing"]) == (0, "withdrawn")
    assert gone.json["trusted"][0]["until"] == "2026-01-31T00:00:00+00:00"
    assert luuky("trust", "list", data=data).status == 1  # nobody is trusted for new signatures
    told = luuky("trust", "remove", root, "--reason", "thêm nhầm", "--json", data=data)
    assert (told.status, told.json["rests"]) == (0, {"documents": 0, "unknown": 0})
    removed = luuky("trust", "remove", root, "--reason", "thêm nhầm", "--yes", "--json", data=data)
    assert removed.json["trusted"][0]["standing"] == "removed"
    assert luuky("trust", "remove", "00" * 32, "--reason", "không có", "--yes", data=data).status == 4


def test_what_ends_soon_or_cannot_be_trusted_is_said_and_doctor_says_it_too(tmp_path):
    data = tmp_path / "data"
    soon = issue(Wish("Gốc Sắp Hết", ca=True, usages=CA, end=NOW + timedelta(days=40)))
    (tmp_path / "soon.cer").write_bytes(soon.asn1.dump())
    (tmp_path / "doctor.cer").write_bytes(Authority("Khác").signer("Bác sĩ").asn1.dump())
    bad = luuky("trust", "add", tmp_path / "doctor.cer", "--reason", "thử", "--yes", data=data)
    assert bad.status == 4
    assert "[trust_no_ca]" in bad.err
    assert luuky("trust", "add", tmp_path / "soon.cer", "--reason", "thử", "--yes", data=data).status == 0
    listed = luuky("trust", "list", data=data)
    assert listed.status == 1
    assert "[trust_ends_soon]" in listed.err
    parts = luuky("doctor", "--json", data=data).json["parts"]
    trust = next(one for one in parts if one["part"] == "trust")
    assert trust["state"] == "warning"
    assert "Gốc Sắp Hết" in trust["detail"]
    quiet = luuky("doctor", "--json", data=data, LUUKY_SIGNING_TRUST_MONTHS="1").json["parts"]
    assert next(one for one in quiet if one["part"] == "trust")["state"] == "ok"
