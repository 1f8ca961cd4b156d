import pytest

from domain.names import has_tones, same_name, same_without_tones
from filing import names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LÊ QUANG TUẤN", "LÊ QUANG TUẤN"),
        ("Nguyễn Thị Hường, sinh ngày", "Nguyễn Thị Hường,"),
        ("LÊ QUANG TUẤN Nam 40", "LÊ QUANG TUẤN"),
        ("Ksor H'Nhan", "Ksor H'Nhan"),
        ("TRẦN VĂN A 45 tuổi", "TRẦN VĂN A"),
        ("Con bà Nguyễn Thị Lan", "Con bà Nguyễn Thị Lan"),
        ("Con bà", ""),
        ("CB NGUYỄN THỊ LAN", "CB NGUYỄN THỊ LAN"),
        ("không rõ", ""),
        ("HƯỜNG", ""),
        ("123 456", ""),
    ],
)
def test_a_name_ends_where_capitalised_words_end(text: str, name: str) -> None:
    words = text.split()
    assert " ".join(words[: names.name_span(words)]) == name


@pytest.mark.parametrize(
    ("one", "other"), [("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA"), ("Lê  Thuý Nga", "Lê Thúy Nga"), ("CB Lê Nga", "Con bà Lê Nga")]
)
def test_capitals_spaces_and_the_place_of_the_tone_make_no_other_name(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Nguyễn Thị Hường", "Nguyễn Thị Hương"), ("Lê Văn Tuấn", "Lê Văn Tuân"), ("CB Lê Nga", "Lê Nga")]
)
def test_another_tone_is_another_name(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_without_tones_they_are_one_and_a_name_typed_without_any_is_known() -> None:
    assert same_without_tones("Nguyễn Thị Hường", "NGUYEN THI HUONG")
    assert has_tones("Nguyễn")
    assert not has_tones("NGUYEN THI HUONG")


def test_a_newborn_is_known_by_its_mother_and_is_not_the_mother() -> None:
    assert names.is_newborn("CB Nguyễn Thị Lan")
    assert names.is_newborn("Con bà Nguyễn Thị Lan")
    assert not names.is_newborn("Nguyễn Thị Lan")
    assert not names.is_newborn("Bế Văn Đàn")
