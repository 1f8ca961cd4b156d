"""What people said stands on a page where it was misread, and the reading with their words in it.

Rules
1. A correction names a place: the box around the words that it was made over. Nothing is ever written over: what was read stays
   as it was, a correction is corrected by a newer one, and taken back by one that says so.
2. It holds where words of one line, inside one cell or outside of all, fill its box from end to end, to half a letter's height or
   so. A reader of later days may have parted the words otherwise: whoever finds no such words changes nothing, and says so.
3. Words that stay the same keep their boxes. Where there are as many as before, each takes the place of one; otherwise the
   box around those that changed is shared out by the length of the new words.
4. Each word that a person vouched for says what the reader had read there, who said so, and when; it is sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby

from domain.pages import Box, Cell, Changed, PageReading, Word, around

_ENDS = 0.5
"""How far the ends of a place may lie beside those of a box, in heights of the box."""


@dataclass(frozen=True, slots=True)
class WordCorrection:
    """One deed on a page. `number` counts the page's deeds from 1; `read` is what the words in the box said before, `text` what
    they say now (NFC, one space between words), empty where the deed takes back the one numbered `takes_back`. `by` is a login,
    `at` is UTC.
    """

    number: int
    page: int
    box: Box
    read: str
    text: str
    by: str
    at: datetime
    takes_back: int | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """Words of a reading that a person vouched for, as they were read: where, what was read there, what stands there."""

    box: Box
    read: str
    text: str


def moment(at: datetime) -> str:
    """A time in UTC as `Changed.at` has it; later ones sort behind earlier ones."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def standing(deeds: Iterable[WordCorrection]) -> list[WordCorrection]:
    """The corrections that were not taken back, oldest first."""
    known = sorted(deeds, key=lambda one: one.number)
    gone = {one.takes_back for one in known}
    return [one for one in known if one.takes_back is None and one.number not in gone]


def applied(reading: PageReading, deeds: Iterable[WordCorrection]) -> tuple[PageReading, frozenset[int]]:
    """The reading as people corrected it, and the numbers of the corrections that hold nowhere on it (rule 2)."""
    missed = set()
    for one in standing(deeds):
        place = _place(reading, one.box)
        if place is None:
            missed.add(one.number)
        else:
            reading = _rewritten(reading, place, one)
    return reading, frozenset(missed)


def lines(reading: PageReading) -> list[range]:
    """Which words make a line that can be corrected as a whole: one after the other, in one cell or outside of all."""
    homes: list[int | None] = [None] * len(reading.words)
    for number, cell in enumerate(reading.cells):
        homes[cell.start : cell.end] = [number] * (cell.end - cell.start)
    runs = groupby(range(len(reading.words)), key=lambda n: (reading.words[n].line, homes[n]))
    found = [list(run) for _, run in runs]
    return [range(run[0], run[-1] + 1) for run in found]


def in_one_line(reading: PageReading, place: range) -> bool:
    """Whether these words are there, on one line, in one cell or outside of all."""
    if not place or place.start < 0 or place.stop > len(reading.words):
        return False
    parted = any(cell.start in place[1:] or cell.end in place[1:] for cell in reading.cells)
    return not parted and len({word.line for word in reading.words[place.start : place.stop]}) == 1


def taught(reading: PageReading) -> Iterator[Taught]:
    """What people's corrections teach, piece by piece: words that were read as one, or one for one."""
    for run in lines(reading):
        for read, told in groupby((reading.words[n] for n in run), key=_vouched):
            words = list(told)
            if read is not None:
                yield Taught(around(words), read, " ".join(word.text for word in words))


def _vouched(word: Word) -> str | None:
    """What was read where a person vouched for a word."""
    return word.changed.read if word.changed and word.changed.by else None


def _place(reading: PageReading, box: Box) -> range | None:
    """Rule 2."""
    inside = [n for n, word in enumerate(reading.words) if box.holds(*word.box.middle)]
    if not inside:
        return None
    place = range(inside[0], inside[-1] + 1)
    there = around(reading.words[n] for n in place)
    room = _ENDS * max(box.height, 1.0)
    fills = abs(there.x0 - box.x0) <= room and abs(there.x1 - box.x1) <= room
    return place if fills and in_one_line(reading, place) else None


def _rewritten(reading: PageReading, place: range, deed: WordCorrection) -> PageReading:
    old = reading.words[place.start : place.stop]
    texts = deed.text.split()
    new: list[Word] = []
    for before, after in _pieces([word.text for word in old], texts):
        new += _shared(old[before.start : before.stop], texts[after.start : after.stop], deed)
    more = len(new) - len(old)
    words = (*reading.words[: place.start], *new, *reading.words[place.stop :])
    cells = tuple(_moved(cell, place.stop, more) for cell in reading.cells)
    return replace(reading, words=words, cells=cells)


def _moved(cell: Cell, end: int, more: int) -> Cell:
    """Which words stand in a cell, when there are so many more before place `end`."""
    start = cell.start + more if cell.start >= end else cell.start
    return replace(cell, start=start, end=cell.end + more if cell.end >= end else cell.end)


def _pieces(old: Sequence[str], new: Sequence[str]) -> list[tuple[range, range]]:
    """Rule 3: which old words became which new ones, as finely as can be told; no side of a piece is empty."""
    pieces: list[tuple[range, range]] = []
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b - a == d - c:
            pieces += [(range(a + n, a + n + 1), range(c + n, c + n + 1)) for n in range(b - a)]
        else:
            pieces.append((range(a, b), range(c, d)))
    whole: list[tuple[range, range]] = []
    for before, after in pieces:
        if whole and not (before and after and all(whole[-1])):
            last = whole.pop()
            whole.append((range(last[0].start, before.stop), range(last[1].start, after.stop)))
        else:
            whole.append((before, after))
    return whole


def _shared(old: Sequence[Word], texts: Sequence[str], deed: WordCorrection) -> list[Word]:
    """The new words of a piece, each with its part of the box around the old ones."""
    changed = Changed(_read(old), by=deed.by, at=moment(deed.at))
    box, all_of_it = around(old), len(" ".join(texts))
    made, done = [], 0
    for text in texts:
        x0, x1 = (box.x0 + box.width * at / all_of_it for at in (done, done + len(text)))
        made.append(Word(text, replace(box, x0=x0, x1=min(x1, box.x1)), 1.0, old[0].line, changed))
        done += len(text) + 1
    return made


def _read(words: Sequence[Word]) -> str:
    """What the reader read there, whatever was said since; words that came of one piece count once."""
    first: list[str] = []
    last: Changed | None = None
    for word in words:
        if word.changed is None or word.changed is not last:
            first.append(word.changed.read if word.changed else word.text)
        last = word.changed
    return " ".join(first)
