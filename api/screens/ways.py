"""Quản trị: with what a person signs, the agent on the desk or a provider of keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import AtDesk
from api.errors import NotThere
from domain.people import Role
from storage.orders import Orders

router = APIRouter(prefix="/admin/people", dependencies=[sessions.only(Role.ADMINISTRATOR)])


@router.post("/{person_id}/way")
def set_way(
    desk: AtDesk,
    person_id: str,
    provider: Annotated[str, Form()] = "",
    account: Annotated[str, Form()] = "",
    credential: Annotated[str, Form()] = "",
) -> Response:
    """With what a person signs from now on. Raises Refused `way`."""
    with desk.store.write() as tx:
        person = tx.people.get(person_id)
        if person is None:
            raise NotThere
        desk.services.orders.set_way(tx, person, (provider, account, credential), desk.person.login)
    return RedirectResponse("/admin/people", 303)


@router.get("/{person_id}/way")
def look_up(desk: AtDesk, person_id: str) -> Response:
    """What the provider has of a person: the name in the certificate and its end. Nobody's phone rings."""
    with desk.store.read() as tx:
        person, way = tx.people.get(person_id), Orders(tx.connection).way(person_id)
    if person is None or way is None:
        raise NotThere
    return desk.page("fragments/way_found.html", found=desk.services.orders.look_up(way))
