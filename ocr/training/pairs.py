"""Strips with what they say, for other programs: a PNG each, and `pairs.tsv`.

`pairs.tsv` is UTF-8 with a head and a row for each picture: `file`, `text` (NFC), `kind` (`corrected`: a person said so;
`confirmed`: surely read, on a page that a person corrected). The pictures are 48 rows high, grey, as the reader gets them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import cv2

from domain.errors import Refused
from ocr.training.strips import Sample

_HEAD = "file\ttext\tkind\n"


def write_pairs(samples: Sequence[Sample], folder: Path) -> None:
    """Make a folder that only this account may enter, complete or not at all. Raises Refused `folder_there`."""
    if folder.exists():
        raise Refused(
            "folder_there",
            "Thư mục này đã có; hãy chọn thư mục chưa có.",
            "This folder is there already; choose one that is not.",
        )
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    draft.mkdir(mode=0o700, parents=True)
    try:
        rows = [_row(sample, draft / f"{number:06}.png") for number, sample in enumerate(samples, start=1)]
        _private(draft / "pairs.tsv", (_HEAD + "".join(rows)).encode())
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _row(sample: Sample, path: Path) -> str:
    _private(path, cv2.imencode(".png", sample.strip)[1].tobytes())
    return f"{path.name}\t{sample.text}\t{sample.hand}\n"


def _private(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
