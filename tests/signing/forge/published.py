"""Attacks that researchers have published, as well made as a careful forger would make them, each upon a file that passes.

Universal forgery (USF), incremental saving (ISA) and wrapping (SWA): Mladenov et al., "1 Trillion Dollar Refund", CCS 2019.
Shadow attacks: Mainka et al., NDSS 2021. Evil annotations (EAA) and sneaky signatures (SSA): Rohlmann et al., S&P 2021.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing.forge.attacks import ranges, updated

LIE = b"q 1 1 1 rg 60 740 400 40 re f 0 g BT /F1 14 Tf 72 760 Td (Cho ve) Tj ET Q"
"""White over the words of a page, other words on it."""
_HOLE = re.compile(rb"/Contents\s*<[0-9A-Fa-f]{200,}>")
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj")


def _words(data: bytes) -> int:
    """The number of the object with the words of the first page."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        contents = pdf.pages[0].obj.Contents
        return int((contents[0] if isinstance(contents, pikepdf.Array) else contents).objgen[0])


def _object(number: int, stream: bytes = LIE) -> bytes:
    return b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(stream), stream)


def _last_table(data: bytes) -> int:
    return int(data[data.rindex(b"startxref") + 9 :].split()[0])


def _trailer(data: bytes) -> tuple[bytes, int]:
    """What the last trailer says of /Root, and a number that no object has."""
    root = re.findall(rb"/Root (\d+ 0 R)", data)[-1]
    return root, max(int(word) for word in _OBJECT.findall(data)) + 1


def _lied(data: bytes) -> bytes:
    """Other words on the page, as many bytes as before."""
    return data.replace(b"Phieu dieu tri, to 1", b"Giay cho ra vien: kh", 1)


def _in_place(data: bytes, place: re.Match[bytes], text: bytes) -> bytes:
    """Something else where something stood, nothing behind it moved."""
    assert len(text) <= len(place[0])
    return data[: place.start()] + text.ljust(len(place[0])) + data[place.end() :]


def _hole(text: bytes, data: bytes) -> bytes:
    match = _HOLE.search(data)
    assert match
    return _in_place(_lied(data), match, text)


def _range(text: bytes, data: bytes) -> bytes:
    match = re.search(rb"/ByteRange\s*\[[^\]]*\]", data)
    assert match
    return _in_place(_lied(data), match, text)


def _neither(data: bytes) -> bytes:
    return _range(b"", _hole(b"", data))


def _saved(value: Callable[[Any], None], data: bytes) -> bytes:
    """One more revision, in which the dictionary of the signature is another, and the page too."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if "/V" in one.get_object())
        signature = field["/V"]
        value(signature)
        writer.mark_update(signature.container_ref)
        _repaint(writer)

    return updated(data, change)


def _repaint(writer: IncrementalPdfFileWriter) -> None:
    """The first page shows something else."""
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=LIE))
    writer.mark_update(page.container_ref)


def _without(key: str, signature: Any) -> None:
    del signature[key]


USF: dict[str, Callable[[bytes], bytes]] = {
    "no Contents": functools.partial(_hole, b""),
    "Contents null": functools.partial(_hole, b"/Contents null"),
    "Contents empty": functools.partial(_hole, b"/Contents <>"),
    "Contents one zero": functools.partial(_hole, b"/Contents <00>"),
    "Contents no hex": functools.partial(_hole, b"/Contents (khong)"),
    "Contents an empty sequence": functools.partial(_hole, b"/Contents <3000>"),
    "no ByteRange": functools.partial(_range, b""),
    "ByteRange null": functools.partial(_range, b"/ByteRange null"),
    "ByteRange empty": functools.partial(_range, b"/ByteRange []"),
    "ByteRange of nulls": functools.partial(_range, b"/ByteRange [null null]"),
    "ByteRange of zeros": functools.partial(_range, b"/ByteRange [0 0 0 0]"),
    "ByteRange negative": functools.partial(_range, b"/ByteRange [0 -1 -1 -1]"),
    "ByteRange of strings": functools.partial(_range, b"/ByteRange [(a) (b) (c) (d)]"),
    "ByteRange of more than there is": functools.partial(_range, b"/ByteRange [0 99999999 1 9]"),
    "neither Contents nor ByteRange": _neither,
    "saved again without Contents": functools.partial(_saved, functools.partial(_without, "/Contents")),
    "saved again without ByteRange": functools.partial(_saved, functools.partial(_without, "/ByteRange")),
}


def _isa_without_table(data: bytes) -> bytes:
    root, size = _trailer(data)
    trailer = b"trailer\n<</Size %d/Root %s/Prev %d>>\n" % (size, root, _last_table(data))
    return data + _object(_words(data)) + trailer + b"startxref\n%d\n%%%%EOF\n" % _last_table(data)


def _isa_bare(data: bytes) -> bytes:
    return data + _object(_words(data)) + b"%%EOF\n"


def _isa_table(data: bytes, *, prev: bool = True, shift: int = 0, trailer: bool = True, more: bytes = b"") -> bytes:
    """A revision with other words on the page: `shift` bytes wrong, with `more` before its table."""
    root, size = _trailer(data + more)
    number, body = _words(data), _object(_words(data)) + more
    back = b"/Prev %d" % _last_table(data) if prev else b""
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(data) + shift)
    table += b"trailer\n<</Size %d/Root %s%s>>\n" % (size, root, back) if trailer else b""
    return data + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(body))


def _copied(data: bytes) -> bytes:
    """The dictionary of the signature, as an object of its own."""
    hole = _HOLE.search(data)
    assert hole
    start, end = data.rindex(b"<<", 0, hole.start()), data.index(b"endobj", hole.end())
    number = _trailer(data)[1]
    return b"%d 0 obj\n%s\nendobj\n" % (number, data[start:end].strip())


def _isa_copied(data: bytes) -> bytes:
    """The field leads to a copy of the signature in the new revision, which is listed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if "/V" in one.get_object())
        field["/V"] = writer.add_object(DictionaryObject(field["/V"]))
        writer.mark_update(field.container_ref)
        _repaint(writer)

    return updated(data, change)


