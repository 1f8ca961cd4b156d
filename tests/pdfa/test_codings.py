"""Whatever a scan is coded in, what is bound of it is valid and shows the scan, to the pixel where nothing was to be lost."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from domain.pages import PageReading
from pdfa.bind import bind
from tests import judges
from tests.pdfa import codings
from tests.pdfa.codings import CODINGS, LIKE
from tests.pdfa.sheets import RECORD

Samples = npt.NDArray[np.int16]
_LESS_THAN_A_PIXEL = 0.001
_ON_THE_WHOLE = 6
"""Mean difference in levels, where a picture's colours are not those of a screen."""


def bound(name: str, folder: Path) -> Path:
    image = codings.page(name)
    reading = PageReading(1, image.width, image.height, image.dpi)
    return bind([(image, reading)], RECORD, folder / "out.pdf").path


def by_pdfium(path: Path, size: tuple[int, int]) -> Samples:
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        return samples(page.render(scale=(size[0] - _LESS_THAN_A_PIXEL) / page.get_width()).to_pil())


def by_poppler(path: Path, size: tuple[int, int]) -> Samples:
    command = ["pdftocairo", "-png", "-singlefile", "-scale-to-x", str(size[0]), "-scale-to-y", str(size[1]), str(path), "-"]
    done = subprocess.run(command, check=True, capture_output=True)
    return samples(Image.open(io.BytesIO(done.stdout)))


def samples(picture: Image.Image) -> Samples:
    return np.asarray(picture.convert("RGB")).astype(np.int16)


@pytest.mark.parametrize("name", CODINGS)
def test_what_is_bound_is_valid_and_two_programs_show_the_scan_that_came_in(name: str, tmp_path: Path) -> None:
    coding = CODINGS[name]
    path = bound(name, tmp_path)
    verdict = judges.verapdf(path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict
    scan = coding.shown()
    for show in (by_pdfium, by_poppler) if coding.by_poppler else (by_pdfium,):
        apart = np.abs(show(path, scan.size) - samples(scan))
        assert apart.max() <= coding.apart, (show.__name__, apart.max(), apart.mean())
        assert apart.mean() < (_ON_THE_WHOLE if coding.apart == LIKE else 1), (show.__name__, apart.mean())
    assert not coding.own or is_untouched(name, path)


def is_untouched(name: str, path: Path) -> bool:
    """Whether the coded pictures stand in the file that came in just as they stand in what was bound of it."""
    source = path.with_name("scan")
    CODINGS[name].write(source)
    came = source.read_bytes()
    with pikepdf.open(path) as document:
        bound = [picture.read_raw_bytes() for picture in document.pages[0].images.values()]
    return codings.page(name).native and all(stream in came or came in stream for stream in bound)
