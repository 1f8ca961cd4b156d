"""Numbers of persons and days that break their rule are read once more under it; what was read at first stays beside.

1. Only what breaks its rule is read again (`doubts.py`). A number that keeps its rule is never touched, however unsure: another
   one that keeps it too would be a guess, and another patient's chart. Nor is what was read too badly as a whole.
2. The steps of the network are searched for the likeliest texts of the rule (`automata.py`, `beam.py`). A letter that looks like
   a digit speaks for the digit, and the other way round.
3. The likeliest becomes the word only where it is much likelier than all other texts of the rule together and than what was
   read. Else nothing is changed.
4. The word says what was read at first and which rule was asked. It is no surer than before, and no surer than the search.
5. Digits read one by one behind a label, as from boxes, become one word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import exp, log

import numpy as np

from domain.pages import Changed
from ocr import beam
from ocr.automata import accepts
from ocr.beam import Likely
from ocr.doubts import Doubt, doubts
from ocr.spelling import Spelt, mean

_ENOUGH, _ENOUGH_FOR_DIGITS = 0.8, 0.9
"""How sure the search must be; and where it puts a digit for another, adds or drops one. Of those from 0.8 to 0.9 every third was
wrong on damaged made-up pages, of the others one in twenty.
"""
_LEGIBLE = 0.8
"""Mean confidence of its characters below which a number is not read again: of those on damaged made-up pages every second ruled
reading was wrong, and of the others one in thirty.
"""
_ALIKE = {
    "0": {"O": 0.5, "o": 0.5, "Q": 0.3, "D": 0.1, "C": 0.03, "Đ": 0.03},
    "1": {"I": 0.5, "l": 0.5, "|": 0.5, "!": 0.3, "i": 0.3, "]": 0.2, "[": 0.2, "J": 0.1, "/": 0.1},
    "2": {"Z": 0.5, "z": 0.3},
    "4": {"A": 0.05},
    "5": {"S": 0.5, "s": 0.3},
    "6": {"b": 0.3, "G": 0.1},
    "7": {"T": 0.1, "?": 0.1},
    "8": {"B": 0.3},
    "9": {"g": 0.3, "q": 0.3},
    "B": {"8": 0.3},
    "D": {"Đ": 0.5, "0": 0.1, "O": 0.1},
    "G": {"6": 0.1},
    "O": {"0": 0.5, "Q": 0.3},
    "S": {"5": 0.5},
    "T": {"7": 0.1, "I": 0.1},
    "/": {"|": 0.3, "l": 0.1},
}
"""For a character those that it is read as where the eye is unsure, and the part of their likelihood that speaks for it."""
_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/-.,·–_|áăghmnt "
_UNUSUAL = log(20.0)
"""How much rarer a card of no known group is."""


class Rules:
    """Reads doubtful numbers of a line again."""

    def __init__(self, charset: Sequence[str]) -> None:
        """`charset` as in the recogniser's card."""
        self._classes = {char: number for number, char in enumerate(charset, start=1)}
        self._chars = [char for char in _CHARS if char in self._classes]
        weights = np.zeros((len(self._chars), len(charset) + 1), np.float32)
        for row, char in enumerate(self._chars):
            for other, weight in {char: 1.0, **_ALIKE.get(char, {})}.items():
                if other in self._classes:
                    weights[row, self._classes[other]] = weight
        self._alike = np.flatnonzero(weights.any(axis=0))
        self._weights = weights[:, self._alike]

    def settled(self, words: Sequence[Spelt], likely: Likely, before: str = "") -> list[Spelt]:
        """The words of a line; `likely` `(classes, steps)`: what the network said of it; `before`: what stands left of it."""
        found: list[Spelt] = []
        done = 0
        for doubt in doubts(words, before):
            ruled = self._again(words, doubt, likely)
            if ruled:
                found += [*words[done : doubt.first], *_changed(words, doubt, *ruled)]
                done = doubt.last + 1
        return [*found, *words[done:]]

    def _again(self, words: Sequence[Spelt], doubt: Doubt, likely: Likely) -> tuple[str, float] | None:
        """The text of the rule and how sure it is (0..1), where it is sure enough (rule 3)."""
        bare = doubt.bare(doubt.text)
        if doubt.boxed and any(accepts(rule, bare) for rule in doubt.rules):
            return bare, 1.0
        if mean(words[doubt.first : doubt.last + 1]) < _LEGIBLE:
            return None
        begins = [0, *accumulate(len(word.peaks) for word in words)]
        first, last = begins[doubt.first] + doubt.start, begins[doubt.last] + doubt.end - 1
        nothing, piece = beam.piece(words, first, last, likely, self._classes[" "])
        found = beam.readings(beam.seen(nothing, self._weights @ piece[self._alike], self._chars), _Follower(doubt).after)
        texts = _summed(found, doubt)
        text, most = max(texts, key=lambda one: one[1], default=("", 0.0))
        all_of_them = sum(exp(other - most) for _, other in texts)
        if not text or all_of_them > 1 / _ENOUGH:
            return None
        own = list(dict.fromkeys(doubt.text))
        said = beam.seen(nothing, piece[[self._classes[char] for char in own]], own)
        read = beam.likelihood(said, doubt.text) - doubt.odds - most
        sure = 1 / (all_of_them + exp(min(read, 50.0)))
        other_digits = _other_digits(bare, doubt.bare(text))
        return (text, sure) if sure >= (_ENOUGH_FOR_DIGITS if other_digits else _ENOUGH) else None


