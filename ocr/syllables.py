"""Does this look like Vietnamese? Judges readings and text layers by the shape of their syllables, without a word list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.pages import Word
from domain.text import fold, nfc

_SYLLABLE = re.compile(
    r"(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?",
)
_EDGES = ".,;:()[]{}\"'!?*-+=/\\…"
_DOUBTED_SIGN, _DOUBTED_WORD = 0.5, 0.2
_MARKED = re.compile(r"[^\x00-\x7f]")
_LETTERS = frozenset("aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz")


def is_syllable(text: str) -> bool:
    """Whether a word is shaped as Vietnamese syllables are (tones aside)."""
    return _SYLLABLE.fullmatch(fold(text.strip(_EDGES))) is not None


def sense(words: Sequence[Word]) -> float:
    """0..1: how much of what was read is both sure and shaped like Vietnamese or a number, by letters."""
    total = sum(len(word.text) for word in words)
    good = sum(len(word.text) * word.confidence for word in words if is_syllable(word.text) or _is_number(word.text))
    return good / total if total else 0.0


def is_noise(word: Word) -> bool:
    """Whether it is grain, a crease or a piece of a seal that was taken for writing."""
    if not any(char.isalnum() for char in word.text):
        return word.confidence < _DOUBTED_SIGN
    core = word.text.strip(_EDGES)
    return word.confidence < _DOUBTED_WORD and not (is_syllable(core) or _is_number(core) or (len(core) > 2 and core.isalnum()))


def _is_number(text: str) -> bool:
    return len(text) > 1 and sum(char.isdigit() for char in text) >= 0.7 * len(text)


def is_garbled(texts: Sequence[str]) -> bool:
    """Whether a text layer is unusable: letters of no Vietnamese alphabet, as the fonts of before Unicode leave them behind."""
    letters = [char for text in texts for char in nfc(text).casefold() if char.isalpha() or _MARKED.match(char)]
    foreign = sum(char not in _LETTERS and char not in "°µ–—…•“”‘’→≥≤±×²³½αβγ" for char in letters)
    return bool(letters) and foreign > 0.04 * len(letters)
