"""Tesseract as a program, by way of pytesseract: a process for the pictures of a page, fed with uncompressed pictures."""

from __future__ import annotations

import subprocess
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
from ocr.engine import Gray, TooLong

ORIENTATION_DPI = 150


def installed() -> tuple[Path, set[str]]:
    """Where the language packs lie, and their names. Raises PartMissing."""
    try:
        said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.splitlines()
    except FileNotFoundError as error:
        raise _not_installed() from error
    return Path(said[0].partition('"')[2].partition('"')[0]) if said else Path(), set(said[1:])


class Program:
    """See `ocr.tesseract.Way`. `languages` joined by `+`; `seconds`: for the pictures of a page."""

    def __init__(self, languages: str, seconds: float) -> None:
        self._languages = languages
        self._seconds = seconds
        # A page is one unit of work and pages run in parallel; Tesseract's own threads would only spin against each other.
        environ["OMP_THREAD_LIMIT"] = "1"
        try:
            self.version = str(pytesseract.get_tesseract_version()).splitlines()[0]
        except pytesseract.TesseractNotFoundError as error:
            raise _not_installed() from error

    def words(self, pictures: Sequence[Gray], dpi: float, mode: int) -> Iterator[tuple[int, Word]]:
        """Words, each with the index of its picture."""
        rows = self._run(pytesseract.image_to_data, pictures, f"--psm {mode} --dpi {round(dpi)}", lang=self._languages)
        lines: dict[tuple[int, ...], int] = {}
        for n, text in enumerate(rows["text"]):
            if rows["level"][n] != 5 or not str(text).strip():
                continue
            line = lines.setdefault(tuple(rows[name][n] for name in ("page_num", "block_num", "par_num", "line_num")), len(lines))
            left, top, wide, high = (float(rows[name][n]) for name in ("left", "top", "width", "height"))
            confidence = min(max(float(rows["conf"][n]) / 100, 0.0), 1.0)
            yield rows["page_num"][n] - 1, Word(nfc(str(text).strip()), Box(left, top, left + wide, top + high), confidence, line)

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """Clockwise degrees that make the page upright, and how sure that is; 0 where too few characters are on it."""
        try:
            found = self._run(pytesseract.image_to_osd, [gray], f"--psm 0 --dpi {ORIENTATION_DPI}")
        except pytesseract.TesseractError:
            return 0, 0.0
        return int(found["rotate"]), float(found["orientation_conf"])

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
                raise too_long() from error
        return answer


def _not_installed() -> PartMissing:
    return PartMissing(
        "tesseract",
        "Chưa cài Tesseract. Hãy cài gói tesseract-ocr và tesseract-ocr-vie.",
        "Tesseract is not installed. Install the packages tesseract-ocr and tesseract-ocr-vie.",
    )


def too_long() -> TooLong:
    """What to say when the time is up."""
    return TooLong(
        "reading_too_long",
        "Nhận dạng một trang mất quá nhiều thời gian. Hãy quét lại trang hoặc thử lại sau.",
        "Recognising a page took too long. Scan the page again or try again later.",
    )
