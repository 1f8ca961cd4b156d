"""Vietnamese hospital forms as both catalogues print them, filled for an invented person.

Every maker takes (person, stay, rng).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.generator import phrases
from tests.generator.draft import Draft, Form
from tests.generator.pen import BODY
from tests.generator.people import Person, Stay, vietnamese
from tests.generator.sheet import MARGIN, WIDTH

__all__ = ["ALL", "Form", "Maker", "any_form"]

NEW_CATALOGUE = date(2024, 1, 1)
"""From this day on forms carry the codes of TT 32/2023, before it those of QĐ 4069/2001."""


Maker = Callable[[Person, Stay, Random], Form]


def _draft(slug: str, title: str, codes: tuple[str | None, str | None], given: tuple[Person, Stay, Random]) -> Draft:
    person, stay, rng = given
    return Draft(slug, title, codes[stay.discharged >= NEW_CATALOGUE], person, stay, rng)


def _archive(draft: Draft) -> tuple[str, str]:
    return "Số lưu trữ", draft.know("so_luu_tru", draft.stay.archive_number)


def _admission(draft: Draft) -> tuple[str, str]:
    return "Số vào viện", draft.know("so_vao_vien", draft.stay.admission_number)


def giay_ra_vien(person: Person, stay: Stay, rng: Random, chosen: tuple[str, str] | None = None) -> Form:
    """Discharge letter."""
    draft = _draft("giay_ra_vien", "Giấy ra viện", ("01/BV-01", "01/BV-01"), (person, stay, rng))
    draft.head(_archive(draft))
    draft.identity()
    draft.dates()
    draft.diagnosis("- Chẩn đoán:", chosen)
    draft.pen.line(f"- Phương pháp điều trị: {rng.choice(phrases.TREATMENTS)}")
    draft.pen.line("- Tình trạng người bệnh khi ra viện: Đỡ, giảm, sinh hiệu ổn định")
    draft.pen.line(f"- Lời dặn của thầy thuốc: {' '.join(rng.sample(phrases.ADVICE, 2))}")
    draft.signed("Giám đốc bệnh viện", stay.discharged)
    return draft.done()


def benh_an_noi_khoa(person: Person, stay: Stay, rng: Random, chosen: tuple[str, str] | None = None) -> Form:
    """Case history of internal medicine, two sheets. The older catalogue's number for it was never published."""
    return _benh_an("Nội khoa", ("01/BV1", "01/BV1"), (person, stay, rng), chosen)


def benh_an_ngoai_khoa(person: Person, stay: Stay, rng: Random) -> Form:
    """Case history of surgery, two sheets."""
    return _benh_an("Ngoại khoa", ("10/BV1", "10/BV1"), (person, stay, rng), None)


def _benh_an(
    branch: str,
    codes: tuple[str | None, str | None],
    given: tuple[Person, Stay, Random],
    chosen: tuple[str, str] | None,
) -> Form:
    slug = {"Nội khoa": "benh_an_noi_khoa", "Ngoại khoa": "benh_an_ngoai_khoa"}[branch]
    draft = _draft(slug, f"Bệnh án {branch}", codes, given)
    draft.head(_archive(draft))
    draft.pen.line("I. HÀNH CHÍNH", bold=True)
    draft.identity()
    draft.pen.line("II. QUẢN LÝ NGƯỜI BỆNH", bold=True)
    draft.dates()
    draft.diagnosis("Chẩn đoán khi vào khoa điều trị:", chosen)
    for title, sentences in (("III. BỆNH SỬ", 5), ("IV. TIỀN SỬ", 4), ("V. KHÁM BỆNH", 6)):
        draft.section(title, sentences)
    draft.pen.table(phrases.VITALS, [phrases.vital_signs(draft.rng)], (0.2,) * 5)
    draft.pen.next_sheet()
    for title, sentences in (("VI. TÓM TẮT BỆNH ÁN", 6), ("VII. CHẨN ĐOÁN PHÂN BIỆT", 4), ("VIII. HƯỚNG ĐIỀU TRỊ", 5)):
        draft.section(title, sentences)
    draft.signed("Bác sĩ làm bệnh án", draft.stay.admitted)
    return draft.done()


