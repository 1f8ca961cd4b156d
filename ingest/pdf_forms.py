"""How often the forms of a PDF paint something, counted before anybody paints: forms within forms may double thirty times."""

from __future__ import annotations

import pikepdf

from ingest.unpacked import is_longer

_MOST = 100_000
_LONGEST = 1_000_000
"""Bytes of instructions that are looked at."""
_DEEPEST = 100


class Forms:
    """Counts what forms paint; each is looked at once."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, int], int] = {}

    def are_too_many(self, form: pikepdf.Stream) -> bool:
        """Whether a form paints more than a printer ever would, or itself, which no form may (ISO 32000-1, 8.10.1)."""
        return self._paints(form, ()) > _MOST

    def _paints(self, form: pikepdf.Stream, within: tuple[tuple[int, int], ...]) -> int:
        key = form.objgen
        if key in within or len(within) > _DEEPEST:
            return _MOST + 1
        if key not in self._counts:
            self._counts[key] = 1 + sum(self._paints(inner, (*within, key)) for inner in _painted(form))
        return min(self._counts[key], _MOST + 1)


def _painted(form: pikepdf.Stream) -> list[pikepdf.Stream]:
    """The forms that it paints, as often as it does."""
    there = form.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
    inner = {name: thing for name, thing in there.items() if isinstance(thing, pikepdf.Stream) and _is_form(thing)}
    if not inner or is_longer(form, _LONGEST):
        return []
    named = [str(step.operands[0]) for step in pikepdf.parse_content_stream(form, "Do") if step.operands]
    return [inner[name] for name in named if name in inner]


def _is_form(thing: pikepdf.Stream) -> bool:
    return bool(thing.get("/Subtype") == pikepdf.Name.Form)
