"""Tesseract as the recogniser, by way of pytesseract: a process a picture, one thread, fed with an uncompressed picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from os import environ
from pathlib import Path
from typing import Any

import cv2
import pytesseract

from domain.errors import PartMissing
from domain.pages import Box, Word
from domain.text import nfc
from ocr import clean
from ocr.engine import Cleaned, Gray, TooLong
from ocr.merge import merged
from ocr.settings import Level, OcrSettings

_SPARSE, _BLOCK, _LINE, _ORIENTATION = 11, 6, 7, 0
"""Page segmentation modes. Sparse text loses the fewest lines of forms and tables; their order is put right in `layout.py`. One
block of text is surer in running text and blinder in forms."""


class Tesseract:
    """Reads with the language packs named in the settings; at the level thorough in two ways, keeping the surer words."""

    asked_first = False

    def __init__(self, settings: OcrSettings) -> None:
        self._languages = settings.languages
        self._seconds = settings.seconds_a_page
        self._twice = settings.level is Level.THOROUGH
        # A page is one unit of work and pages run in parallel; Tesseract's own threads would only spin against each other.
        environ["OMP_THREAD_LIMIT"] = "1"
        try:
            version = str(pytesseract.get_tesseract_version()).splitlines()[0]
            installed = pytesseract.get_languages(config="")
        except pytesseract.TesseractNotFoundError as error:
            raise _not_installed() from error
        if missing := set(self._languages.split("+")) - set(installed):
            raise _language_missing(", ".join(sorted(missing)))
        self._knows_orientation = "osd" in installed
        self._name = f"tesseract {version} {self._languages}"

    @property
    def name(self) -> str:
        """Name, version and language."""
        return self._name

    def read(self, page: Cleaned) -> list[Word]:
        """See `Engine`."""
        gray = clean.stretched(page.bare)
        words = self._words(gray, page.dpi, _SPARSE)
        return merged(words, self._words(gray, page.dpi, _BLOCK)) if self._twice else words

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """See `Engine`."""
        if not self._knows_orientation:
            return 0, 0.0
        try:
            found = self._run(pytesseract.image_to_osd, [gray], f"--psm {_ORIENTATION} --dpi 150")
        except pytesseract.TesseractError:
            return 0, 0.0  # too few characters on the page
        return int(found["rotate"]), float(found["orientation_conf"])

    def read_lines(self, strips: Sequence[Gray], dpi: float) -> list[list[Word]]:
        """The words of each picture of a single line, boxes in its pixels; one process for all. Raises TooLong."""
        found: list[list[Word]] = [[] for _ in strips]
        for page, word in self._found(strips, dpi, _LINE):
            found[page].append(word)
        return found

    def _words(self, gray: Gray, dpi: float, mode: int) -> list[Word]:
        return [word for _, word in self._found([gray], dpi, mode)]

    def _found(self, pictures: Sequence[Gray], dpi: float, mode: int) -> Iterator[tuple[int, Word]]:
        """Words, each with the index of its picture."""
        if not pictures:
            return
        rows = self._run(pytesseract.image_to_data, pictures, f"--psm {mode} --dpi {round(dpi)}", lang=self._languages)
        lines: dict[tuple[int, ...], int] = {}
        for n, text in enumerate(rows["text"]):
            if rows["level"][n] != 5 or not str(text).strip():
                continue
            line = lines.setdefault(tuple(rows[name][n] for name in ("page_num", "block_num", "par_num", "line_num")), len(lines))
            left, top, wide, high = (float(rows[name][n]) for name in ("left", "top", "width", "height"))
            confidence = min(max(float(rows["conf"][n]) / 100, 0.0), 1.0)
            yield rows["page_num"][n] - 1, Word(nfc(str(text).strip()), Box(left, top, left + wide, top + high), confidence, line)

    def _run(self, call: Callable[..., Any], pictures: Sequence[Gray], config: str, **more: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="luuky-") as folder:
            paths = [Path(folder) / f"{number}.pgm" for number in range(len(pictures))]
            for path, picture in zip(paths, pictures, strict=True):
                cv2.imwrite(str(path), picture)
            names = Path(folder) / "pages.txt"
            names.write_text("\n".join(map(str, paths)), encoding="utf-8")
            try:
                answer: dict[str, Any] = call(
                    str(names), config=config, timeout=self._seconds, output_type=pytesseract.Output.DICT, **more
                )
            except pytesseract.TesseractNotFoundError as error:
                raise _not_installed() from error
            except RuntimeError as error:
                if isinstance(error, pytesseract.TesseractError):
                    raise
                raise _too_long() from error
        return answer


def _not_installed() -> PartMissing:
    return PartMissing(
        "tesseract",
        "Chưa cài Tesseract. Hãy cài gói tesseract-ocr và tesseract-ocr-vie.",
        "Tesseract is not installed. Install the packages tesseract-ocr and tesseract-ocr-vie.",
    )


def _language_missing(names: str) -> PartMissing:
    return PartMissing(
        "tesseract_language",
        f"Tesseract thiếu gói ngôn ngữ: {names}. Hãy cài gói tesseract-ocr-vie.",
        f"Tesseract lacks language packs: {names}. Install the package tesseract-ocr-vie.",
    )


def _too_long() -> TooLong:
    return TooLong(
        "reading_too_long",
        "Nhận dạng một trang mất quá nhiều thời gian. Hãy quét lại trang hoặc thử lại sau.",
        "Recognising a page took too long. Scan the page again or try again later.",
    )
