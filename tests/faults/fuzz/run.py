"""Every case goes the way of a file: inspected, cut, read (or left unread, for speed), bound. How it ends is one of `ENDS`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import cv2
import pikepdf
from PIL import Image

from domain.documents import Nature
from domain.errors import LuukyError, Refused
from domain.pages import PageImage, PageReading
from ingest import refusals
from ingest.inspect import inspect
from ingest.pages import cut_all
from ingest.settings import IngestSettings
from ocr.read import read_page
from ocr.recogniser import Recogniser
from ocr.settings import Level, OcrSettings
from ocr.unread import unread
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.record import BindRecord
from pipeline.page_pool import Died, Errand, PagePool
from tests.faults.fuzz import bombs, mutations
from tests.faults.fuzz.bases import Base, bases

SECONDS = 20.0
"""Of the processor, for one case."""
SETTINGS = IngestSettings()
CODES = {
    "empty", "truncated", "foreign", "broken", "broken_page", "rare_coding", "no_pages", "animated", "encrypted", "xfa",
    "too_large", "too_many_pages", "bomb",
    "deadly", "cannot_convert", "broken_picture", "form_not_drawn", "signed", "no_room_for_words",
}  # fmt: skip
"""Reasons for which a file is refused."""
FAST = OcrSettings(level=Level.FAST)
_RECORD = BindRecord("Thử", "0" * 20, datetime(2020, 1, 1, tzinfo=UTC), ("0" * 64,), None, ())


@dataclass(frozen=True)
class Case:
    """A spoilt file: what it was, what was done to it (`whole`: nothing), with which chance, and the pages it had; a bomb has
    none of its own.
    """

    base: str
    mutation: str
    seed: int
    pages: int

    @property
    def name(self) -> str:
        return f"{self.base}/{self.mutation}/{self.seed}"


@dataclass(frozen=True)
class End:
    """How a case ended: a code of `CODES`; `bound`; or `lost` (fewer pages than before, and nobody is told), `white` (nothing can
    be seen on one any more, and nobody is told), `died`, `wrong: …`.
    """

    case: Case
    what: str

    @property
    def is_well(self) -> bool:
        return self.what == "bound" or self.what in CODES


def cases(count: int, seed: int = 1) -> Iterator[Case]:
    """`count` mutations, all kinds of files in turn, and every bomb."""
    for name in bombs.MAKERS:
        yield Case("bomb", name, 0, 0)
    for number in range(count):
        base = bases()[number % len(bases())]
        rng = Random(f"{seed} {number}")
        mutation = rng.choice((*mutations.COMMON, *mutations.OF_KIND[base.kind]))
        yield Case(base.name, mutation.__name__, seed * 1_000_000 + number, base.pages)


def write(case: Case, path: Path) -> None:
    """The file of a case."""
    if case.base == "bomb":
        bombs.MAKERS[case.mutation](path)
        return
    base = next(base for base in bases() if base.name == case.base)
    path.write_bytes(base.data if case.mutation == "whole" else _mutated(base, case))


def _mutated(base: Base, case: Case) -> bytes:
    known = (*mutations.COMMON, *mutations.OF_KIND[base.kind])
    mutation = next(each for each in known if each.__name__ == case.mutation)
    return mutation(base.data, Random(case.seed))


def run(every: Sequence[Case], *, jobs: int = 2, read: bool = False) -> list[End]:
    """All of them, in processes that may die; none of which is ours."""
    pool = PagePool(jobs, partial(cv2.setNumThreads, 1))
    bases()
    try:
        errands = [(case, pool.submit(Errand([partial(_carried, case, read)], SECONDS))) for case in every]
        return [End(case, _answer(pool, errand)) for case, errand in errands]
    finally:
        pool.close()


def _answer(pool: PagePool, errand: Errand[str]) -> str:
    try:
        return pool.result(errand)
    except Died:
        return "died"


def _carried(case: Case, read: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case")
        write(case, path)
        try:
            return _taken(case, path, read=read)
        except Refused as refusal:
            return refusal.message.code
        except LuukyError as error:
            return f"wrong: {error.message.code}"
        except Exception as error:  # the boundary of a case  # noqa: BLE001
            return f"wrong: {type(error).__name__}"


def _taken(case: Case, path: Path, *, read: bool) -> str:
    inspection = inspect(path, SETTINGS)
    if inspection.nature is Nature.SIGNED:
        return "signed"
    out = path.with_name("out.pdf")
    empty: list[int] = []
    images = (_noted(image, empty) for image in cut_all(path, inspection.pages, SETTINGS))
    if inspection.nature is Nature.TEXT:
        convert(path, [_read(image, read=read) for image in images], _RECORD, out)
    else:
        bind(((image, _read(image, read=read)) for image in images), _RECORD, out)
    with pikepdf.open(out) as document:
        count = len(document.pages)
    if {refusals.REPAIRED, refusals.LEFT_OVER}.isdisjoint(inspection.notes):
        if count < case.pages:
            return "lost"
        if any(_says_something(path, number) for number in empty) and case.pages:
            return "white"
    return "bound" if count == inspection.pages else "lost"


def _says_something(path: Path, number: int) -> bool:
    """Whether a page that came out empty has any instructions; without, it is an empty page."""
    with pikepdf.open(path) as document:
        return bool(list(pikepdf.parse_content_stream(document.pages[number - 1])))


def _noted(image: PageImage, empty: list[int]) -> PageImage:
    """The same; its number among those of empty pages, where nothing can be seen of it any more."""
    if not image.native:
        with Image.open(io.BytesIO(image.data)) as picture:
            if picture.mode == "L" and len(set(picture.getextrema())) == 1:
                empty.append(image.number)
    return image


_ENGINES: list[Recogniser] = []


def _read(image: PageImage, *, read: bool) -> PageReading:
    if not read:
        return unread(image)
    if not _ENGINES:
        _ENGINES.append(Recogniser())
    return read_page(image, _ENGINES[0], FAST)
