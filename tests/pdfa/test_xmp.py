"""What a bound file says of itself: whole, true, and no more than is known."""

from __future__ import annotations

import itertools
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from domain.findings import EpisodeFacts, Facts, Finding
from domain.pages import Box, PageReading
from domain.patients import Patient
from pdfa.bind import bind
from pdfa.choices import FileCode
from pdfa.record import BindRecord, Conversion, Identity, Scan, Shelf
from pdfa.recorded import House
from pdfa.settings import PdfaSettings
from pdfa.xmp import NAMESPACE, properties
from tests import judges
from tests.pdfa.sheets import RECORD, coded

ALL = replace(
    RECORD,
    organisation="Bệnh viện Đa khoa Sông Mây",
    conversion=Conversion("Đặng Thị Mai"),
    shelf=Shelf("H38.15", "P01", "02", "H38.15.2026.0123", "0123/NTH", "Sử dụng có điều kiện"),
    scan=Scan("fujitsu fi-7160", "Đặng Thị Mai", "Khoa Nội tổng hợp", datetime(2026, 3, 4, 4, 0, tzinfo=UTC)),
    patient=Identity("Nguyễn Thị Hường", "1962-05-14", ("BN0001", "079162001234")),
)
SAID = {
    "kindCode": "01/BV-01",
    "organId": "H38.15",
    "fondsCode": "P01",
    "fileCatalog": "02",
    "arcFileCode": "H38.15.2026.0123",
    "paperFileCode": "0123/NTH",
    "mode": "Sử dụng có điều kiện",
    "numberOfPage": "2",
    "scanner": "fujitsu fi-7160",
    "operator": "Đặng Thị Mai",
    "department": "Khoa Nội tổng hợp",
    "scanned": "2026-03-04T04:00:00+00:00",
    "converter": "Đặng Thị Mai",
    "originalSha256": ["ab" * 32],
    "engines": ["Tesseract 5.3.0 vie"],
    "patientName": "Nguyễn Thị Hường",
    "patientBirth": "1962-05-14",
    "patientCodes": ["BN0001", "079162001234"],
}


def written(record: BindRecord, folder: Path) -> Path:
    image = coded(Image.new("L", (200, 280), "white"), "jpeg")
    seen = PageReading(1, 200, 280, 100.0)
    return bind([(image, seen), (image, replace(seen, number=2))], record, folder / "out.pdf").path


def said(path: Path) -> dict[str, Any]:
    with pikepdf.open(path) as pdf, pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return {key.partition("}")[2]: metadata[key] for key in metadata if key.startswith("{" + NAMESPACE)}


