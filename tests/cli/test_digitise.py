"""`luuky digitise`: whole files or none, PDF/A-2u or nothing, documented JSON, documented exit status, no trace."""

from __future__ import annotations

import json
from random import Random

import pikepdf
import pytest

from domain.sidecar import facts_from_json, page_from_json
from tests.cli.running import luuky
from tests.generator import damage, files, forms, hostile, people
from tests.judges import verapdf


@pytest.fixture(scope="session")
def scans(tmp_path_factory):
    """A discharge letter as a JPEG (turned upside down), a two-page case history as a PDF, and a letter that is born digital."""
    folder = tmp_path_factory.mktemp("scans")
    rng = Random(5)
    person = people.invent(rng)
    letter = forms.giay_ra_vien(person, person.stays[0], rng)
    files.jpeg(damage.turned(damage.skewed(letter.pages(dpi=200)[0], 0.8), 2), folder / "giấy ra viện.jpg")
    files.pdf(forms.ALL["benh_an_noi_khoa"](person, person.stays[0], rng).pages(dpi=200), folder / "benh-an.pdf")
    files.born_digital(letter, folder / "born.pdf")
    return folder, letter.fields


@pytest.fixture(scope="session")
def made(scans, tmp_path_factory):
    """All three, digitised into a folder."""
    folder, _ = scans
    out = tmp_path_factory.mktemp("out")
    home = tmp_path_factory.mktemp("home")
    ran = luuky(
        "digitise",
        *sorted(folder.iterdir()),
        "-o",
        f"{out}/",
        "--sidecar",
        f"{out}/",
        XDG_DATA_HOME=str(home),
        LUUKY_DATA=str(home / "d"),
    )
    assert ran.status == 0, ran.err
    assert ran.out == ""
    assert list(home.iterdir()) == []
    return out


def test_every_input_becomes_a_valid_pdfa_2u_and_a_sidecar_of_its_name(made):
    names = sorted(path.name for path in made.iterdir())
    assert names == sorted(f"{stem}.{kind}" for stem in ("giấy ra viện", "benh-an", "born") for kind in ("pdf", "json"))
    for path in made.glob("*.pdf"):
        verdict = verapdf(path)
        assert verdict["compliant"], verdict["failed_rules"]
        assert verdict["profile"] == "PDF/A-2U"


def test_the_sidecar_has_the_documented_form_and_finds_the_patient(made, scans):
    _, fields = scans
    value = json.loads((made / "giấy ra viện.json").read_text(encoding="utf-8"))
    assert list(value) == ["version", "source", "sources", "pages", "kind", "patient", "episode", "barcodes"]
    assert value["version"] == 1
    assert set(value["source"]) == {"name", "sha256", "bytes"}
    assert value["sources"] == [value["source"]]
    page = value["pages"][0]
    assert {"number", "source", "width", "height", "dpi", "rotation", "skew_degrees", "blank", "quality", "text", "words"} <= set(
        page
    )
    assert page["rotation"] == 180
    assert set(page["words"][0]) == {"text", "box", "confidence", "line"}
    assert set(value["kind"]) == {"code", "title", "catalogue", "confidence", "reasons"}
    assert value["kind"]["code"] == "01/BV-01"
    assert set(value["patient"]) == {"name", "birth_date", "birth_year", "sex", "citizen_id", "insurance_id", "record_number"}
    assert value["patient"]["citizen_id"]["value"] == fields["so_cccd"]
    assert set(value["patient"]["citizen_id"]) == {"value", "confidence", "page", "box", "evidence"}
    assert facts_from_json(value).kind.code == "01/BV-01"
    assert page_from_json(page).text == page["text"]


def test_a_born_digital_file_is_not_made_into_pictures(made):
    value = json.loads((made / "born.json").read_text(encoding="utf-8"))
    assert value["pages"][0]["engine"] == "text layer"
    with pikepdf.open(made / "born.pdf") as pdf:
        assert not list(pdf.pages[0].images)


def test_several_inputs_are_joined_in_order_into_one_file(scans, tmp_path):
    folder, _ = scans
    out = tmp_path / "all.pdf"
    ran = luuky(
        "digitise",
        folder / "benh-an.pdf",
        folder / "giấy ra viện.jpg",
        "-o",
        out,
        "--sidecar",
        tmp_path / "all.json",
        "--level",
        "fast",
    )
    assert ran.status == 0, ran.err
    value = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert value["source"] is None
    assert [source["name"] for source in value["sources"]] == ["benh-an.pdf", "giấy ra viện.jpg"]
    assert [page["number"] for page in value["pages"]] == list(range(1, len(value["pages"]) + 1))
    assert value["pages"][-1]["source"] == 1
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == len(value["pages"])


@pytest.mark.parametrize(
    "name", ["encrypted", "owner_password", "xfa", "truncated_pdf", "foreign", "empty", "png_bomb", "many_pages", "hollow"]
)
def test_what_cannot_be_taken_is_refused_with_a_reason_and_nothing_is_written(tmp_path, name):
    bad = tmp_path / "bad.pdf"
    hostile.MAKERS[name](bad)
    ran = luuky("digitise", bad, "-o", tmp_path / "out.pdf")
    assert ran.status == 4
    assert len(ran.err.strip().splitlines()) >= 2
    assert [path.name for path in tmp_path.iterdir()] == ["bad.pdf"]


def test_one_bad_input_among_good_ones_spoils_only_itself(scans, tmp_path):
    folder, _ = scans
    bad = hostile.MAKERS["empty"](tmp_path / "trống.pdf")
    ran = luuky("digitise", bad, folder / "born.pdf", "-o", f"{tmp_path}/out/")
    assert ran.status == 4
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["born.pdf"]


def test_a_missing_file_is_an_unreadable_input_and_a_wrong_call_is_usage(tmp_path):
    assert luuky("digitise", tmp_path / "none.pdf", "-o", tmp_path / "out.pdf").status == 4
    assert luuky("digitise", tmp_path / "none.pdf").status == 2
    assert luuky("digitise", "--level", "best", tmp_path / "none.pdf", "-o", "x.pdf").status == 2
    assert luuky("digitise", tmp_path / "none.pdf", "-o", tmp_path / "x", "--sidecar", f"{tmp_path}/./x").status == 2
    assert luuky("nonsense").status == 2


def test_a_file_that_is_there_is_only_replaced_when_asked(scans, tmp_path):
    folder, _ = scans
    out = tmp_path / "born.pdf"
    out.write_text("old")
    assert luuky("digitise", folder / "born.pdf", "-o", out).status == 2
    assert out.read_text() == "old"
    assert luuky("digitise", folder / "born.pdf", "-o", out, "--overwrite").status == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_the_same_input_gives_the_same_bytes(scans, tmp_path):
    folder, _ = scans
    for name in ("a.pdf", "b.pdf"):
        assert luuky("digitise", folder / "born.pdf", "-o", tmp_path / name).status == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
