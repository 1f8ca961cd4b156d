"""Names of persons on the paper: where one ends, and whether it is a newborn's."""

from __future__ import annotations

import re

from domain.names import flat
from domain.text import fold, squeeze

_NO_NAME = frozenset({"tuoi", "ngay", "cccd", "cmnd", "bhyt", "bs", "ths"})
_WORD = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*\.?")
_NEWBORN = re.compile(r"^(?:cb|con\s+ba|con\s+so|tre\s+so\s+sinh)\b\s*")
_STOP = re.compile(r"(?<=[^\W\d_]{2})[.,;:]+(?=\s|$)")
LONGEST = 8


def name_span(words: list[str]) -> int:
    """How many of the words, from the first, are a person's name: capitalised words without digits; 0 if fewer than two.

    A name in capitals ends where capitals end; a comma or bracket ends it; so does a word that never is part of a name.
    A newborn's name is that of its mother behind `Con bà`.
    """
    if [fold(word) for word in words[:2]] == ["con", "ba"]:
        rest = name_span(words[2:])
        return rest + 2 if rest else 0
    count = 0
    for word in words[:LONGEST]:
        core = word.rstrip(",;:.").lstrip(".'`‘’“\"*") if not count else word.rstrip(",;:.")
        if not _WORD.fullmatch(core) or not core[0].isupper() or fold(core) in _NO_NAME:
            break
        if count and len(words[0]) > 1 and words[0].isupper() and core[1:].islower():
            break
        count += 1
        if word[-1] in ",;:":
            break
    return count if count >= 2 else 0


def cleaned(text: str) -> str:
    """A name as printed, NFC, single spaces, without the signs around it and the specks behind its words."""
    return squeeze(_STOP.sub("", text)).strip(" .,;:-–_*|'`‘’“\"")


def is_newborn(name: str) -> bool:
    """Whether the paper names a child by its mother (`Con bà …`, `CB …`): never the mother herself."""
    return bool(_NEWBORN.match(flat(name)))