def _isa_circle(data: bytes) -> bytes:
    place = len(data) + len(_object(_words(data)))
    return _isa_table(data).replace(
        b"/Prev %d>>\nstartxref\n%d" % (_last_table(data), place), b"/Prev %d>>\nstartxref\n%d" % (place, place)
    )


def _isa_freed(data: bytes) -> bytes:
    """A table alone, by which the words of the page are no more."""
    root, size = _trailer(data)
    table = b"xref\n%d 1\n0000000000 00001 f \ntrailer\n<</Size %d/Root %s/Prev %d>>\n" % (
        _words(data),
        size,
        root,
        _last_table(data),
    )
    return data + table + b"startxref\n%d\n%%%%EOF\n" % len(data)


ISA: dict[str, Callable[[bytes], bytes]] = {
    "a whole revision": _isa_table,
    "no table": _isa_without_table,
    "neither table nor trailer": _isa_bare,
    "no trailer": functools.partial(_isa_table, trailer=False),
    "a broken table": functools.partial(_isa_table, shift=7),
    "a table that leads to none before": functools.partial(_isa_table, prev=False),
    "a table that leads to itself": _isa_circle,
    "a copy of the signature": _isa_copied,
    "a copy of the signature, unlisted, no table": lambda data: _isa_without_table(data + _copied(data)),
    "a copy of the signature, unlisted": lambda data: _isa_table(data, more=_copied(data)),
    "a table alone, which takes an object away": _isa_freed,
}


def wrapped(data: bytes, *, cloak: bool = False, twice: bool = False) -> bytes:
    """The second signed part moved back; between, where nothing is signed, a second /ByteRange that finds it there, and a table
    at the very place to which the moved end of the file points. Digest and ends are those of the signer.

    `cloak`: the moved part stands in a stream. `twice`: the signature stands in a second object, whose range is its own.
    """
    _, length, after, rest = (int(word) for word in ranges(data)[-1][1].split())
    signed, tail, number, copy = data[after:], _last_table(data), _words(data), _trailer(data)[1]
    hole, room = _tight(data[length:after]), tail + 9000
    range_now = b"/ByteRange [0 %d %d %d]" % (length, room, rest)
    meta = re.sub(rb"/ByteRange\s*\[[^\]]*\]", range_now, signed[: signed.index(b"endobj")])
    gap = hole + meta + b"endobj\n"
    if twice:
        gap = b"<00>>>\nendobj\n%d 0 obj\n<</Contents %s%sendobj\n" % (copy, hole, meta)
    evil = length + len(gap)
    head = data[:length] + gap + _object(number)
    if twice:
        head += _field(data, copy)
    tail = max(tail, len(head))
    assert tail == _last_table(data), "no room before the place of the table"
    head = head.ljust(tail) + _table(data, head, {number: evil}, room - after)
    cloaked = b"%d 0 obj\n<</Length %d>>\nstream\n" % (copy + 1, rest) if cloak else b""
    return head.ljust(room - len(cloaked)) + cloaked + signed


def _tight(hole: bytes) -> bytes:
    """A hole without the zeros behind the DER in it, which make room."""
    value = bytes.fromhex(hole[1:-1].decode())
    return b"<%s>" % value[: 4 + int.from_bytes(value[2:4], "big")].hex().encode()


def _field(data: bytes, copy: int) -> bytes:
    """The field of the last signature once more, with another value."""
    fields = [one[0] for one in re.finditer(rb"\d+ 0 obj\n(?:(?!endobj).)*endobj\n", data, re.DOTALL) if b"/FT /Sig" in one[0]]
    return re.sub(rb"/V \d+ 0 R", b"/V %d 0 R" % copy, fields[-1])


def _table(data: bytes, head: bytes, evil: dict[int, int], shift: int) -> bytes:
    """A table of all objects where they are now."""
    _, length, after, _ = (int(word) for word in ranges(data)[-1][1].split())
    found = {int(one[1]): one.start(1) + (shift if one.start(1) >= after else 0) for one in _OBJECT.finditer(data)}
    found |= {int(one[1]): one.start(1) for one in _OBJECT.finditer(head, length)} | evil
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(found.items()))
    root, size = _trailer(head)
    return b"xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size %d/Root %s>>\n" % (lines, size, root)


SWA: dict[str, Callable[[bytes], bytes]] = {
    "the second part moved": wrapped,
    "the second part moved into a stream": functools.partial(wrapped, cloak=True),
    "a second dictionary with the signature": functools.partial(wrapped, twice=True),
}
