import pytest

from domain.errors import Refused
from domain.findings import Facts
from domain.pages import Box
from filing.corrections import corrected
from tests.filing.people import facts


@pytest.mark.parametrize(
    ("fact", "written", "value"),
    [
        ("name", "  Phan  Thị Thủy ", "Phan Thị Thủy"),
        ("sex", "nu", "Nữ"),
        ("citizen_id", "042 177 319 489", "042177319489"),
        ("citizen_id", "183456789", "183456789"),
        ("insurance_id", "gd 3 42 4877840801", "GD3424877840801"),
        ("record_number", "BN.0001", "BN0001"),
        ("archive_number", "21.258714", "21258714"),
        ("admission_date", "ngày 03 tháng 11 năm 2009", "2009-11-03"),
        ("discharge_date", "2009-11-03", "2009-11-03"),
        ("department", "Nội tổng hợp", "Khoa Nội tổng hợp"),
        ("department", "Khoa Nhi", "Khoa Nhi"),
        ("diagnosis", "Viêm phổi", "Viêm phổi"),
        ("icd10", "j18.9", "J18.9"),
    ],
)
def test_what_a_person_writes_is_stored_in_the_documented_form(fact: str, written: str, value: str) -> None:
    found = corrected(Facts(), fact, written)
    finding = getattr(found.patient, fact, None) or getattr(found.episode, fact, None)
    assert finding is not None
    assert (finding.value, finding.confidence) == (value, 1.0)


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        ("sex", "khác"),
        ("citizen_id", "12345"),
        ("insurance_id", "12345"),
        ("admission_date", "31/02/2009"),
        ("birth_date", "hôm qua"),
        ("icd10", "viêm phổi"),
        ("record_number", "không có"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_is_expected(fact: str, written: str) -> None:
    with pytest.raises(Refused) as error:
        corrected(Facts(), fact, written)
    assert error.value.message.code == "bad_value"
    assert written not in str(error.value)


def test_an_empty_value_makes_a_fact_unknown() -> None:
    assert corrected(facts(name="Lê Văn An"), "name", " ").patient.name is None
    cleared = corrected(facts(birth_date="1977-09-24", birth_year=1977), "birth_date", "").patient
    assert (cleared.birth_date, cleared.birth_year) == (None, None)


def test_birth_date_and_year_change_together() -> None:
    patient = corrected(facts(birth_date="1977-09-24", birth_year=1977), "birth_date", "03/11/1980").patient
    assert patient.birth_date is not None
    assert patient.birth_year is not None
    assert (patient.birth_date.value, patient.birth_year.value) == ("1980-11-03", 1980)
    alone = corrected(facts(birth_date="1977-09-24", birth_year=1977), "birth_year", "1981").patient
    assert alone.birth_date is None
    assert alone.birth_year is not None
    assert alone.birth_year.value == 1981


def test_a_corrected_fact_keeps_the_place_on_the_page() -> None:
    name = corrected(facts(name="Lê Văn Am"), "name", "Lê Văn An").patient.name
    assert name is not None
    assert (name.page, name.box, name.evidence) == (1, Box(10, 20, 30, 40), "Lê Văn Am")


@pytest.mark.parametrize(
    ("written", "code", "title"),
    [
        ("39/BV-01", "39/BV-01", "Tờ điều trị"),
        ("giấy ra viện", "01/BV-01", "Giấy ra viện"),
        ("Đơn thuốc", None, "Đơn thuốc"),
        ("", None, None),
    ],
)
def test_a_kind_is_chosen_by_code_or_title(written: str, code: str | None, title: str | None) -> None:
    kind = corrected(Facts(), "kind", written).kind
    assert (kind.code, kind.title) == (code, title)


def test_there_are_no_other_facts() -> None:
    with pytest.raises(Refused) as error:
        corrected(Facts(), "address", "Hà Tĩnh")
    assert error.value.message.code == "no_such_fact"
