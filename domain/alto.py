"""The words of a document as ALTO 4.4 (Library of Congress), the form in which archives and libraries exchange what was read.

A page is a `Page` in pixels of the scan after its quarter turn, as the sidecar has it; a cell of a ruled table and a run of lines
between tables are each a `TextBlock`, in reading order; a table is a `ComposedBlock`. Pictures, stamps and signatures are an
`Illustration` of that type each; a word that a hand wrote refers to the tag `handwriting`.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from domain.markup import printable
from domain.pages import Box, Cell, PageReading, Word, around
from domain.sidecar import Sidecar

_SPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_VERSION = "4.4"
_WRITTEN = "handwriting"
DRAWN = ("picture", "stamp", "signature")
"""Kinds of zones that are no words."""


def alto(made: Sidecar) -> str:
    """The whole document, its pages in order."""
    root = Element("alto", {"xmlns": _SPACE, "SCHEMAVERSION": _VERSION})
    description = SubElement(root, "Description")
    SubElement(description, "MeasurementUnit").text = "pixel"
    if made.sources:
        source = SubElement(description, "sourceImageInformation")
        SubElement(source, "fileName").text = printable(made.sources[0].name)
    engines = sorted({page.engine for page in made.pages if page.engine})
    for number, engine in enumerate(engines, start=1):
        software = SubElement(SubElement(description, "Processing", {"ID": f"engine{number}"}), "processingSoftware")
        SubElement(software, "softwareName").text = printable(engine)
    if any(zone.kind == _WRITTEN for page in made.pages for zone in page.zones):
        SubElement(SubElement(root, "Tags"), "OtherTag", {"ID": _WRITTEN, "LABEL": _WRITTEN})
    layout = SubElement(root, "Layout")
    for page in made.pages:
        _page(layout, page, engines)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _page(layout: Element, page: PageReading, engines: list[str]) -> None:
    facts = {"ID": f"p{page.number}", "PHYSICAL_IMG_NR": str(page.number), "WIDTH": str(page.width), "HEIGHT": str(page.height)}
    if page.engine:
        facts["PROCESSINGREFS"] = f"engine{engines.index(page.engine) + 1}"
    space = SubElement(
        SubElement(layout, "Page", {**facts, "LANG": "vi"}), "PrintSpace", _place(Box(0, 0, page.width, page.height))
    )
    done = 0
    for table, cells in groupby(page.cells, key=lambda cell: cell.table):
        there = list(cells)
        _block(space, page, f"b{done}", page.words[done : there[0].start])
        whole = SubElement(space, "ComposedBlock", {"ID": f"p{page.number}t{table}", "TYPE": "table"})
        for cell in there:
            _cell(whole, page, cell)
        done = there[-1].end
    _block(space, page, f"b{done}", page.words[done:])
    for number, zone in enumerate(zone for zone in page.zones if zone.kind in DRAWN):
        SubElement(space, "Illustration", {"ID": f"p{page.number}i{number}", "TYPE": zone.kind, **_place(zone.box)})


def _cell(table: Element, page: PageReading, cell: Cell) -> None:
    name = f"t{cell.table}r{cell.row}c{cell.column}"
    block = SubElement(table, "TextBlock", {"ID": f"p{page.number}{name}", **_place(cell.box)})
    _lines(block, page, name, page.words[cell.start : cell.end])


def _block(space: Element, page: PageReading, name: str, words: tuple[Word, ...]) -> None:
    if words:
        block = SubElement(space, "TextBlock", {"ID": f"p{page.number}{name}", **_place(around(words))})
        _lines(block, page, name, words)


def _lines(block: Element, page: PageReading, name: str, words: tuple[Word, ...]) -> None:
    name = f"p{page.number}{name}"
    hands = [zone.box for zone in page.zones if zone.kind == _WRITTEN]
    for number, (_, row) in enumerate(groupby(words, key=lambda word: word.line)):
        there = tuple(row)
        line = SubElement(block, "TextLine", {"ID": f"{name}l{number}", **_place(around(there))})
        for place, word in enumerate(there):
            if place:
                SubElement(line, "SP")
            facts = {"CONTENT": printable(word.text), "WC": f"{word.confidence:.4f}"}
            if any(box.holds(*word.box.middle) for box in hands):
                facts["TAGREFS"] = _WRITTEN
            SubElement(line, "String", {"ID": f"{name}l{number}w{place}", **_place(word.box), **facts})


def _place(box: Box) -> dict[str, str]:
    sides = {"HPOS": box.x0, "VPOS": box.y0, "WIDTH": box.x1 - box.x0, "HEIGHT": box.y1 - box.y0}
    return {name: f"{value:.1f}" for name, value in sides.items()}
