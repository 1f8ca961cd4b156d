"""The rules of numbers and days, and the search under them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby, product
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import beam
from ocr.automata import BOXED_DAY, CARD, CITIZEN, DAY, INSURED, OLD_CITIZEN, Rule, accepts


@given(st.dates(date(1900, 1, 1), date(2039, 12, 31)), st.sampled_from(["/", "-", "."]))
def test_every_day_is_a_day_however_it_is_written(day: date, sign: str) -> None:
    assert accepts(DAY, f"{day:%d}{sign}{day:%m}{sign}{day.year}")
    assert accepts(DAY, f"{day.day}{sign}{day.month}{sign}{day.year}")
    assert accepts(DAY, f"{day:%d}tháng{day:%m}năm{day.year}")
    assert accepts(BOXED_DAY, f"{day:%d%m}{day.year}")


def test_only_days_of_the_calendar_are_days() -> None:
    year = [date(2023, 1, 1) + timedelta(days=n) for n in range(365)]
    held = {f"{d:02}/{m:02}/2023" for d, m in product(range(40), range(20)) if accepts(DAY, f"{d:02}/{m:02}/2023")}
    assert held == {day.strftime("%d/%m/%Y") for day in year}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (DAY, "29/02/2019"), (DAY, "01/02-2019"), (DAY, "01/02/1899"), (DAY, "01/02/201"), (DAY, "01/02/20190"),
        (DAY, "01022019"),
        (CITIZEN, "097199123456"), (CITIZEN, "000199123456"), (CITIZEN, "031499123456"), (CITIZEN, "031299123456"),
        (CITIZEN, "03119912345"), (CITIZEN, "0311991234567"), (OLD_CITIZEN, "1234567890"), (INSURED, "12345678O0"),
        (CARD, "DN6790123456789"), (CARD, "D14790123456789"), (CARD, "DN479012345678"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_not_accepted(rule: Rule, text: str) -> None:
    assert not accepts(rule, text)


def test_numbers_of_the_right_shape_are_accepted_and_a_new_group_is_unusual() -> None:
    assert accepts(CITIZEN, "031199123456")
    assert accepts(CITIZEN, "096315123456")
    assert accepts(CARD, "DN4790123456789")
    assert accepts(CARD, "ZZ4790123456789")
    assert (CARD.usual("DN4790123456789"), CARD.usual("ZZ4790123456789")) == (True, False)


def test_the_search_sums_all_ways_to_spell_a_text() -> None:
    chances = np.random.default_rng(5).dirichlet((1, 1, 1), 5).T  # nothing, "a", "b"
    wanted: dict[str, float] = defaultdict(float)
    for path in product(range(3), repeat=5):
        text = "".join(" ab"[number] for number, _ in groupby(path) if number)
        wanted[text] += float(np.prod([chances[number, step] for step, number in enumerate(path)]))
    said = beam.seen(chances[0], chances[1:], ("a", "b"))
    found = beam.readings(said, lambda begun: "ab")
    assert max(found, key=found.__getitem__) == max(wanted, key=wanted.__getitem__)
    assert {text: exp(likely) for text, likely in found.items() if len(text) < 3} == pytest.approx(
        {text: chance for text, chance in wanted.items() if text in found and len(text) < 3}, rel=0.05
    )
    assert exp(beam.likelihood(said, "ab")) == pytest.approx(wanted["ab"])
    assert exp(beam.likelihood(said, "bbbb")) == 0
