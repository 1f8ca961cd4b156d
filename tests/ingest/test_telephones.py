"""Photographs of sheets, as telephones write them: HEIC and AVIF."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageOps

from domain.errors import Refused, Unreadable
from ingest.inspect import inspect
from ingest.pages import cut, cut_all
from ingest.settings import IngestSettings
from ingest.trailer import looks_complete
from tests.ingest import samples

SETTINGS = IngestSettings()
ORIENTATION = 0x0112
FILMED = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def photograph(turn: int = 0) -> Image.Image:
    return samples.page().image.convert("RGB").rotate(turn, expand=True)


def heic(path: Path, *pictures: Image.Image, orientation: int = 1) -> Path:
    """`orientation` goes into `irot`, `imir` and EXIF; the pixels stay as they are."""
    file = pillow_heif.from_pillow(pictures[0])
    for picture in pictures[1:]:
        file.add_from_pillow(picture)
    if orientation != 1:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        file[0].info["exif"] = exif.tobytes()
    file.save(path, save_all=True, quality=90)
    return path


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def apart(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return float(np.abs(np.asarray(one.convert("RGB"), dtype=int) - np.asarray(other.convert("RGB"), dtype=int)).mean())


def test_a_photograph_looks_as_it_did_and_keeps_its_colour_profile(tmp_path: Path) -> None:
    picture = photograph()
    picture.info["icc_profile"] = FILMED
    page = cut(heic(tmp_path / "a", picture), 1, SETTINGS)
    assert (page.media_type, page.native, page.orientation) == ("image/jpeg", False, 1)
    assert apart(opened(page.data), photograph()) < 2
    assert opened(page.data).info["icc_profile"] == FILMED


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turns_that_a_telephone_writes_are_obeyed_once(orientation: int, tmp_path: Path) -> None:
    page = cut(heic(tmp_path / "a", photograph(), orientation=orientation), 1, SETTINGS)
    wanted = photograph()
    wanted.getexif()[ORIENTATION] = orientation
    assert page.orientation == 1
    assert apart(opened(page.data), ImageOps.exif_transpose(wanted)) < 2


@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
def test_so_are_those_of_avif(orientation: int, tmp_path: Path) -> None:
    picture, exif = photograph(), Image.Exif()
    exif[ORIENTATION] = orientation
    picture.save(tmp_path / "a", "AVIF", quality=90, exif=exif)
    page = cut(tmp_path / "a", 1, SETTINGS)
    shown, wanted = opened(page.data), photograph()
    shown.getexif()[ORIENTATION], wanted.getexif()[ORIENTATION] = page.orientation, orientation
    assert apart(ImageOps.exif_transpose(shown), ImageOps.exif_transpose(wanted)) < 3


def test_every_picture_of_a_file_is_a_page(tmp_path: Path) -> None:
    path = heic(tmp_path / "a", photograph(), photograph(90), photograph(180))
    assert inspect(path, SETTINGS).pages == 3
    pages = list(cut_all(path, 3, SETTINGS))
    assert [page.number for page in pages] == [1, 2, 3]
    for page, turn in zip(pages, (0, 90, 180), strict=True):
        assert apart(opened(page.data), photograph(turn)) < 2


def test_a_picture_whose_entry_is_damaged_is_missed(tmp_path: Path) -> None:
    path = heic(tmp_path / "a", photograph(), photograph(90))
    data = path.read_bytes()
    at = data.rindex(b"hvc1", 0, data.index(b"mdat"))
    path.write_bytes(data[:at] + b"hrc1" + data[at + 4 :])
    with pytest.raises(Unreadable, match="broken"):
        inspect(path, SETTINGS)


def test_a_photograph_with_more_pixels_than_the_limit_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="bomb"):
        inspect(heic(tmp_path / "a", photograph()), IngestSettings(most_pixels=10_000))


@pytest.mark.parametrize("form", ["HEIC", "AVIF"])
def test_half_a_photograph_is_not_taken(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    if form == "HEIC":
        heic(path, photograph())
    else:
        photograph().save(path, form)
    assert looks_complete(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert not looks_complete(path)
    with pytest.raises(Unreadable, match="truncated"):
        inspect(path, SETTINGS)
