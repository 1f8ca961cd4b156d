"""Names and terms of the trade: persons, places, drugs, tests and codes, put together from the vocabulary.

Entries may hold slots: `{7-21}` a number of that range, `{36.5-39.9}` one with as many places as its ends, `{trái|phải}` one of
several, `{drug}` what the method of that name gives, `{units}` an entry of that list. The innermost slot is filled first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate
from random import Random

from domain.text import squeeze
from ocr.training import figures, syllables
from ocr.training.characters import capitals
from ocr.training.words import Entry, Part, entries

_MARKS_OF_SEX = {"Văn", "Thị"}  # stand first among the middle names or not at all
_SLOT = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+(?:\.(\d+))?)-(\d+(?:\.\d+)?)")
_FIGURES: Mapping[str, Callable[[Random], str]] = {
    "number": figures.number, "date": figures.date, "day": figures.day, "time": figures.clock, "age": figures.age,
    "phone": figures.phone, "money": figures.money, "id": figures.identifier, "bhyt": figures.insurance, "cccd": figures.citizen,
    "bp": figures.pressure, "span": figures.span, "form": figures.form_code,
}  # fmt: skip


@cache
def _weights(name: str, part: Part) -> tuple[int, ...]:
    return tuple(accumulate(int(entry[1]) for entry in entries(name, part)))


class Terms:
    """Draws terms; the same `rng` gives the same ones. `part` says which entries of the divided lists may be seen."""

    def __init__(self, rng: Random, part: Part) -> None:
        self.rng = rng
        self.part = part

    def entry(self, name: str) -> Entry:
        """The columns of one entry of a list, all equally likely."""
        return self.rng.choice(entries(name, self.part))

    def term(self, name: str) -> str:
        """The first column of one entry with its slots filled."""
        return self.fill(self.entry(name)[0])

    def _weighted(self, name: str) -> str:
        return self.rng.choices(entries(name, self.part), cum_weights=_weights(name, self.part))[0][0]

    def fill(self, template: str) -> str:
        """The template with its slots filled, in NFC with single spaces."""
        return squeeze(self._filled(template))

    def cells(self, template: str) -> list[str]:
        """The same for a cell of a table; a slot may fill several cells, as a test with its result does."""
        return [squeeze(text) for text in self._filled(template).split("\t")]

    def _filled(self, template: str) -> str:
        text = template
        while (found := _SLOT.search(text)) is not None:
            text = text[: found.start()] + self._slot(found.group(1)) + text[found.end() :]
        return text

    def _slot(self, name: str) -> str:
        if "|" in name:
            return self.rng.choice(name.split("|"))
        if (bounds := _RANGE.fullmatch(name)) is not None:
            return figures.within(self.rng, bounds[1], bounds[3])
        if name in _FIGURES:
            return _FIGURES[name](self.rng)
        method: Callable[[], str] | None = getattr(self, name, None)
        return method() if method is not None else self.term(name)

    def name(self) -> str:
        """A person's full name, in title case or capitals; one in eight of the smaller peoples."""
        text = self.term("peoples") if self.rng.random() < 0.12 else self._kinh()
        return capitals(text) if self.rng.random() < 0.45 else text

    def _kinh(self) -> str:
        family, given = self._weighted("family_names"), self._weighted("given_names")
        if self.rng.random() < 0.06:
            family += " " + self._weighted("family_names")
        count = self.rng.choices((0, 1, 2), (10, 66, 24))[0]
        middle = [self._weighted("middle_names") for _ in range(count)]
        return " ".join((family, *middle[:1], *(word for word in middle[1:] if word not in _MARKS_OF_SEX), given))

    def person(self) -> str:
        """A member of staff: a title and a name, or the name alone."""
        text = self.name() if self.rng.random() < 0.3 else self._kinh()
        return f"{self.term('titles_of_staff')} {text}" if self.rng.random() < 0.7 else text

    def nickname(self) -> str:
        """A family and a given name, or the given name alone, as in a nurse's column."""
        given = self._weighted("given_names")
        before = self.rng.choice(
            ("", self._weighted("middle_names"), self.term("titles_of_staff"), self.rng.choice("NTLPHVĐB") + ".")
        )
        return f"{before} {given}".strip().replace(". ", self.rng.choice((". ", ".")))

    def commune(self) -> str:
        """A commune, ward or township: a real one, or two syllables that could be one."""
        return f"{self.term('commune_words')} {self._place_name('communes')}"

    def district(self) -> str:
        """A district, town or provincial city of before July 2025."""
        return f"{self.term('district_words')} {self._place_name('districts')}"

    def _place_name(self, name: str) -> str:
        if self.rng.random() < 0.25:
            return " ".join(syllables.syllable(self.rng).capitalize() for _ in range(2))
        return self.term(name)

    def place(self) -> str:
        """An address or a part of one, of the years with districts or without."""
        steps = [
            self.term("villages"),
            self.commune(),
            self.district(),
            self.rng.choice(("", "", "tỉnh ", "Tỉnh ", "T. ")) + self.term("provinces"),
        ]
        if self.rng.random() < 0.3:
            del steps[2]
        first = self.rng.choice((0, 0, 1, 1, 2)) if len(steps) == 4 else self.rng.choice((0, 1))
        last = self.rng.choice((first + 1, len(steps), len(steps)))
        text = self.rng.choice((", ", ", ", ", ", " - ", " – ", " ")).join(steps[first:last])
        return capitals(text) if self.rng.random() < 0.08 else capitals(text[0]) + text[1:]

    def drug(self) -> str:
        """A drug with its strength, often with its form and the amount given."""
        name, strengths = self.entry("drugs")[:2]
        if self.rng.random() < 0.12:
            name = syllables.foreign(self.rng).capitalize()
        strength = self.rng.choice(strengths.split("|"))
        if self.rng.random() < 0.3:
            strength = strength.replace(" ", "")
        pieces = [capitals(name) if self.rng.random() < 0.1 else name, strength if self.rng.random() < 0.9 else ""]
        if self.rng.random() < 0.45:
            pieces.append(self.term("amounts"))
        return squeeze(" ".join(pieces))

    def lab(self) -> str:
        """A test's name, or a result with its unit as doctors copy it into a note."""
        test, low, high, unit = self.entry("laboratory")[:4]
        if self.rng.random() < 0.4:
            return test
        sign = self.rng.choice((": ", " ", " = ", ":", "="))
        return squeeze(f"{test}{sign}{self._result(low, high)} {unit if self.rng.random() < 0.7 else ''}")

    def result_row(self) -> str:
        """A laboratory row: name, result, flag, normal range and unit, parted by bars of the table (tabs)."""
        test, low, high, unit = self.entry("laboratory")[:4]
        if not high:
            return "\t".join((test, self.fill(low), "", self.fill(unit), ""))
        result = self._result(low, high)
        value = float(result.replace(",", "."))
        flag = "H" if value > float(high) else "L" if value < float(low) else ""
        dash, comma = self.rng.choice((" - ", "-", " – ", "–")), "," if self.rng.random() < 0.6 else "."
        return "\t".join((test, result, flag, f"{low}{dash}{high}".replace(".", comma), unit))

    def _result(self, low: str, high: str) -> str:
        if not high:
            return self.fill(low)
        places = len(high.partition(".")[2])
        reach = float(high) - float(low)
        return figures.decimal(self.rng, max(0.0, float(low) - reach * 0.3), float(high) + reach * 0.8, places)

    def icd(self) -> str:
        """A code of ICD-10, alone or with its title before or after it."""
        code, title = self.entry("icd")[:2]
        habit = self.rng.choice(
            ("{0}", "{0}", "{0} - {1}", "{0}: {1}", "{1} ({0})", "{1} - {0}", "({0}) {1}", "{1} [{0}]", "{0} {1}")
        )
        return habit.format(code, title)

    def icd_row(self) -> str:
        """Title and code of a disease as two cells."""
        code, title = self.entry("icd")[:2]
        return f"{title}\t{code}"

    def disease(self) -> str:
        """A diagnosis as doctors write it, or the title of the classification."""
        return self.entry("icd")[1] if self.rng.random() < 0.4 else self.term("diagnoses")

    def drug_name(self) -> str:
        """The name of a drug alone."""
        return self.entry("drugs")[0]

    def lab_name(self) -> str:
        """The name of a test alone."""
        return self.entry("laboratory")[0]

    def icd_code(self) -> str:
        """A code of ICD-10 alone."""
        return self.entry("icd")[0]

    def syllable(self) -> str:
        """One random syllable."""
        return syllables.syllable(self.rng)
