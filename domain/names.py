"""When two names of persons are the same.

Two ways to write one name: the place of the tone (`Hoà`, `Hòa`), capitals, spaces. Whoever has another tone has another name.
"""

from __future__ import annotations

import re
import unicodedata

from domain.text import fold, nfc

_TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}


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


def _spoken(name: str) -> list[str]:
    syllables = re.sub(r"[^\w\s]", " ", nfc(name)).casefold().split()
    return [_syllable(syllable) for syllable in (["cb", *syllables[2:]] if syllables[:2] == ["con", "bà"] else syllables)]


def _syllable(syllable: str) -> str:
    """Letters with their hats, then the tone."""
    letters = unicodedata.normalize("NFD", syllable)
    tone = "".join(_TONES.get(char, "") for char in letters)
    return nfc("".join(char for char in letters if char not in _TONES)) + tone
