import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing import identifiers

CITIZEN = st.from_regex(r"0[0-9]{11}", fullmatch=True)
CARD = st.from_regex(r"[A-Z]{2}[1-5][0-9]{12}", fullmatch=True)
GAPS = st.sampled_from(["", " ", ".", "-", " | ", "  "])


def spread(number: str, gap: str, every: int) -> str:
    return gap.join(number[start : start + every] for start in range(0, len(number), every))


@given(CITIZEN, GAPS, st.sampled_from([1, 3, 4]))
def test_a_citizen_number_is_joined_whatever_stands_between_its_digits(number: str, gap: str, every: int) -> None:
    found = identifiers.citizen_number(spread(number, gap, every))
    assert found is not None
    assert (found.value, found.repaired) == (number, False)


@given(CARD, GAPS)
def test_an_insurance_card_is_joined_from_its_printed_groups(number: str, gap: str) -> None:
    groups = (number[:2], number[2:3], number[3:5], number[5:])
    found = identifiers.insurance_number(gap.join(groups))
    assert found is not None
    assert found.value == number


@given(st.text(max_size=50))
def test_no_text_at_all_breaks_the_readers(text: str) -> None:
    for read in (identifiers.citizen_number, identifiers.insurance_number, identifiers.hospital_code, identifiers.insurance_card):
        found = read(text)
        assert found is None or 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("read", "number"),
    [
        ("O61398827O36", "061398827036"),
        ("06l39882703I", "061398827031"),
        ("0613988270S6", "061398827056"),
        ("06139B827036", "061398827036"),
    ],
)
def test_letters_like_digits_are_repaired_and_said_so(read: str, number: str) -> None:
    found = identifiers.citizen_number(read)
    assert found is not None
    assert (found.value, found.repaired) == (number, True)


def test_the_old_card_of_nine_digits_counts_and_other_lengths_do_not() -> None:
    assert identifiers.citizen_number("183456789") is not None
    assert identifiers.citizen_number("0352604684") is None
    assert identifiers.citizen_number("không có") is None


def test_an_insurance_number_is_fifteen_characters_or_ten_digits() -> None:
    for text, number in (
        ("DN4791234567890", "DN4791234567890"),
        ("4791234567", "4791234567"),
        ("0N4791234567890", "ON4791234567890"),
    ):
        found = identifiers.insurance_number(text)
        assert found is not None
        assert found.value == number
    twenty = identifiers.insurance_number("DN479123456789042010")
    assert twenty is not None
    assert twenty.value == "DN4791234567890"


def test_a_card_explains_itself_without_a_label_but_ten_digits_may_be_a_telephone() -> None:
    assert identifiers.insurance_card("thẻ DN 4 79 1234567890 của") is not None
    assert identifiers.insurance_card("0912345678") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("21.258714", "21258714"),
        ("BN58764759", "BN58764759"),
        ("042/123/09/001234", "042/123/09/001234"),
        ("0 9 8 6 6", "09866"),
        ("19-123/NV khoa", "19-123/NV"),
        ("12345 Tuổi", "12345"),
        ("19 083038", "19083038"),
        ("BN443 12808", "BN44312808"),
        ("4567 2019", "4567"),
        ("12345 40", "12345"),
    ],
)
def test_a_hospitals_code_is_kept_without_spaces_and_dots(text: str, code: str) -> None:
    found = identifiers.hospital_code(text)
    assert found is not None
    assert found.value == code


@pytest.mark.parametrize("text", ["không có", "11.0ó4óó3", "ó12345", ""])
def test_words_and_half_a_code_are_no_code(text: str) -> None:
    assert identifiers.hospital_code(text) is None


@pytest.mark.parametrize(
    ("number", "year", "sex", "expected"),
    [
        ("042177319489", 1977, "Nữ", True),
        ("042077319489", 1977, "Nữ", False),
        ("042177319489", 1978, "Nữ", False),
        ("052202869845", 2002, "Nam", True),
        ("052302869845", 2002, "Nữ", True),
        ("052202869845", 1902, None, False),
        ("183456789", 1977, "Nữ", None),
        ("042177319489", None, None, None),
    ],
)
def test_century_year_and_sex_are_checked_inside_a_citizen_number(
    number: str, year: int | None, sex: str | None, expected: bool | None
) -> None:
    assert identifiers.agrees_with_birth(number, year, sex) is expected


def test_one_insured_has_one_number_of_ten_digits_whatever_the_group() -> None:
    assert identifiers.same_insured("DN4791234567890", "HT2791234567890")
    assert identifiers.same_insured("DN4791234567890", "1234567890")
    assert not identifiers.same_insured("DN4791234567890", "DN4791234567891")


def test_codes_are_compared_without_signs_but_a_slash_divides() -> None:
    assert identifiers.bare("bn-000.1") == identifiers.bare("BN0001")
    assert identifiers.bare("0012345") == identifiers.bare("12345")
    assert identifiers.bare("1/234") != identifiers.bare("12/34")
