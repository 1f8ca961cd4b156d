"""At the auditor's screen: who did and who saw what, and whether the log is whole."""

from __future__ import annotations


def test_the_auditor_sees_who_looked_at_what_and_verifies_the_log(at_screen, morning):
    clinician = at_screen("lamsang")
    clinician.opens(f"/records/{morning.discharge.id}")
    clinician.sees("Chữ ký hợp lệ", ".vd")
    auditor = at_screen("kiemtoan")
    auditor.sees("BS. Võ Ngọc Lan", ".table")
    auditor.sees("xem tài liệu", ".table")
    auditor.types("lan", "input[name=who]")
    auditor.clicks("Xem")
    auditor.sees(morning.discharge.id, ".table")
    auditor.does_not_see("Phạm Thu Hà", ".table")
    auditor.clicks("Kiểm tra toàn bộ nhật ký")
    auditor.sees("Nhật ký nguyên vẹn")
    morning.hospital.faults = ("link 3 was altered",)
    auditor.clicks("Kiểm tra toàn bộ nhật ký")
    auditor.sees("Nhật ký đã bị thay đổi hoặc cắt bớt.")
    morning.hospital.faults = ()


def test_the_auditor_sees_no_paper(at_screen, morning):
    auditor = at_screen("kiemtoan")
    auditor.opens(f"/records/{morning.discharge.id}")
    auditor.sees("Tài khoản này không có quyền")
