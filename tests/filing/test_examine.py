from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.findings import present
from domain.pages import Barcode, Box, PageReading, Reading, Word, Zone
from domain.sidecar import facts_as_json, kind_as_json
from filing.examine import examine
from filing.matching import candidates, decide
from tests.filing.paper import page
from tests.filing.people import THUY

PRINTED = (
    "Họ",
    "và",
    "tên:",
    "Số",
    "CCCD:",
    "042177319489",
    "MS:",
    "01/BV-01",
    "GIẤY",
    "RA",
    "VIỆN",
    "ngày",
    "03/11/2009",
    "(",
    ":",
    "....",
)
SIZES = st.floats(0, 3000, allow_nan=False)
TEXTS = st.one_of(st.sampled_from(PRINTED), st.text(max_size=12))


@st.composite
def words(draw: st.DrawFn) -> Word:
    x, y, width, height = draw(SIZES), draw(SIZES), draw(st.floats(0, 400)), draw(st.floats(0, 80))
    return Word(draw(TEXTS), Box(x, y, x + width, y + height), draw(st.floats(0, 1)), draw(st.integers(0, 5)))


@st.composite
def pages(draw: st.DrawFn) -> PageReading:
    code = Barcode(1, "QRCode", draw(TEXTS) + "|" * draw(st.integers(0, 9)), Box(0, 0, 9, 9))
    return PageReading(1, 2480, 3508, 300, words=tuple(draw(st.lists(words(), max_size=25))), barcodes=(code,))


@settings(max_examples=150, deadline=None)
@given(st.lists(pages(), max_size=3))
def test_no_reading_however_odd_breaks_the_examination(some: list[PageReading]) -> None:
    facts = examine(Reading(tuple(some))).facts
    for finding in (*present(facts.patient).values(), *present(facts.episode).values()):
        assert 0 <= finding.confidence <= 1
        assert 1 <= finding.page <= len(some)


def test_an_examination_has_the_form_of_the_sidecar() -> None:
    facts = examine(Reading((page("# GIẤY RA VIỆN", "Họ và tên: PHAN THỊ THỦY"),))).facts
    assert kind_as_json(facts.kind)["code"] == "01/BV-01"
    said = facts_as_json(facts.patient)
    assert said["name"]["value"] == "PHAN THỊ THỦY"
    assert said["citizen_id"] is None


@pytest.mark.parametrize("place", ["name", "citizen_id"])
def test_what_a_hand_wrote_is_kept_but_links_nobody_without_a_person(place: str) -> None:
    sheet = page("MS: 01/BV-01", "# GIẤY RA VIỆN", "Họ và tên: PHAN THỊ THỦY", "Số CCCD: 042177319489")
    printed = examine(Reading((sheet,)))
    assert decide(printed.facts, candidates(printed.facts, [THUY]), printed.doubts).patient_id == "P1"
    box = getattr(printed.facts.patient, place).box
    words = tuple(replace(word, confidence=0.5) if box.holds(*word.box.middle) else word for word in sheet.words)
    written = examine(Reading((replace(sheet, words=words, zones=(Zone("handwriting", box),)),)))
    assert getattr(written.facts.patient, place).value == getattr(printed.facts.patient, place).value
    assert getattr(written.facts.patient, place).confidence <= 0.5
    decision = decide(written.facts, candidates(written.facts, [THUY]), written.doubts)
    assert decision.patient_id is None
    assert [reason.code for reason in decision.reasons] == ["handwritten"]