def test_everything_that_is_known_is_said_and_declared_so_that_the_judge_agrees(tmp_path: Path) -> None:
    path = written(ALL, tmp_path)
    assert said(path) == SAID
    verdict = judges.verapdf(path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict


def test_what_is_not_known_is_not_there(tmp_path: Path) -> None:
    bare = BindRecord("Giấy", "0190", RECORD.created, ("ab" * 32,))
    path = written(bare, tmp_path)
    assert said(path) == {"numberOfPage": "2", "originalSha256": ["ab" * 32]}
    assert judges.verapdf(path)["compliant"]


@pytest.mark.parametrize("known", [("shelf",), ("scan",), ("patient",), ("conversion", "organisation"), ("shelf", "scan")])
def test_any_part_of_it_is_valid_by_itself(known: tuple[str, ...], tmp_path: Path) -> None:
    record = replace(RECORD, **{name: getattr(ALL, name) for name in known})
    assert judges.verapdf(written(record, tmp_path))["compliant"]


def test_older_programs_are_told_the_same(tmp_path: Path) -> None:
    path = written(ALL, tmp_path)
    with pikepdf.open(path) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            assert info["/Title"] == metadata["dc:title"] == ALL.title
            assert [info["/Author"]] == metadata["dc:creator"] == [ALL.organisation]
            assert info["/Producer"] == metadata["pdf:Producer"]
            assert info["/Creator"] == metadata["xmp:CreatorTool"]
            assert info["/CreationDate"] == info["/ModDate"] == "D:20260304050607+00'00'"
            assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-03-04T05:06:07+00:00"


def test_the_packet_can_be_read_without_a_program_that_knows_pdf(tmp_path: Path) -> None:
    data = written(ALL, tmp_path).read_bytes()
    packet = data[data.index(b"<x:xmpmeta") : data.index(b"</x:xmpmeta>")]
    assert "Bệnh viện Đa khoa Sông Mây".encode() in packet
    assert subprocess.run(["grep", "-c", "H38.15.2026.0123", tmp_path / "out.pdf"], check=True, capture_output=True).stdout


def test_metadata_of_an_ordinary_house_stay_below_five_kibibytes(tmp_path: Path) -> None:
    with pikepdf.open(written(replace(ALL, patient=None), tmp_path)) as pdf:
        assert len(pdf.Root.Metadata.read_raw_bytes()) < 5 << 10


def test_signs_with_a_meaning_in_xml_do_no_harm(tmp_path: Path) -> None:
    record = replace(ALL, scan=Scan('máy "A" & <B>', "'Mai'"), shelf=Shelf(archive_number="1<2>&\"3'\x00"))
    path = written(record, tmp_path)
    assert said(path)["scanner"] == 'máy "A" & <B>'
    assert said(path)["paperFileCode"] == "1<2>&\"3'"
    assert judges.verapdf(path)["compliant"]


def finding(value: str, confidence: float = 0.9) -> Finding[str]:
    return Finding(value, confidence, 1, Box(0, 0, 1, 1), value)


def stay(**facts: Finding[str]) -> Facts:
    return Facts(episode=EpisodeFacts(**facts))


HOUSE = PdfaSettings(organ_id="H38.15", fonds_code="P01", file_catalog="02")


def test_the_code_of_a_file_is_made_of_house_year_and_archive_number() -> None:
    shelf = House(HOUSE).shelf(stay(archive_number=finding("0123"), discharge_date=finding("2026-03-05")))
    assert (shelf.file_code, shelf.archive_number) == ("H38.15.2026.0123", "0123")


def test_a_house_may_make_its_codes_otherwise() -> None:
    house = House(replace(HOUSE, file_code=FileCode("{fonds}-{catalog}/{archive}")))
    assert house.shelf(stay(archive_number=finding("0123"))).file_code == "P01-02/0123"


@pytest.mark.parametrize(
    "facts",
    [{}, {"archive_number": finding("0123")}, {"archive_number": finding("0123", 0.4), "admission_date": finding("2026-01-02")}],
)
def test_a_code_of_which_a_part_is_unknown_or_unsure_is_no_code(facts: dict[str, Finding[str]]) -> None:
    assert House(HOUSE).shelf(stay(**facts)).file_code is None


@pytest.mark.parametrize("wrong", ["{organ}.{patient}", "{", "{0}"])
def test_a_pattern_with_other_names_is_no_setting(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        FileCode(wrong)


def test_who_converts_is_the_house_s_word_else_who_scanned_else_the_house() -> None:
    house = replace(HOUSE, organisation="Bệnh viện A", verify_url="https://kho.vn/")
    for converter, operator, expected in (
        ("Trung tâm B", "Mai", "Trung tâm B"),
        ("", "Mai", "Mai"),
        ("", None, "Bệnh viện A"),
    ):
        made = House(replace(house, converter=converter)).conversion(operator, "0190")
        assert made == Conversion(expected, "https://kho.vn/kiem-tra/0190")
    assert House(HOUSE).conversion(None, "0190") is None
    assert House(house).conversion("Mai", None) == Conversion("Mai", None)


def test_a_patient_is_named_only_where_the_house_wants_it() -> None:
    patient = Patient("BN1", "Nguyễn Thị Hường", birth_year=1962, citizen_id="079162001234")
    assert House(HOUSE).identity(patient) is None
    wanted = House(replace(HOUSE, patient_in_metadata=True))
    assert wanted.identity(patient) == Identity("Nguyễn Thị Hường", "1962", ("BN1", "079162001234"))
    assert wanted.identity(None) is None


def test_no_two_properties_share_a_name() -> None:
    assert all(one != other for one, other in itertools.pairwise(sorted(SAID)))


def test_every_property_is_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "bound.md").read_text(encoding="utf-8")
    assert [name for name in SAID if f"`{name}`" not in text] == []


def test_every_property_is_documented_under_its_own_name() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "reference", "bound.md").read_text("utf-8")
    table = page.split("namespace `urn:luuky:record:1#`")[1].split("\n### ")[0]
    told = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    whole = replace(ALL, replaces="cd" * 32, reason="missing_page")
    assert told == {one.name for one in properties(whole, 2)}
