"""What the made-up lines say: everything a hospital's papers hold, from the label of a form to the marks of a check list.

Nothing here is about a person who lives. The runs of a line are parted by a space: together they read
`" ".join(run.text for run in line)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from domain.text import squeeze
from ocr.training import figures, syllables
from ocr.training.characters import capitals
from ocr.training.terms import Terms
from ocr.training.words import Part

_PRINTED_CELL = "="
_TITLED, _NUMBERED = 0.4, 0.25
_LETTERS = "ABCDEFGHIKLMNOPQRSTUVXYĐÂĂÊÔƠƯabcdeđghiklmnopqrstuvxyâăêôơưfjwzFJWZ"
_HEADINGS = {"titles": 30, "headings": 25, "departments": 14, "hospitals": 12, "references": 10, "capacities": 9}
_JOINTS = (", ", ", ", ", ", ". ", ". ", "; ", " - ", " ", " – ", " / ", " → ", " + ")
_CLINICAL = {
    "phrases": 22, "sentences": 26, "exam_heart": 4, "exam_lung": 4, "exam_belly": 4, "exam_nerve": 4, "complaints": 4,
    "histories": 5, "treatments": 5, "operations": 5, "advice": 5, "nursing": 6, "imaging": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line from one hand; `filled` where a person or a machine filled it into the form."""

    text: str
    filled: bool


