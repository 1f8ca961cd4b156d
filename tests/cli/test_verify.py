"""`luuky verify`: what is written wrongly on its command line."""

from __future__ import annotations

from tests.cli.running import luuky


def test_a_folder_of_roots_that_is_not_there_is_named_with_what_to_do(tmp_path):
    file, gone = tmp_path / "a.pdf", tmp_path / "không-có"
    file.write_bytes(b"%PDF-1.7")
    for folder, vi, en in ((gone, "không có", "is not there"), (file, "là tệp, không phải thư mục", "is a file, no folder")):
        ran = luuky("verify", "--trust", folder, file, "--json", data=tmp_path / "data")
        assert (ran.status, ran.out) == (4, "")
        assert f"--trust {vi}: {folder}. " in ran.err
        assert f"--trust names {en}: {folder}. " in ran.err
        assert "bỏ --trust" in ran.err
        assert "[trust_folder]" in ran.err
