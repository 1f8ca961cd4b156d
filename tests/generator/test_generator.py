"""The generator itself: what other tests rely on."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from random import Random

import pytest
from fontTools.ttLib import TTFont

from tests.generator import damage, demo, files, forms, people
from tests.generator.draft import Form
from tests.generator.sheet import FONTS, MARGIN, WIDTH, font_file, width_of

TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
LETTERS = {unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in TONES} | {"đ"}


def one(slug: str = "to_dieu_tri", seed: int = 5) -> Form:
    rng = Random(seed)
    person = people.invent(rng)
    return forms.ALL[slug](person, person.stays[0], rng)


@pytest.mark.parametrize("font", FONTS)
def test_every_font_holds_every_vietnamese_letter(font: str) -> None:
    for bold in (False, True):
        held = TTFont(font_file(font, bold=bold)).getBestCmap()
        assert not [letter for letter in LETTERS | {letter.upper() for letter in LETTERS} if ord(letter) not in held]


@pytest.mark.parametrize("slug", forms.ALL)
def test_a_form_stays_inside_its_margins_in_every_font(slug: str) -> None:
    runs = [run for sheet in one(slug).sheets for run in sheet.texts]
    for font in FONTS:
        assert all(run.x + width_of(run.text, run.size, font, bold=run.bold) <= WIDTH - MARGIN / 2 for run in runs), font


@pytest.mark.parametrize("slug", forms.ALL)
def test_every_field_of_a_form_stands_on_its_pages(slug: str) -> None:
    form = one(slug)
    text = " ".join(" ".join(page.text.split()) for page in form.pages(dpi=72))
    hidden = {name for name, value in form.fields.items() if value.removeprefix("Khoa ") not in text}
    assert not hidden - {"gioi"}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (files.jpeg(damage.bad(one().pages(72)[0], Random(3)), tmp_path / name) for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    assert one(seed=6).fields != one().fields


def test_the_box_of_a_word_holds_its_ink_also_after_skewing() -> None:
    page = damage.skewed(one().pages(100)[0], 2.5)
    ink = page.image.convert("L").point(lambda value: 255 * (value < 128))
    for word in page.words[:40]:
        x0, y0, x1, y1 = word.box
        assert ink.crop((int(x0), int(y0), int(x1) + 2, int(y1) + 2)).getbbox(), word.text


def test_the_index_of_the_trial_is_that_of_its_scans(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "deploy" / "demo"
    cast = demo.Cast(Random(demo.SEED))
    people.write_patients(cast.everybody, tmp_path / "patients.csv")
    people.write_stays(cast.everybody, tmp_path / "stays.csv")
    for name in ("patients.csv", "stays.csv"):
        assert (tmp_path / name).read_text() == (folder / name).read_text()
    assert cast.huong.name == cast.namesake.name
    assert cast.elder.born.year == cast.younger.born.year
