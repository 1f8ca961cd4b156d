"""The QR code of an address as rectangles to be filled: error correction M (ISO/IEC 18004)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import segno

QUIET = 4
"""Modules that stay empty on every side (ISO/IEC 18004, 5.3.8)."""


@dataclass(frozen=True, slots=True)
class Code:
    """A symbol of `size` × `size` modules without its quiet zone; `rows`: for each row, from the top, where dark modules run:
    `(start, length)`.
    """

    size: int
    rows: tuple[tuple[tuple[int, int], ...], ...]

    def operators(self) -> bytes:
        """Filled rows, a unit a module, the lower left corner at the origin; they overlap a little: no seams show."""
        rows = [b"1 0 0 1 0 %d cm\n" % self.size]
        for row in self.rows:
            path = b"".join(b"%d -.1 %d 1.1 re\n" % run for run in row)
            rows.append(b"1 0 0 1 0 -1 cm\n%bf\n" % path)
        return b"".join(rows)


def code(address: str) -> Code:
    """The smallest symbol that holds the address."""
    matrix = segno.make(address, error="m", micro=False, boost_error=False).matrix
    return Code(len(matrix), tuple(_runs(bytes(row)) for row in matrix))


def _runs(row: bytes) -> tuple[tuple[int, int], ...]:
    found, at = [], 0
    for dark, group in itertools.groupby(row):
        length = len(list(group))
        if dark:
            found.append((at, length))
        at += length
    return tuple(found)
