"""Diagnosis and ICD-10 code."""

from __future__ import annotations

import re

from domain.text import squeeze

_CODE = r"(?P<letter>[A-Z])(?P<two>\d\s?\d)(?:\s?[.,]?\s?(?P<more>\d{1,2}))?"
_BRACKETED = re.compile(rf"[(\[]\s*(?:ICD\s*-?\s*(?:10|X)?\s*[:.]?\s*)?{_CODE}\s*[*+†]?\s*[)\]]")
_LEADING = re.compile(rf"^\s*{_CODE}\s*[-–:]\s*")
_DECIMAL = re.compile(r"(?<![\w.])(?P<letter>[A-Z])(?P<two>\d\d)\.(?P<more>\d{1,2})(?![\w.]*\d)")
_BOXED = re.compile(
    r"(?<!\w)(?P<letter>[A-Z0158l|])\s?(?P<two>[0-9OIlS]\s?[0-9OIlS])(?:\s?[.,]?\s?(?P<more>[0-9OIlS](?:\s?[0-9])?))?(?!\w)"
)
_AS_LETTER = str.maketrans("0158l|", "OISBII")
_AS_DIGIT = str.maketrans("OIlS", "0115")


def code_behind_label(text: str) -> tuple[str, int, int, bool] | None:
    """`(code, start, end, repaired)` of the code after a label such as `Mã ICD:`, boxed or damaged letters included."""
    match = _BOXED.search(text)
    if match is None:
        return None
    raw = re.sub(r"\s", "", match[0]).replace(",", ".")
    letter = match["letter"].translate(_AS_LETTER)
    two, more = (re.sub(r"\s", "", match[part] or "").translate(_AS_DIGIT) for part in ("two", "more"))
    code = _dotted(letter, two, more)
    return code, match.start(), match.end(), code.replace(".", "") != raw.replace(".", "")


def code_inside(text: str) -> tuple[str, int, int] | None:
    """A code written with the diagnosis: in brackets, before a dash, or with its decimal. `vitamin B12` is none."""
    match = _BRACKETED.search(text) or _LEADING.search(text) or _DECIMAL.search(text)
    if match is None:
        return None
    return _dotted(match["letter"], re.sub(r"\s", "", match["two"]), match["more"] or ""), match.start(), match.end()


def wording(text: str) -> str:
    """The diagnosis alone, as printed: without its code and the signs around it."""
    bare = _LEADING.sub("", _BRACKETED.sub(" ", text))
    return squeeze(re.sub(r"[.…_]{2,}", " ", bare)).strip(" .,;:-–_*|/")


def _dotted(letter: str, two: str, more: str) -> str:
    return f"{letter}{two}.{more}" if more else f"{letter}{two}"
