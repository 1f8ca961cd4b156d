"""At the administrator's screen: an authority is dropped on the page, looked at, trusted, about to end, and withdrawn."""

from __future__ import annotations

from datetime import timedelta

from tests.signing.forge.authority import NOW, Wish, issue, pem

CA = ("key_cert_sign", "crl_sign")


def test_an_authority_is_dropped_looked_at_trusted_told_to_end_soon_and_withdrawn(at_screen, morning, tmp_path):
    soon = issue(Wish("Gốc Sắp Hết Hạn", ca=True, usages=CA, end=NOW + timedelta(days=40)))
    weak = issue(Wish("Gốc Khóa Yếu", kind="rsa1024", ca=True, usages=CA))
    admin = at_screen("quantri")
    admin.opens("/admin/trust")
    (tmp_path / "goc-moi.cer").write_bytes(pem(soon, weak))
    admin.drops(tmp_path / "goc-moi.cer")
    admin.sees("goc-moi.cer")
    admin.clicks("Xem trước")
    admin.sees("Khóa RSA 1024 quá yếu")
    admin.photographs("quan-tri-noi-tin-cay-xem")
    admin.finds_nothing_wrong()
    admin.types("Công văn 45, đã so vân tay qua điện thoại", "input[name=reason]")
    admin.clicks("Thêm vào danh sách")
    admin.sees("Gốc Sắp Hết Hạn sẽ hết hạn", ".notice")
    admin.sees("sắp hết hạn", ".table")
    admin.does_not_see("Gốc Khóa Yếu")
    admin.finds_nothing_wrong()
    archive = at_screen("luutru")
    archive.sees("Gốc Sắp Hết Hạn sẽ hết hạn", ".trouble")
    admin.place(".table").get_by_role("link", name="Xem Gốc Sắp Hết Hạn").click()
    admin.sees("tài liệu đã niêm vẫn giữ nguyên kết luận")
    admin.photographs("quan-tri-noi-tin-cay-mot")
    admin.finds_nothing_wrong()
    admin.page.locator("form[action$=withdraw] input[name=reason]").fill("Đã có chứng thư gốc mới")
    admin.page.locator("form[action$=withdraw] button").click()
    admin.sees("thôi tin cậy cho chữ ký mới từ", ".facts")
    admin.sees("Đã có chứng thư gốc mới", ".table")
    admin.opens("/admin/trust")
    admin.does_not_see("Gốc Sắp Hết Hạn sẽ hết hạn", ".notice")
    archive.opens("/")
    archive.does_not_see("Gốc Sắp Hết Hạn sẽ hết hạn", ".trouble")
    with morning.hospital.store.read() as tx:
        assert [entry.act for entry in tx.audit.of(soon.asn1.sha256.hex())] == ["withdraw_trust", "add_trust"]


def test_a_doctors_certificate_is_confirmed_with_one_press(at_screen, morning):
    admin = at_screen("quantri")
    admin.opens("/admin/certificates")
    admin.sees("001088012345")
    admin.clicks("Đúng là của người này")
    admin.sees("của người này ·", ".table")
    admin.finds_nothing_wrong()
    with morning.hospital.store.read() as tx:
        doctor = tx.people.by_login("bacsi")
        assert "confirm_binding" in [entry.act for entry in tx.audit.of(doctor.id)]
