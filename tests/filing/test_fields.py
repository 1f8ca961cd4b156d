from dataclasses import replace
from typing import Any

import pytest

from domain.findings import EpisodeFacts, PatientFacts, present
from domain.pages import Barcode, Box, Changed, Reading
from filing.fields import find_facts
from filing.layout import joined, page_rows
from tests.filing.paper import page, reading


def values(document: Reading) -> dict[str, Any]:
    patient, episode = find_facts(document)
    return {name: finding.value for facts in (patient, episode) for name, finding in present(facts).items()}


HEAD = (
    "SỞ Y TẾ HÀ TĨNH\t\tMS: 01/BV-01",
    "BỆNH VIỆN ĐA KHOA HUYỆN\t\tSố lưu trữ: 21.258714",
    "Khoa: Nội tổng hợp\t\tMã YT: 042/123/09/001234",
)
BODY = (
    "# GIẤY RA VIỆN",
    "1. Họ và tên (in hoa): PHAN THỊ THỦY Giới tính: Nữ",
    "2. Ngày sinh: 24/09/1977 Tuổi: 44 Dân tộc: Kinh Nghề nghiệp: Làm ruộng",
    "3. Số CCCD/CMND: 042177319489 Điện thoại: 0352604684",
    "4. Số thẻ BHYT: GD 3 42 4877840801 Giá trị đến ngày: 31/12/2022",
    "5. Địa chỉ: Thôn 7, thị trấn Cẩm Lý, Hà Tĩnh",
    "Vào viện lúc: 08 giờ 20 phút, ngày 24 tháng 09 năm 2021",
    "Ra viện lúc: 15 giờ 00 phút, ngày 05/10/2021",
    "- Chẩn đoán: Viêm phế quản cấp (J20.9)",
    "- Phương pháp điều trị: Kháng sinh, long đờm",
    "\t\tNgày 05 tháng 10 năm 2021",
    "\tTRƯỞNG KHOA\tGIÁM ĐỐC",
    "\tHọ tên: Lê Văn Bác\tHọ tên: Trần Văn Sĩ",
)


def test_a_discharge_paper_gives_every_fact_in_the_documented_form() -> None:
    assert values(reading(*HEAD, *BODY)) == {
        "name": "PHAN THỊ THỦY",
        "birth_date": "1977-09-24",
        "birth_year": 1977,
        "sex": "Nữ",
        "citizen_id": "042177319489",
        "insurance_id": "GD3424877840801",
        "record_number": "042/123/09/001234",
        "archive_number": "21258714",
        "department": "Khoa Nội tổng hợp",
        "admission_date": "2021-09-24",
        "discharge_date": "2021-10-05",
        "diagnosis": "Viêm phế quản cấp",
        "icd10": "J20.9",
    }


def test_a_leaning_page_gives_the_same_facts() -> None:
    assert values(reading(*HEAD, *BODY, slope=1.5)) == values(reading(*HEAD, *BODY))


def test_each_fact_carries_its_page_the_box_of_its_words_and_the_words() -> None:
    document = Reading((page("trang bìa"), page("Họ và tên: LÊ VĂN AN Tuổi: 40", "Số CCCD: O42177319489")))
    patient, _ = find_facts(document)
    assert patient.name is not None
    name_words = [token for token in page_rows(document.pages[1], 2)[0].tokens if token.text in ("LÊ", "VĂN", "AN")]
    assert patient.name.page == 2
    assert patient.name.evidence == joined(name_words) == "LÊ VĂN AN"
    assert patient.name.box == name_words[0].box.union(name_words[-1].box)
    assert patient.citizen_id is not None
    assert patient.citizen_id.value == "042177319489"
    assert patient.citizen_id.evidence == "O42177319489"


def test_a_repaired_number_is_less_sure_than_a_clean_one() -> None:
    clean, _ = find_facts(reading("Số CCCD: 042177319489"))
    repaired, _ = find_facts(reading("Số CCCD: O42177319489"))
    assert clean.citizen_id is not None
    assert repaired.citizen_id is not None
    assert repaired.citizen_id.confidence < clean.citizen_id.confidence


def ruled(document: Reading, read: str, text: str) -> Reading:
    """The same with word `text` as a rule has it, which was read as `read`."""
    (only,) = document.pages
    words = tuple(replace(word, changed=Changed(read, "citizen_id")) if word.text == text else word for word in only.words)
    return Reading((replace(only, words=words),))


def test_a_number_that_a_rule_chose_is_less_sure_and_says_what_was_read() -> None:
    clean = find_facts(reading("Số CCCD: 042177319489"))[0].citizen_id
    chosen = find_facts(ruled(reading("Số CCCD: 042177319489"), "04217T319489", "042177319489"))[0].citizen_id
    assert clean is not None
    assert chosen is not None
    assert (clean.read, chosen.read) == (None, "04217T319489")
    assert (chosen.value, chosen.evidence) == ("042177319489", "042177319489")
    assert chosen.confidence < 0.8 * clean.confidence


