"""Every screen at both sizes: nothing wrong by axe, no error in the console, and a picture to look at."""

from __future__ import annotations

import pytest

SCREENS = (
    ("luutru", "/", "hom-nay"),
    ("luutru", "/batches", "lo-quet"),
    ("luutru", "/review/{likely}", "duyet"),
    ("luutru", "/review/{unsure}", "duyet-trung-ten"),
    ("bacsi", "/", "hom-nay-bac-si"),
    ("bacsi", "/sign", "ky"),
    ("bacsi", "/sign?by=kind", "ky-nhom"),
    ("bacsi", "/sign/deputies", "ky-uy-quyen"),
    ("bacsi", "/sign/seal", "ky-con-dau"),
    ("lamsang", "/find", "tim-trong"),
    ("lamsang", "/find?q=nguyen thi huong viem phoi", "tim"),
    ("lamsang", "/find?q=nguyen thi huong", "tim-hai-nguoi"),
    ("lamsang", "/records", "ho-so-ds"),
    ("lamsang", "/records/{discharge}?q=viem phoi", "ho-so"),
    ("quantri", "/admin/people", "quan-tri"),
    ("quantri", "/admin/rules", "quan-tri-quy-tac"),
    ("quantri", "/admin/blocks", "quan-tri-khung-chu-ky"),
    ("quantri", "/admin/offices", "quan-tri-tu-cach"),
    ("quantri", "/admin/trust", "quan-tri-noi-tin-cay"),
    ("quantri", "/admin/certificates", "quan-tri-chung-thu"),
    ("quantri", "/admin/lasting", "quan-tri-bang-chung"),
    ("quantri", "/admin/health", "quan-tri-tinh-trang"),
    ("kiemtoan", "/admin/audit", "nhat-ky"),
    ("kiemtoan", "/signatures", "kiem-tra-chu-ky-kiem-toan"),
)


@pytest.mark.parametrize(("login", "path", "name"), SCREENS, ids=[name for _, _, name in SCREENS])
def test_a_screen_is_fit_to_be_seen_and_used_by_everybody(at_screen, morning, login, path, name):
    person = at_screen(login)
    person.opens(path.format(likely=morning.likely.id, unsure=morning.unsure.id, discharge=morning.discharge.id))
    person.photographs(name)
    person.finds_nothing_wrong()


def test_the_login_is_fit_to_be_seen_and_used_by_everybody(at_screen):
    person = at_screen("")
    person.opens("/login")
    person.photographs("dang-nhap")
    person.finds_nothing_wrong()
