"""A working day in four stories, in one file because they follow one another: clerk, doctor, clinician, auditor."""

from __future__ import annotations

import shutil

from domain.documents import State
from tests import judges
from tests.journeys.demo import BIN, SAMPLES, until

MODULE = "/usr/lib/softhsm/libsofthsm2.so"


def test_the_clerk_hands_in_two_more_and_decides_whose_paper_one_is(at_screen, demo):
    """Charts move along live, two more are handed in, and one is decided because its patient was not certain."""
    before = len(demo.documents())
    clerk = at_screen("luutru")
    clerk.sees("Vừa về")
    clerk.sees(f"{before} bản gốc đang giữ")
    shutil.copy(SAMPLES / "drop" / "benh-an-moi-quet.pdf", demo.watched)
    clerk.place("#files").set_input_files(SAMPLES / "drop" / "anh-dien-thoai.jpg")
    clerk.sees("Đã nhận 1 tệp")
    demo.rests(before + 2)
    clerk.sees(f"{before + 2} bản gốc đang giữ")
    clerk.photographs("demo-hom-nay")
    clerk.finds_nothing_wrong()

    clerk.goes_to("Duyệt")
    clerk.sees("Giấy này của ai?")
    clerk.sees("Phiếu khám chuyên khoa", ".bar")
    clerk.expects(".cand", 2)
    clerk.expects_at_least(".ev", 4)
    clerk.photographs("demo-duyet")
    clerk.finds_nothing_wrong()
    waiting = _waiting(demo)
    clerk.expects("#accept[data-armed]", 1)
    clerk.presses("Enter")  # one key never takes one of two who fit alike
    assert _waiting(demo) == waiting
    clerk.presses("2", "Shift+Enter")
    clerk.sees("Đã xếp Phiếu khám chuyên khoa vào hồ sơ Trần Văn Bình")
    until(lambda: len(_waiting(demo)) < len(waiting))
    demo.rests(before + 2)
    assert len(_waiting(demo)) == len(waiting) - 1  # and not the one on which a single key was pressed


def _waiting(demo):
    return [one.id for one in demo.documents() if one.state is State.NEEDS_REVIEW]


def test_the_doctor_signs_five_papers_with_one_pin(at_screen, demo):
    """Sees every page of five papers, ticks them, signs them with one PIN at the desk agent; results come back live."""
    doctor = at_screen("bacsi")
    doctor.goes_to("Ký")
    doctor.clicks("Ghép bàn ký")
    doctor.clicks("Lấy mã ghép")
    code = doctor.place(".code").inner_text()
    paired = demo.agent("pair", code, "--server", demo.site.address, "--module", MODULE, "--token", "bacsi")
    assert paired.returncode == 0, paired.stderr

    doctor.opens("/sign")
    doctor.expects("#queue .tick:enabled", 0)
    for number in range(5):
        doctor.sees_all_pages()
        doctor.expects("#queue tr.on .tick:enabled", 1)
        doctor.presses("x")
        doctor.expects("#queue .tick:checked", number + 1)
        if number < 4:
            doctor.presses("ArrowDown")
            doctor.expects(f"#queue tbody tr:nth-child({number + 2}).on", 1)
    doctor.photographs("demo-ky")
    doctor.finds_nothing_wrong()
    doctor.presses("Control+Enter")
    doctor.sees("Đã gửi 5 tài liệu sang bàn ký")
    code = doctor.place("#queue .small").first.inner_text().removeprefix("đối chiếu ")

    signed = demo.agent("sign", "--all", "--pin-stdin", stdin=demo.pin + "\n")
    assert signed.returncode == 0, signed.stderr
    assert code in signed.stdout + signed.stderr
    doctor.expects("#queue .verdict.passed", 5)
    doctor.sees("Đã ký 5 tài liệu hôm nay")
    doctor.photographs("demo-ky-xong")
    demo.rests(1)


def test_the_clinician_finds_the_letter_of_2009_and_takes_its_file_home(at_screen, demo, tmp_path):
    """No tones, the page with the words boxed, the patient's other papers, the verdict, and the file itself."""
    clinician = at_screen("lamsang")
    clinician.types("nguyen thi huong viem phoi", "#q")
    clinician.sees("Có 1 người trùng họ tên", ".pt")
    clinician.expects_at_least(".res .snip .hit", 2)
    clinician.sees("Chữ ký hợp lệ", ".res")
    clinician.photographs("demo-tim")
    clinician.finds_nothing_wrong()
    clinician.place(".res").filter(has_text="Giấy ra viện").get_by_role("link").first.click()
    clinician.sees("Giấy ra viện", "h1")
    clinician.expects_at_least(".page .hit", 2)
    clinician.sees("Mọi chữ ký trong tệp đều hợp lệ.", ".vd")
    clinician.sees("BS. Trần Quốc Bảo", ".vd")
    days = clinician.place(".roomy time").all_inner_texts()
    assert len(days) >= 4
    assert days == sorted(days, key=lambda day: day.split("/")[::-1], reverse=True)
    clinician.photographs("demo-ho-so")
    clinician.finds_nothing_wrong()
    with clinician.page.expect_download() as waiting:
        clinician.presses("d")
    file = tmp_path / "signed.pdf"
    waiting.value.save_as(file)
    assert judges.verapdf(file)["compliant"]
    judged = judges.dss(file, demo.data / "demo" / "trust")
    (signature,) = judged["signatures"]
    assert (signature["level"], signature["indication"], signature["errors"]) == ("PAdES-BASELINE-LTA", "TOTAL_PASSED", [])
    assert set(signature["modifications"]) <= {"extension", "signature_or_form_fill"}


def test_the_auditor_sees_the_day_and_proves_that_the_log_is_whole(at_screen, demo):
    """Who did and who saw what, and the proof that nothing was altered or cut off."""
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
