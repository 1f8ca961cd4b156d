"""The catalogue of fonts: which packages hold faces that can write Vietnamese, how they look and which part they serve."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("fonts.csv")
TEST_SHARE = 1 / 8
USUAL_FACES = ("400", "700", "400-italic")
RESERVED = re.compile(
    r"\b(lato|mali|itim)\b|\bcmu|\blm(roman|sans|mono|math)|computer modern|latin ?modern|lmodern|te ?x ?gyre|\burw|nimbus"
    r"|free ?(font|serif|sans|mono)|charis|charter|libertin|biolinum|carlito|andika|eb ?garamond|playwrite|mynerve|sedgwick"
    r"|pangolin|square ?peg|patrick ?hand"
)
"""Families the finished recogniser is judged with, and those that share their outlines: nothing may be learnt from them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table: one family from one package."""

    source: str
    """`npm` or `debian`."""
    package: str
    faces: tuple[str, ...]
    """Weights of a web package, settings of a variable one (`wght=400,…`) or file names of a Debian one."""
    family: str
    style: str
    weight: float
    part: str
    """`train` or `test`."""
    composed: bool
    """Whether missing Vietnamese letters are put together from the face's own marks."""
    licence: str

    @property
    def name(self) -> str:
        """The package without its scope."""
        return self.package.split("/")[-1]


def table(path: Path = TABLE) -> list[Entry]:
    """Read the table; ValueError where it names a family reserved for judging.

    A row without faces has the usual ones, one without a group is a group of its own, one without a part gets it by its group.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        entries = [_entry(row) for row in csv.DictReader(lines)]
    for entry in entries:
        for name in (entry.family, entry.package, *entry.faces):
            refuse_reserved(name)
    return entries


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        source=row["source"],
        package=row["package"],
        faces=tuple(row["faces"].split()) or USUAL_FACES,
        family=row["family"],
        style=row["style"],
        weight=float(row["weight"]),
        part=row["part"] or part_of(row["group"] or row["package"].split("/")[-1]),
        composed=row["composed"] == "yes",
        licence=row["licence"],
    )


def part_of(group: str) -> str:
    """`test` for about one group of sister families in eight, by a hash of its name, else `train`."""
    place = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") / 2**64
    return "test" if place < TEST_SHARE else "train"


def refuse_reserved(name: str) -> None:
    """Raise ValueError for a family, package or file whose name says that it is reserved for judging."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+", " ", name).lower()
    if RESERVED.search(words):
        raise ValueError(f"{name} is reserved for judging: the recogniser must never have seen it")
