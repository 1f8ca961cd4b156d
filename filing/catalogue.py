"""The catalogues of forms, loaded once, and the skeleton in which titles are compared.

A form is one row of `data/forms.csv`; `data/titles.csv` adds other wordings, and papers that no catalogue lists (code empty).
A skeleton is a title without tones, spaces and signs, with the letters that scanners confuse made one.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from domain.text import fold

OLD = "QĐ 4069/2001"
NEW = "TT 32/2023"

_DATA = Path(__file__).parent / "data"
_ALIKE = str.maketrans("01l|!58", "oiiiisb")
_UNWRITTEN = re.compile(r"[\W_]+")
_GENERAL = re.compile(r"\s*\(chung\)$")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of document. `code` and `catalogue` are None for a paper that no catalogue lists."""

    title: str
    code: str | None = None
    catalogue: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which a form's title is printed, with its skeleton."""

    form: Form
    title: str
    bones: str


def skeleton(text: str) -> str:
    """`PHIẾU XÉT NGHIỆM` and `Phieu xet nghiêm` → `phieuxetnghiem`; `0`, `1`, `l`, `5`, `8` as the letters they look like."""
    return _UNWRITTEN.sub("", fold(text).translate(_ALIKE))


@functools.cache
def forms() -> tuple[Form, ...]:
    """Every form of the two catalogues, in their order."""
    return tuple(Form(row["title"], row["code"], row["catalogue"]) for row in _rows("forms.csv"))


@functools.cache
def wordings() -> tuple[Wording, ...]:
    """Every known wording of every form, the papers without a code included."""
    known = {(form.catalogue, form.code): form for form in forms()}
    listed = [(form, form.title) for form in forms()]
    others = [(known.get((row["catalogue"], row["code"]), Form(row["title"])), row["title"]) for row in _rows("titles.csv")]
    return tuple(Wording(form, title, skeleton(_GENERAL.sub("", title))) for form, title in listed + others)


def with_number(number: int, series: int) -> tuple[Form, ...]:
    """The forms that a printed code may mean: `nn/BV-01` (series 1) stands in both catalogues, series 2 in the newer only."""
    meant = {(NEW, f"{number:02d}/BV{series}")}
    if series == 1:
        meant.add((OLD, f"{number:02d}/BV-01"))
    return tuple(form for form in forms() if (form.catalogue, form.code) in meant)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
