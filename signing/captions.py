"""Signature lines of a form: whose name is to stand where, told by the words printed there.

1. `data/captions.csv` says which captions belong to which capacity, as words without tones; a field's own title counts too.
   `director` is where the seal goes, `other` never ours, `hint` what stands below a caption: (Ký, ghi rõ họ tên).
2. A caption stands alone in its column: a label with its value on the line (Bác sĩ điều trị: …) is none.
3. It must be told by more than its words: a date above it, a hint below it, capitals, other captions beside it, nothing below.
4. A short line below a date is somebody's caption, though no table knows it: the author's, where none else is theirs.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from domain.signers import Capacity
from domain.text import fold
from signing.page import Rect
from signing.printed import Area, PrintedWord

DIRECTOR, OTHER, HINT, UNKNOWN = "director", "other", "hint", "unknown"
_LONGEST = 8
"""Words of a caption with the name of a department after it."""
_MORE = 5
"""Words that may follow: Trưởng khoa / Nội tổng hợp."""
_GAP = 1.8
"""Heights of a line between two columns."""
_NEAR = 2.2
"""Heights of a line between a date and the caption below it, or a caption and its hint."""
_BELOW = 3.0
"""Heights of a line that stay empty below a caption."""
_ENOUGH, _MUCH = 2, 4
"""Evidence for a caption of the table, and for one that nobody knows: that has a date above, and nothing below but a hint."""
_SPECK = 2
"""Letters."""
_DATE = re.compile(r"ngay.{0,24}thang.{0,16}nam|ngay[\s./_…]*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class Run:
    """Words of one line without a wide gap. `box`: points on the page as it is shown, y upwards."""

    text: str
    box: Rect
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        self.folded = _plain(self.text)

    @property
    def high(self) -> float:
        """Points."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Caption:
    """Where somebody signs. `box` includes the hint below; `left` and `right`: how far its column reaches.

    `evidence`: how sure it is (rule 3). `capacity`: as in the table, or `unknown`.
    """

    text: str
    capacity: str
    box: Rect
    left: float
    right: float
    evidence: int

    @property
    def middle(self) -> float:
        """Of its words, not of its column."""
        return (self.box[0] + self.box[2]) / 2


def captions(words: Sequence[PrintedWord], paper: Rect) -> list[Caption]:
    """All signature lines of a page, from its top to its foot."""
    runs = _runs(words, paper)
    alone = [(run, _capacity(run)) for run in runs]
    hints = [run for run, capacity in alone if capacity == HINT]
    known = [(run, _capacity(run, hinted=True) if _hint(run, hints) else capacity) for run, capacity in alone]
    captioned = [(run, capacity) for run, capacity in known if capacity not in (None, HINT)]
    found = [_caption(run, str(capacity), runs, [one for one, _ in captioned], hints) for run, capacity in captioned]
    named = {id(run) for run, _ in captioned}
    unknown = [run for run in runs if id(run) not in named and _between(run, runs)]
    found += [_caption(run, UNKNOWN, runs, [], hints) for run in unknown]
    sure = (one for one in found if one.evidence >= (_MUCH if one.capacity == UNKNOWN else _ENOUGH))
    return sorted(sure, key=lambda one: -one.box[1])


def chosen(found: Sequence[Caption], capacity: str, title: str) -> list[Caption]:
    """Those of `captions` where somebody signs as `capacity`, or what the field is called, the best first."""
    called = _plain(title)
    own = [one for one in found if _same(_plain(one.text), called)]
    wanted = (Capacity.SEAL.value, DIRECTOR) if capacity == Capacity.SEAL else (capacity,)
    fitting = own or [one for one in found if one.capacity in wanted]
    if not fitting and capacity == Capacity.AUTHOR:
        fitting = [one for one in found if one.capacity == UNKNOWN]
    return sorted(fitting, key=lambda one: (-one.evidence, one.box[1], -one.box[0]))