def test_the_words_beside_one_that_a_rule_chose_are_told_as_read() -> None:
    chosen = find_facts(ruled(reading("Số CCCD: 042 177 319 489"), "l77", "177"))[0].citizen_id
    assert chosen is not None
    assert (chosen.value, chosen.read) == ("042177319489", "042 l77 319 489")


def test_digits_that_were_only_joined_are_as_sure_as_any() -> None:
    joined_up = ruled(reading("Số CCCD: 042177319489"), "0 4 2 1 7 7 3 1 9 4 8 9", "042177319489")
    assert find_facts(joined_up) == find_facts(reading("Số CCCD: 042177319489"))


def test_the_year_of_a_birth_that_a_rule_chose_says_so_too() -> None:
    patient, _ = find_facts(ruled(reading("Ngày sinh: 24/09/1977"), "24/09/7977", "24/09/1977"))
    assert patient.birth_date is not None
    assert patient.birth_year is not None
    assert patient.birth_date.read == patient.birth_year.read == "24/09/7977"


def test_a_citizen_number_gains_or_loses_by_birth_year_and_sex() -> None:
    def sure(*lines: str) -> float:
        found = find_facts(reading(*lines))[0].citizen_id
        assert found is not None
        return found.confidence

    alone = sure("Số CCCD: 042177319489")
    assert sure("Số CCCD: 042177319489", "Năm sinh: 1977", "Giới: Nữ") > alone
    assert sure("Số CCCD: 042177319489", "Năm sinh: 1978") < alone
    assert sure("Số CCCD: 042177319489", "Giới: Nam") < alone
    assert sure("Số CCCD: 642177319489") < alone


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Họ tên người bệnh: LÊ VĂN AN Tuổi: 40 Nam/Nữ: Nam"], {"name": "LÊ VĂN AN", "sex": "Nam"}),
        (["Họ và tên:", "LÊ VĂN AN"], {"name": "LÊ VĂN AN"}),
        (["Họ và tên\tTuổi\tSố CCCD", "LÊ VĂN AN\t40\t042077319489"], {"name": "LÊ VĂN AN", "citizen_id": "042077319489"}),
        (["Họ và tên:\tTuổi:", "LÊ VĂN AN\t40"], {"name": "LÊ VĂN AN"}),
        (["- Họ tên: ......LÊ VĂN AN........ Tuổi: ...40..."], {"name": "LÊ VĂN AN"}),
        (["Họ và tên:LÊ VĂN AN"], {"name": "LÊ VĂN AN"}),
        (["Họ và tên: .LÊ VĂN. AN,"], {"name": "LÊ VĂN AN"}),
        (["Hợ và tẽn (ln hoa): LÊ VĂN AN Tuồi: 40"], {"name": "LÊ VĂN AN"}),
        (["H ọ và t ên: LÊ VĂN AN"], {"name": "LÊ VĂN AN"}),
        (["Ho va ten: LE VAN AN"], {"name": "LE VAN AN"}),
        (["Họ và tên/Full name: LÊ VĂN AN Giới tính/Sex: Nam"], {"name": "LÊ VĂN AN", "sex": "Nam"}),
        (["Họ và tên: Con bà Nguyễn Thị Lan"], {"name": "Con bà Nguyễn Thị Lan"}),
        (["Sinh ngày: | 2 | 4 | 0 | 9 | 1 | 9 | 7 | 7 | Tuổi"], {"birth_date": "1977-09-24", "birth_year": 1977}),
        (["Sinh ngày: 24091977 Tuổi"], {"birth_date": "1977-09-24", "birth_year": 1977}),
        (["Năm sinh: 1958"], {"birth_year": 1958}),
        (["Tuổi: 58"], {}),
        (["3. Giới: 1. Nam ☐ 2. Nữ ☒"], {"sex": "Nữ"}),
        (["Số thẻ BHYT: | G | D | 3 | 4 | 2 | 4 | 8 | 7 | 7 | 8 | 4 | 0 | 8 | 0 | 1 |"], {"insurance_id": "GD3424877840801"}),
        (["Mã số BHXH: 4877840801"], {"insurance_id": "4877840801"}),
        (["Điện thoại: 0487784080"], {}),
        (["Thẻ GD3424877840801 còn hạn"], {"insurance_id": "GD3424877840801"}),
        (["Số CMND: 183 456 789"], {"citizen_id": "183456789"}),
        (["Mã BN: 19.001234 Số vào viện: 4567/19"], {"record_number": "19001234", "admission_number": "4567/19"}),
        (["PID: 0098765"], {"record_number": "0098765"}),
        (["Số bệnh án: 12345"], {"admission_number": "12345"}),
        (["KHOA NỘI TIM MẠCH", "Tên: A"], {"department": "Khoa Nội tim mạch"}),
        (["Khoa: NỘI B"], {"department": "Khoa Nội B"}),
        (["Khoa: HSCC"], {"department": "Khoa HSCC"}),
        (["Khoa: Y HỌC CỔ TRUYỀN Buồng: 5"], {"department": "Khoa Y học cổ truyền"}),
        (
            ["Đã điều trị từ ngày 10/12/2010 đến ngày 06/01/2011 tại đây"],
            {"admission_date": "2010-12-10", "discharge_date": "2011-01-06"},
        ),
        (["BHYT giá trị từ ngày 01/01/2010 đến ngày 31/12/2010"], {}),
        (["Lý do vào viện: Đau bụng từ 03/11/2009"], {}),
        (
            ["Chẩn đoán: U nang buồng trứng xoắn, biến chứng hoại tử"],
            {"diagnosis": "U nang buồng trứng xoắn, biến chứng hoại tử"},
        ),
        (
            ["Chẩn đoán vào viện: Đau bụng", "Chẩn đoán ra viện: Viêm ruột thừa cấp Mã ICD: K35.8"],
            {"diagnosis": "Viêm ruột thừa cấp", "icd10": "K35.8"},
        ),
        (["Bệnh nhân được chẩn đoán viêm phổi tại khoa khám bệnh."], {}),
        (["Tỉnh Bình Định, ngày 25 tháng 01 năm 2013"], {}),
    ],
)
def test_facts_stand_behind_or_below_their_labels(lines: list[str], expected: dict[str, Any]) -> None:
    assert values(reading(*lines)) == expected


