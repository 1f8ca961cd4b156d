"""Cuts a file into page images: the scanner's own encoded picture where the file allows it, else drawn or stored without loss."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from domain.errors import Unreadable
from domain.pages import PageImage
from ingest import pdf_pages, pictures, refusals, sniff, tiff
from ingest.settings import IngestSettings


def cut(path: Path, number: int, settings: IngestSettings) -> PageImage:
    """Page `number` (from 1) of a file that `inspect` has taken. Raises Unreadable or Refused."""
    return next(_cut(path, range(number, number + 1), settings))


def cut_all(path: Path, count: int, settings: IngestSettings) -> Iterator[PageImage]:
    """Pages 1 to `count`, one by one, with the file opened once."""
    return _cut(path, range(1, count + 1), settings)


def _cut(path: Path, numbers: range, settings: IngestSettings) -> Iterator[PageImage]:
    kind = sniff.media_type(path)
    if kind == sniff.PDF:
        return _named(pdf_pages.cut(path, numbers, settings), numbers)
    if kind == sniff.TIFF:
        return _named(tiff.cut(path, numbers, settings), numbers)
    if kind is None:
        raise refusals.foreign()
    return pictures.cut(path, kind, numbers, settings)


def _named(images: Iterator[PageImage], numbers: range) -> Iterator[PageImage]:
    """The same; what is said of a damaged page says which it is."""
    for number in numbers:
        try:
            yield next(images)
        except Unreadable as error:
            raise refusals.broken_page(number) if error.message.code == "broken" else error from error
