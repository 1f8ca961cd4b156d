"""`python -m ocr.training.tally OUT --lines N`: counts how often made-up texts of the trade write each word, and each pair of
words, for `ocr/marks.py`.

Words of the training part only, lower case. A row is `word TAB count` or `word TAB word TAB count`. What was counted once is left
out, and so are pairs whose second word is nearly always marked in one way: there the word alone says as much.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from domain.text import fold, nfc
from ocr.training.text import Run, Writer

_WORD = re.compile(r"[^\W\d_]+")
_SEEN = 2
_SECOND = 0.01
"""Least share of the other ways to mark a word from which what stands before it is worth keeping."""


def texts(rng: Random) -> Iterator[str]:
    """Lines without end, in the proportions of hospital papers; none is of random syllables."""
    writer = Writer(rng, "train")
    while True:
        for _ in range(3):
            yield _joined(writer.form_line())
        yield from writer.paragraph(3)
        yield _joined(writer.free_line())
        yield writer.name()
        yield writer.place()
        yield writer.heading()
        yield from (run.text for row in writer.table() for run in row)


def _joined(runs: list[Run]) -> str:
    return " ".join(run.text for run in runs)


class Tally:
    """Counts of words, and of pairs with no sign between."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()

    def add(self, text: str) -> None:
        """Count a line."""
        before = ""
        for part in nfc(text).casefold().split():
            found = _WORD.findall(part)
            if len(found) == 1:
                self.words[found[0]] += 1
                self.pairs[before, found[0]] += 1
            before = found[0] if len(found) == 1 and part[-1].isalpha() else ""

    def rows(self) -> Iterator[str]:
        """What is worth keeping, sorted."""
        of_letters: dict[str, list[int]] = {}
        for word, count in self.words.items():
            of_letters.setdefault(fold(word), []).append(count)
        open_ = {letters for letters, counts in of_letters.items() if sum(counts) - max(counts) > _SECOND * sum(counts)}
        for word, count in sorted(self.words.items()):
            if count >= _SEEN:
                yield f"{word}\t{count}"
        for (before, word), count in sorted(self.pairs.items()):
            if count > _SEEN and before and fold(word) in open_:
                yield f"{before}\t{word}\t{count}"


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--lines", type=int, default=400_000)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    tally = Tally()
    for _, text in zip(range(given.lines), texts(Random(given.seed)), strict=False):
        tally.add(text)
    given.out.write_text("\n".join(tally.rows()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