def to_dieu_tri(person: Person, stay: Stay, rng: Random) -> Form:
    """Treatment sheet: day by day what was seen and what was ordered."""
    draft = _draft("to_dieu_tri", "Tờ điều trị", ("39/BV-01", "39/BV-01"), (person, stay, rng))
    draft.head(_admission(draft))
    draft.identity()
    draft.diagnosis("Chẩn đoán:")
    days = [stay.admitted + timedelta(days=n) for n in range(5)]
    rows = [
        (
            f"{vietnamese(day)} {rng.randint(7, 16)} giờ {rng.choice(('00', '15', '30'))}",
            _some(rng, phrases.SENTENCES, 2),
            "; ".join(rng.sample(phrases.DRUGS, 3)),
        )
        for day in days
    ]
    draft.pen.table(("Ngày giờ", "Diễn biến bệnh", "Y lệnh"), rows, (0.18, 0.47, 0.35))
    draft.signed("Bác sĩ điều trị", stay.admitted)
    return draft.done()


def phieu_xet_nghiem(person: Person, stay: Stay, rng: Random) -> Form:
    """Blood chemistry results."""
    draft = _draft("phieu_xet_nghiem", "Phiếu xét nghiệm hóa sinh máu", ("33/BV-01", "22/BV2"), (person, stay, rng))
    draft.head(_admission(draft))
    draft.identity()
    draft.diagnosis("Chẩn đoán:")
    rows = [(name, phrases.measured(rng, low, high), f"{low} - {high}", unit) for name, low, high, unit in phrases.TESTS]
    draft.pen.table(("Tên xét nghiệm", "Kết quả", "Trị số bình thường", "Đơn vị"), rows, (0.34, 0.18, 0.28, 0.2))
    draft.signed("Trưởng khoa xét nghiệm", stay.admitted)
    return draft.done()


def phieu_cham_soc(person: Person, stay: Stay, rng: Random) -> Form:
    """Nursing notes."""
    draft = _draft("phieu_cham_soc", "Phiếu chăm sóc", ("09/BV-01", "38/BV2"), (person, stay, rng))
    draft.head(_admission(draft))
    draft.identity()
    rows = [
        (
            f"{rng.randint(0, 23)} giờ {rng.choice(('00', '15', '30', '45'))}",
            _some(rng, phrases.SENTENCES, 1),
            "; ".join(rng.sample(phrases.CARE, 2)),
        )
        for _ in range(7)
    ]
    draft.pen.table(("Giờ", "Theo dõi diễn biến", "Thực hiện y lệnh và chăm sóc"), rows, (0.14, 0.46, 0.4))
    draft.signed("Điều dưỡng trưởng", stay.admitted)
    return draft.done()


def phieu_phau_thuat(person: Person, stay: Stay, rng: Random) -> Form:
    """Report of an operation."""
    draft = _draft("phieu_phau_thuat", "Phiếu phẫu thuật/thủ thuật", ("14/BV-01", "06/BV2"), (person, stay, rng))
    draft.head(_admission(draft))
    draft.identity()
    draft.dates()
    draft.diagnosis("Chẩn đoán trước phẫu thuật:", rng.choice(phrases.SURGICAL))
    draft.pen.fields(("Phương pháp phẫu thuật:", rng.choice(phrases.OPERATIONS)))
    draft.pen.fields(("Phương pháp vô cảm:", "Gây mê nội khí quản"), ("Loại phẫu thuật:", "II"))
    draft.pen.line("TRÌNH TỰ PHẪU THUẬT", bold=True)
    draft.pen.line(" ".join(phrases.STEPS))
    draft.signed("Phẫu thuật viên", stay.admitted + timedelta(days=1))
    return draft.done()


