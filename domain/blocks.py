"""How a house wants the visible block of a signature: what it says, a small picture, frame, colour and size.

1. A layout counts for one kind of document, or for all that have none of their own.
2. In whose name somebody signs, and that and why a document is void, is always said, whatever the layout leaves out.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.errors import Refused
from domain.text import squeeze


class BlockLine(enum.StrEnum):
    """A line of a block."""

    NAME = "name"
    TITLE = "title"
    """What the field is called: as what somebody signs."""
    UNIT = "unit"
    """The department that the signature is asked in."""
    TIME = "time"
    REASON = "reason"
    ISSUER = "issuer"
    """Who issued the certificate."""


class BlockPicture(enum.StrEnum):
    """Which picture stands in a block."""

    NONE = "none"
    PERSON = "person"
    """The signer's own, such as a scan of their handwriting; the house's where they have none."""
    HOUSE = "house"
    """The house's, such as its logo."""


class BlockFrame(enum.StrEnum):
    """What goes around a block."""

    NONE = "none"
    LINE = "line"
    BAR = "bar"
    """A hairline with a bar at the left."""


NARROWEST, WIDEST, LOWEST, HIGHEST = 100, 240, 26, 110
"""Points."""
REASON = 60
"""Letters of a reason."""
HEADING = 24
"""Letters before the name at most."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PLAIN = frozenset({"visible", "heading", "colour", "wide", "high", "reason"})
"""Members whose type in JSON is that of the usual value."""


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """`heading` stands before the name; `colour` as `#rrggbb`; `wide` and `high` in points, where there is room for that much.

    `visible` False: the signature is in the file and nothing is seen of it. `reason`: for what people sign here.
    """

    visible: bool = True
    heading: str = "Ký bởi"
    lines: tuple[BlockLine, ...] = (BlockLine.NAME, BlockLine.TITLE, BlockLine.TIME)
    picture: BlockPicture = BlockPicture.NONE
    frame: BlockFrame = BlockFrame.BAR
    colour: str = "#1f5f7a"
    wide: int = 174
    high: int = 44
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """A JSON value (`docs/reference/signature-blocks.md`)."""
        return {**asdict(self), "lines": [str(line) for line in self.lines]}


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """A picture without any transparency: 8-bit sRGB samples, row by row from the top, deflated (RFC 1950)."""

    wide: int
    high: int
    samples: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """A layout with the pictures that it may want."""

    layout: BlockLayout = field(default_factory=BlockLayout)
    person: SmallPicture | None = None
    house: SmallPicture | None = None

    @property
    def picture(self) -> SmallPicture | None:
        """The one that it shows."""
        if self.layout.picture is BlockPicture.NONE:
            return None
        return (self.person or self.house) if self.layout.picture is BlockPicture.PERSON else self.house


def checked_layout(value: Mapping[str, Any]) -> BlockLayout:
    """The inverse of `BlockLayout.as_json`; what is missing is as usual. Raises Refused `block_layout`."""
    usual = BlockLayout()
    if any(type(value[name]) is not type(getattr(usual, name)) for name in _PLAIN & value.keys()):
        raise _wrong()
    try:
        lines = tuple(dict.fromkeys(BlockLine(one) for one in value.get("lines", usual.lines)))
        layout = BlockLayout(
            value.get("visible", usual.visible),
            squeeze(value.get("heading", usual.heading)).rstrip(":"),
            tuple(line for line in BlockLine if line in lines),
            BlockPicture(value.get("picture", usual.picture)),
            BlockFrame(value.get("frame", usual.frame)),
            value.get("colour", usual.colour).lower(),
            value.get("wide", usual.wide),
            value.get("high", usual.high),
            squeeze(value.get("reason", usual.reason))[:REASON],
        )
    except (ValueError, TypeError) as error:
        raise _wrong() from error
    right = BlockLine.NAME in layout.lines and len(layout.heading) <= HEADING and _COLOUR.fullmatch(layout.colour)
    if not right or not (NARROWEST <= layout.wide <= WIDEST and LOWEST <= layout.high <= HIGHEST):
        raise _wrong()
    return layout


def layout_for(layouts: Mapping[str, BlockLayout], kind_code: str | None) -> BlockLayout:
    """Rule 1. `layouts` by the code of their kind; empty: for all."""
    return layouts.get(kind_code or "") or layouts.get("") or BlockLayout()


def _wrong() -> Refused:
    return Refused(
        "block_layout",
        f"Mẫu khung chữ ký chưa đúng: phải có dòng họ tên; màu dạng #1f5f7a; rộng {NARROWEST}–{WIDEST} điểm, "
        f"cao {LOWEST}–{HIGHEST} điểm; chữ trước tên tối đa {HEADING} ký tự; true, false và số không để trong ngoặc kép.",
        f"The layout of the block is wrong: the name must be shown; a colour like #1f5f7a; {NARROWEST}–{WIDEST} points wide, "
        f"{LOWEST}–{HIGHEST} high; at most {HEADING} letters before the name; true, false and numbers without quotation marks.",
    )
