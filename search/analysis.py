"""Words as they are compared: in two forms, with and without tones, and codes both whole and in parts.

`24.00123/BV` is held as `24.00123/bv`, `2400123bv`, `24`, `00123`, `bv`: found however it is written. The toned form carries the
tone at the end of the word, because `hòa` and `hoà` are one word in two spellings. Both engines index these words as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from domain.text import fold, tokens

MAX_TERMS = 32
"""Words of a question that count; nobody types more, a pasted page may hold thousands."""
_MAX_LENGTH = 64
_SEPARATORS = re.compile(r"[./-]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_FUZZY_LENGTH = 5
_KNOWN_WORDS = 50_000


def folded_words(text: str) -> list[str]:
    """The words of a text without tones, in order, codes expanded."""
    return [form for token in tokens(text) for form in _folded_forms(token)]


def toned_words(text: str) -> list[str]:
    """The words of a text with their tones, in order, codes expanded."""
    return [form for token in tokens(text) for form in _toned_forms(token)]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question. `forms` are its folded forms of which one must stand on the page as it is; `parts` those of a
    code (two or more), which may also follow one another; `begun`: the last word, which may go on.
    """

    forms: tuple[str, ...]
    parts: tuple[str, ...]
    toned: str
    begun: bool

    @property
    def word(self) -> str:
        """The folded word as typed."""
        return self.forms[0]

    @property
    def may_err(self) -> bool:
        """Whether a word one letter away may be meant: long words, never numbers or codes."""
        return len(self.word) >= _FUZZY_LENGTH and self.word.isalpha()


def terms(text: str) -> tuple[Term, ...]:
    """The words of a question, at most `MAX_TERMS`."""
    typed = tokens(text)[:MAX_TERMS]
    return tuple(_term(token, begun=number == len(typed)) for number, token in enumerate(typed, 1))


def has_tones(text: str) -> bool:
    """Whether somebody took care to type the marks."""
    return any(token != fold(token) for token in tokens(text))


def _term(token: str, *, begun: bool) -> Term:
    first, *rest = _folded_forms(token)
    return Term((first, *rest[:1]), tuple(rest[1:]), _toned_forms(token)[0], begun)


@lru_cache(_KNOWN_WORDS)
def _folded_forms(token: str) -> tuple[str, ...]:
    return _expanded(fold(token))


@lru_cache(_KNOWN_WORDS)
def _toned_forms(token: str) -> tuple[str, ...]:
    letters = unicodedata.normalize("NFD", token)
    return _expanded(unicodedata.normalize("NFC", _TONES.sub("", letters)) + "".join(_TONES.findall(letters)))


def _expanded(token: str) -> tuple[str, ...]:
    """A token as it is held: itself, or for a code itself, itself without separators, and its parts."""
    parts = _SEPARATORS.split(token)
    forms = parts if len(parts) == 1 else [token, "".join(parts), *parts]
    return tuple(form[:_MAX_LENGTH] for form in forms)
