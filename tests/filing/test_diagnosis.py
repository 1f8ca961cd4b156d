import pytest

from filing import diagnosis


@pytest.mark.parametrize(
    ("text", "code", "repaired"),
    [
        ("J18.9", "J18.9", False),
        ("K 2 6 9", "K26.9", False),
        ("A09", "A09", False),
        ("I10", "I10", False),
        ("l10", "I10", True),
        ("JI8.9", "J18.9", True),
        ("B18,1 kèm", "B18.1", False),
    ],
)
def test_a_code_behind_its_label_is_read_boxed_or_damaged(text: str, code: str, repaired: bool) -> None:
    found = diagnosis.code_behind_label(text)
    assert found is not None
    assert (found[0], found[3]) == (code, repaired)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("Viêm gan vi rút B mạn (B18.1)", "B18.1", "Viêm gan vi rút B mạn"),
        ("J18.9 - Viêm phổi", "J18.9", "Viêm phổi"),
        ("Viêm phổi (ICD-10: J18)", "J18", "Viêm phổi"),
        ("Thiếu vitamin B12", None, "Thiếu vitamin B12"),
        ("Sỏi niệu quản phải - Ứ nước thận độ I", None, "Sỏi niệu quản phải - Ứ nước thận độ I"),
        ("Viêm phổi .........", None, "Viêm phổi"),
    ],
)
def test_a_diagnosis_is_told_without_its_code(text: str, code: str | None, told: str) -> None:
    found = diagnosis.code_inside(text)
    assert (found[0] if found else None) == code
    assert diagnosis.wording(text) == told
