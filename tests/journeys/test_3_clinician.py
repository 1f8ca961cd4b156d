"""The clinician: no tones, the page with the words boxed, the patient's other papers, the verdict, and the file itself."""

from __future__ import annotations

from tests import judges


def test_the_clinician_finds_the_letter_of_2009_and_takes_its_file_home(at_screen, demo, tmp_path):
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
