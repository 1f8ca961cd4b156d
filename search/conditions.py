"""Conditions on entries, in a form that every engine can be asked: a small closed set, translated by each tool.

User text arrives here as words already taken apart; no engine's query language is ever written or parsed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field holds at least one of these words or values; with none given, no entry does."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begins:
    """The field holds a word that begins like this."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Near:
    """The field holds a word at most one letter away: one changed, missing, added, or two neighbours swapped."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class InARow:
    """The field holds these words (two or more), one directly after the other."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts, always."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part holds; without parts, never."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = OneOf | Begins | Near | InARow | AllOf | AnyOf | Not
