"""The sidecar: everything known about a document as one stable JSON document, version 1.

    {"version", "source": {"name", "sha256", "bytes"} | null, "sources": [...], "pages": [...], "kind": {...},
     "patient": {...}, "episode": {...}, "barcodes": [...]}

Unknown is null, never a guess. `docs/reference/sidecar.md` describes every member.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, PatientFacts
from domain.pages import Barcode, Box, Cell, Changed, Flag, PageReading, Word, Zone

VERSION = 1


@dataclass(frozen=True, slots=True)
class Source:
    """One input file."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Sources, pages and facts of one document."""

    sources: tuple[Source, ...]
    pages: tuple[PageReading, ...]
    facts: Facts

    def as_json(self) -> dict[str, Any]:
        """The JSON value; `source` is null when several inputs were joined."""
        sources = [_source(source) for source in self.sources]
        return {
            "version": VERSION,
            "source": sources[0] if len(sources) == 1 else None,
            "sources": sources,
            "pages": [page_as_json(page) for page in self.pages],
            "kind": kind_as_json(self.facts.kind),
            "patient": facts_as_json(self.facts.patient),
            "episode": facts_as_json(self.facts.episode),
            "barcodes": [barcode_as_json(code) for page in self.pages for code in page.barcodes],
        }


def sidecar_from_json(value: dict[str, Any]) -> Sidecar:
    """Read back what `Sidecar.as_json` gave. Raises KeyError, TypeError, ValueError for anything else."""
    sources = tuple(Source(source["name"], source["sha256"], source["bytes"]) for source in value["sources"])
    return Sidecar(sources, tuple(page_from_json(page) for page in value["pages"]), facts_from_json(value))


def _source(source: Source) -> dict[str, Any]:
    return {"name": source.name, "sha256": source.sha256, "bytes": source.bytes}


def page_as_json(page: PageReading) -> dict[str, Any]:
    """One page of the sidecar; `page_from_json` is its inverse."""
    return {
        "number": page.number,
        "source": page.source,
        "width": page.width,
        "height": page.height,
        "dpi": round(page.dpi, 2),
        "rotation": page.rotation,
        "skew_degrees": round(page.skew_degrees, 3),
        "blank": page.blank,
        "engine": page.engine,
        "quality": {flag.code: {"value": flag.value, "rescan": flag.rescan} for flag in page.flags},
        "text": page.text,
        "words": [_word_as_json(word) for word in page.words],
        "cells": [_cell_as_json(cell) for cell in page.cells],
        "zones": [{"kind": zone.kind, "box": zone.box.as_list()} for zone in page.zones],
        "barcodes": [barcode_as_json(code) for code in page.barcodes],
    }


def _word_as_json(word: Word) -> dict[str, Any]:
    value = {"text": word.text, "box": word.box.as_list(), "confidence": round(word.confidence, 4), "line": word.line}
    return value if word.changed is None else {**value, "changed": asdict(word.changed)}


def _word(value: dict[str, Any]) -> Word:
    changed = Changed(**value["changed"]) if "changed" in value else None
    return Word(value["text"], Box(*value["box"]), value["confidence"], value["line"], changed)


def _cell_as_json(cell: Cell) -> dict[str, Any]:
    return {
        "table": cell.table,
        "row": cell.row,
        "column": cell.column,
        "rows": cell.rows,
        "columns": cell.columns,
        "box": cell.box.as_list(),
        "words": [cell.start, cell.end],
    }


def page_from_json(value: dict[str, Any]) -> PageReading:
    """Read back what `page_as_json` wrote, also before there were cells and zones."""
    return PageReading(
        number=value["number"],
        source=value["source"],
        width=value["width"],
        height=value["height"],
        dpi=value["dpi"],
        rotation=value["rotation"],
        skew_degrees=value["skew_degrees"],
        blank=value["blank"],
        engine=value["engine"],
        flags=tuple(Flag(code, flag["value"], flag["rescan"]) for code, flag in value["quality"].items()),
        words=tuple(_word(word) for word in value["words"]),
        cells=tuple(
            Cell(c["table"], c["row"], c["column"], c["rows"], c["columns"], Box(*c["box"]), *c["words"])
            for c in value.get("cells", ())
        ),
        zones=tuple(Zone(zone["kind"], Box(*zone["box"])) for zone in value.get("zones", ())),
        barcodes=tuple(Barcode(b["page"], b["format"], b["text"], Box(*b["box"])) for b in value["barcodes"]),
    )


def barcode_as_json(code: Barcode) -> dict[str, Any]:
    """A bar code of the sidecar."""
    return {"page": code.page, "format": code.format, "text": code.text, "box": code.box.as_list()}


def kind_as_json(kind: KindFinding) -> dict[str, Any]:
    """The kind of the sidecar."""
    return {
        "code": kind.code,
        "title": kind.title,
        "catalogue": kind.catalogue,
        "confidence": round(kind.confidence, 4),
        "reasons": list(kind.reasons),
    }


def facts_as_json(facts: PatientFacts | EpisodeFacts) -> dict[str, Any]:
    """The members of `patient` or `episode`, null where unknown."""
    return {f.name: _finding(getattr(facts, f.name)) for f in fields(facts)}


def _finding(finding: Finding[Any] | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    value = {
        "value": finding.value,
        "confidence": round(finding.confidence, 4),
        "page": finding.page,
        "box": finding.box.as_list(),
        "evidence": finding.evidence,
    }
    return value if finding.read is None else {**value, "read": finding.read}


def facts_from_json(value: dict[str, Any]) -> Facts:
    """Read back `kind`, `patient` and `episode` of a sidecar."""
    kind = value["kind"]
    return Facts(
        KindFinding(kind["code"], kind["title"], kind["catalogue"], kind["confidence"], tuple(kind["reasons"])),
        PatientFacts(**{name: _read(finding) for name, finding in value["patient"].items()}),
        EpisodeFacts(**{name: _read(finding) for name, finding in value["episode"].items()}),
    )


def _read(value: dict[str, Any] | None) -> Any:
    if value is None:
        return None
    return Finding(value["value"], value["confidence"], value["page"], Box(*value["box"]), value["evidence"], value.get("read"))