def _runs(words: Sequence[PrintedWord], paper: Rect) -> list[Run]:
    lines: dict[int, list[PrintedWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    found = []
    for line in lines.values():
        ordered = sorted(line, key=lambda one: one.area.x0)
        boxes = [on_page(one.area, paper) for one in ordered]
        high = sorted(box[3] - box[1] for box in boxes)[len(boxes) // 2]
        start = 0
        for place in range(1, len(ordered) + 1):
            if place == len(ordered) or boxes[place][0] - boxes[place - 1][2] > _GAP * high:
                text = " ".join(one.text for one in ordered[start:place])
                found.append(Run(text, _around(boxes[start:place])))
                start = place
    return _joined(found)


def _joined(runs: Sequence[Run]) -> list[Run]:
    """What stands close together on one level is one, whichever lines the reader took it for."""
    left: list[Run] = []
    for run in sorted(runs, key=lambda one: one.box[0]):
        before = next((one for one in left if _level(one, run) and -run.high < run.box[0] - one.box[2] <= run.high), None)
        if before:
            left.remove(before)
        left.append(Run(f"{before.text} {run.text}", _around([before.box, run.box])) if before else run)
    return left


def on_page(area: Area, paper: Rect) -> Rect:
    """Shares of a sheet of paper as points on it."""
    left, bottom, right, top = paper
    wide, high = right - left, top - bottom
    return left + area.x0 * wide, top - area.y1 * high, left + area.x1 * wide, top - area.y0 * high


def _caption(run: Run, capacity: str, runs: Sequence[Run], captioned: Sequence[Run], hints: Sequence[Run]) -> Caption:
    """Rule 3."""
    below = [one for one in runs if one is not run and _under(one, run)]
    hint = _hint(run, hints)
    box = _around([run.box, hint.box]) if hint else run.box
    foot = box[1] - _BELOW * run.high
    empty = not any(foot < one.box[3] and one.box[1] < box[1] for one in below if one is not hint)
    beside = any(one is not run and _level(one, run) for one in captioned)
    capitals = run.text.upper() == run.text
    evidence = 2 * _dated(run, runs) + 2 * bool(hint) + capitals + empty + beside
    lefts = [(one.box[2] + run.box[0]) / 2 for one in runs if _level(one, run) and one.box[2] <= run.box[0]]
    rights = [(one.box[0] + run.box[2]) / 2 for one in runs if _level(one, run) and one.box[0] >= run.box[2]]
    return Caption(run.text, capacity, box, max(lefts, default=-1e6), min(rights, default=1e6), evidence)


def _hint(run: Run, hints: Iterable[Run]) -> Run | None:
    """What stands right below it in brackets."""
    near = (one for one in hints if _under(one, run) and run.box[1] - one.box[3] < _NEAR * run.high)
    return next(near, None)


def _between(run: Run, runs: Sequence[Run]) -> bool:
    """Rule 4."""
    short = 0 < len(run.folded.split()) <= _LONGEST and ":" not in run.text and not _DATE.search(fold(run.text))
    return short and _capacity(run) is None and run.text.upper() == run.text and _dated(run, runs)


def _capacity(run: Run, *, hinted: bool = False) -> str | None:
    """Rules 1 and 2: by the longest caption that the run is, or begins with; a speck before it may have been read as a letter.

    `hinted`: there is a hint below it, so that it is no sentence.
    """
    words = run.folded.split()
    inside = run.text.strip().rstrip(":")
    if not 0 < len(words) <= _LONGEST or ":" in inside or _DATE.search(fold(run.text)):
        return None
    titled = hinted or _titled(run.text)
    found = _named(words, titled=titled)
    return found or (_named(words[1:], titled=titled) if len(words[0]) <= _SPECK else None)


def _named(words: Sequence[str], *, titled: bool) -> str | None:
    best = ""
    for caption in _table():
        begins = words[: len(caption.split())]
        more = len(words) - len(begins)
        if len(caption) > len(best) and more <= _MORE and _same(" ".join(begins), caption):
            best = caption
    if best and len(words) > len(best.split()) and not titled:
        return None  # a sentence that begins like one
    return _table().get(best)


def _titled(text: str) -> bool:
    """Whether all of it is set as a title: in capitals, or each word with one."""
    words = _LETTERS.findall(text)
    return text.upper() == text or sum(word[0].isupper() for word in words) * 2 >= len(words)


def _plain(text: str) -> str:
    """Words without tones, and nothing between them."""
    return " ".join(_LETTERS.findall(fold(text)))


def _same(read: str, caption: str) -> bool:
    """Alike but for one letter in six, as scans are read."""
    if read == caption:
        return True
    most = len(caption) // 6
    return bool(most and read) and abs(len(read) - len(caption)) <= most and _distance(read, caption) <= most


def _distance(one: str, other: str) -> int:
    """Letters to change, leave out or put in."""
    before = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        row = [place]
        for number, wanted in enumerate(other, 1):
            row.append(min(before[number] + 1, row[-1] + 1, before[number - 1] + (letter != wanted)))
        before = row
    return before[-1]


def _dated(run: Run, runs: Iterable[Run]) -> bool:
    """Whether a date stands right above it."""
    return any(
        _DATE.search(fold(one.text)) and _over(one.box, run.box) and 0 <= one.box[1] - run.box[3] + 3 < _NEAR * run.high + 3
        for one in runs
    )


def _under(one: Run, run: Run) -> bool:
    return one.box[3] <= run.box[1] + run.high / 2 and _over(one.box, run.box)


def _over(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2]


def _level(one: Run, other: Run) -> bool:
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return shared > min(one.high, other.high) / 2


def _around(boxes: Sequence[Rect]) -> Rect:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


@functools.cache
def _table() -> dict[str, str]:
    """Captions as words without tones, with their capacity."""
    rows = csv.DictReader(files("signing").joinpath("data/captions.csv").read_text(encoding="utf-8").splitlines())
    return {_plain(row["caption"]): row["capacity"] for row in rows}
