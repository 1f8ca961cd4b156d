"""Certificates, answers and lists that stand in many files, such as an authority's own: read once by each thread, found again by
their exact bytes, and changed by nobody.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from asn1crypto import parser

_MOST = 500
_INDEFINITE = b"\x80"


class _These(threading.local):
    def __init__(self) -> None:
        self.known: dict[tuple[type, bytes], Any] = {}


_THESE = _These()


def shared(kind: Any, data: bytes) -> Any:
    """The value of that ASN.1 type. It writes itself as it was read; the library would encode all of it anew, time and again."""
    known = _THESE.known
    found = known.get((kind, data))
    if found is None:
        if len(known) > _MOST:
            known.clear()
        found = known[kind, data] = kind.load(data)
        plain = data[1:2] != _INDEFINITE and parser.peek(data) == len(data)
        written = data if plain else found.dump()
        vars(found)["dump"] = partial(_as_read, written)
    return found


def _as_read(written: bytes, force: bool = False) -> bytes:  # noqa: ARG001, FBT001, FBT002 - in the library it has this parameter
    """No lambda: what is shared goes to processes that judge files."""
    return written