class Writer:
    """Writes lines, paragraphs and tables; the same `rng` and part give the same ones.

    `part` is "train" or "test": of names, places, diseases, drugs and phrases an eighth is shown in "test" only.
    """

    def __init__(self, rng: Random, part: Part) -> None:
        self._rng = rng
        self._terms = Terms(rng, part)
        self._fill = self._terms.fill

    def line(self) -> list[Run]:
        """One line of any kind, in the proportions that taught best: many labels, many syllables that cannot be guessed."""
        kinds: tuple[tuple[int, Callable[[], list[Run]]], ...] = (
            (28, self.form_line),
            (18, self.free_line),
            (22, lambda: self._filled(self.syllables(self._rng.randint(1, 8)))),
            (10, lambda: self._filled(self.name() if self._rng.random() < 0.55 else self.place())),
            (5, lambda: [Run(self.heading(), filled=False)]),
            (4, lambda: self._filled(self._numbered(self._prescription()))),
            (4, lambda: self._filled(self.lab() if self._rng.random() < 0.6 else self.icd())),
            (9, lambda: self._filled(self._rng.choice((self.number, self.identifier, self.date))())),
            (5, lambda: self._filled(self._single())),
        )
        return self._rng.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()

    def form_line(self) -> list[Run]:
        """One to three labels with their values, a question with boxes, or a note in brackets."""
        kind = self._rng.random()
        if kind < 0.08:
            return self._choices()
        if kind < 0.12:
            return [Run(self._fill(self._terms.term("notes")), filled=False)]
        runs = self._pair(first=True)
        for _ in range(self._rng.choices((0, 1, 2), (55, 33, 12))[0]):
            runs += self._pair(first=False)
        return runs

    def label(self) -> str:
        """The printed words before a value, without colon."""
        return self._terms.term("labels")

    def _pair(self, *, first: bool) -> list[Run]:
        label, template, tail = (*self._terms.entry("labels"), "", "")[:3]
        label = self._fill(label)
        if self._rng.random() < 0.05:
            label = capitals(label)
        colon = self._rng.choices((":", "", " :", "*:", " (*):"), (76, 15, 5, 2, 2))[0]
        runs = [Run(self._numbered(label + colon) if first else label + colon, filled=False)]
        if self._rng.random() < 0.93:
            runs.append(Run(self._fill(template or "{disease}"), filled=True))
        if tail:
            runs.append(Run(tail, filled=False))
        return runs

    def _choices(self) -> list[Run]:
        """A label with printed answers, each before or after its box, marked or not."""
        label, *answers = self._terms.entry("choices")
        runs = [Run(label + self._rng.choice((":", ":", "")), filled=False)]
        style, marked = self._rng.randrange(4), self._rng.randrange(len(answers))
        for at, answer in enumerate(answers):
            if style == 0:
                runs.append(Run(f"{'☑' if at == marked else '☐'} {answer}", filled=False))
            elif style == 1:
                runs.append(Run(f"{at + 1}. {answer}", filled=False))
            else:
                runs.append(Run(answer, filled=False))
                runs += [Run(self._rng.choice("xXv√"), filled=True)] if at == marked and style == 2 else []
        return [*runs, Run(str(marked + 1), filled=True)] if style == 1 else runs

    def free_line(self) -> list[Run]:
        """One line of running clinical text, all printed or all filled in."""
        return [Run(self._numbered(self._clause(self._rng.choice((1, 1, 1, 2, 2, 3)))), filled=self._rng.random() < 0.75)]

    def paragraph(self, lines: int) -> list[str]:
        """That many lines of one text, broken between words as a column breaks them."""
        width, found = self._rng.randint(38, 95), [""]
        while len(found) <= lines:
            for word in self._sentence().split(" "):
                if found[-1] and len(found[-1]) + len(word) >= width:
                    found.append("")
                found[-1] = f"{found[-1]} {word}".lstrip()
        return found[:lines]

    def heading(self) -> str:
        """A title, a section, a department, a hospital, the head of the state or the name of a law."""
        text = self._terms.term(self._rng.choices(tuple(_HEADINGS), tuple(_HEADINGS.values()))[0])
        return capitals(text) if self._rng.random() < _TITLED else text

    def table(self) -> list[list[Run]]:
        """A header row and three to ten rows of the same number of cells; an empty cell has an empty text."""
        header, template = self._terms.entry("tables")
        columns = self._fill(header).split(";")
        table = [[Run(capitals(cell) if self._rng.random() < 0.1 else cell, filled=False) for cell in columns]]
        for number in range(1, self._rng.randint(3, 10) + 1):
            cells = self._cells(template.replace("{row}", str(number)))
            table.append([*cells, *[Run("", filled=True)] * len(columns)][: len(columns)])
        return table

    def _cells(self, template: str) -> list[Run]:
        runs = []
        for cell in template.split(";"):
            texts = self._terms.cells(cell.removeprefix(_PRINTED_CELL))
            runs += [Run(text, filled=not cell.startswith(_PRINTED_CELL)) for text in texts]
        return runs

    def signature_block(self) -> list[list[Run]]:
        """Place and date, the capacity, the note in brackets, and the name below."""
        capacity = self._terms.term("capacities")
        name = self._terms.person() if self._rng.random() < 0.85 else ""
        block = [[Run(self._fill(self._terms.entry("signature_dates")[0]), filled=True)]] if self._rng.random() < 0.6 else []
        block.append([Run(capitals(capacity) if self._rng.random() < 0.6 else capacity, filled=False)])
        if self._rng.random() < 0.7:
            block.append([Run(self._terms.term("signature_notes"), filled=False)])
        if name:
            lead = [Run(self._rng.choice(("Họ tên:", "Họ và tên:")), filled=False)] if self._rng.random() < 0.3 else []
            block.append([*lead, Run(name, filled=True)])
        return block

    def syllables(self, n: int) -> str:
        """Random syllables, n of them, in one of the cases of print, some impossible, with marks and numbers between."""
        words = [self._syllable() for _ in range(n)]
        case = self._rng.random()
        if case < 0.28:
            words = [capitals(word) for word in words]
        elif case < 0.45:
            words = [word.capitalize() for word in words]
        elif case < 0.75:
            words[0] = words[0].capitalize()
        elif case < 0.8:
            words = ["".join(self._rng.choice((char, capitals(char))) for char in word) for word in words]
        return squeeze(" ".join(self._dressed(word) for word in words))

    def _syllable(self) -> str:
        kind = self._rng.random()
        if kind < 0.86:
            return syllables.syllable(self._rng)
        return syllables.odd_syllable(self._rng) if kind < 0.94 else syllables.foreign(self._rng)

    def _dressed(self, word: str) -> str:
        """The word with what may stand beside it: a stop, brackets, a hyphen, a number."""
        kind = self._rng.random()
        if kind < 0.78:
            return word
        if kind < 0.9:
            return word + self._rng.choice((",", ",", ",", ".", ":", ";", "!", "?", "...", "…", "/", ")"))
        if kind < 0.94:
            opening, closing = self._rng.choice(("()", "()", "[]", "“”", '""', "‘’", "''", "<>"))
            return opening + word + closing
        if kind < 0.97:
            return f"{word} {figures.number(self._rng)}"
        return self._rng.choice(("-", "+", "*", "•", "=", "–", "→", "&", "/", "~", "#", "@")) + self._rng.choice((" ", "")) + word

    def identifier(self) -> str:
        """A number of a person, a card, a stay, a paper, a shelf or a telephone."""
        return figures.identifier(self._rng)

    def boxed(self) -> str:
        """Digits and letters that stand one per box."""
        return figures.boxed(self._rng)

    def number(self) -> str:
        """A number, with its unit half of the time."""
        return figures.number(self._rng) + (f" {self._terms.term('units')}" if self._rng.random() < 0.4 else "")

    def date(self) -> str:
        """A day, a time or both, in one of the habits of the country."""
        return figures.date(self._rng)

    def name(self) -> str:
        """A person's name, with a title one time in four."""
        return self._terms.person() if self._rng.random() < 0.25 else self._terms.name()

    def place(self) -> str:
        """An address or a part of one."""
        return self._terms.place()

    def drug(self) -> str:
        """A drug with its strength."""
        return self._terms.drug()

    def lab(self) -> str:
        """A laboratory test, alone or with its result."""
        return self._terms.lab()

    def icd(self) -> str:
        """A code of ICD-10, alone or with its title."""
        return self._terms.icd()

    def _prescription(self) -> str:
        return (
            f"{self.drug()}{self._rng.choice((' ', ', ', ' - ', ': '))}{self._terms.term('schedules')}"
            if self._rng.random() < 0.5
            else self.drug()
        )

    def _single(self) -> str:
        """One word, one mark, one figure or one page number."""
        kind = self._rng.random()
        if kind < 0.4:
            return self._terms.term("marks") if kind < 0.2 else str(self._rng.randint(0, 9 if kind < 0.27 else 120))
        if kind < 0.62:
            return self._terms.term("pages") if kind < 0.5 else self._rng.choice(_LETTERS) + self._rng.choice(("", "", ".", ")"))
        word = self._terms.term("units" if kind < 0.75 else "words")
        return word if kind < 0.85 else self._rng.choice((word.capitalize(), capitals(word)))

    def _numbered(self, text: str) -> str:
        return f"{self._terms.term('numberings')} {text}" if self._rng.random() < _NUMBERED else text

    def _clause(self, count: int) -> str:
        """Phrases in a row, with a result, a drug or random words slipped in now and then."""
        pieces = [self._phrase() for _ in range(count)]
        if self._rng.random() < 0.25:
            extra: Sequence[Callable[[], str]] = (
                self.number,
                self.drug,
                self.lab,
                self.date,
                lambda: self.syllables(self._rng.randint(1, 3)),
            )
            pieces.insert(self._rng.randint(0, count), self._rng.choice(extra)())
        text = self._rng.choice(_JOINTS).join(pieces)
        case = self._rng.random()
        text = capitals(text) if case < 0.05 else capitals(text[0]) + text[1:] if case < 0.6 else text
        return text + self._rng.choice(("", "", "", ".", ",", ";", "..."))

    def _phrase(self) -> str:
        kind = self._rng.random()
        if kind < 0.85:
            return self._terms.term(self._rng.choices(tuple(_CLINICAL), tuple(_CLINICAL.values()))[0])
        return self._terms.disease()

    def _sentence(self) -> str:
        text = self._terms.term("sentences") if self._rng.random() < 0.6 else self._clause(2).rstrip(".,; ")
        return capitals(text[0]) + text[1:] + ("" if text.endswith((".", ":", ";")) else ".")

    def _filled(self, text: str) -> list[Run]:
        return [Run(text, filled=self._rng.random() < 0.7)]
