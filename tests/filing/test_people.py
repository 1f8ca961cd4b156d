import pytest

from domain.pages import Barcode, Box, Reading
from filing.examine import examine
from tests.filing.paper import page


def doubts(*pages: tuple[str, ...]) -> set[str]:
    return {doubt.code for doubt in examine(Reading(tuple(page(*lines) for lines in pages))).doubts}


@pytest.mark.parametrize(
    "second",
    [
        ("Họ và tên: LÊ VĂN AN", "Số CCCD: 042077319489"),
        ("Họ và tên: LÊ VĂN AN",),
        ("Họ và tên: CB PHAN THỊ THỦY", "Số CCCD: 042177319489"),
        ("Họ và tên: PHAN THỊ THỦY", "Số CCCD: 001190555777"),
        ("Số thẻ BHYT: HT2790000000001", "Số CCCD: 001190555777"),
    ],
)
def test_pages_of_two_patients_are_noticed(second: tuple[str, ...]) -> None:
    assert doubts(("Họ và tên: PHAN THỊ THỦY", "Số CCCD: 042177319489"), second) == {"two_patients"}


@pytest.mark.parametrize(
    "second",
    [
        ("Họ và tên: PHAN THI THỦY", "Số CCCD: 042177319489"),
        ("Họ và tên: PHAN THỊ THÙY",),
        ("Họ và tên: PHẠN THI THỦV", "Số CCCD: 042177319480"),
        ("Họ và tên: PHAN THỊ THỦY", "Số CCCD: 183456789"),
        ("Họ tên bố: LÊ VĂN AN",),
        ("Tiền sử: khỏe",),
    ],
)
def test_slips_of_the_reader_and_relatives_make_no_second_patient(second: tuple[str, ...]) -> None:
    assert doubts(("Họ và tên: PHAN THỊ THỦY", "Số CCCD: 042177319489"), second) == set()


def test_the_card_of_somebody_else_among_the_pages_is_noticed() -> None:
    code = Barcode(2, "QRCode", "001090555777||Trần Văn Chồng|24091970|Nam|Hà Tĩnh|01042021", Box(0, 0, 9, 9))
    document = Reading((page("Họ và tên: PHAN THỊ THỦY"), page("Bản sao thẻ", barcodes=(code,))))
    examination = examine(document)
    assert {doubt.code for doubt in examination.doubts} == {"two_patients"}
    assert examination.facts.patient.citizen_id is None
