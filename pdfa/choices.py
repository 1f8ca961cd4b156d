"""What a house can choose about its bound files."""

from __future__ import annotations

import enum
import string
from collections.abc import Mapping
from typing import Self


class MarkPlace(enum.StrEnum):
    """Where the mark of conversion from paper stands."""

    AUTO = "auto"
    """In the margin of its page where there is room, else in a band below it."""
    MARGIN = "margin"
    """In the margin of the first page that has room; in a band below the first page where none has."""
    BAND = "band"
    """Always in a band below the page."""
    NONE = "none"


class MarkPages(enum.StrEnum):
    """Which pages carry it."""

    FIRST = "first"
    ALL = "all"


class FileCode(str):
    """How the code of a file (mã hồ sơ) is made, such as `{organ}.{year}.{archive}`. Raises ValueError for an unknown name."""

    __slots__ = ()
    NAMES = frozenset({"organ", "fonds", "catalog", "year", "archive"})

    def __new__(cls, pattern: str) -> Self:
        """The pattern, once it is known to hold no other names."""
        asked = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
        if not asked <= cls.NAMES:
            raise ValueError(f"a file code has no {', '.join(sorted(asked - cls.NAMES))}")
        return super().__new__(cls, pattern)

    def filled(self, known: Mapping[str, str | None]) -> str | None:
        """The code; None where one of its parts is not known, or where it has no parts."""
        asked = [name for _, name, _, _ in string.Formatter().parse(self) if name is not None]
        if not asked or any(not known.get(name) for name in asked):
            return None
        return self.format_map(known)


FILE_CODE = FileCode("{organ}.{year}.{archive}")
"""The order of TT 01/2019/TT-BNV: organisation, year, number of the file."""
