from collections.abc import Iterable
from typing import Any

from domain.patients import Patient, Stay
from filing.lookup import keys
from filing.step import candidates_in
from storage.store import Store
from tests.filing.people import STAY, THUY, facts


def found(store: Store, **said: Any) -> list[str]:
    with store.read() as tx:
        return [one.patient.id for one in candidates_in(tx, facts(**said))]


def import_people(store: Store, people: Iterable[Patient]) -> None:
    with store.write() as tx:
        for person in people:
            tx.patients.upsert([person])
            tx.patients.add_stays(person.stays)


def test_whoever_shares_a_number_or_the_name_is_found_in_the_index(store: Store) -> None:
    import_people(store, [THUY, Patient("P2", "Lê Văn An", stays=(Stay("P2", "99/20"),))])
    for said in (
        {"citizen_id": "042177319489"},
        {"citizen_id": "183456789"},
        {"insurance_id": "GD3424877840801"},
        {"insurance_id": "4877840801"},
        {"insurance_id": "HT1424877840801"},
        {"record_number": "BN000001"},
        {"admission_number": STAY.admission_number or ""},
        {"archive_number": STAY.archive_number or ""},
        {"name": "phan thi thuy"},
    ):
        assert found(store, **said) == ["P1"], said
    assert found(store, admission_number="99/20") == ["P2"]
    assert found(store, name="Trần Thị Không") == []


def test_a_paper_that_names_nobody_asks_for_nobody() -> None:
    assert keys(facts()).empty
    assert not keys(facts(name="Lê Văn An")).empty
    assert keys(facts(name="Lê  Văn An", birth_year=1970)).folded_name == "le van an"


def test_a_common_name_never_crowds_out_whoever_shares_a_number(store: Store) -> None:
    crowd = [Patient(f"A{n:03d}", THUY.name) for n in range(300)]
    with store.write() as tx:
        tx.patients.upsert([*crowd, THUY, Patient("Z9", "Lê Văn An", citizen_id=THUY.citizen_id)])
    assert set(found(store, name=THUY.name, citizen_id=THUY.citizen_id)[:2]) == {"P1", "Z9"}
