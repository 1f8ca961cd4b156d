"""What stands on the paper is derived from a correction only where that is certain."""

from __future__ import annotations

import pytest

from filing.printed import as_printed


@pytest.mark.parametrize(
    ("fact", "value", "evidence", "printed"),
    [
        ("name", "Phan Thị Thủy", "Phan Thi Thuy", "Phan Thị Thủy"),
        ("name", "Phan Thị Thủy", "PHAN THI THUY", "PHAN THỊ THỦY"),
        ("department", "Khoa Nội tiết", "KHOA NÔI TIỄT", "KHOA NỘI TIẾT"),
        ("department", "Khoa Nội tiết", "Nôi tiết", "Nội tiết"),
        ("diagnosis", "Viêm phổi thùy", "Viêm phôi thùy (J18.1)", "Viêm phổi thùy (J18.1)"),
        ("citizen_id", "042177319489", "042 177 319 480", "042 177 319 489"),
        ("citizen_id", "042177319489", "0 4 2 1 7 7 3 1 9 4 8 0", "0 4 2 1 7 7 3 1 9 4 8 9"),
        ("icd10", "J18.9", "J13.9", "J18.9"),
        ("archive_number", "21.258714", "21.258774", "21.258714"),
        ("birth_date", "2009-11-03", "08/11/2009", "03/11/2009"),
        ("birth_date", "2009-11-03", "8-11-2009", "3-11-2009"),
        ("admission_date", "2014-09-06", "ngày 08 tháng 09 năm 2014", "ngày 06 tháng 09 năm 2014"),
        ("birth_date", "2009-11-03", "0 8 1 1 2 0 0 9", "0 3 1 1 2 0 0 9"),
    ],
)
def test_the_words_of_the_paper_take_the_value_and_keep_their_look(fact, value, evidence, printed):
    assert as_printed(fact, value, evidence) == printed


@pytest.mark.parametrize(
    ("fact", "value", "evidence"),
    [
        ("name", "Lê Văn An", "Phan Thị Thủy"),  # somebody else: what stands there is not known
        ("name", "PHAN THỊ THỦY", "Phan Thi Thuy"),  # typed in capitals, printed in none
        ("name", "Phan Thị Thủy", "Phan Thi Thuy;"),  # the sign may be half of a letter
        ("citizen_id", "042177319489", "04217731948"),  # a digit was lost: where?
        ("birth_date", "1958", "03/11/1953"),
        ("birth_date", "2009-11-03", "O8/11/2009"),  # a letter for a digit
        ("sex", "Nữ", "1. Nam 2. Nữ"),
        ("kind", "01/BV-01", "GIẤY RA VIỆN"),
        ("birth_year", "1958", "1953"),
    ],
)
def test_what_cannot_be_derived_is_not_guessed(fact, value, evidence):
    assert as_printed(fact, value, evidence) is None
