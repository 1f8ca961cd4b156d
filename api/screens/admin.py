"""Quản trị: people and rights, folders, devices, health; for the auditor the log. No paper is shown here.

Who signs what is in `regulations.py`.
"""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ROOMS, AtDesk, Desk
from api.errors import NotThere
from domain.errors import Refused
from domain.people import Person, Role
from domain.signers import SIGNS
from storage.orders import Orders
from storage.overview import Overview
from storage.store import Transaction

router = APIRouter(prefix="/admin", dependencies=[sessions.only(*ROOMS["admin"])])
_administrator = sessions.only(Role.ADMINISTRATOR)
_auditor = sessions.only(Role.AUDITOR)
ENTRIES = 300
GRAVE = ("missing", "away", "warning", "ok")


@router.get("")
def enter(desk: AtDesk) -> Response:
    """People for the administrator, the log for the auditor."""
    return RedirectResponse("/admin/audit" if desk.person.role is Role.AUDITOR else "/admin/people", 303)


# ---- people


@router.get("/people", dependencies=[_administrator])
def people(desk: AtDesk) -> Response:
    """Everybody with an account."""
    return _people(desk)


@router.post("/people", dependencies=[_administrator])
def add_person(
    desk: AtDesk,
    login: Annotated[str, Form(min_length=2, max_length=80)],
    name: Annotated[str, Form(min_length=1)],
    role: Annotated[Role, Form()],
    departments: Annotated[list[str], Form()] = [],  # noqa: B006
) -> Response:
    """A new account with a password that is shown once."""
    password = _password()
    with desk.store.write() as tx:
        if tx.people.by_login(login.strip()):
            raise Refused("login_taken", "Tên đăng nhập này đã có người dùng.", "This login name is taken.")
        who = tx.people.add(login.strip(), name.strip(), role, password, tuple(departments))
        tx.audit.add(desk.person.login, "add_person", who.login, role=role, departments=departments)
    return _people(desk, who.login, password)


@router.post("/people/{person_id}", dependencies=[_administrator])
def change_person(
    desk: AtDesk,
    person_id: str,
    role: Annotated[Role, Form()],
    departments: Annotated[list[str], Form()] = [],  # noqa: B006
) -> Response:
    """Another role or other departments."""
    with desk.store.write() as tx:
        who = _somebody(tx, desk, person_id)
        tx.people.change(person_id, role=role, departments=departments)
        tx.audit.add(desk.person.login, "change_person", who.login, role=role, departments=departments)
    return RedirectResponse("/admin/people", 303)


@router.post("/people/{person_id}/active", dependencies=[_administrator])
def open_or_lock(desk: AtDesk, person_id: str, active: Annotated[bool, Form()]) -> Response:
    """Lock an account, or open it again. Sessions of a locked account end at once."""
    with desk.store.write() as tx:
        who = _somebody(tx, desk, person_id)
        tx.people.change(person_id, active=active)
        tx.audit.add(desk.person.login, "open_person" if active else "lock_person", who.login)
    return RedirectResponse("/admin/people", 303)


@router.post("/people/{person_id}/password", dependencies=[_administrator])
def new_password(desk: AtDesk, person_id: str) -> Response:
    """A new password, shown once; ends the person's sessions."""
    password = _password()
    with desk.store.write() as tx:
        who = _somebody(tx, desk, person_id)
        tx.people.set_password(person_id, password)
        tx.audit.add(desk.person.login, "new_password", who.login)
    return _people(desk, who.login, password)


# ---- folders, devices, health


@router.get("/folders", dependencies=[_administrator])
def folders(desk: AtDesk) -> Response:
    """The watched folders."""
    return desk.page("admin/folders.html", folders=desk.services.folders())


@router.get("/devices", dependencies=[_administrator])
def devices(desk: AtDesk) -> Response:
    """The agents on the doctors' desks."""
    with desk.store.read() as tx:
        found = Overview(tx.connection).devices()
        names = {one.id: one.name for one in tx.people.listed()}
    return desk.page("admin/devices.html", devices=found, names=names)


@router.post("/devices/{device_id}/revoke", dependencies=[_administrator])
def revoke(desk: AtDesk, device_id: str) -> Response:
    """Never trust this device again."""
    with desk.store.write() as tx:
        if tx.signing.device(device_id) is None:
            raise NotThere
        tx.signing.revoke(device_id)
        tx.audit.add(desk.person.login, "revoke_device", device_id)
    return RedirectResponse("/admin/devices", 303)


@router.get("/health", dependencies=[_administrator])
def health(desk: AtDesk) -> Response:
    """Whether every part is there and answers; what somebody must see to stands first."""
    found = sorted(desk.services.health(), key=lambda part: GRAVE.index(part.state))
    return desk.page("admin/health.html", parts_list=found)


# ---- audit


@router.get("/audit", dependencies=[_auditor])
def audit(desk: AtDesk, who: str = "", act: str = "") -> Response:
    """The log, newest first; looking at it is noted too."""
    with desk.store.read() as tx:
        entries = tx.audit.newest(ENTRIES, (act,) if act else ())
        names = {one.login: one.name for one in tx.people.listed()}
    shown = [one for one in entries if not who or who.casefold() in (one.actor + names.get(one.actor, "")).casefold()]
    desk.note("read_audit", None, who=who, only=act)
    return desk.page("admin/audit.html", entries=shown, names=names, who=who, act=act)


@router.post("/audit/verify", dependencies=[_auditor])
def verify(desk: AtDesk) -> Response:
    """Recompute the whole chain."""
    found = desk.services.verify_audit()
    desk.note("verify_audit", None, sealed=found.sealed, faults=len(found.faults))
    return desk.page("fragments/audit_verdict.html", seal=found)


def _people(desk: Desk, shown_login: str = "", password: str = "") -> Response:
    with desk.store.read() as tx:
        found, ways = tx.people.listed(), Orders(tx.connection).ways()
        departments = sorted({*tx.patients.departments(), *(name for one in found for name in one.departments)})
    return desk.page(
        "admin/people.html", people=found, roles=list(Role), departments=departments, shown_login=shown_login, password=password,
        providers=desk.services.orders.providers, ways=ways, signs=SIGNS,
    )  # fmt: skip


def _somebody(tx: Transaction, desk: Desk, person_id: str) -> Person:
    who = tx.people.get(person_id)
    if who is None:
        raise NotThere
    if who.id == desk.person.id:
        raise Refused("yourself", "Không thể tự khóa hay tự đổi quyền của mình.", "You cannot lock or change your own account.")
    return who


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))
