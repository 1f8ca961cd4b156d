"""Small pages and PDFs that the tests of this room share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pikepdf

from tests.generator import damage, files, forms, people
from tests.generator.draft import Form
from tests.generator.sheet import Page


@cache
def form(slug: str = "giay_ra_vien", seed: int = 5) -> Form:
    """A filled form, the same for every test."""
    rng = Random(seed)
    person = people.invent(rng)
    return forms.ALL[slug](person, person.stays[0], rng)


@cache
def page(dpi: int = 60) -> Page:
    """One small page in colour: a seal tells left from right and up from down."""
    return damage.stamped(form().pages(dpi)[0], Random(1))


@cache
def bitonal(dpi: int = 60) -> Page:
    """The same in black and white."""
    return damage.bitonal(page(dpi))


def changed(path: Path, pages: list[Page], content: bytes | None = None, **entries: object) -> Path:
    """A PDF of pictures whose first page gets other entries, or another content (the picture is called /Im)."""
    files.pdf(pages, path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        first = document.pages[0]
        if content is not None:
            first.Contents = pikepdf.Stream(document, content)
        for key, value in entries.items():
            first.obj[f"/{key}"] = value
        document.save(path)
    return path
