"""Where on a line a number of a person or a day stands that breaks its rule.

1. A label says which number is meant: `Số CCCD:`, `Thẻ BHYT số`, `Ngày sinh`. What stands behind it up to the next word is one
   number, whatever spaces and signs part it.
2. Without a label a word must look like one: a day with two signs, a card's fifteen or a citizen's twelve characters with a
   letter among them that looks like a digit.
3. What keeps its rule is no doubt; nor is a day with a year of two digits, an amount of money, or what has two characters more
   or less than the rule asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from domain.numbers import CARD_SHAPE, CITIZEN_SHAPE, INSURED_SHAPE, OLD_CITIZEN_SHAPE
from domain.text import fold
from ocr.automata import BOXED_DAY, CARD, CITIZEN, DAY, INSURED, OLD_CITIZEN, Rule, accepts
from ocr.spelling import Spelt

_LABELLED, _SHAPED = log(30.0), log(5.0)
"""How much likelier it is, before looking, that a number of the rule stands there than that what was read does."""
_LABEL = re.compile(
    r"(?P<card>cccd|can cuoc|dinh danh)|(?P<old>cmnd|cmtnd|\bcmt\b|chung minh)|(?P<insurance>bhyt|bhxh|bao hiem|\bthe bh\w*)|"
    r"(?P<day>\b(?:ngay|sinh|tu|den|han|luc)\b)"
)
_BETWEEN = re.compile(r"[^a-z]*(?:(?:so|ma|the|cong|dan|nhan|ca|ho|chieu|y|te|xa|hoi|cu|moi|cua|nguoi|benh|nb|bn)\b[^a-z]*)*")
_BETWEEN_DAY = re.compile(r"[^a-z]*(?:[a-z]+[^a-z]*){0,4}")
"""What may stand between a label and its number."""
_BEFORE = 8
"""Words before a number among which its label is looked for."""
_EDGES = "'\"`’‘“”:;,.|_*()[]~°?•"
_SIGNS = frozenset(" .-–·|,_")
"""What may stand between the digits of a number."""
_GLUED = re.compile(r"[^\W\d]{2,}.*:(?=[^:])")
_LIKE_DIGITS = "0-9OoQDCĐIl|!SsBZzb?"
_AS_CITIZEN = re.compile(rf"(?!\d+$)[0OoQDC][{_LIKE_DIGITS}]{{11}}")
_AS_CARD = re.compile(rf"(?!\d+$)(?:[A-ZĐ][A-ZĐ058]|[058][A-ZĐ])[1-5IlSBZT][{_LIKE_DIGITS}]{{12}}")
_LOOKALIKE = re.compile(rf"[{_LIKE_DIGITS}A-ZĐ]{{1,3}}")
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?\D*")
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}")
_DIGIT = re.compile(r"\d")
_MONTH_YEAR = frozenset({"thang", "nam"})
_LONGEST_DAY = 15


@dataclass(frozen=True, slots=True)
class _Family:
    """Numbers behind a label: the rules of which one must hold, each with its length and shape."""

    rules: tuple[tuple[Rule, int, re.Pattern[str]], ...]

    def keeps(self, bare: str) -> bool:
        """Whether a number without signs is of one of the shapes."""
        return any(shape.fullmatch(bare) for _, _, shape in self.rules)

    def ended(self, bare: str) -> bool:
        """Whether nothing more belongs to it."""
        return self.keeps(bare) or len(bare) >= max(length for _, length, _ in self.rules)

    def near(self, bare: str) -> tuple[Rule, ...]:
        """The rules that ask for at most one character more or less."""
        return tuple(rule for rule, length, _ in self.rules if abs(len(bare) - length) < 2)


_NEW_CARD, _OLD_CARD = (CITIZEN, 12, CITIZEN_SHAPE), (OLD_CITIZEN, 9, OLD_CITIZEN_SHAPE)
_FAMILIES = {
    "card": _Family((_NEW_CARD,)),
    "old": _Family((_NEW_CARD, _OLD_CARD)),
    "insurance": _Family(((CARD, 15, CARD_SHAPE), (INSURED, 10, INSURED_SHAPE))),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words `first` to `last` of a line, of them what stands from character `start` of the first up to `end` of the last: `text`,
    single spaces between words. `rules`: those of which one should hold; `signs`: what may stand between its characters;
    `odds`: see `_LABELLED`; `boxed`: it was read in pieces that nobody writes, as from boxes: a digit or two by themselves, or
    the first letter of a card.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    rules: tuple[Rule, ...]
    signs: frozenset[str]
    odds: float
    boxed: bool = False

    def bare(self, text: str) -> str:
        """A text without signs."""
        return "".join(char for char in text if char not in self.signs)


def doubts(words: Sequence[Spelt], before: str = "") -> Iterator[Doubt]:
    """Those of a line, left to right; `before`: what stands left of it on its row."""
    place = begin = 0
    figures = [_is_figure(word.text) for word in words] + [False]
    while place < len(words):
        if not figures[place] and not (figures[place + 1] and len(words[place].text) < 5):
            place += 1
            continue
        end, doubt = _Run(words, place, _label(words, begin, place, before)).looked_at()
        if doubt:
            yield doubt
        begin = end if end > place else begin
        place = max(end, place + 1)


def announced(lines: Sequence[tuple[Sequence[float], Sequence[Spelt]]]) -> Iterator[tuple[int, str]]:
    """Of the lines of a page (box x0, y0, x1, y1 and words) those that begin with a doubt which only a label left of them raises:
    their number, and that label's words.
    """
    for number, (box, words) in enumerate(lines):
        if not words or not _is_figure("".join(word.text for word in words[:2])):
            continue
        beside = [one for one in lines if one[1] and one[0][2] < box[0] + box[3] - box[1] and _on_one_row(one[0], box)]
        if beside:
            _, left = max(beside, key=lambda one: one[0][2])
            before = " ".join(word.text for word in left[-_BEFORE:])
            if next((doubt.first for doubt in doubts(words, before)), 1) == 0 and list(doubts(words, before)) != list(
                doubts(words)
            ):
                yield number, before


def _on_one_row(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes stand beside each other: the middle of each is at the height of the other."""
    return one is not other and all(a[1] < (b[1] + b[3]) / 2 < a[3] for a, b in ((one, other), (other, one)))


