"""Pages arranged from a terminal or a script, and what becomes of them on the belt."""

from __future__ import annotations

import json

import pypdfium2
import pytest

from tests import judges
from tests.cli.running import ROOT, luuky

DEMO = ROOT / "deploy" / "demo"
SCANS = ("2009-11_giay-ra-vien.jpg", "2009-11_benh-an.pdf")
PATIENT = "BN94529915"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A store with the patient index and two kept documents: a letter of one page, a chart of two."""
    folder = tmp_path_factory.mktemp("store")
    for name in ("patients.csv", "stays.csv"):
        assert luuky("patients", "import", DEMO / name, "--yes", data=folder).status == 0
    assert luuky("ingest", *(DEMO / "scans" / name for name in SCANS), "--wait", data=folder).status == 0
    return folder


@pytest.fixture(scope="module")
def ids(data):
    rows = luuky("documents", "--json", data=data).json
    return [next(row["document"] for row in rows if row["source_name"] == name) for name in SCANS]


def pages(data, document):
    ran = luuky("pages", document, "--json", data=data)
    assert ran.status == 0
    return ran.json


def exported(data, document, folder):
    assert luuky("export", document, "-o", folder, data=data).status == 0
    return folder / f"{document}.pdf", json.loads((folder / f"{document}.json").read_text(encoding="utf-8"))


def test_the_pages_of_a_document_are_listed_and_what_cannot_be_says_so_by_its_exit_status(data, ids):
    value = pages(data, ids[1])
    assert [(one["number"], one["original"], one["page"], one["read"]) for one in value["pages"]] == [
        (1, 0, 1, True),
        (2, 0, 2, True),
    ]
    assert (value["state"], value["needs_reason"], value["aside"]) == ("KEPT", True, [])
    assert value["originals"][0]["name"] == SCANS[1]
    unexplained = luuky("arrange", ids[1], "2,1", data=data)
    assert (unexplained.status, "reason_needed" in unexplained.err) == (4, True)
    assert luuky("arrange", ids[1], "nonsense", "--reason", "x", data=data).status == 2
    assert luuky("pages", "nobody", data=data).status == 4


def test_a_kept_document_is_split_joined_turned_and_bound_anew_with_its_past(data, ids, tmp_path):
    letter, chart = ids
    old, _ = exported(data, chart, tmp_path / "old")
    first = pages(data, chart)["versions"]

    ran = luuky("split", chart, "2", "1", "--reason", "wrong_document: hai giấy", "--wait", "--json", data=data)
    assert ran.status == 0, ran.err
    part, new = (row["document"] for row in ran.json)
    assert part == chart
    assert [row["pages"] for row in ran.json] == [1, 1]

    joined = luuky("join", letter, new, "--reason", "missing_page", "--json", data=data)
    assert joined.status == 0, joined.err
    assert [(row["state"], row["pages"]) for row in joined.json] == [("READ", 2), ("WITHDRAWN", 0)]
    assert letter in joined.json[1]["reasons"][0]["vi"]
    assert luuky("arrange", letter, "1,2r90", "--wait", data=data).status == 0

    value = pages(data, letter)
    assert [(one["original"], one["page"], one["turn"]) for one in value["pages"]] == [(0, 1, None), (1, 1, 90)]
    assert [one["kind"] for one in value["versions"]][-3:] == ["replaced", "bound", "manifest"], value["versions"]
    bound, sidecar = exported(data, letter, tmp_path / "new")
    assert judges.verapdf(bound)["compliant"]
    assert (sidecar["source"], [one["name"] for one in sidecar["sources"]]) == (None, list(SCANS))
    assert [one["source"] for one in sidecar["pages"]] == [0, 1]
    pdf = pypdfium2.PdfDocument(bound)
    assert "RA VIỆN" in pdf[0].get_textpage().get_text_range()
    width, height = pdf[1].get_size()
    assert width > height, "the page lies as it was turned"

    past = pages(data, chart)["versions"]
    assert past[: len(first)] == first
    assert [(one["reason"], one["sha256"]) for one in past if one["kind"] == "replaced"] == [
        ("wrong_document", first[-2]["sha256"])
    ]
    assert luuky("verify", old, data=data).status == 3, "the old version is still a file that can be judged"
    assert luuky("ingest", DEMO / "scans" / SCANS[1], data=data).err.count("kept already as") == 1
