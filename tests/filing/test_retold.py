"""Facts whose words people corrected are offered anew, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.corrections import WordCorrection, applied
from domain.pages import Reading, around
from domain.text import fold
from filing.examine import examine
from filing.retold import Offer, offers
from tests.filing.paper import reading as paper

AT = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)
ROWS = (
    "BỆNH VIỆN ĐA KHOA AN LẠC",
    "GIẤY RA VIỆN",
    "Họ và tên người bệnh: NGUYẺN THỊ HƯONG",
    "Ngày sinh: 14/05/1958 Giới tính: Nữ",
)


@pytest.fixture
def before():
    reading = paper(*ROWS)
    facts = examine(reading).facts
    assert facts.patient.name is not None
    assert fold(facts.patient.name.value) == "nguyen thi huong"
    return reading, facts


def corrected(reading: Reading, *said: tuple[str, str]) -> Reading:
    page = reading.pages[0]
    for number, (read, text) in enumerate(said, start=1):
        (word,) = [word for word in page.words if word.text == read]
        page, missed = applied(page, [WordCorrection(number, 1, around([word]), read, text, "lan", AT)])
        assert not missed
    return Reading((page,))


def test_a_fact_whose_words_were_corrected_is_offered_as_filing_would_take_it_now(before):
    reading, facts = before
    now = corrected(reading, ("NGUYẺN", "NGUYỄN"), ("HƯONG", "HƯƠNG"))
    (offer,) = offers(facts, now, {})
    assert (offer.fact, offer.value) == ("name", facts.patient.name.value)
    assert offer.now is not None
    assert offer.now.casefold() == "nguyễn thị hương"


def test_words_of_no_fact_ask_nothing(before):
    reading, facts = before
    assert offers(facts, corrected(reading, ("GIẤY", "GIẤY")), {}) == []


def test_a_fact_that_says_the_same_is_no_question(before):
    reading, _ = before
    now = corrected(reading, ("HƯONG", "HƯƠNG"))
    assert offers(examine(now).facts, now, {}) == []


def test_whoever_wrote_the_fact_after_the_word_has_answered(before):
    reading, facts = before
    now = corrected(reading, ("HƯONG", "HƯƠNG"))
    assert offers(facts, now, {"name": LATER}) == []
    assert offers(facts, now, {"birth_date": LATER})


def test_where_filing_finds_nothing_any_more_that_is_said(before):
    reading, facts = before
    name = replace(facts.patient.name, value="Cũ")
    now = corrected(reading, ("NGUYẺN", "…"), ("THỊ", "…"), ("HƯONG", "…"))
    assert offers(replace(facts, patient=replace(facts.patient, name=name)), now, {}) == [Offer("name", "Cũ", None)]