class _Follower:
    """What may follow what is begun, by the rules of a doubt, with signs where signs were read."""

    def __init__(self, doubt: Doubt) -> None:
        self._doubt = doubt
        self._signs = "".join(sorted(doubt.signs))
        self._known: dict[str, str] = {}

    def after(self, begun: str) -> str:
        """The characters."""
        if begun not in self._known:
            bare = self._doubt.bare(begun)
            chars = "".join(dict.fromkeys(char for rule in self._doubt.rules for char in rule.after(bare)))
            parted = bare and chars and begun[-1] not in self._doubt.signs
            self._known[begun] = chars + self._signs if parted else chars
        return self._known[begun]


def _summed(found: Mapping[str, float], doubt: Doubt) -> list[tuple[str, float]]:
    """The texts that are whole by a rule, each number once, as it is likeliest written, with the likelihood of all ways."""
    ways: dict[str, list[tuple[float, str]]] = {}
    for text, likely in found.items():
        bare = doubt.bare(text)
        rule = next((rule for rule in doubt.rules if accepts(rule, bare)), None)
        if rule and text[-1:] not in doubt.signs:
            ways.setdefault(bare, []).append((likely - (0.0 if rule.usual(bare) else _UNUSUAL), text))
    return [(max(each)[1], float(np.logaddexp.reduce([likely for likely, _ in each]))) for each in ways.values()]


def _other_digits(old: str, new: str) -> bool:
    """Whether more than signs and letters changed."""
    if len(old) == len(new):
        return any(one != other and one.isdigit() and other.isdigit() for one, other in zip(old, new, strict=True))
    return [char for char in old if char.isdigit()] != [char for char in new if char.isdigit()]


def _changed(words: Sequence[Spelt], doubt: Doubt, text: str, sure: float) -> list[Spelt]:
    """The words of a doubt as the rule has them; those that stay the same stay as they were."""
    old = words[doubt.first : doubt.last + 1]
    head, tail = old[0].text[: doubt.start], old[-1].text[doubt.end :]
    bare = doubt.bare(text)
    name = next(rule.name for rule in doubt.rules if accepts(rule, bare))
    whole = Changed(doubt.text, name)
    if doubt.boxed:
        return [_made(old, head + bare + tail, whole, sure)]
    if len(bare) == len(doubt.bare(doubt.text)):
        chars = iter(bare)
        text = "".join(char if char in doubt.signs else next(chars) for char in doubt.text)
    pieces = f"{head}{text}{tail}".split(" ")
    if len(pieces) == len(old):
        pairs = zip(old, pieces, strict=True)
        return [one if one.text == new else _made([one], new, Changed(_first(one), name), sure) for one, new in pairs]
    ends = list(accumulate(len(piece) + 1 for piece in pieces))
    parts = pairwise(end / ends[-1] for end in (0, *ends))
    return [_made(old, new, whole, sure, part) for new, part in zip(pieces, parts, strict=True)]


def _first(word: Spelt) -> str:
    """What a word was read as at first."""
    return word.changed.read if word.changed else word.text


def _made(old: Sequence[Spelt], text: str, changed: Changed, sure: float, part: tuple[float, float] = (0.0, 1.0)) -> Spelt:
    """A word in the place of `old`, or of a part of it (rule 4)."""
    sure = min(sure, *(word.confidence for word in old))
    left, right = old[0].first, old[-1].last
    first, last = (left + share * (right - left) for share in part)
    peaks = tuple(np.linspace(first, last, len(text)).astype(int).tolist())
    return Spelt(text, first, last, (sure ** (1 / len(text)),) * len(text), peaks, changed)