def _label(words: Sequence[Spelt], begin: int, place: int, before: str) -> str | None:
    """Which number a label announces at a word: the last label before it that nothing parts from it."""
    start, _ = _core(words[place].text)
    own = [word.text for word in words[max(begin, place - _BEFORE) : place]]
    text = fold(" ".join((*([] if begin else [before]), *own, words[place].text[:start])))
    last = next(reversed(list(_LABEL.finditer(text))), None)
    if last is None:
        return None
    between = _BETWEEN_DAY if last.lastgroup == "day" else _BETWEEN
    return last.lastgroup if between.fullmatch(text[last.end() :]) else None


@dataclass(frozen=True, slots=True)
class _Run:
    """The words from `place` on, which may be a number; `label`: what is announced."""

    words: Sequence[Spelt]
    place: int
    label: str | None

    def looked_at(self) -> tuple[int, Doubt | None]:
        """The first word behind the number, `place` where none begins, and the doubt about it."""
        text = self.words[self.place].text
        start, end = _core(text)
        core = text[start:end]
        if not core:
            return self.place, None
        if self.label in _FAMILIES:
            return self._number(_FAMILIES[self.label], core)
        if _has_signs(core) and _is_figure(core):
            return self.place + 1, self._day(self.place)
        if self.label == "day" and (_is_figure(core) or _LOOKALIKE.fullmatch(core)):
            return self._spread_day()
        for shape, rule in ((_AS_CITIZEN, CITIZEN), (_AS_CARD, CARD)):
            if shape.fullmatch(core) and _is_figure(core) and not CARD_SHAPE.fullmatch(core):
                return self.place + 1, self._doubt(self.place, (rule,), frozenset(), _SHAPED)
        return self.place + _is_figure(core), None

    def _number(self, family: _Family, core: str) -> tuple[int, Doubt | None]:
        """Rule 1."""
        follows = self.words[self.place + 1].text if self.place + 1 < len(self.words) else ""
        if not (_is_figure(core) or (_LOOKALIKE.fullmatch(core) and _is_figure(follows))):
            return self.place, None
        last, bare = self.place, _alone(core)
        for number in range(self.place + 1, len(self.words)):
            text = self.words[number].text
            goes_on = _is_figure(text) or _LOOKALIKE.fullmatch(text) or not _alone(text)
            if family.ended(bare) or not goes_on or accepts(DAY, text.strip(_EDGES)):
                break
            last, bare = (number, bare + _alone(text)) if _alone(text) else (last, bare)
        pieces = [word.text for word in self.words[self.place : last + 1]]
        boxed = len(pieces) > 1 and (min(map(len, pieces)) < 3 if bare.isdigit() else len(pieces[0]) < 2)
        rules = family.near(bare)
        if not rules or (family.keeps(bare) and not boxed):
            return last + 1, None
        return last + 1, self._doubt(last, rules, _SIGNS & set(" ".join(pieces)), _LABELLED, boxed=boxed)

    def _spread_day(self) -> tuple[int, Doubt | None]:
        """A day whose parts were read as several words, or whose signs were lost."""
        last, length = self.place, len(self.words[self.place].text)
        for number in range(self.place + 1, len(self.words)):
            text, begun = self.words[number].text, "".join(word.text for word in self.words[self.place : last + 1])
            goes_on = _is_figure(text) or not _alone(text) or fold(text) in _MONTH_YEAR
            if not goes_on or length + len(text) > _LONGEST_DAY or accepts(DAY, begun):
                break
            last, length = number, length + len(text)
        pieces = [word.text for word in self.words[self.place : last + 1]]
        if len(pieces) > 5 and all(len(piece) < 3 for piece in pieces) and "".join(pieces).isalnum():
            return last + 1, self._doubt(last, (BOXED_DAY,), frozenset(" "), _LABELLED, boxed=True)
        return last + 1, self._day(last)

    def _day(self, last: int) -> Doubt | None:
        signs = frozenset(" " if last > self.place else "")
        doubt = self._doubt(last, (DAY,), signs, _LABELLED if self.label == "day" else _SHAPED)
        bare = doubt.bare(doubt.text)
        if not 7 <= len(bare) <= _LONGEST_DAY or _MONEY.fullmatch(bare) or _SHORT_YEAR.fullmatch(bare):
            return None
        return None if accepts(DAY, bare) or accepts(BOXED_DAY, bare) else doubt

    def _doubt(self, last: int, rules: tuple[Rule, ...], signs: frozenset[str], odds: float, *, boxed: bool = False) -> Doubt:
        texts = [word.text for word in self.words[self.place : last + 1]]
        start, end = _core(texts[0])[0], _core(texts[-1])[1]
        texts[-1] = texts[-1][:end]
        texts[0] = texts[0][start:]
        return Doubt(self.place, last, start, end, " ".join(texts), rules, signs, odds, boxed)


def _core(text: str) -> tuple[int, int]:
    """From where to where a word is what it says: without the signs around it, and a label glued to it."""
    glued = _GLUED.match(text)
    start = glued.end() if glued else 0
    start += len(text[start:]) - len(text[start:].lstrip(_EDGES))
    return start, max(start, len(text.rstrip(_EDGES)))


def _alone(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _is_figure(text: str) -> bool:
    """Whether at least four in ten of its letters and digits are digits."""
    digits = len(_DIGIT.findall(text))
    return digits > 0 and digits >= 0.4 * len(_alone(text))


def _has_signs(core: str) -> bool:
    signs = [char for char in core if char in "/-.:,"]
    return len(signs) > 1 and any(char in "/-." for char in signs)
