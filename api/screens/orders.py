"""Ký with a provider of keys: what is typed, visits to its pages, calling it off; and the hospital's seal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ROOMS, AtDesk, Desk
from api.errors import NotThere
from api.views import orders
from domain.signers import Capacity, Sealing
from storage.orders import Orders

router = APIRouter(dependencies=[sessions.only(*ROOMS["sign"])])


# ---- a person's order


@router.get("/sign/order")
def form(desk: AtDesk) -> Response:
    """What the person must type for their order."""
    return _form(desk)


@router.post("/sign/order/otp")
def send_otp(desk: AtDesk) -> Response:
    """Have a one-time password sent."""
    desk.services.orders.send_otp(desk.person)
    return _form(desk, sent=True)


@router.post("/sign/order/give")
def give(desk: AtDesk, pin: Annotated[str, Form(max_length=64)] = "", otp: Annotated[str, Form(max_length=64)] = "") -> Response:
    """What the person typed; it goes to the provider and is kept nowhere. What is wrong is said on the screen."""
    desk.services.orders.give(desk.person, pin, otp)
    return RedirectResponse("/sign", 303)


@router.post("/sign/order/{order_id}/stop")
def stop(desk: AtDesk, order_id: str) -> Response:
    """Call it off: what was not signed waits again."""
    desk.services.orders.stop(desk.person, order_id)
    return RedirectResponse("/sign", 303)


@router.post("/sign/login")
def login(desk: AtDesk) -> Response:
    """A link to the provider's login page. Raises PartMissing."""
    return desk.page("fragments/provider_visit.html", visit=desk.services.orders.visit(desk.person))


@router.get("/sign/return")
def back(desk: AtDesk, state: str = "", code: str = "") -> Response:
    """The browser is back from a provider's page. Raises Refused `unknown_visit`."""
    desk.services.orders.arrive(desk.person, state, code)
    return RedirectResponse("/sign", 303)


# ---- the seal


@router.get("/sign/seal")
def seal(desk: AtDesk) -> Response:
    """What waits for the hospital's seal, and how it is put."""
    return _seal(desk, "sign_seal.html")


@router.get("/sign/seal/list")
def refresh_seal(desk: AtDesk) -> Response:
    """The same without the frame: asked for whenever something happened."""
    return _seal(desk, "fragments/seal.html")


@router.post("/sign/seal")
def press(desk: AtDesk, items: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006
    """Have the seal put on what is ticked, or on everything. Raises Refused `not_keeper`."""
    desk.services.orders.press(desk.person, items or None)
    return RedirectResponse("/sign/seal", 303)


@router.post("/sign/seal/again")
def again(desk: AtDesk) -> Response:
    """Whoever keeps the seal says that the token is back: it need not be waited for. Raises NotThere for others."""
    with desk.store.write() as tx:
        if not tx.signers.holds(desk.person.id, Capacity.SEAL):
            raise NotThere
        Orders(tx.connection).again_now("seal")
        tx.audit.add(desk.person.login, "seal_again")
    return RedirectResponse("/sign/seal", 303)


def _form(desk: Desk, *, sent: bool = False) -> Response:
    with desk.store.read() as tx:
        return desk.page("fragments/order_form.html", cloud=orders.cloud(tx, desk.person), sent=sent)


def _seal(desk: Desk, template: str) -> Response:
    with desk.store.read() as tx:
        keeper = tx.signers.holds(desk.person.id, Capacity.SEAL)
        room = orders.seal_room(tx, None if keeper else desk.sight(tx))
    pressed = desk.services.orders.sealing is Sealing.PRESSED
    return desk.page(template, room=room, sealing=desk.services.orders.sealing, pressed=pressed)
