"""The doctor: sees every page of five papers, ticks them, signs them with one PIN at the desk agent; results come back live."""

from __future__ import annotations

MODULE = "/usr/lib/softhsm/libsofthsm2.so"


def test_the_doctor_signs_five_papers_with_one_pin(at_screen, demo):
    doctor = at_screen("bacsi")
    doctor.goes_to("Ký")
    doctor.clicks("Ghép bàn ký")
    doctor.clicks("Lấy mã ghép")
    code = doctor.place(".code").inner_text()
    paired = demo.agent("pair", code, "--server", demo.site.address, "--module", MODULE)
    assert paired.returncode == 0, paired.stderr

    doctor.opens("/sign")
    doctor.expects("#queue .tick:enabled", 0)
    for number in range(5):
        _sees_all_pages(doctor)
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


def _sees_all_pages(doctor):
    for number in range(1, doctor.place(".stage .page").count() + 1):
        doctor.place(f".two [data-to-page='{number}']").click()
        doctor.place(f".stage .page[data-page='{number}'] .endmark").scroll_into_view_if_needed()
        doctor.sees("đã xem", f"[data-to-page='{number}'] .seen")
