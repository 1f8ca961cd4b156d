"""Two things that the libraries do slowly and often, done once or at once; what comes out is the same.

1. Strings of hexadecimal digits, as signatures are written in a PDF, are read a byte at a time: 4 ms for each signature, each
   time. What is not plainly digits is still for the library to read.
2. Names in certificates are prepared for comparison (RFC 4518) letter by letter, for every certificate of every file anew,
   although it is the same few authorities everywhere.

Neither is a public function; tests watch them.
"""

from __future__ import annotations

import functools
import re
from typing import Any, BinaryIO

from asn1crypto.x509 import NameTypeAndValue
from pyhanko.pdf_utils import generic

_STRING = re.compile(rb"<([0-9A-Fa-f]*)>")
_ROOMS = (128, 1 << 17)
"""Bytes to look at: most strings are short."""
_by_the_byte = generic.read_hex_string_from_stream
_prepare = NameTypeAndValue._ldap_string_prep  # noqa: SLF001
_NOBODY = NameTypeAndValue()


def quicken() -> None:
    """From now on, in this process."""
    generic.read_hex_string_from_stream = _read
    NameTypeAndValue._ldap_string_prep = _prepared  # noqa: SLF001


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


def _prepared(_: NameTypeAndValue, text: str) -> str:
    return _once(text)


@functools.lru_cache(maxsize=5000)
def _once(text: str) -> str:
    found: str = _prepare(_NOBODY, text)
    return found
