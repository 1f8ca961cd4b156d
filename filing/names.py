"""Names of persons: where one ends on the paper, and when two are the same.

Two ways to write one name: the place of the tone (`Hoà`, `Hòa`), capitals, spaces. Whoever has another tone has another name.
"""

from __future__ import annotations

import re
import unicodedata

from domain.text import fold, nfc, squeeze

_TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}
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


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same, tones included; where the tone stands in a syllable does not matter."""
    return _spoken(one) == _spoken(other)


def same_without_tones(one: str, other: str) -> bool:
    """Whether two names are the same once tones and hats are taken off."""
    return flat(one) == flat(other)


def has_tones(name: str) -> bool:
    """Whether any letter carries a mark: a name typed without any is not one with other tones."""
    return flat(name) != " ".join(re.sub(r"[^\w\s]", " ", nfc(name)).casefold().split())


def flat(name: str) -> str:
    """Lower case, no marks, single spaces: what the index is asked for."""
    return " ".join(re.sub(r"[^\w\s]", " ", fold(name)).split())


def is_newborn(name: str) -> bool:
    """Whether the paper names a child by its mother (`Con bà …`, `CB …`): never the mother herself."""
    return bool(_NEWBORN.match(flat(name)))


def _spoken(name: str) -> list[str]:
    syllables = re.sub(r"[^\w\s]", " ", nfc(name)).casefold().split()
    return [_syllable(syllable) for syllable in (["cb", *syllables[2:]] if syllables[:2] == ["con", "bà"] else syllables)]


def _syllable(syllable: str) -> str:
    """Letters with their hats, then the tone."""
    letters = unicodedata.normalize("NFD", syllable)
    tone = "".join(_TONES.get(char, "") for char in letters)
    return nfc("".join(char for char in letters if char not in _TONES)) + tone
