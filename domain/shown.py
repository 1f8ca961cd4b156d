"""Where a page has ink when it is shown: whatever is put on it later must stay clear of that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inked:
    """Squares of `cell` points from the upper left corner of the page as it is shown, with its turn.

    `rows`: from the top; bit n of a row tells whether there is ink in its square n, counted from the left.
    """

    cell: float
    rows: tuple[int, ...]

    def covered(self, left: float, top: float, right: float, bottom: float) -> int:
        """How many inked squares a rectangle touches; points, y downwards from the top of the page."""
        first, last = max(0, int(left / self.cell)), int(right / self.cell)
        if last < first:
            return 0
        mask = ((1 << (last - first + 1)) - 1) << first
        rows = self.rows[max(0, int(top / self.cell)) : max(0, int(bottom / self.cell) + 1)]
        return sum((row & mask).bit_count() for row in rows)
