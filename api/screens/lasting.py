"""Quản trị: until when the proofs in signed documents last. A figure for each certificate that stamped; no paper is shown."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import AtDesk
from domain.people import Role
from storage.lasting import Lasting

router = APIRouter(prefix="/admin/lasting", dependencies=[sessions.only(Role.ADMINISTRATOR)])


@router.get("")
def lasting(desk: AtDesk) -> Response:
    """What ends when, and what must be seen to."""
    outlook, alarms = desk.services.lasting()
    return desk.page("admin/lasting.html", outlook=outlook, alarms=alarms)


@router.post("/again")
def again(desk: AtDesk) -> Response:
    """Try once more what could not be renewed; each document's history names who asked."""
    with desk.store.write() as tx:
        Lasting(tx.connection).try_again(desk.person.login)
    return RedirectResponse("/admin/lasting", 303)
