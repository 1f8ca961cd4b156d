"""What the libraries do slowly and often, done once or at once; what comes out is the same.

1. Strings of hexadecimal digits, as signatures are written in a PDF, are read a byte at a time: 4 ms for each signature, each
   time. What is not plainly digits is still for the library to read.
2. Names in certificates are prepared for comparison (RFC 4518) letter by letter, for every certificate of every file anew,
   although it is the same few authorities everywhere.
3. Names in a PDF are read and checked a byte at a time. What is not plainly a name is still for the library to read.
4. Names in certificates are written out, and made comparable, at every comparison: it is remembered with each, and what
   comparing two of them said is remembered by their exact bytes. Nobody changes a name once it has been looked at.
5. The certificates in a signature are copied and read anew each time they are looked for; those that stand there plainly are
   shared by their bytes (`shared.py`).
6. What a PDF was like at a revision is copied, with a new reference for each name and number in it, which nobody uses.

Not all of them are public functions; tests watch them.
"""

from __future__ import annotations

import functools
import re
from typing import Any, BinaryIO

from asn1crypto.x509 import Certificate, Name, NameTypeAndValue
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver

from signing.shared import shared

_STRING = re.compile(rb"<([0-9A-Fa-f]*)>")
_ROOMS = (128, 1 << 17)
"""Bytes to look at: most strings are short."""
_NAME = re.compile(rb"(/[!\"$&'*-.0-;=?-Z\\^-z|~]*)[\0\t\n\f\r ()<>\[\]{}/%]")
"""Regular characters but `#`, and the delimiter that ends them (ISO 32000-1, 7.2.2 and 7.3.5)."""
_LONGEST = 64
_by_the_byte = generic.read_hex_string_from_stream
_name_by_the_byte = generic.NameObject.read_from_stream
_written, _equal, _hashable = Name.dump, Name.__eq__, Name.hashable.fget
_untag = Certificate.untag
_subsume = HistoricalResolver._subsume_object  # noqa: SLF001
_COPIED = (generic.DictionaryObject, generic.ArrayObject, generic.IndirectObject, generic.DecryptedObjectProxy)
_prepare = NameTypeAndValue._ldap_string_prep  # noqa: SLF001
_NOBODY = NameTypeAndValue()


def quicken() -> None:
    """From now on, in this process."""
    generic.read_hex_string_from_stream = _read
    NameTypeAndValue._ldap_string_prep = _prepared  # noqa: SLF001
    generic.NameObject.read_from_stream = staticmethod(_name)  # type: ignore[method-assign]
    HistoricalResolver._subsume_object = _subsumed  # type: ignore[method-assign]  # noqa: SLF001
    Certificate.untag = _untagged
    Name.dump = _dump
    Name.__eq__ = _same
    Name.hashable = property(_comparable)


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


def _name(stream: BinaryIO) -> Any:
    start = stream.tell()
    match = _NAME.match(stream.read(_LONGEST))
    stream.seek(start)
    if match is None:
        return _name_by_the_byte(stream)  # type: ignore[no-untyped-call]
    stream.seek(start + match.end(1))
    return generic.NameObject(match[1].decode("ascii"))


def _subsumed(self: HistoricalResolver, found: Any) -> Any:
    return _subsume(self, found) if isinstance(found, _COPIED) else found  # type: ignore[no-untyped-call]


def _untagged(self: Certificate) -> Certificate:
    found: Certificate = _untag(self) if self.explicit or self.implicit else shared(Certificate, self.dump())
    return found


def _dump(self: Name, force: bool = False) -> bytes:  # noqa: FBT001, FBT002 - as the library has it
    known = vars(self)
    if force or "as_bytes" not in known:
        known["as_bytes"] = _written(self, force)
    found: bytes = known["as_bytes"]
    return found


def _comparable(self: Name) -> str:
    known = vars(self)
    if "as_hashable" not in known:
        known["as_hashable"] = _hashable(self)
    found: str = known["as_hashable"]
    return found


def _same(self: Name, other: object) -> bool:
    return isinstance(other, Name) and _alike(_bare(self), _bare(other))


def _bare(name: Name) -> bytes:
    """Without the tag that a name has in the midst of other things."""
    found: bytes = name.dump() if name.explicit is None else name.chosen.dump()
    return found


@functools.lru_cache(maxsize=5000)
def _alike(one: bytes, other: bytes) -> bool:
    return bool(_equal(Name.load(one), Name.load(other)))
