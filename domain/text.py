"""Vietnamese text: one way to write it (NFC), one way to fold it (without tones and hats)."""

from __future__ import annotations

import functools
import re
import unicodedata

_STROKED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_WORD = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*", re.UNICODE)


def nfc(text: str) -> str:
    """Unicode NFC, the form in which every text is stored and shown."""
    return unicodedata.normalize("NFC", text)


@functools.lru_cache(maxsize=1 << 14)  # a page is asked for the same few hundred words over and over
def fold(text: str) -> str:
    """Lower case without any mark: `Nguyễn Thị Hường` → `nguyen thi huong`. Keeps the number of words, not of code points."""
    plain = unicodedata.normalize("NFD", text.translate(_STROKED))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def squeeze(text: str) -> str:
    """NFC with every run of white space made one space."""
    return " ".join(nfc(text).split())


def tokens(text: str) -> list[str]:
    """The words of a text, lower case, NFC, in order: what search compares. Codes such as `01/bv-01` stay whole."""
    return [match.group().casefold() for match in _WORD.finditer(nfc(text))]