@pytest.mark.parametrize(
    "lines",
    [
        ["Người nhà: Họ tên: LÊ VĂN BA"],
        ["Họ tên bố: LÊ VĂN BA"],
        ["Họ và tên mẹ: TRẦN THỊ BA"],
        ["11. Họ tên, địa chỉ người nhà khi cần báo tin: LÊ VĂN BA"],
        ["Bác sĩ điều trị: LÊ VĂN BA"],
        ["Họ tên, chức danh người hộ tống: LÊ VĂN BA"],
        ["\t\tBÁC SĨ ĐIỀU TRỊ", "\t\t(Ký, ghi rõ họ tên)", "", "\t\tHọ tên: LÊ VĂN BA"],
        ["\t\tTRƯỞNG KHOA", "\t\tHọ và tên: LÊ VĂN BA"],
    ],
)
def test_relatives_doctors_and_signatures_are_never_the_patient(lines: list[str]) -> None:
    assert "name" not in values(reading("Khoa: Nội", *lines))


def test_the_patients_name_wins_over_every_other_name_on_the_page() -> None:
    lines = ("Họ tên bố: LÊ VĂN BA", "Họ và tên: LÊ VĂN AN", "\t\tBÁC SĨ", "\t\tHọ tên: TRẦN VĂN SĨ")
    assert values(reading(*lines))["name"] == "LÊ VĂN AN"


def test_a_long_diagnosis_runs_on_in_the_next_row() -> None:
    told = "Viêm phổi cộng đồng mức độ nặng trên nền bệnh phổi tắc nghẽn mạn tính giai đoạn ba, tăng huyết áp vô căn,"
    first = f"Chẩn đoán: {told} đái tháo đường có"
    found = values(reading(first, "biến chứng thận", "Lời dặn: uống thuốc"))
    assert found["diagnosis"].endswith("đái tháo đường có biến chứng thận")


def test_a_value_read_on_several_pages_outweighs_one_that_is_read_once() -> None:
    pages = [page(f"Số CCCD: {number}") for number in ("042177319480", "042177319489", "042177319489", "042177319489")]
    assert values(Reading(tuple(pages)))["citizen_id"] == "042177319489"


def test_a_card_beside_the_paper_completes_it_unless_it_is_anothers() -> None:
    def with_card(name: str) -> dict[str, Any]:
        code = Barcode(1, "QRCode", f"042177319489||{name}|24091977|Nữ|Hà Tĩnh|01042021", Box(0, 0, 9, 9))
        return values(Reading((page("Họ và tên: PHAN THỊ THỦY", barcodes=(code,)),)))

    assert with_card("Phan Thị Thủy")["citizen_id"] == "042177319489"
    assert with_card("Trần Văn Chồng") == {"name": "PHAN THỊ THỦY"}


def test_words_read_too_badly_are_not_reported_but_well_formed_numbers_are() -> None:
    found = values(reading("Họ và tên: LÊ VĂN AN", "Chẩn đoán: Viêm phổi", "Số CCCD: 042177319489", confidence=0.2))
    assert found == {"citizen_id": "042177319489"}


def test_a_letter_of_a_code_that_was_hardly_read_is_not_guessed() -> None:
    assert values(reading("Mã ICD-10: 120.9", confidence=0.9)) == {"icd10": "I20.9"}
    assert values(reading("Mã ICD-10: 120.9", confidence=0.4)) == {}


def test_an_empty_document_has_no_facts() -> None:
    assert find_facts(Reading()) == (PatientFacts(), EpisodeFacts())
