from hypothesis import given, settings
from hypothesis import strategies as st

from domain.findings import present
from domain.pages import Barcode, Box, PageReading, Reading, Word
from domain.sidecar import facts_as_json, kind_as_json
from filing.examine import examine
from tests.filing.paper import page

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
