"""What both word formats share: text that XML can hold, and the box around words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from domain.pages import Box, Word
from domain.text import nfc

_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """NFC without the characters that no XML document may hold: text layers of foreign files have them."""
    return _UNSAYABLE.sub("", nfc(text))


def around(words: Sequence[Word]) -> Box:
    """The smallest box that holds all of at least one word."""
    return reduce(Box.union, (word.box for word in words))
