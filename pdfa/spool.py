"""Streams that wait on disk: a bare PDF written from front to back, to be opened again and given pages.

pikepdf holds every stream it is given in memory until the file is saved, but reads those of an opened file when they are needed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import BinaryIO

from pikepdf import Dictionary

_HEAD = b"%PDF-1.7\n"


class Spool:
    """Writes into `file`, which is the caller's to close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets: list[int] = []
        file.write(_HEAD)
        self._add(b"<</Type/Catalog/Pages 2 0 R>>")
        self._add(b"<</Type/Pages/Kids[]/Count 0>>")

    def add(self, attributes: Dictionary, data: bytes) -> int:
        """Writes one stream and returns its object number (generation 0)."""
        attributes.Length = len(data)
        return self._add(attributes.unparse(), b"\nstream\n", data, b"\nendstream")

    def pour(self, chunks: Iterable[bytes]) -> int:
        """Writes one stream of any length, deflated on the way, and returns its object number."""
        number = len(self._offsets) + 1
        self._begin(number)
        self._file.write(b"<</Filter/FlateDecode/Length %d 0 R>>\nstream\n" % (number + 1))
        start, press = self._file.tell(), zlib.compressobj()
        for chunk in chunks:
            self._file.write(press.compress(chunk))
        self._file.write(press.flush())
        length = self._file.tell() - start
        self._file.write(b"\nendstream\nendobj\n")
        self._add(b"%d" % length)
        return number

    def finish(self) -> None:
        """Writes the table that makes it a PDF (ISO 32000-1, 7.5.4)."""
        start, count = self._file.tell(), len(self._offsets) + 1
        rows = "".join(f"{offset:010d} 00000 n \n" for offset in self._offsets)
        table = f"xref\n0 {count}\n0000000000 65535 f \n{rows}trailer <</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        self._file.write(table.encode())
        self._file.flush()

    def _add(self, *parts: bytes) -> int:
        number = len(self._offsets) + 1
        self._begin(number)
        self._file.write(b"".join((*parts, b"\nendobj\n")))
        return number

    def _begin(self, number: int) -> None:
        self._offsets.append(self._file.tell())
        self._file.write(b"%d 0 obj\n" % number)
