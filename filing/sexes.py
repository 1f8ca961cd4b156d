"""Man or woman, written out or ticked: `Giới: Nữ`, `1. Nam ☒ 2. Nữ ☐`, `☐ Nam ☑ Nữ`, `1. Nam  2. Nữ  [2]`."""

from __future__ import annotations

import re

from filing.dates import even_fold

MAN, WOMAN = "Nam", "Nữ"

_PART = re.compile(
    r"(?P<man>\bnam\b)|(?P<woman>\bnu\b)|(?P<ticked>[☒☑✓✔✗✘]|[\[(|]\s*[xv✓]\s*[\])|]|(?<!\w)[xv](?!\w))"
    r"|(?P<empty>[☐□▢]|[\[(]\s*[\])])|(?P<digit>(?<![\w.])[\[(|]?\s*[12]\s*[\])|]?(?![\w.)]))"
)


def read_sex(text: str) -> tuple[str, int, int] | None:
    """`(sex, start, end)`, or None where the paper leaves it open."""
    parts = [(match.lastgroup or "", match.start(), match.end(), match[0]) for match in _PART.finditer(even_fold(text))]
    sexes = [part for part in parts if part[0] in ("man", "woman")]
    kinds = {part[0] for part in sexes}
    if len(kinds) == 1:
        return _named(sexes[0][0]), sexes[0][1], sexes[0][2]
    if len(sexes) != 2:
        return None
    chosen = _ticked(parts) or _numbered(parts, text)
    return (chosen, parts[0][1], parts[-1][2]) if chosen else None


def _ticked(parts: list[tuple[str, int, int, str]]) -> str | None:
    """Marks belong to the option before them, unless a mark stands before the first option."""
    order = [part[0] for part in parts if part[0] != "digit"]
    if order.count("ticked") != 1:
        return None
    marks_first = order[0] in ("ticked", "empty")
    place = order.index("ticked")
    beside = order[place + 1 :] if marks_first else order[:place][::-1]
    return next((_named(kind) for kind in beside if kind in ("man", "woman")), None)


def _numbered(parts: list[tuple[str, int, int, str]], text: str) -> str | None:
    """A number in the box behind `1. Nam 2. Nữ`."""
    last = parts[-1]
    if last[0] != "digit" or last[1] < max(part[2] for part in parts if part[0] in ("man", "woman")):
        return None
    first_is_man = next(part[0] for part in parts if part[0] in ("man", "woman")) == "man"
    return MAN if ("1" in text[last[1] : last[2]]) == first_is_man else WOMAN


def _named(kind: str) -> str:
    return MAN if kind == "man" else WOMAN
