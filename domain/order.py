"""Pages as people write them: `1-3,5,4r90,0190…:2-4,x1`.

    order = part ("," part)…
    part  = [DOCUMENT ":"] ["x"] pages ["r" DEGREES]
    pages = N | N "-" M (backwards where M is the smaller) | N "-" (to the last)

`x` names pages that were set aside. `r90`, `r180`, `r270` turn clockwise. Nothing is expanded before it is held against how many
pages there are: `1-999999999` costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.arrangement import Pick
from domain.errors import Refused

LONGEST = 20_000
"""Characters of an order."""
_PART = re.compile(
    r"(?:(?P<document>[0-9a-f]{1,40}):)?(?P<aside>x)?(?P<first>\d{1,9})(?P<to>-(?P<last>\d{1,9})?)?(?:r(?P<turn>90|180|270))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Pages `first` to `last` (None: the last there is) of a document (None: the one that is arranged) or set aside there."""

    first: int
    last: int | None
    document: str | None = None
    aside: bool = False
    turn: int = 0

    def numbers(self, count: int) -> range:
        """Which pages these are of `count`. Raises Refused `no_such_page`."""
        last = count if self.last is None else self.last
        for number in (self.first, last):
            if not 1 <= number <= count:
                raise Refused(
                    "no_such_page", f"Không có trang {number}; có {count} trang.", f"There is no page {number} of {count}."
                )
        return range(self.first, last + 1) if self.first <= last else range(self.first, last - 1, -1)


def parse(text: str) -> list[Span]:
    """The parts of an order. Raises Refused `bad_order`."""
    parts = [part.strip() for part in text.split(",")] if len(text) <= LONGEST else [""]
    return [_span(part) for part in parts]


def numbers(text: str, count: int) -> list[int]:
    """Plain page numbers out of `count`: no other document, nothing set aside, no turn. Raises Refused `bad_order`,
    `no_such_page`.
    """
    spans = parse(text)
    if any(span.document or span.aside or span.turn for span in spans):
        raise _bad(text)
    return [number for span in spans for number in span.numbers(count)]


def picks(spans: Sequence[Span], count: Callable[[str | None, bool], int]) -> Iterator[Pick]:
    """Page by page. `count` says how many pages a document has, or has set aside. Raises Refused `no_such_page`."""
    for span in spans:
        for number in span.numbers(count(span.document, span.aside)):
            yield Pick(number, span.document, span.aside, span.turn)


def _span(part: str) -> Span:
    found = _PART.fullmatch(part)
    if found is None:
        raise _bad(part)
    first = int(found["first"])
    last = first if found["to"] is None else int(found["last"]) if found["last"] else None
    return Span(first, last, found["document"], found["aside"] is not None, int(found["turn"] or 0))


def _bad(part: str) -> Refused:
    shown = part[:40] if part.isascii() and part.isprintable() else "?"
    return Refused(
        "bad_order",
        f"Không hiểu “{shown}”. Ghi số trang như 1-3,5,4r90, trang của tài liệu khác như MÃ:2-4, trang để riêng như x1.",
        f"“{shown}” is not understood. Write pages as 1-3,5,4r90, those of another document as ID:2-4, set-aside ones as x1.",
    )
