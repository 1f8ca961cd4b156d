"""`luuky digitise FILE/PAGES`: files are split and joined without any store."""

from __future__ import annotations

import json
from random import Random

import pypdfium2
import pytest

from tests.cli.running import luuky
from tests.generator import files, forms, people
from tests.judges import verapdf


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """A scanned chart of two pages, and the same chart as it was printed to a PDF."""
    folder = tmp_path_factory.mktemp("scans")
    rng = Random(5)
    person = people.invent(rng)
    chart = forms.ALL["benh_an_noi_khoa"](person, person.stays[0], rng)
    files.pdf(chart.pages(dpi=150), folder / "scan.pdf")
    files.born_digital(chart, folder / "born.pdf")
    return folder, [" ".join(sheet_words(page)[:3]) for page in chart.pages(dpi=150)]


def sheet_words(page):
    return [word.text for word in page.words]


def test_pages_of_scans_and_printed_files_are_joined_in_the_order_named(scans, tmp_path):
    folder, begins = scans
    out, side = tmp_path / "out.pdf", tmp_path / "out.json"
    parts = [folder / "scan.pdf" / "2", folder / "born.pdf" / "2r90,1", folder / "scan.pdf" / "1"]
    ran = luuky("digitise", *parts, "-o", out, "--sidecar", side, "--level", "fast")
    assert ran.status == 0, ran.err
    assert verapdf(out)["compliant"], verapdf(out)
    value = json.loads(side.read_text(encoding="utf-8"))
    assert (value["source"], [one["name"] for one in value["sources"]]) == (None, ["scan.pdf", "born.pdf"])
    assert [(page["source"], page["rotation"]) for page in value["pages"]] == [(0, 0), (1, 90), (1, 0), (0, 0)]
    pdf = pypdfium2.PdfDocument(out)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    assert [begins[1] in texts[0], begins[0] in texts[2], begins[0] in texts[3]] == [True] * 3
    assert [page.get_size()[0] > page.get_size()[1] for page in pdf] == [False, True, False, False]


def test_a_file_is_split_into_files_that_are_named_for_their_pages(scans, tmp_path):
    folder, _ = scans
    ran = luuky("digitise", folder / "scan.pdf" / "1", folder / "scan.pdf" / "2-", "-o", f"{tmp_path}/", "--level", "fast")
    assert ran.status == 0, ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scan-1.pdf", "scan-2-.pdf"]
    assert [len(pypdfium2.PdfDocument(path)) for path in tmp_path.iterdir()] == [1, 1]


@pytest.mark.parametrize(("pages", "status"), [("3", 4), ("1,1", 4), ("mot", 2), ("x1", 2)])
def test_pages_that_cannot_be_are_refused_and_nothing_is_written(scans, tmp_path, pages, status):
    folder, _ = scans
    assert luuky("digitise", folder / "scan.pdf" / pages, "-o", tmp_path / "out.pdf").status == status
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_file_is_named_like_pages_is_no_file_with_pages(scans, tmp_path):
    folder, _ = scans
    (tmp_path / "in.pdf").mkdir()
    (tmp_path / "in.pdf" / "1-2").write_bytes((folder / "scan.pdf").read_bytes())
    assert luuky("digitise", tmp_path / "in.pdf" / "1-2", "-o", tmp_path / "out.pdf", "--level", "fast").status == 0
    assert len(pypdfium2.PdfDocument(tmp_path / "out.pdf")) == 2
