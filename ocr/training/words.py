"""The vocabulary: word lists in the folder beside this file, divided into what training sees and what only tests see.

A list is a text file, one entry a line, columns parted by tabs; `#` starts a remark, and an entry written twice is
met twice as often. Fixed words of the forms are for both parts.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Literal

from domain.text import nfc

Part = Literal["train", "test"]
Entry = tuple[str, ...]

_FOLDER = Path(__file__).parent / "vocabulary"
_HELD_OUT_ONE_IN = 8
DIVIDED = frozenset({
    "given_names", "middle_names", "peoples", "districts", "communes", "villages", "streets",
    "icd", "diagnoses", "drugs", "phrases", "sentences", "words", "complaints", "histories", "treatments", "operations", "advice",
    "nursing", "imaging", "exam_heart", "exam_lung", "exam_belly", "exam_nerve",
})  # fmt: skip
"""The lists of which an eighth is kept from training; the others are printed on the forms and stand in both parts."""


def names() -> tuple[str, ...]:
    """The names of all lists."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))


@cache
def entries(name: str, part: Part) -> tuple[Entry, ...]:
    """The entries of a list that this part may show, as tuples of columns in NFC."""
    lines = nfc((_FOLDER / f"{name}.txt").read_text(encoding="utf-8")).splitlines()
    found = [tuple(line.rstrip(" ").split("\t")) for line in lines if line.strip() and not line.startswith("#")]
    return tuple(entry for entry in found if name not in DIVIDED or is_held_out(entry[0]) == (part == "test"))


def is_held_out(word: str) -> bool:
    """Whether only tests may show this entry: decided by a checksum of its letters, so it stays so when lists grow."""
    return zlib.crc32(word.encode()) % _HELD_OUT_ONE_IN == 0
