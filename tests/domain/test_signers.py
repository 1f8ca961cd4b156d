"""Which rule counts for a document, which department it is of, who may sign, and which rules nobody can keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.documents import Document, Origin, State
from domain.errors import Refused
from domain.findings import EpisodeFacts, Facts, Finding
from domain.pages import Box
from domain.people import Person, Role
from domain.signatures import SigningRule
from domain.signers import (
    FIELDS,
    VOID,
    Capacity,
    Lack,
    Office,
    Sealing,
    applying,
    asked,
    checked_field,
    checked_rule,
    department_of,
    lacks,
    own_hats,
)

NOI, NHI = "Khoa Nội", "Khoa Nhi"
KIND = "01/BV-01"
DOCTOR = Person("d", "bs", "BS. Bảo", Role.DOCTOR, (NOI,))
CLERK = Person("c", "mai", "Mai", Role.ARCHIVE)


def paper(*departments: str, scanner: str | None = None) -> Document:
    origin = Origin("a.pdf", "scans", department=scanner)
    return Document("x", State.BOUND, 1, origin, "0" * 64, 1, datetime.now(UTC), kind_code=KIND, departments=departments)


def facts(department: str) -> Facts:
    return Facts(episode=EpisodeFacts(department=Finding(department, 0.9, 1, Box(0, 0, 1, 1), department)))


def test_a_rule_for_the_kind_counts_before_one_for_every_kind_and_then_one_for_the_department():
    every = SigningRule("", "TacGia", "author")
    ward = SigningRule("", "TacGia", "head", NHI)
    kind = SigningRule(KIND, "TacGia", "author", days=3)
    both = SigningRule(KIND, "TacGia", "head", NHI, days=5)
    rules = [both, every, kind, ward]
    assert applying(rules, KIND, NHI) == [both]
    assert applying(rules, KIND, NOI) == [kind]
    assert applying(rules, "39/BV-01", NHI) == [ward]
    assert applying(rules, None, NOI) == [every]


def test_rules_stand_in_the_order_of_their_steps():
    rules = [
        SigningRule(KIND, "ConDau", "seal", step=3),
        SigningRule(KIND, "TacGia", "author"),
        SigningRule(KIND, "TruongKhoa", "head", step=2),
    ]
    assert [one.field for one in applying(rules, KIND, NOI)] == ["TacGia", "TruongKhoa", "ConDau"]


def test_who_may_void_is_no_signature_that_is_asked_for():
    assert asked([SigningRule(KIND, VOID, "head")], paper(NOI), Facts(), None) == []


@pytest.mark.parametrize(
    ("document", "read", "home"),
    [
        (paper(NOI, NHI), "KHOA NHI", NHI),
        (paper(NOI, NHI, scanner=NOI), "Khoa Mắt", NOI),
        (paper(NOI), "Khoa Mắt", NOI),
        (paper(NOI, NHI), "Khoa Mắt", ""),
        (paper(scanner=NHI), "Khoa Mắt", NHI),
        (paper(), "Khoa Mắt", ""),
    ],
)
def test_the_department_is_the_one_read_else_the_scanners_else_the_patients_only_one(document, read, home):
    assert department_of(document, facts(read)) == home


def test_the_digitiser_is_who_scanned_it_as_long_as_the_account_is_open():
    rule = SigningRule("", "NguoiSoHoa", "digitiser")
    assert asked([rule], paper(NOI), Facts(), CLERK)[0].signer_id == "c"
    assert asked([rule], paper(NOI), Facts(), Person("c", "mai", "Mai", Role.ARCHIVE, active=False))[0].signer_id is None
    assert asked([SigningRule("", "TacGia", "author")], paper(NOI), Facts(), CLERK)[0].signer_id is None


def test_a_doctor_signs_for_the_own_departments_and_a_head_for_those_that_were_given():
    hats = own_hats(DOCTOR, [Office("d", Capacity.HEAD, NHI), Office("c", Capacity.HEAD, NOI)])

    def may(signer: str | None, capacity: str, *names: str) -> bool:
        return any(hat.fits(signer, capacity, frozenset(names)) for hat in hats)

    assert may(None, "author", NOI)
    assert not may(None, "author", NHI)
    assert may(None, "head", NHI)
    assert not may(None, "head", NOI)
    assert may("d", "head", NOI)
    assert not may("c", "author", NOI)
    assert not may(None, "seal", NOI)


def test_a_person_without_an_open_account_or_who_only_reads_signs_nothing():
    assert own_hats(Person("d", "bs", "BS", Role.DOCTOR, (NOI,), active=False), []) == []
    assert own_hats(Person("k", "k", "BS", Role.CLINICIAN, (NOI,)), []) == []


def test_rules_nobody_can_keep_are_named_with_the_departments_they_lack_somebody_in():
    author, head = SigningRule(KIND, "TacGia", "author"), SigningRule(KIND, "TruongKhoa", "head", NOI)
    seal, gone = SigningRule(KIND, "ConDau", "seal"), SigningRule("", "TacGia", "author", signer_id="away")
    digitiser = SigningRule("", "NguoiSoHoa", "digitiser")
    everyone = [DOCTOR, CLERK]
    found = lacks([author, head, seal, gone, digitiser], everyone, [], [NOI, NHI])
    assert found == [Lack(author, (NHI,)), Lack(head, (NOI,)), Lack(seal), Lack(gone), Lack(digitiser)]
    given = [Office("d", Capacity.HEAD, NOI), Office("c", Capacity.DIGITISER)]
    assert lacks([head, digitiser], everyone, given, [NOI, NHI]) == []
    locked = Person("d", "bs", "BS. Bảo", Role.DOCTOR, (NOI,), active=False)
    assert lacks([head], [locked], given, [NOI]) == [Lack(head, (NOI,))]


def test_a_rule_for_the_seal_lacks_nobody_where_it_puts_itself_or_somebody_keeps_it():
    seal, keeper = SigningRule("", "ConDau", "seal"), Office(DOCTOR.id, Capacity.SEAL)
    for sealing, given, lacking in (
        (Sealing.NONE, [keeper], True),
        (Sealing.ITSELF, [], False),
        (Sealing.PRESSED, [], True),
        (Sealing.PRESSED, [keeper], False),
    ):
        assert bool(lacks([seal], [DOCTOR], given, [NOI], sealing)) is lacking, sealing
    assert lacks([seal], [replace(DOCTOR, active=False)], [keeper], [NOI], Sealing.PRESSED) == [Lack(seal)]


def test_a_department_with_a_rule_of_its_own_is_not_lacking_under_the_general_one():
    general, own = SigningRule(KIND, "TacGia", "author"), SigningRule(KIND, "TacGia", "author", NHI, signer_id="d")
    assert lacks([general, own], [DOCTOR], [], [NOI, NHI]) == []


@pytest.mark.parametrize(
    "rule",
    [
        SigningRule(KIND, "KhongCo", "author"), SigningRule(KIND, "TacGia", "boss"),
        SigningRule(KIND, "TacGia", "author", step=0),
        SigningRule(KIND, "TacGia", "author", days=0), SigningRule(KIND, "TacGia", "author", days=1000),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(rule):
    with pytest.raises(Refused, match="rule"):
        checked_rule(rule, FIELDS)


@pytest.mark.parametrize("name", ["", "Tác", "1a", "a", "a b", "a.b", "x" * 41])
def test_a_field_whose_name_could_not_stand_in_a_file_is_refused(name):
    with pytest.raises(Refused, match="field_name"):
        checked_field(name, "Tên", "", "author")
