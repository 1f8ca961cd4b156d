from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.errors import Message
from domain.findings import Facts
from domain.patients import Agreement, Patient, Stay
from filing.matching import MOST_CANDIDATES, Decision, candidates, compare, decide
from filing.people import TWO_PATIENTS
from tests.filing.people import STAY, THUY, facts

NAME = "PHAN THỊ THỦY"


def decided(said: Facts, *patients: Patient, doubts: tuple[Message, ...] = ()) -> Decision:
    return decide(said, candidates(said, patients), doubts)


def codes(decision: Decision) -> set[str]:
    return {reason.code for reason in decision.reasons}


@pytest.mark.parametrize(
    "strong",
    [
        {"citizen_id": "042177319489"},
        {"citizen_id": "183456789"},
        {"insurance_id": "GD3424877840801"},
        {"insurance_id": "4877840801"},
        {"insurance_id": "HT2424877840801"},
        {"record_number": "BN000001"},
        {"record_number": "P1"},
        {"admission_number": "4567/19"},
        {"archive_number": "19001234", "admission_date": "2019-03-01"},
    ],
)
def test_a_strong_identifier_and_the_name_link(strong: dict[str, Any]) -> None:
    decision = decided(
        facts(name=NAME, **strong),
        THUY,
        replace(
            THUY, id="P2", name="Lê Văn An", citizen_id=None, old_citizen_id=None, insurance_id=None, stays=(), record_number=None
        ),
    )
    assert decision.patient_id == "P1"
    assert codes(decision) == {"linked"}


