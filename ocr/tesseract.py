"""Tesseract as the recogniser, by way of pytesseract: a process a picture, one thread, fed with an uncompressed picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from os import environ
from pathlib import Path
from typing import Any

import cv2
import pytesseract

from domain.errors import Broken, PartMissing
from domain.pages import Box, Word
from domain.text import nfc
from ocr.engine import Gray
from ocr.settings import OcrSettings

_SPARSE, _BLOCK, _ORIENTATION = 11, 6, 0
"""Page segmentation modes. Sparse text loses the fewest lines of forms and tables; their order is put right in `layout.py`."""


class Tesseract:
    """Reads with the language packs named in the settings."""

    def __init__(self, settings: OcrSettings) -> None:
        self._languages = settings.languages
        self._seconds = settings.seconds_a_page
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

    def read(self, gray: Gray, dpi: float) -> list[Word]:
        """See `Engine`."""
        return self._words(gray, dpi, _SPARSE)

    def read_block(self, gray: Gray, dpi: float) -> list[Word]:
        """See `Engine`."""
        return self._words(gray, dpi, _BLOCK)

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """See `Engine`."""
        if not self._knows_orientation:
            return 0, 0.0
        try:
            found = self._run(pytesseract.image_to_osd, gray, f"--psm {_ORIENTATION} --dpi 150")
        except pytesseract.TesseractError:
            return 0, 0.0  # too few characters on the page
        return int(found["rotate"]), float(found["orientation_conf"])

    def _words(self, gray: Gray, dpi: float, mode: int) -> list[Word]:
        config = f"--psm {mode} --dpi {round(dpi)}"
        rows = self._run(pytesseract.image_to_data, gray, config, lang=self._languages)
        lines: dict[tuple[int, int, int], int] = {}
        words = []
        for n, text in enumerate(rows["text"]):
            if rows["level"][n] != 5 or not str(text).strip():
                continue
            line = lines.setdefault((rows["block_num"][n], rows["par_num"][n], rows["line_num"][n]), len(lines))
            left, top, wide, high = (float(rows[name][n]) for name in ("left", "top", "width", "height"))
            confidence = min(max(float(rows["conf"][n]) / 100, 0.0), 1.0)
            words.append(Word(nfc(str(text).strip()), Box(left, top, left + wide, top + high), confidence, line))
        return words

    def _run(self, call: Callable[..., Any], gray: Gray, config: str, **more: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="luuky-") as folder:
            path = Path(folder) / "page.pgm"
            cv2.imwrite(str(path), gray)
            try:
                answer: dict[str, Any] = call(
                    str(path), config=config, timeout=self._seconds, output_type=pytesseract.Output.DICT, **more
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


def _too_long() -> Broken:
    return Broken(
        "reading_too_long",
        "Nhận dạng một trang mất quá nhiều thời gian. Hãy quét lại trang hoặc thử lại sau.",
        "Recognising a page took too long. Scan the page again or try again later.",
    )
