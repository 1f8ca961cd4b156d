"""`python -m tests.generator.demo [OUT_DIR]`: makes the sample scans of the trial (`deploy/demo/`): the same bytes every time.

The story they tell: Nguyễn Thị Hương was treated for pneumonia in 2009 and came back over the years; a namesake has another birth
date; one slip names a man by name and birth year only, and two men of the index fit. Everybody is invented.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from PIL import Image

from tests.generator import damage, files, forms, people
from tests.generator.draft import Form
from tests.generator.people import Person, Stay
from tests.generator.sheet import Page

SEED = 20091104
DPI = 200
PNEUMONIA = ("Viêm phổi cộng đồng", "J18.9")
HYPERTENSION = ("Tăng huyết áp vô căn", "I10")


class Cast:
    """The persons of the story; `everybody` is the index."""

    def __init__(self, rng: Random) -> None:
        self.huong = _person(
            rng, "Nguyễn Thị Hương", date(1958, 5, 14), ((2009, 11, 4, "K01"), (2015, 3, 9, "K01"), (2021, 8, 2, "K04"))
        )
        self.namesake = _person(rng, "Nguyễn Thị Hương", date(1983, 2, 27), ((2016, 6, 20, "K02"),))
        self.dung = _person(rng, "Lê Văn Dũng", date(1971, 9, 8), ((2018, 4, 16, "K02"),))
        self.mai = _person(rng, "Phạm Thị Mai", date(1949, 12, 1), ((2013, 10, 7, "K04"),))
        self.khanh = _person(rng, "Hoàng Đức Khánh", date(1990, 7, 19), ((2020, 1, 13, "K01"),))
        self.elder = _person(rng, "Trần Văn Bình", date(1957, 3, 2), ((2012, 2, 6, "K01"),))
        self.younger = _person(rng, "Trần Văn Bình", date(1957, 11, 20), ((2012, 9, 3, "K02"),))
        others = people.invent_many(rng, 23)
        self.everybody = [self.huong, self.namesake, self.dung, self.mai, self.khanh, self.elder, self.younger, *others]


def _person(rng: Random, name: str, born: date, stays: tuple[tuple[int, int, int, str], ...]) -> Person:
    sex = "Nữ" if " Thị " in name else "Nam"
    person = people.invent(rng, name, sex, born)
    return replace(person, stays=tuple(_stay(rng, date(year, month, day), unit) for year, month, day, unit in stays))


def _stay(rng: Random, admitted: date, department: str) -> Stay:
    return replace(people.invent_stay(rng, admitted, admitted), department=department)


def scanned(form: Form, rng: Random, font: str = "Noto Serif", dpi: int = DPI) -> list[Page]:
    """A form as an office scanner sees it: a little askew, a little soft, sealed on its last page."""
    pages = [damage.skewed(page, rng.uniform(-1.3, 1.3)) for page in form.pages(dpi, font)]
    pages[-1] = damage.stamped(pages[-1], rng)
    return [damage.noisy(damage.blurred(page, 0.5), rng, 2) for page in pages]


def main(out: Path) -> None:
    """Write the whole folder."""
    rng = Random(SEED)
    cast = Cast(rng)
    scans, drop = out / "scans", out / "drop"
    for folder in (scans, drop):
        folder.mkdir(parents=True, exist_ok=True)
    _huong(cast, scans, rng)
    _others(cast, scans, rng)
    _dropped(cast, drop, rng)
    people.write_patients(cast.everybody, out / "patients.csv")
    people.write_stays(cast.everybody, out / "stays.csv")


def _huong(cast: Cast, scans: Path, rng: Random) -> None:
    person = cast.huong
    first, second, third = person.stays
    _jpeg(scanned(forms.giay_ra_vien(person, first, rng, PNEUMONIA), rng), scans / "2009-11_giay-ra-vien.jpg")
    _pdf(scanned(forms.benh_an_noi_khoa(person, first, rng, PNEUMONIA), rng, "DejaVu Serif"), scans / "2009-11_benh-an.pdf")
    _jpeg(scanned(forms.phieu_x_quang(person, first, rng), rng), scans / "2009-11_x-quang.jpg")
    _pdf(scanned(forms.giay_ra_vien(person, second, rng, HYPERTENSION), rng, "FreeSerif"), scans / "2015-03_giay-ra-vien.pdf")
    tests = forms.phieu_xet_nghiem(person, second, rng).pages(300, "Noto Sans")
    files.tiff([damage.bitonal(damage.skewed(page, 0.8)) for page in tests], scans / "2015-03_xet-nghiem.tif")
    _jpeg(scanned(forms.don_thuoc(person, third, rng), rng, "Noto Sans"), scans / "2021-08_don-thuoc.jpg")


def _others(cast: Cast, scans: Path, rng: Random) -> None:
    stay = cast.namesake.stays[0]
    letter, sheet = forms.giay_ra_vien(cast.namesake, stay, rng), forms.to_dieu_tri(cast.namesake, stay, rng)
    _jpeg(scanned(letter, rng, "DejaVu Sans"), scans / "2016-06_giay-ra-vien.jpg")
    _pdf(scanned(sheet, rng), scans / "2016-06_to-dieu-tri.pdf")
    stay = cast.dung.stays[0]
    operation, history = forms.phieu_phau_thuat(cast.dung, stay, rng), forms.benh_an_ngoai_khoa(cast.dung, stay, rng)
    _pdf(scanned(operation, rng, "FreeSerif"), scans / "2018-04_phieu-phau-thuat.pdf")
    _pdf(scanned(history, rng, "DejaVu Serif"), scans / "2018-04_benh-an-ngoai.pdf")
    upside_down = [damage.turned(page, 2) for page in scanned(forms.giay_ra_vien(cast.mai, cast.mai.stays[0], rng), rng)]
    _jpeg(upside_down, scans / "2013-10_giay-ra-vien.jpg")
    _pdf(scanned(forms.giay_chuyen_vien(cast.mai, cast.mai.stays[0], rng), rng, "Noto Sans"), scans / "2013-10_chuyen-vien.pdf")
    stay = cast.khanh.stays[0]
    chart = [*scanned(forms.to_dieu_tri(cast.khanh, stay, rng), rng), *scanned(forms.to_dieu_tri(cast.khanh, stay, rng), rng)]
    _pdf(chart, scans / "2020-01_to-dieu-tri.pdf")
    _pdf(scanned(forms.phieu_cham_soc(cast.khanh, stay, rng), rng, "Noto Sans"), scans / "2020-01_cham-soc.pdf")
    slip = forms.phieu_kham(cast.elder, cast.elder.stays[0], rng)
    _jpeg(scanned(slip, rng), scans / "2012-02_phieu-kham.jpg")


def _dropped(cast: Cast, drop: Path, rng: Random) -> None:
    history = forms.benh_an_noi_khoa(cast.khanh, cast.khanh.stays[0], rng, PNEUMONIA)
    _pdf(scanned(history, rng, "Noto Serif"), drop / "benh-an-moi-quet.pdf")
    letter = forms.giay_ra_vien(cast.huong, cast.huong.stays[2], rng, HYPERTENSION).pages(DPI, "Noto Serif")[0]
    photo = damage.photographed(damage.stamped(letter, rng), rng)
    shown = replace(photo, image=photo.image.transpose(Image.Transpose.ROTATE_90), dpi=72)
    files.jpeg(shown, drop / "anh-dien-thoai.jpg", quality=55, orientation=6)


def _jpeg(pages: Sequence[Page], path: Path) -> None:
    files.jpeg(pages[0], path, quality=52)


def _pdf(pages: Sequence[Page], path: Path) -> None:
    files.pdf(pages, path, quality=52)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "deploy" / "demo")
