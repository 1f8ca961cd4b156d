"""Where a question's words stand on a page: boxes to mark, lines to cut out of the scan, and a line of text to show.

The same comparison as the index makes: without tones, codes whole and in parts, the last word begun, and one letter off for a
long word that does not stand on the page otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from domain.pages import Box, PageReading, Word, around
from search.analysis import Term, folded_words, terms

_SNIPPET_LINES = 2
_SNIPPET_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Hits:
    """Boxes of the matching words, and of the lines worth showing, in the page's pixels; `snippet` is those lines' text.

    Where no word of the question stands on the page (it was found by its patient's name, say), the page's first lines are shown.
    """

    boxes: tuple[Box, ...]
    snippet: str
    lines: tuple[Box, ...]


def locate(reading: PageReading, query_text: str) -> Hits:
    """Find the words of a question on a page that was found for it."""
    texts = [(word.text, number) for number, word in enumerate(reading.words)]
    texts += [(word.changed.read, number) for number, word in enumerate(reading.words) if word.changed and word.changed.rule]
    forms = [(form, number) for text, number in texts for form in folded_words(text)]
    matches = [_standing(term, forms) or _nearly(term, forms) for term in terms(query_text)]
    marked = sorted(set().union(*matches))
    shown = _best(reading.lines, [{id(reading.words[number]) for number in match} for match in matches])
    return Hits(
        tuple(reading.words[number].box for number in marked),
        _shortened(" … ".join(" ".join(word.text for word in line) for line in shown)),
        tuple(around(line) for line in shown),
    )


def _standing(term: Term, forms: Sequence[tuple[str, int]]) -> set[int]:
    found = {number for form, number in forms if form in term.forms or (term.begun and form.startswith(term.forms))}
    length = len(term.parts)
    for start in range(len(forms) - length + 1 if length else 0):
        run = forms[start : start + length]
        if tuple(form for form, _ in run) == term.parts:
            found.update(number for _, number in run)
    return found


def _nearly(term: Term, forms: Iterable[tuple[str, int]]) -> set[int]:
    if not term.may_err:
        return set()
    return {number for form, number in forms if OSA.distance(term.word, form, score_cutoff=1) <= 1}


def _best(lines: list[list[Word]], matches: list[set[int]]) -> list[list[Word]]:
    """The lines with the most different words of the question, in reading order."""
    weights = [sum(any(id(word) in match for word in line) for match in matches) for line in lines]
    ranked = sorted(range(len(lines)), key=lambda number: (-weights[number], number))
    return [lines[number] for number in sorted(ranked[:_SNIPPET_LINES]) if weights[number] or not any(weights)]


def _shortened(text: str) -> str:
    return text if len(text) <= _SNIPPET_LENGTH else text[:_SNIPPET_LENGTH].rsplit(" ", 1)[0] + " …"
