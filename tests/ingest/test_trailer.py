"""A file that is still being copied must never be taken for a whole one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.trailer import looks_complete
from tests.generator import files, hostile
from tests.ingest import samples

WRITERS = {
    "jpeg": lambda path: files.jpeg(samples.page(), path),
    "png": lambda path: files.png(samples.page(), path),
    "webp": lambda path: files.webp(samples.page(), path),
    "tiff": lambda path: files.tiff([samples.page(), samples.page()], path),
    "tiff in colour": lambda path: files.tiff([samples.page()], path, "tiff_lzw"),
    "pdf": lambda path: files.pdf([samples.page(), samples.page()], path),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_every_beginning_of_a_file_is_incomplete_and_the_whole_is_complete(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path / "scan")
    data = path.read_bytes()
    assert looks_complete(path)
    for share in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(data[: int(len(data) * share)])
        assert not looks_complete(path), share


@pytest.mark.parametrize("behind", [b"\0\0\0\x18ftypmp42" + bytes(300_000), bytes(8192)], ids=["a film", "zeros"])
def test_what_a_telephone_puts_behind_a_picture_does_not_make_it_look_cut_off(behind: bytes, tmp_path: Path) -> None:
    whole = files.jpeg(samples.page(), tmp_path / "whole").read_bytes()
    path = tmp_path / "motion.jpg"
    path.write_bytes(whole + behind)
    assert looks_complete(path)
    path.write_bytes(whole[: len(whole) // 2] + behind)
    assert not looks_complete(path)


def test_an_empty_file_is_incomplete_and_a_foreign_one_has_nothing_to_wait_for(tmp_path: Path) -> None:
    assert not looks_complete(hostile.empty(tmp_path / "a"))
    assert looks_complete(hostile.foreign(tmp_path / "b"))


def test_a_tiff_whose_directories_go_in_a_circle_ends_the_look(tmp_path: Path) -> None:
    path = files.tiff([samples.page()], tmp_path / "a")
    data = bytearray(path.read_bytes())
    start = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[start : start + 2], "little")
    data[start + 2 + entries * 12 :][:4] = data[4:8]
    data = data[: start + 2 + entries * 12] + data[4:8] + data[start + 6 + entries * 12 :]
    path.write_bytes(data)
    assert not looks_complete(path)
