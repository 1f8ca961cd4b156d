"""Pages of a file as a command line names them: `scan.pdf/1-3,5r90`. A file is no folder, so that no other file can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Refused
from domain.order import Span, parse


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page of a file by its number there; `turn`: clockwise degrees from how the file shows it, None: the reader decides."""

    page: int
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A file, which of its pages are wanted (None: all), and the name of what is made of it alone, without its ending."""

    path: Path
    pages: tuple[Span, ...] | None
    name: str

    def chosen(self, count: int) -> tuple[Chosen, ...]:
        """The pages in order, of a file that has `count`. Raises Refused `no_such_page`, `page_twice`."""
        if self.pages is None:
            return tuple(Chosen(number) for number in range(1, count + 1))
        found = tuple(Chosen(number, span.turn or None) for span in self.pages for number in span.numbers(count))
        if len({one.page for one in found}) < len(found):
            raise Refused("page_twice", "Một trang được ghi hai lần.", "A page is named twice.")
        return found


def asked(given: Path) -> Asked:
    """What a command line names. Raises Refused `bad_order` where pages are not understood."""
    if given.exists() or not given.parent.is_file():
        return Asked(given, None, given.stem)
    spans = parse(given.name)
    if any(span.document or span.aside for span in spans):
        raise Refused(
            "bad_order", "Sau dấu “/” chỉ ghi số trang như 1-3,5r90.", "Behind the “/” stand only pages, such as 1-3,5r90."
        )
    return Asked(given.parent, tuple(spans), f"{given.parent.stem}-{given.name}")


def is_whole(chosen: Sequence[Chosen], count: int) -> bool:
    """Whether these are all pages of a file, as they are there."""
    return list(chosen) == [Chosen(number) for number in range(1, count + 1)]
