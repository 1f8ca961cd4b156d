"""The instructions that draw pages, forms, patterns, letters and annotations: read once, changed where PDF/A asks for it.

Taken out, none of it seen: rendering intents that nobody knows (ISO 19005-2, 6.2.6), operators that nobody knows (6.2.2); numbers
beyond the limits are brought back to them (6.1.13).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pikepdf
from pikepdf import Array, ContentStreamInlineImage, ContentStreamInstruction, Dictionary, Name, Object, Pdf, Stream

Instruction = ContentStreamInstruction | ContentStreamInlineImage
Operand = Object | int | float | Decimal

INTENTS = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
_ALL_OPERATORS = (
    "b B b* B* BDC BI BMC BT c cm CS cs d d0 d1 Do DP EI EMC ET f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri "
    "s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
)
"""ISO 32000-1, annex A."""
_OPERATORS = frozenset(_ALL_OPERATORS.split())
_BOTTOMLESS = 10_000
_STATES = re.compile(rb"(?<!\S)[qQ](?!\S)")
_LARGEST_WHOLE = 2**31 - 1
_LARGEST = Decimal("3.4e38")
_SMALLEST = Decimal("1.175e-38")


@dataclass(frozen=True, slots=True)
class Scope:
    """One run of instructions and the resources it names; `content` is a page, or a stream."""

    content: Object
    resources: Object
    instructions: Sequence[Instruction]

    def category(self, name: str) -> Object:
        """One kind of resources, to add to."""
        if not isinstance(self.resources.get(name), Dictionary):
            self.resources[name] = Dictionary()
        return self.resources[name]


def read(pdf: Pdf) -> list[Scope]:
    """Every run of instructions in the file. Raises pikepdf.PdfError for what cannot be read."""
    return [
        Scope(each.content, each.resources or Dictionary(), list(pikepdf.parse_content_stream(each.content)))
        for each in pdf.content_scopes()
    ]


def is_bottomless(pdf: Pdf) -> bool:
    """Whether some page or stream saves its graphics state far more often than it restores it: that has no end."""
    return any(_unclosed(each.content) > _BOTTOMLESS for each in pdf.content_scopes())


def _unclosed(content: Object) -> int:
    held = content if isinstance(content, Stream) else content.get(Name.Contents)
    streams = [held] if isinstance(held, Stream) else [each for each in held or () if isinstance(each, Stream)]
    states = [found for each in streams for found in _STATES.findall(each.read_bytes())]
    return states.count(b"q") - states.count(b"Q")


def scopes(pdf: Pdf) -> list[Scope]:
    """The same, mended in place."""
    return [_scope(pdf, each.content, each.resources) for each in pdf.content_scopes()]


def _scope(pdf: Pdf, content: Object, resources: Object | None) -> Scope:
    if resources is None:
        content[Name.Resources] = resources = Dictionary()
    read = list(pikepdf.parse_content_stream(content))
    mended = [each for each in map(_mended, read) if each is not None]
    if len(mended) != len(read) or any(new is not old for new, old in zip(mended, read, strict=True)):
        _write(pdf, content, pikepdf.unparse_content_stream(mended))
    return Scope(content, resources, mended)


def _write(pdf: Pdf, content: Object, data: bytes) -> None:
    if isinstance(content, Stream):
        content.write(data)
    else:
        content[Name.Contents] = pdf.make_stream(data)


def _mended(instruction: Instruction) -> Instruction | None:
    """The instruction itself where nothing is wrong; None where it must go."""
    if isinstance(instruction, ContentStreamInlineImage):
        return instruction
    operator = str(instruction.operator)
    if operator not in _OPERATORS or (operator == "ri" and str(instruction.operands[0]) not in INTENTS):
        return None
    if all(map(_is_within, instruction.operands)):
        return instruction
    return ContentStreamInstruction([_limited(each) for each in instruction.operands], instruction.operator)


def _is_within(value: object) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) <= _LARGEST_WHOLE
    if isinstance(value, Decimal):
        return value == 0 or _SMALLEST <= abs(value) <= _LARGEST
    return not isinstance(value, Array) or all(map(_is_within, value.as_list()))


def _limited(value: Operand) -> Operand:
    if isinstance(value, bool) or _is_within(value):
        return value
    if isinstance(value, int):
        return _LARGEST_WHOLE if value > 0 else -_LARGEST_WHOLE
    if isinstance(value, Decimal):
        return 0 if abs(value) < _SMALLEST else value.copy_sign(value) and (_LARGEST_WHOLE if value > 0 else -_LARGEST_WHOLE)
    return value