def giay_chuyen_vien(person: Person, stay: Stay, rng: Random) -> Form:
    """Letter of transfer to another hospital; no catalogue gives it a code."""
    draft = _draft("giay_chuyen_vien", "Giấy chuyển viện", (None, None), (person, stay, rng))
    draft.head(_admission(draft))
    draft.pen.line("Kính gửi: Bệnh viện đa khoa tỉnh Bình An")
    draft.identity()
    draft.dates()
    draft.diagnosis("- Chẩn đoán:")
    draft.pen.line(f"- Dấu hiệu lâm sàng: {_some(rng, phrases.SENTENCES, 3)}")
    draft.pen.line(f"- Thuốc đã dùng: {'; '.join(rng.sample(phrases.DRUGS, 3))}")
    draft.pen.line("- Lý do chuyển viện: Vượt quá khả năng điều trị của cơ sở.")
    draft.signed("Giám đốc bệnh viện", stay.discharged)
    return draft.done()


def don_thuoc(person: Person, stay: Stay, rng: Random) -> Form:
    """Prescription; no catalogue gives it a code."""
    draft = _draft("don_thuoc", "Đơn thuốc", (None, None), (person, stay, rng))
    draft.head(_admission(draft))
    draft.identity()
    draft.diagnosis("Chẩn đoán:")
    for number, drug in enumerate(rng.sample(phrases.DRUGS, 4), start=1):
        draft.pen.line(f"{number}. {drug}. Số lượng: {rng.choice((10, 14, 20, 28))} viên")
        draft.pen.line(f"    {rng.choice(phrases.DOSES)}")
    draft.pen.line(f"Lời dặn: {_some(rng, phrases.ADVICE, 2)}")
    draft.signed("Bác sĩ khám bệnh", stay.discharged)
    return draft.done()


def phieu_x_quang(person: Person, stay: Stay, rng: Random) -> Form:
    """X-ray request and report."""
    draft = _draft("phieu_x_quang", "Phiếu chiếu/chụp X-quang", ("19/BV-01", "08/BV2"), (person, stay, rng))
    draft.head(_admission(draft))
    draft.identity()
    draft.diagnosis("Chẩn đoán:")
    draft.pen.line("KẾT QUẢ CHIẾU/CHỤP", bold=True)
    draft.pen.line(" ".join(rng.sample(phrases.CHEST, 3)))
    draft.signed("Bác sĩ chuyên khoa", stay.admitted)
    return draft.done()


def phieu_kham(person: Person, stay: Stay, rng: Random) -> Form:
    """A slip that names its patient by name and birth year alone: nothing on it says which of two namesakes is meant."""
    draft = _draft("phieu_kham", "Phiếu khám chuyên khoa", ("12/BV-01", "04/BV2"), (person, stay, rng))
    pen = draft.pen
    top = pen.y
    for text in (phrases.AUTHORITY, phrases.HOSPITAL):
        pen.put(MARGIN, text, BODY - 1)
        pen.down(BODY * 1.35)
    if draft.code:
        pen.put(WIDTH - MARGIN - 165, f"MS: {draft.code}", BODY - 1, down=top - pen.y)
    pen.down(BODY)
    pen.centred(draft.title.upper(), 17, bold=True)
    pen.down(BODY * 2.2)
    pen.fields(
        ("Họ và tên:", draft.know("ho_ten", person.name.upper())), ("Năm sinh:", draft.know("nam_sinh", str(person.born.year)))
    )
    draft.diagnosis("Chẩn đoán:", ("Viêm họng cấp", "J02.9"))
    draft.section("Kết quả khám", 4)
    draft.signed("Bác sĩ khám", stay.admitted)
    return draft.done()


def _some(rng: Random, pool: tuple[str, ...], count: int) -> str:
    return " ".join(rng.sample(pool, count))


ALL: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        giay_ra_vien, benh_an_noi_khoa, benh_an_ngoai_khoa, to_dieu_tri, phieu_xet_nghiem, phieu_cham_soc,
        phieu_phau_thuat, giay_chuyen_vien, don_thuoc, phieu_x_quang,
    )
}  # fmt: skip
"""Every form that names its patient with strong numbers, by slug. `phieu_kham` is apart: it does not."""


def any_form(rng: Random, person: Person) -> Form:
    """A form of any kind for one of the person's stays."""
    return ALL[rng.choice(tuple(ALL))](person, rng.choice(person.stays), rng)
