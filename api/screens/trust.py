"""Quản trị: whom the house trusts, and whose certificates are whose. No paper is shown here."""

from __future__ import annotations

import base64
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import AtDesk, Desk
from api.errors import NotThere
from domain.errors import LuukyError, Message, Refused
from domain.people import Person, Role
from domain.trust import Offered, Purpose, alarms
from storage.clock import now
from storage.trust_bindings import Bindings

router = APIRouter(prefix="/admin", dependencies=[sessions.only(Role.ADMINISTRATOR)])
_MOST_BYTES = 1 << 20


@router.get("/trust")
def trust(desk: AtDesk) -> Response:
    """The list, what ends soon, and where a certificate is added."""
    return _list(desk)


@router.post("/trust/look")
def look(
    desk: AtDesk,
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006
    pasted: Annotated[str, Form()] = "",
) -> Response:
    """What files hold, before it counts."""
    found: dict[str, Offered] = {}
    try:
        for data in [*(file.file.read(_MOST_BYTES + 1) for file in files if file.filename), pasted.encode()]:
            found |= {one.face.sha256: one for one in (desk.services.trust.offered(data) if data.strip() else [])}
        if not found:
            desk.services.trust.offered(b"")
    except Refused as error:
        return _list(desk, said=error.message)
    ready = {one.face.sha256: base64.b64encode(one.certificate).decode() for one in found.values()}
    return desk.page("admin/trust_look.html", found=list(found.values()), ready=ready, purposes=list(Purpose))


@router.post("/trust")
def add(
    desk: AtDesk,
    purpose: Annotated[Purpose, Form()],
    reason: Annotated[str, Form()],
    certificates: Annotated[list[str], Form()] = [],  # noqa: B006
) -> Response:
    """Trust what was ticked."""
    if not certificates:
        return _list(desk, said=_NONE)
    data = "".join(f"-----BEGIN CERTIFICATE-----\n{one}\n-----END CERTIFICATE-----\n" for one in certificates)
    desk.services.trust.add(data.encode(), purpose, reason, desk.person.login)
    return RedirectResponse("/admin/trust", 303)


@router.get("/trust/{sha256}")
def one(desk: AtDesk, sha256: str) -> Response:
    """One certificate: what it is, what rests on it, what became of it, and what can be done."""
    room = desk.services.trust
    try:
        found, rests = room.get(sha256), room.rests(sha256)
    except Refused as error:
        raise NotThere from error
    with desk.store.read() as tx:
        history = tx.audit.of(sha256)
    names = _names(desk)
    standing = found.standing(now())
    return desk.page("admin/trust_one.html", one=found, standing=standing, rests=rests, history=history, names=names)


@router.post("/trust/{sha256}/{deed}")
def change(desk: AtDesk, sha256: str, deed: str, reason: Annotated[str, Form()] = "") -> Response:
    """Withdraw for new signatures, remove, or trust again."""
    room = desk.services.trust
    deeds = {"withdraw": room.withdraw, "remove": room.remove, "restore": room.restore}
    if deed not in deeds:
        raise NotThere
    deeds[deed](sha256, reason, desk.person.login)
    return RedirectResponse(f"/admin/trust/{sha256}", 303)


# ---- whose certificate is whose


@router.get("/certificates")
def certificates(desk: AtDesk) -> Response:
    """Certificates that wait for an answer, those answered, and the numbers of identity cards."""
    with desk.store.read() as tx:
        people = [one for one in tx.people.listed() if one.active and one.role in (Role.DOCTOR, Role.ARCHIVE)]
        numbers = Bindings(tx.connection).citizen_ids()
    claims = desk.services.claims.listed()
    return desk.page("admin/certificates.html", claims=claims, people=people, numbers=numbers)


@router.post("/certificates/number")
def number(desk: AtDesk, person: Annotated[str, Form()], number: Annotated[str, Form()] = "") -> Response:
    """Write down the number of somebody's identity card."""
    _somebody(desk, person)
    desk.services.claims.set_number(person, number, desk.person.login)
    return RedirectResponse("/admin/certificates", 303)


@router.post("/certificates/{person_id}/{sha256}")
def answer(desk: AtDesk, person_id: str, sha256: str, confirmed: Annotated[bool, Form()]) -> Response:
    """Say whether a certificate is a person's."""
    if _somebody(desk, person_id).id == desk.person.id:
        raise Refused("yourself", "Không thể tự xác nhận chứng thư của mình.", "You cannot confirm your own certificate.")
    desk.services.claims.answer(person_id, sha256, desk.person.login, confirmed=confirmed)
    return RedirectResponse("/admin/certificates", 303)


_NONE = Message("trust_none", "Chưa chọn chứng thư nào để thêm.", "No certificate was ticked.")


def _list(desk: Desk, said: Message | None = None) -> Response:
    room, broken = desk.services.trust, None
    try:
        listed = room.listed()
    except LuukyError as error:
        listed, broken = [], error.message
    moment = now()
    told = [broken] if broken else alarms(listed, moment, room.soon)
    standings = {one.face.sha256: one.standing(moment) for one in listed}
    names = _names(desk)
    return desk.page("admin/trust.html", listed=listed, standings=standings, alarms=told, said=said, names=names, soon=room.soon)


def _names(desk: Desk) -> dict[str, str]:
    with desk.store.read() as tx:
        return {one.login: one.name for one in tx.people.listed()}


def _somebody(desk: Desk, person_id: str) -> Person:
    with desk.store.read() as tx:
        found = tx.people.get(person_id)
    if found is None:
        raise NotThere
    return found
