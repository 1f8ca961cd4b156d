"""Strings of hexadecimal digits, as signatures are written in a PDF: 16,384 digits are read at once.

The library reads a byte at a time, 4 ms for each signature each time; what is not plainly digits is still for it to read.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic

_STRING = re.compile(rb"<([0-9A-Fa-f]*)>")
_ROOMS = (128, 1 << 17)
"""Bytes to look at: most strings are short."""
_by_the_byte = generic.read_hex_string_from_stream


def read_at_once() -> None:
    """From now on, in this process. The function is no public one of the library; a test watches it."""
    generic.read_hex_string_from_stream = _read


def _read(stream: BinaryIO) -> Any:
    start = stream.tell()
    for room in _ROOMS:
        match = _STRING.match(stream.read(room))
        stream.seek(start)
        if match:
            stream.seek(start + match.end())
            digits = match[1].decode("ascii")
            return generic.pdf_string(bytes.fromhex(digits + "0" * (len(digits) % 2)))
    return _by_the_byte(stream)
