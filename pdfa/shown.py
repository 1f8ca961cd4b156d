"""Which codes are shown in which font, and whether anybody sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Object, String

from pdfa.content import Scope
from pdfa.objects import part

_SHOWING = {"Tj", "TJ", "'", '"'}
_UNSEEN = {3, 7}
"""Modes of text that paints nothing (ISO 32000-1, table 106)."""


@dataclass(slots=True)
class Use:
    """What is shown in one font: strings as they stand in the file. `seen` is whether any of it is painted."""

    strings: set[bytes] = field(default_factory=set)
    seen: bool = False


def uses(scopes: Iterable[Scope]) -> dict[tuple[int, int], Use]:
    """By the number of the font's object. A font that stands in a resource dictionary itself has none, and is not told of."""
    found: defaultdict[tuple[int, int], Use] = defaultdict(Use)
    for scope in scopes:
        for font, seen, operand in _texts(scope):
            if font.is_indirect:
                use = found[font.objgen]
                use.strings.update(_strings(operand))
                use.seen |= seen
    return dict(found)


def _texts(scope: Scope) -> Iterator[tuple[Object, bool, object]]:
    fonts, states = part(scope.resources, "/Font"), part(scope.resources, "/ExtGState")
    font: Object | None = None
    mode = 0
    stack: list[tuple[Object | None, int]] = []
    for instruction in scope.instructions:
        if not isinstance(instruction, ContentStreamInstruction):
            continue
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            stack.append((font, mode))
        elif operator == "Q" and stack:
            font, mode = stack.pop()
        elif operator == "Tf" and operands and isinstance(operands[0], Name):
            font = fonts.get(operands[0])
        elif operator == "gs" and operands:
            font = _of_state(states.get(Name(str(operands[0]))), font)
        elif operator == "Tr" and operands:
            mode = int(operands[0])
        elif operator in _SHOWING and operands and isinstance(font, Dictionary):
            yield font, mode not in _UNSEEN, operands[-1]


def _of_state(state: object, font: Object | None) -> Object | None:
    chosen = state.get("/Font") if isinstance(state, Dictionary) else None
    return chosen[0] if isinstance(chosen, Array) and len(chosen) else font


def _strings(operand: object) -> Iterator[bytes]:
    items = operand.as_list() if isinstance(operand, Array) else [operand]
    return (bytes(item) for item in items if isinstance(item, String))
