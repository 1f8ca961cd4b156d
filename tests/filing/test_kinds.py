from random import Random

import pytest

from domain.text import fold
from filing.catalogue import NEW, OLD, Form, forms, skeleton, wordings
from filing.kinds import classify
from filing.titles import likeness
from tests.filing.paper import page, reading, smudged

DATES = {OLD: "ngày 06 tháng 09 năm 2014", NEW: "ngày 06 tháng 09 năm 2025"}
BY_CODE = [pytest.param(form, id=f"{form.catalogue} {form.code}") for form in forms()]


def printed(form: Form, title: str | None = None, code: str | None = None) -> list[str]:
    title = title or form.title.replace("(chung)", "").strip().upper()
    return [
        f"SỞ Y TẾ HÀ TĨNH\t\tMS: {code or form.code}",
        "BỆNH VIỆN ĐA KHOA HUYỆN\t\tSố vào viện: 12345",
        f"# {title}",
        "Họ và tên: NGUYỄN VĂN AN\tTuổi: 40",
        "Chẩn đoán: Viêm phổi",
        f"\t\t{DATES[form.catalogue or OLD]}",
        "\t\tBÁC SĨ",
    ]


def test_the_catalogue_has_112_forms_in_two_catalogues() -> None:
    assert len(forms()) == 112
    assert {form.catalogue for form in forms()} == {OLD, NEW}


@pytest.mark.parametrize("form", BY_CODE)
def test_every_form_is_itself_by_title_and_code(form: Form) -> None:
    assert classify(reading(*printed(form))).code == form.code


@pytest.mark.parametrize("form", BY_CODE)
def test_every_form_is_itself_without_tones(form: Form) -> None:
    lines = [fold(line).upper() if line.startswith("# ") else line for line in printed(form)]
    assert classify(reading(*lines)).code == form.code


@pytest.mark.parametrize("form", BY_CODE)
def test_every_form_is_itself_by_title_and_date_alone(form: Form) -> None:
    lines = printed(form)
    lines[0] = "SỞ Y TẾ HÀ TĨNH"
    kind = classify(reading(*lines))
    assert kind.code == form.code
    assert kind.catalogue == form.catalogue


def test_a_tenth_of_the_letters_wrong_changes_no_kind_where_the_title_stays_unambiguous() -> None:
    rng = Random(4)
    wrong = []
    for form in forms():
        title = smudged(form.title.replace("(chung)", "").strip(), rng).upper()
        scored = sorted(((likeness(skeleton(title), w.bones), w.form.title) for w in wordings()), reverse=True)
        rivals = [score for score, name in scored if skeleton(name) != skeleton(form.title)]
        if scored[0][0] - rivals[0] > 0.02 and scored[0][0] > 0.85 and scored[0][1] == form.title:
            kind = classify(reading(*printed(form, title=title)))
            wrong += [(title, kind)] if kind.code != form.code else []
    assert not wrong


@pytest.mark.parametrize(
    ("title", "code", "expected"),
    [
        ("BỆNH ÁN TAI MŨI HỌNG", "14/BV-01", "14/BV1"),
        ("PHIẾU PHẪU THUẬT/THỦ THUẬT", "14/BV-01", "14/BV-01"),
        ("BỆNH ÁN RĂNG HÀM MẶT", "14/BV-01", "13/BV1"),
        ("BỆNH ÁN TAI MŨI HỌNG", "15/BV-01", "14/BV1"),
        ("BỆNH ÁN NỘI KHOA", "01/BV-01", "01/BV1"),
        ("GIẤY RA VIỆN", "01/BV-01", "01/BV-01"),
        ("GIẤY RA VIỆN", "02/BV-02", "01/BV-01"),
        ("TỜ ĐIỀU TRỊ", "36/BV-02", "39/BV-01"),
    ],
)
def test_the_title_decides_where_one_code_means_several_forms(title: str, code: str, expected: str) -> None:
    assert classify(reading(f"SỞ Y TẾ\t\tMS: {code}", f"# {title}", "ngày 03/11/2009")).code == expected


@pytest.mark.parametrize(
    "code", ["MS: 39/BV-01", "MS:39/BV-01", "MS39/BV-01", "39BV – 01", "Mã số: 39/BV-01", "MS: 39/8V-O1", "MS: 39/BV - 0l"]
)
def test_a_code_is_read_in_all_the_ways_it_is_printed(code: str) -> None:
    kind = classify(reading(f"BỆNH VIỆN\t\t{code}", "# TỜ ĐIỀU TRỊ"))
    assert kind.code == "39/BV-01"
    assert any("phù hợp" in reason for reason in kind.reasons)


def test_the_date_decides_between_catalogues_that_share_a_title() -> None:
    def lines(day: str) -> list[str]:
        return ["BỆNH VIỆN ĐA KHOA", "# PHIẾU SIÊU ÂM", "Năm sinh: 01/02/1980", day]

    assert classify(reading(*lines("Ngày 31/12/2023"))).code == "22/BV-01"
    assert classify(reading(*lines("Ngày 01/01/2024"))).code == "11/BV2"


