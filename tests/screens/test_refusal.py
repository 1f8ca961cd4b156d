"""By the keyboard: a doctor refuses to sign, archive staff ask again; a document is made void and says so."""

from __future__ import annotations

from storage.clock import now


def test_a_doctor_refuses_with_a_reason_and_archive_asks_again_with_one_key(at_screen, morning):
    doctor = at_screen("bacsi")
    doctor.opens("/sign")
    doctor.expects("#queue .tick", 5)
    doctor.presses("ArrowDown")
    doctor.expects("#queue tbody tr:nth-child(2).on", 1)
    doctor.presses("t")
    doctor.types("Thiếu tờ 2 của phiếu", "#refuse-why")
    doctor.photographs("ky-tu-choi")
    doctor.finds_nothing_wrong()
    doctor.presses("Enter")
    doctor.expects("#queue .tick", 4)

    clerk = at_screen("luutru")
    with morning.hospital.store.read() as tx:
        refused = next(one for one in tx.documents.listed() if one.reasons and one.reasons[0].code == "signature_refused")
    clerk.opens(f"/review/{refused.id}")
    clerk.sees("Thiếu tờ 2 của phiếu")
    clerk.photographs("duyet-tu-choi-ky")
    clerk.presses("h")
    clerk.page.wait_for_url(lambda url: refused.id not in url.split("?")[0])
    doctor.opens("/sign")
    doctor.expects("#queue .tick", 5)


def test_a_head_makes_a_kept_document_void_and_it_says_so(at_screen, morning):
    doctor = at_screen("bacsi")
    doctor.opens(f"/records/{morning.discharge.id}")
    doctor.clicks("Ký hủy tài liệu")
    doctor.types("Lập nhầm người bệnh", "#void-why")
    doctor.photographs("ho-so-ky-huy")
    doctor.finds_nothing_wrong()
    doctor.presses("Enter")
    doctor.sees("KÝ HỦY", "#queue")
    doctor.photographs("ky-huy")
    doctor.finds_nothing_wrong()
    with morning.hospital.store.write() as tx:
        (asked,) = [one for one in tx.signing.of(morning.discharge.id) if one.field == "HuyBo"]
        who = tx.people.by_login("bacsi")
        tx.signing.set(asked.id, state="signed", signed_by=who.id, signed_at=now())
    for login, path, name in (
        ("lamsang", f"/records/{morning.discharge.id}", "ho-so-da-huy"),
        ("lamsang", "/find?q=nguyen thi huong viem phoi", "tim-da-huy"),
        ("", f"/kiem-tra/{morning.discharge.id}", "kiem-tra-da-huy"),
    ):
        person = at_screen(login)
        person.opens(path)
        person.sees("bị hủy" if name != "tim-da-huy" else "ĐÃ HỦY")
        person.photographs(name)
        person.finds_nothing_wrong()
