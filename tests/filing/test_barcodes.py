from domain.pages import Barcode, Box
from filing.barcodes import persons

BOX = Box(10, 20, 210, 220)


def code(text: str, page: int = 1) -> Barcode:
    return Barcode(page, "QRCode", text, BOX)


CITIZEN = "042177319489|183456789|Phan Thị Thủy|24091977|Nữ|Thôn 7, Cẩm Lý, Hà Tĩnh|01042021"
NAME = "Phan Thị Thủy".encode().hex()


def test_a_citizen_card_gives_number_name_birth_and_sex_with_its_box() -> None:
    facts = persons([code(CITIZEN, page=3)])[0]
    assert facts.citizen_id is not None
    assert (facts.citizen_id.value, facts.citizen_id.page, facts.citizen_id.box) == ("042177319489", 3, BOX)
    assert facts.name is not None
    assert facts.name.value == "Phan Thị Thủy"
    assert facts.birth_date is not None
    assert facts.birth_date.value == "1977-09-24"
    assert facts.sex is not None
    assert facts.sex.value == "Nữ"


def test_a_newer_card_with_more_fields_and_one_without_old_number_are_read() -> None:
    assert len(persons([code(CITIZEN + "|Phan Văn A|Lê Thị B"), code(CITIZEN.replace("183456789", ""))])) == 2


def test_an_insurance_card_old_or_new_is_read() -> None:
    old = f"GD3424877840801|{NAME}|24/09/1977|2|{NAME}|42 - 010|01/01/2020|-|01/01/2020|$"
    new = f"4877840801|{NAME}|1977|2|-|42 - 010|01/01/2022|-|01/01/2022|42000000000000|-|4| 01/01/2025|abcdef-0001|4|{NAME}|$"
    first, second = persons([code(old), code(new)])
    assert first.insurance_id is not None
    assert first.insurance_id.value == "GD3424877840801"
    assert first.birth_date is not None
    assert second.insurance_id is not None
    assert second.insurance_id.value == "4877840801"
    assert second.birth_date is None
    assert second.birth_year is not None
    assert second.birth_year.value == 1977
    assert second.name is not None
    assert second.name.value == "Phan Thị Thủy"


def test_other_codes_and_broken_ones_are_left_alone() -> None:
    broken = ["https://example.org", "042177319489", "abc|def|ghi|jkl|mno|pqr|stu", "DN479|zz|a|b|c|d", "|" * 20]
    assert persons([code(text) for text in broken]) == []
    unhexed = persons([code("GD3424877840801|zz|31/02/1977|3|-|-|$")])[0]
    assert unhexed.name is None
    assert unhexed.birth_date is None
    assert unhexed.sex is None
