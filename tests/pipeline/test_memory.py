"""Pages stream: a file of sixty pages needs no more memory than one of six, however large its pages are."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.inspect import inspect
from ingest.pages import cut
from ingest.settings import IngestSettings
from ocr import pictures
from ocr.unread import unread
from pdfa.bind import bind
from pdfa.record import BindRecord
from tests.cli.running import ROOT
from tests.generator import files
from tests.generator.sheet import Page

FEW, MANY = 6, 60
LEAST_PAGE = 500_000
"""Bytes."""
SETTINGS = IngestSettings()


def look(path: Path) -> None:
    inspect(path, SETTINGS)


def take_apart_and_bind(path: Path) -> None:
    pages = (cut(path, number, SETTINGS) for number in range(1, inspect(path, SETTINGS).pages + 1))
    record = BindRecord("Thử", "0" * 20, datetime(2020, 1, 1, tzinfo=UTC), ("0" * 64,), None, ())
    bind(((page, unread(page)) for page in pages), record, path.with_suffix(".out.pdf"))


def decode(path: Path) -> None:
    pictures.decode(cut(path, 1, SETTINGS))


def most(errand: str, path: Path) -> int:
    """Bytes that a fresh process held at most while it did an errand."""
    code = f"from pathlib import Path; from tests.pipeline.test_memory import {errand} as do; do(Path({str(path)!r})); "
    code += "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout) * 1024


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> tuple[Path, Path]:
    """A short file and a long one, of noise that no packing makes smaller, each page with its own."""
    folder = tmp_path_factory.mktemp("scans")
    noise = np.random.default_rng(1).integers(0, 255, (900, 640, 3), dtype=np.uint8)
    pages = [Page(Image.fromarray(np.roll(noise, number, axis=0)), (), "", 75) for number in range(MANY)]
    short, long = (files.pdf(pages[:count], folder / f"{count}.pdf", quality=90) for count in (FEW, MANY))
    assert long.stat().st_size > LEAST_PAGE * MANY
    return short, long


@pytest.mark.parametrize("errand", [look.__name__, take_apart_and_bind.__name__])
def test_memory_does_not_grow_with_the_number_of_pages(scans: tuple[Path, Path], errand: str) -> None:
    few, many = (most(errand, path) for path in scans)
    assert many - few < (MANY - FEW) * LEAST_PAGE / 3


@pytest.mark.parametrize("levels", [1, 6])
def test_a_large_jpeg_2000_is_decoded_from_half_its_resolution_where_it_has_several(levels: int, tmp_path: Path) -> None:
    path, picture = tmp_path / "large.jp2", Image.effect_mandelbrot((6200, 6000), (-2, -1.5, 1, 1.5), 20).convert("RGB")
    picture.save(path, num_resolutions=levels)
    shown = pictures.decode(cut(path, 1, SETTINGS))
    assert shown.size == picture.size
    assert np.abs(np.asarray(shown.reduce(20), int) - np.asarray(picture.reduce(20), int)).mean() < 2
    assert (most(decode.__name__, path) < 500_000_000) == (levels > 1)
