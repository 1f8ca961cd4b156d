"""Invented pages for the tests of search."""

from __future__ import annotations

from domain.documents import State
from domain.search import IndexedPage


def page(document: str, number: int = 1, text: str = "", **known: object) -> IndexedPage:
    """A page of a kept document of department K01 in 2020, unless told otherwise."""
    values: dict[str, object] = {
        "state": State.KEPT,
        "title": "Giấy ra viện",
        "kind": "01/BV-01",
        "patient": None,
        "patient_name": None,
        "departments": ("K01",),
        "year": 2020,
        **known,
    }
    return IndexedPage(document=document, page=number, text=text, **values)  # type: ignore[arg-type]