def test_a_shared_title_without_date_or_code_is_not_guessed() -> None:
    kind = classify(reading("BỆNH VIỆN", "# PHIẾU SIÊU ÂM", "Ngày sinh: 03/02/2024"))
    assert kind.code is None
    assert skeleton(kind.title or "") == "phieusieuam"


def test_the_folders_hint_decides_only_what_the_paper_leaves_open() -> None:
    assert classify(reading("BỆNH VIỆN", "# PHIẾU SIÊU ÂM"), "11/BV2").code == "11/BV2"
    assert classify(reading("BỆNH VIỆN", "# GIẤY RA VIỆN"), "11/BV2").code == "01/BV-01"
    assert classify(reading("BỆNH VIỆN", "# THƯ MỜI HỌP"), "11/BV2").code is None


def test_a_general_title_is_made_precise_by_its_code() -> None:
    assert classify(reading("BV\t\tMS: 28/BV-01", "# PHIẾU KẾT QUẢ XÉT NGHIỆM", "Ngày 03/11/2009")).code == "28/BV-01"
    assert classify(reading("BV\t\tMS: 17/BV2", "# PHIẾU XÉT NGHIỆM", "Ngày 03/11/2025")).code == "17/BV2"
    assert classify(reading("BV\t\tMS: 23/BV1", "# BỆNH ÁN MẮT", "Ngày 03/11/2025")).code == "23/BV1"


def test_a_code_alone_decides_only_where_it_can_mean_one_form() -> None:
    assert classify(reading("BỆNH VIỆN\t\tMS: 36/BV2", "Họ và tên: A")).code == "36/BV2"
    assert classify(reading("BỆNH VIỆN\t\tMS: 33/BV-01", "Họ và tên: A")).code == "33/BV-01"
    assert classify(reading("BỆNH VIỆN\t\tMS: 14/BV-01", "Họ và tên: A")).code is None


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("ĐƠN THUỐC", "17D/BV-01"),
        ("GIẤY CHUYỂN TUYẾN", "07/BV-01"),
        ("GIẤY CHUYỂN VIỆN", ""),
        ("BẢNG KÊ CHI PHÍ KHÁM BỆNH, CHỮA BỆNH", "01/KBCB"),
        ("HÓA ĐƠN GIÁ TRỊ GIA TĂNG", ""),
        ("TỜ PHÂN CÁCH", ""),
        ("BỆNH ÁN NGOẠI TRÚ TAI MŨI HỌNG", "18/BV-01"),
        ("PHIẾU ĐĂNG KÝ HIẾN MÁU NHÂN ĐẠO", "14/BV-01"),
        ("THÔNG BÁO", ""),
    ],
)
def test_papers_outside_the_catalogues_keep_their_title_and_get_no_code(title: str, code: str) -> None:
    kind = classify(reading(f"BỆNH VIỆN\t\tMS: {code}", f"# {title}", "Ngày 03/11/2009"))
    assert kind.code is None
    assert skeleton(kind.title or "") == skeleton(title)
    assert kind.reasons


def test_a_letter_or_a_blank_page_has_neither_title_nor_code() -> None:
    letter = reading(
        "Kính gửi: Ban giám đốc bệnh viện", "Tôi viết thư này để cảm ơn các bác sĩ đã làm bệnh án và cho giấy ra viện."
    )
    assert classify(letter).code is None
    assert classify(letter).title is None
    assert classify(reading()).title is None


def test_a_title_on_two_lines_with_the_head_beside_it_is_read_as_one() -> None:
    kind = classify(
        reading(
            "SỞ Y TẾ HÀ TĨNH\t\tMS: 01/BV2",
            "# GIẤY CAM KẾT CHẤP THUẬN PHẪU THUẬT,",
            "# THỦ THUẬT VÀ GÂY MÊ HỒI SỨC",
            "Tên tôi là: NGUYỄN VĂN AN",
        )
    )
    assert kind.code == "01/BV2"


def test_titles_damaged_as_scanners_damage_them_are_still_read() -> None:
    for title in ("GlẤY RA VlỆN", "GIẤY RA VIÊN", "GIAY RA VIEN", "GIẤ Y RA VI ỆN", "GIÁY RA VỊỆN.", "GIẤY RA VIỆN SỐ 15"):
        assert classify(reading("BỆNH VIỆN", f"# {title}")).code == "01/BV-01", title


def test_the_heading_of_a_section_is_not_the_title() -> None:
    kind = classify(
        reading(
            "BỆNH VIỆN\t\tMS: 09/BV-01",
            "# PHIẾU CHĂM SÓC",
            "(Y tá, điều dưỡng ghi)",
            *["Theo dõi"] * 12,
            "# BẢNG THEO DÕI CHỨC NĂNG SỐNG",
        )
    )
    assert kind.code == "09/BV-01"


def test_a_title_is_found_behind_a_cover_page_without_any() -> None:
    cover = page("nguyễn văn an", "giường 5")
    sheet = page("BỆNH VIỆN\t\tMS: 39/BV-01", "# TỜ ĐIỀU TRỊ")
    assert classify(type(reading())((cover, sheet))).code == "39/BV-01"
