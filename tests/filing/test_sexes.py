import pytest

from filing.sexes import read_sex


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Nam", "Nam"),
        ("Nữ", "Nữ"),
        ("NU", "Nữ"),
        ("1. Nam ☒ 2. Nữ ☐", "Nam"),
        ("1. Nam ☐ 2. Nữ ☒", "Nữ"),
        ("☐ Nam ☑ Nữ", "Nữ"),
        ("☒ Nam ☐ Nữ", "Nam"),
        ("Nam [x] Nữ [ ]", "Nam"),
        ("Nam [ ] Nữ [X]", "Nữ"),
        ("1. Nam x 2. Nữ", "Nam"),
        ("1. Nam 2. Nữ |2|", "Nữ"),
        ("1. Nam 2. Nữ [1]", "Nam"),
    ],
)
def test_a_sex_is_read_written_out_ticked_or_numbered(text: str, sex: str) -> None:
    found = read_sex(text)
    assert found is not None
    assert found[0] == sex


@pytest.mark.parametrize("text", ["1. Nam ☐ 2. Nữ ☐", "1. Nam 2. Nữ", "1. Nam ☒ 2. Nữ ☒", "", "không rõ", "Nam Nữ Nam"])
def test_what_the_paper_leaves_open_is_not_guessed(text: str) -> None:
    assert read_sex(text) is None
