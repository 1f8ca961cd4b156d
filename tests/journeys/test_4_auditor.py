"""The auditor: who did and who saw what, and the proof that nothing was altered or cut off."""

from __future__ import annotations

from tests.journeys.demo import BIN, until


def test_the_auditor_sees_the_day_and_proves_that_the_log_is_whole(at_screen, demo):
    auditor = at_screen("kiemtoan")
    auditor.sees("BS. Võ Ngọc Lan", ".table")
    auditor.types("bảo", "input[name=who]")
    auditor.clicks("Xem")
    auditor.sees("xem để ký", ".table")
    auditor.does_not_see("Đặng Thị Mai", ".table")
    auditor.photographs("demo-nhat-ky")
    auditor.finds_nothing_wrong()
    auditor.clicks("Kiểm tra toàn bộ nhật ký")
    auditor.sees("Nhật ký nguyên vẹn")
    until(lambda: demo.command(BIN / "luuky", "audit", "verify").returncode == 0)
