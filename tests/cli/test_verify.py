"""`luuky verify`: what is written wrongly on its command line."""

from __future__ import annotations

import pytest
from asn1crypto import pem

from tests.cli.running import luuky
from tests.signing.forge.authority import Authority


def assert_refused(folder, file, vi, en):
    ran = luuky("verify", "--trust", folder, file, "--json", data=file.parent / "data")
    assert (ran.status, ran.out) == (4, "")
    assert f"--trust {vi}: {folder}. " in ran.err
    assert f"--trust names {en}: {folder}. " in ran.err
    assert "bỏ --trust" in ran.err
    assert "[trust_folder]" in ran.err


def test_a_folder_of_roots_that_is_not_there_is_named_with_what_to_do(tmp_path):
    file, gone = tmp_path / "a.pdf", tmp_path / "không-có"
    file.write_bytes(b"%PDF-1.7")
    for folder, vi, en in ((gone, "không có", "is not there"), (file, "là tệp, không phải thư mục", "is a file, no folder")):
        assert_refused(folder, file, vi, en)


@pytest.fixture(scope="module")
def forged() -> Authority:
    return Authority("Nêu ở --trust")


def test_a_folder_without_any_root_is_refused_as_one_that_is_not_there(tmp_path, forged):
    file, folder = tmp_path / "a.pdf", tmp_path / "goc"
    file.write_bytes(b"%PDF-1.7")
    folder.mkdir()
    (folder / "doc-toi.txt").write_text("chưa có gì")
    for holds, vi, en in (
        (None, "không chứa chứng thư nào", "holds no certificate"),
        (forged.ica, "chỉ có chứng thư trung gian, không có chứng thư gốc", "holds intermediates only and no root"),
    ):
        if holds:
            (folder / "CA.CER").write_bytes(holds.asn1.dump())
        assert_refused(folder, file, vi, en)


def test_every_file_of_the_folder_that_is_no_certificate_is_named(tmp_path, forged):
    file, folder = tmp_path / "a.pdf", tmp_path / "goc"
    file.write_bytes(b"%PDF-1.7")
    folder.mkdir()
    (folder / "tot.pem").write_bytes(pem.armor("CERTIFICATE", forged.root.asn1.dump()))
    (folder / "hong.cer").write_bytes(forged.root.asn1.dump()[:-1])
    (folder / "thu.PEM").write_text("không phải chứng thư")
    (folder / "mat.der").symlink_to(folder / "khong-co")
    (folder / "thu-muc.crt").mkdir()
    ran = luuky("verify", "--trust", folder, file, "--json", data=tmp_path / "data")
    assert (ran.status, ran.out) == (4, "")
    assert ran.err.count("hong.cer, mat.der, thu-muc.crt, thu.PEM. ") == 2, "in both languages"
    assert "tot.pem" not in ran.err
    assert "bỏ tệp đó ra khỏi thư mục" in " ".join(ran.err.split())
    assert "[trust]" in ran.err
