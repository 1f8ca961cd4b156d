"""How hospitals head the columns of their lists, in Vietnamese or English, with or without tones, spaces and underscores."""

from __future__ import annotations

import re

from domain.text import fold

PATIENT_COLUMNS: dict[str, str] = {
    "id": "patient_id|id|ma_nguoi_benh|ma_benh_nhan|patient_code",
    "record_number": "ma_bn|ma_nb|mabn|manb|ma_y_te|ma_yt|pid|record_number|mrn|ma_so_bn|ma_so_nguoi_benh",
    "name": "ho_ten|ho_va_ten|hoten|ten|ten_bn|ten_nb|ten_nguoi_benh|ten_benh_nhan|ho_ten_nguoi_benh|ho_ten_benh_nhan|ho_ten_bn"
    "|name|full_name|patient_name|fullname",
    "birth_date": "ngay_sinh|ngaysinh|ngay_thang_nam_sinh|sinh_ngay|ns|dob|date_of_birth|birth_date|birthdate|birthday",
    "birth_year": "nam_sinh|namsinh|sinh_nam|birth_year|year_of_birth|yob",
    "sex": "gioi|gioi_tinh|gioitinh|phai|nam_nu|sex|gender",
    "citizen_id": "so_cccd|cccd|can_cuoc|so_can_cuoc|can_cuoc_cong_dan|so_can_cuoc_cong_dan|so_dinh_danh|so_dinh_danh_ca_nhan"
    "|ma_dinh_danh|cccd_cmnd|so_cccd_cmnd|so_cmnd_cccd|cmnd_cccd|citizen_id|national_id|socccd|dinh_danh_ca_nhan",
    "old_citizen_id": "so_cmnd|cmnd|cmt|so_cmt|cmtnd|so_cmtnd|chung_minh_nhan_dan|so_chung_minh_nhan_dan|old_citizen_id|socmnd",
    "insurance_id": "ma_the_bhyt|so_the_bhyt|the_bhyt|bhyt|so_bhyt|ma_bhyt|ma_the|so_the|ma_so_bhxh|so_bhxh"
    "|so_the_bao_hiem_y_te|insurance_id|insurance_number|insurance",
    "address": "dia_chi|diachi|noi_o|cho_o|thuong_tru|noi_thuong_tru|dia_chi_thuong_tru|address",
    "phone": "dien_thoai|so_dien_thoai|sdt|dt|phone|phone_number|mobile|tel|dienthoai",
}
STAY_COLUMNS: dict[str, str] = {
    "patient_id": PATIENT_COLUMNS["id"] + "|" + PATIENT_COLUMNS["record_number"],
    "admission_number": "so_vao_vien|sovaovien|so_nhap_vien|so_benh_an|ma_benh_an|so_ba|ma_ba|ma_hsba|so_hsba|so_ho_so"
    "|ma_vao_vien|ma_dot_dieu_tri|admission_number",
    "archive_number": "so_luu_tru|soluutru|ma_luu_tru|so_lt|archive_number",
    "admission_date": "ngay_vao|ngay_vao_vien|ngay_nhap_vien|vao_vien|ngayvao|tu_ngay|admission_date|admitted",
    "discharge_date": "ngay_ra|ngay_ra_vien|ra_vien|xuat_vien|ngay_xuat_vien|ngayra|den_ngay|discharge_date|discharged",
    "department": "khoa|ten_khoa|khoa_dieu_tri|department|department_name|ward",
    "department_code": "ma_khoa|makhoa|department_code",
}
_STAYS_ONLY = ("admission_number", "archive_number", "admission_date", "discharge_date")


def bare_heading(heading: str) -> str:
    """`Họ và tên (in hoa)` → `ho_va_ten`; what stands in brackets explains and does not name."""
    return re.sub(r"[^a-z0-9]+", "_", fold(re.sub(r"\(.*?\)", " ", heading))).strip("_")


def is_headings(row: list[str]) -> bool:
    """Whether a row names columns: at least two are known."""
    return max(len(recognised(row, PATIENT_COLUMNS)), len(recognised(row, STAY_COLUMNS))) >= 2


def is_stays(headings: list[str]) -> bool:
    """Whether the columns are those of a list of stays rather than of patients."""
    known = recognised(headings, STAY_COLUMNS)
    return any(member in known for member in _STAYS_ONLY) and "name" not in recognised(headings, PATIENT_COLUMNS)


def recognised(headings: list[str], columns: dict[str, str]) -> dict[str, int]:
    """Members found, each with the index of its column; the spelling named first wins over later ones."""
    bare = [bare_heading(heading) for heading in headings]
    found: dict[str, int] = {}
    for member, spellings in columns.items():
        place = next((bare.index(spelling) for spelling in spellings.split("|") if spelling in bare), None)
        if place is not None and place not in found.values():
            found[member] = place
    return found