REVIEWED: list[tuple[str, dict[str, Any], list[Patient], set[str]]] = [
    ("only the name", {"name": NAME}, [THUY], {"name_only"}),
    ("name and birth date", {"name": NAME, "birth_date": "1977-09-24"}, [THUY], {"name_only"}),
    ("a name of two", {"name": NAME}, [THUY, replace(THUY, id="P2")], {"namesakes"}),
    ("nobody", {"name": "Lê Văn An"}, [THUY], {"no_candidate"}),
    ("no name", {"citizen_id": "042177319489"}, [THUY], {"no_name", "name_differs"}),
    ("another tone", {"name": "PHAN THỊ THÚY", "citizen_id": "042177319489"}, [THUY], {"name_differs"}),
    ("another name", {"name": "LÊ VĂN AN", "citizen_id": "042177319489"}, [THUY], {"name_differs"}),
    ("swapped digits", {"name": NAME, "citizen_id": "042177319498"}, [THUY], {"identifier_differs"}),
    (
        "one number agrees, another differs",
        {"name": NAME, "citizen_id": "042177319489", "insurance_id": "GD3424877840802"},
        [THUY],
        {"identifier_differs"},
    ),
    ("birth date differs", {"name": NAME, "citizen_id": "042177319489", "birth_date": "1977-09-25"}, [THUY], {"birth_differs"}),
    ("birth year differs", {"name": NAME, "citizen_id": "042177319489", "birth_year": 1978}, [THUY], {"birth_differs"}),
    ("sex differs", {"name": NAME, "citizen_id": "042177319489", "sex": "Nam"}, [THUY], {"sex_differs"}),
    (
        "two of the index share the number and the name",
        {"name": NAME, "insurance_id": "GD3424877840801"},
        [THUY, replace(THUY, id="P2", citizen_id=None, record_number=None, stays=())],
        {"identifier_shared"},
    ),
    (
        "mother and child share an insurance number",
        {"name": NAME, "insurance_id": "GD3424877840801"},
        [THUY, replace(THUY, id="P2", name="Lê Phan An", birth_date=date(2018, 1, 1), birth_year=2018, citizen_id=None)],
        {"identifier_shared"},
    ),
    (
        "numbers of two persons",
        {"name": NAME, "citizen_id": "042177319489", "insurance_id": "HT3424444444444"},
        [THUY, Patient("P2", "Phan Thị Thủy", insurance_id="HT3424444444444")],
        {"conflict"},
    ),
    (
        "a newborn by its mother's name",
        {"name": "CB PHAN THỊ THỦY", "insurance_id": "GD3424877840801"},
        [THUY],
        {"newborn", "name_differs"},
    ),
    (
        "the number of another year's stay",
        {"name": NAME, "archive_number": "19001234", "admission_date": "2009-03-01"},
        [THUY],
        {"name_only"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "patients", "reasons"), [case[1:] for case in REVIEWED], ids=[case[0] for case in REVIEWED])
def test_anything_less_waits_for_a_person_with_the_reason(
    said: dict[str, Any], patients: list[Patient], reasons: set[str]
) -> None:
    for order in (patients, patients[::-1]):
        decision = decided(facts(**said), *order)
        assert decision.patient_id is None
        assert codes(decision) == reasons
        assert all(reason.vi and reason.en for reason in decision.reasons)


def test_doubts_and_an_unknown_kind_hold_back_even_a_certain_patient() -> None:
    said: dict[str, Any] = {"name": NAME, "citizen_id": "042177319489"}
    assert decided(facts(**said)).patient_id is None
    assert decided(facts(**said), THUY).patient_id == "P1"
    assert codes(decided(facts(**said), THUY, doubts=(TWO_PATIENTS,))) == {"two_patients"}
    assert codes(decided(facts(title=None, **said), THUY)) == {"kind_unknown"}


def ruled(said: Facts, *names: str) -> Facts:
    """The same facts; a rule chose letters or digits of those named."""
    patient = {name: replace(getattr(said.patient, name), read="O42l77") for name in names}
    return replace(said, patient=replace(said.patient, **patient))


def test_a_number_that_a_rule_chose_links_only_beside_a_birth_date_or_another_number() -> None:
    number: dict[str, Any] = {"name": NAME, "citizen_id": "042177319489"}
    born: dict[str, Any] = {**number, "birth_date": "1977-09-24"}
    assert codes(decided(ruled(facts(**number), "citizen_id"), THUY)) == {"ruled_number"}
    assert codes(decided(ruled(facts(**number, birth_year=1977, sex="Nữ"), "citizen_id"), THUY)) == {"ruled_number"}
    assert codes(decided(ruled(facts(**born), "citizen_id", "birth_date"), THUY)) == {"ruled_number"}
    assert decided(ruled(facts(**born), "citizen_id"), THUY).patient_id == "P1"
    assert decided(ruled(facts(**number, record_number="BN000001"), "citizen_id"), THUY).patient_id == "P1"
    assert decided(ruled(facts(**born), "birth_date"), THUY).patient_id == "P1"
    both = ruled(facts(**number, insurance_id="GD3424877840801"), "citizen_id", "insurance_id")
    assert codes(decided(both, THUY)) == {"ruled_number"}


def test_tones_may_be_missing_only_where_they_were_read_badly_or_never_written() -> None:
    number: dict[str, Any] = {"citizen_id": "042177319489"}
    assert decided(facts(0.95, name="PHAN THỊ THUY", **number), THUY).patient_id is None
    assert decided(facts(0.6, name="PHAN THỊ THUY", **number), THUY).patient_id == "P1"
    assert decided(facts(0.95, name="PHAN THI THUY", **number), THUY).patient_id == "P1"
    assert decided(facts(0.95, name=NAME, **number), replace(THUY, name="PHAN THI THUY")).patient_id == "P1"
    assert decided(facts(0.6, name="PHAN THỊ THÙ", **number), THUY).patient_id is None


def test_a_rival_with_the_same_number_is_never_cut_off_by_namesakes() -> None:
    namesakes = [Patient(f"N{n}", THUY.name, birth_date=THUY.birth_date, birth_year=1977, sex="Nữ") for n in range(9)]
    rival = Patient("P2", "Lê Văn An", stays=(replace(STAY, patient_id="P2"),))
    said = facts(name=NAME, birth_date="1977-09-24", sex="Nữ", admission_number="4567/19")
    found = candidates(said, [*namesakes, rival, THUY])
    assert len(found) == MOST_CANDIDATES
    assert {found[0].patient.id, found[1].patient.id} == {"P1", "P2"}
    assert codes(decide(said, found)) == {"identifier_shared"}


def test_candidates_are_ordered_by_what_agrees_and_strangers_are_none() -> None:
    said = facts(name=NAME, birth_date="1977-09-24")
    younger = replace(THUY, id="P2", birth_date=date(1990, 1, 1), birth_year=1990)
    assert [one.patient.id for one in candidates(said, [younger, Patient("P3", "Lê Văn An"), THUY])] == ["P1", "P2"]


def test_a_comparison_says_what_paper_and_index_hold() -> None:
    outcome = {one.fact: one for one in compare(facts(name=NAME, citizen_id="042177319498", birth_year=1977), THUY)}
    assert outcome["name"].agreement is Agreement.AGREES
    assert (outcome["citizen_id"].paper, outcome["citizen_id"].index) == ("042177319498", "042177319489")
    assert outcome["citizen_id"].agreement is Agreement.DIFFERS
    assert outcome["birth_year"].agreement is Agreement.AGREES
    assert outcome["insurance_id"].agreement is Agreement.NOTHING


def test_having_only_the_other_kind_of_citizen_number_says_nothing() -> None:
    old_only = replace(THUY, citizen_id=None)
    outcome = {one.fact: one.agreement for one in compare(facts(name=NAME, citizen_id="042177319489"), old_only)}
    assert outcome["citizen_id"] is Agreement.NOTHING


def test_a_code_of_another_shape_is_another_hospitals_and_says_nothing() -> None:
    def outcome(code: str) -> Agreement:
        return next(one.agreement for one in compare(facts(record_number=code), THUY) if one.fact == "record_number")

    assert outcome("042/123/09/001234") is Agreement.NOTHING
    assert outcome("BN000002") is Agreement.DIFFERS
    assert outcome("BN 000001") is Agreement.AGREES


def test_departments_are_compared_without_regard_to_tones_of_the_reader() -> None:
    stay = Stay("P1", department="Khoa Hồi sức cấp cứu")
    outcome = compare(facts(department="Khoa Hôi sức cấp cứu"), replace(THUY, stays=(stay,)))
    assert next(one.agreement for one in outcome if one.fact == "department") is Agreement.AGREES


def test_the_stay_number_of_another_year_does_not_hold_back_a_personal_identifier() -> None:
    other = Patient("P2", "Lê Văn An", stays=(Stay("P2", "4567/19"),))
    namesake = replace(other, name=THUY.name)
    said = facts(name=NAME, citizen_id="042177319489", admission_number="4567/19")
    assert decided(said, THUY, other).patient_id == "P1"
    assert codes(decided(said, THUY, namesake)) == {"identifier_shared"}
    assert codes(decided(facts(name=NAME, admission_number="4567/19"), THUY, other)) == {"identifier_shared"}
