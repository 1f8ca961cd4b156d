"""Words put under a page that exists already, whatever way it is turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Object, Operator, Page, String

from domain.pages import PageImage, PageReading
from pdfa import words
from pdfa.blank_font import Letters
from pdfa.content import Instruction
from pdfa.geometry import Matrix, lay_out, turn

_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_ABOUT_TEXT = {"BT", "ET", "Tc", "Td", "TD", "Tf", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "T*"}
_INVISIBLE = 3
_BEGIN = ContentStreamInstruction([Name.Span, Dictionary(ActualText=String(""))], Operator("BDC"))
_END = ContentStreamInstruction([], Operator("EMC"))


def put_words(page: Page, reading: PageReading, letters: Letters, font: Object) -> None:
    """Adds what was read on a page, and turns the page upright. The reading's frame is the page as a viewer shows it."""
    as_read = PageImage(reading.number, b"", "", reading.width, reading.height, reading.dpi)
    layout = lay_out(as_read, reading)
    text = words.text_operators(reading, layout, letters)
    if text:
        matrix = layout.to_page.inverse().then(_to_user_space(page, reading))
        page.contents_add(b"q %b cm\n%bQ" % (matrix.operands(), text), prepend=True)
        page.add_resource(font, Name.Font, Name("/" + words.FONT), replace_existing=True)
    if reading.rotation:
        page.rotate(reading.rotation, relative=True)


def drop_hidden_text(page: Page) -> None:
    """Takes out what a scanner's own reader had written under the picture: two readings would be copied and found twice."""
    kept: list[Instruction] = []
    dropped = False
    for instruction, mode in _followed(page):
        if mode == _INVISIBLE and str(instruction.operator) in _SHOWS_TEXT:
            dropped = True
        else:
            kept.append(instruction)
    if dropped and not any(str(instruction.operator) in _SHOWS_TEXT for instruction in kept):
        kept = [instruction for instruction in kept if str(instruction.operator) not in _ABOUT_TEXT]
    if dropped:
        _write(page, kept)


def silence(page: Page) -> None:
    """What the page shows of letters that nobody knows is copied as nothing (ISO 32000-1, 14.9.4)."""
    made: list[Instruction] = []
    for instruction, mode in _followed(page):
        shows = mode != _INVISIBLE and str(instruction.operator) in _SHOWS_TEXT
        made += [_BEGIN, instruction, _END] if shows else [instruction]
    _write(page, made)


def unsaid(reading: PageReading, own: Counter[str]) -> PageReading | None:
    """A reading without the words that the page's own text says; without any where these are most of it. None: that text says
    something else.
    """
    if 2 * (own & Counter(word.text for word in reading.words)).total() < min(own.total(), len(reading.words)):
        return None
    left = own.copy()
    rest = []
    for word in reading.words:
        left[word.text] -= 1
        if left[word.text] < 0:
            rest.append(word)
    return replace(reading, words=tuple(rest) if 2 * len(rest) > len(reading.words) else ())


def _followed(page: Page) -> Iterator[tuple[Instruction, int]]:
    """The instructions of a page, with the mode in which text is shown by then."""
    mode = 0
    modes: list[int] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "q":
            modes.append(mode)
        elif operator == "Q" and modes:
            mode = modes.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        yield instruction, mode


def _write(page: Page, instructions: Sequence[Instruction]) -> None:
    del page.obj.Contents
    page.contents_add(pikepdf.unparse_content_stream(instructions))


def _to_user_space(page: Page, reading: PageReading) -> Matrix:
    """From pixels of the reading to the page's own coordinates (ISO 32000-1, 8.3.2.3 and 7.7.3.3, /Rotate)."""
    x0, y0, x1, y1 = (float(side) for side in page.cropbox.as_list())
    rotate = int(page.obj.get(Name.Rotate, 0))
    across = (y1 - y0, x1 - x0) if rotate % 180 else (x1 - x0, y1 - y0)
    shown, wide, high = turn(-reading.rotation).into_corner(reading.width, reading.height)
    unturned, _, _ = turn(-rotate).into_corner(*across)
    scaled = shown.then(Matrix(a=across[0] / wide, d=across[1] / high))
    return scaled.then(unturned).then(Matrix(d=-1, e=x0, f=y1))
