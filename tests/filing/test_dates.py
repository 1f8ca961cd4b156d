from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.dates import boxed_date, even_fold, find_dates, find_year

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
FORMS = (
    "{0:%d/%m/%Y}",
    "{0.day}/{0.month}/{0.year}",
    "{0:%d-%m-%Y}",
    "{0:%d.%m.%Y}",
    "{0:%d / %m / %Y}",
    "{0:%Y-%m-%d}",
    "ngày {0:%d} tháng {0:%m} năm {0:%Y}",
    "Ngày {0:%d} tháng {0:%m} năm {0:%Y}",
    "ngay {0.day} thang {0.month} nam {0.year}",
    "ngày..{0:%d}..tháng..{0:%m}..năm {0:%Y}",
    "08 giờ 20 phút ngày {0:%d/%m/%Y}",
    "8h20 {0:%d-%m-%Y}",
    "Hà Tĩnh, ngày {0:%d} tháng {0:%m} năm {0:%Y}",
)


def boxed(day: date) -> str:
    return " ".join(f"{day:%d%m%Y}")


@given(DAYS, st.sampled_from(FORMS))
def test_a_date_is_read_back_from_every_form_in_which_it_is_written(day: date, form: str) -> None:
    assert [found.value for found in find_dates(form.format(day))] == [day]


@given(DAYS)
def test_a_date_in_boxes_is_read_back(day: date) -> None:
    assert [found.value for found in find_dates(boxed(day))] == [day]
    assert [found.value for found in find_dates("| " + " | ".join(f"{day:%d%m%Y}") + " |")] == [day]


@given(DAYS, DAYS)
def test_two_dates_are_found_in_their_order_with_their_places(first: date, second: date) -> None:
    text = f"từ ngày {first:%d/%m/%Y} đến ngày {second:%d/%m/%Y}"
    found = find_dates(text)
    assert [one.value for one in found] == [first, second]
    assert text[found[0].start : found[0].end] == f"{first:%d/%m/%Y}"


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
    assert len(even_fold(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2009",
        "32/01/2009",
        "03/13/2009",
        "03/11/09",
        "3/11",
        "100/70 mmHg",
        "120/80/2009",
        "15 giờ 30",
        "21.258714",
        "03/11/20091",
    ],
)
def test_what_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_letters_are_taken_for_digits_only_inside_a_date_and_said_so() -> None:
    found = find_dates("O3/1l/2OO9")[0]
    assert (found.value, found.repaired) == (date(2009, 11, 3), True)
    assert find_dates("03/11/2009")[0].repaired is False
    assert find_dates("so/is/bois") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03112009", date(2009, 11, 3)),
        ("số 03112009,", date(2009, 11, 3)),
        ("32112009", None),
        ("031120091", None),
        ("0311.2009", None),
        ("3112009", None),
    ],
)
def test_eight_digits_of_boxes_are_a_day_where_they_are_asked_for(text: str, day: date | None) -> None:
    found = boxed_date(text)
    assert (found.value if found else None) == day
    assert find_dates(text) == []


def test_a_year_stands_alone() -> None:
    assert find_year("năm sinh 1958 tại Huế") == (1958, 9, 13)
    assert find_year("số 19581") is None
    assert find_year("58") is None
