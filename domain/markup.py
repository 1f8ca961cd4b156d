"""Text that XML can hold."""

from __future__ import annotations

import re

from domain.text import nfc

_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """NFC without the characters that no XML document may hold: text layers of foreign files have them."""
    return _UNSAYABLE.sub("", nfc(text))
