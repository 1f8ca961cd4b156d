"""Quản trị: how the block of a signature looks, for all kinds of documents or for one, and the pictures in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api import sessions
from api.desk import AtDesk
from api.errors import NotThere
from domain.blocks import (
    HIGHEST,
    LOWEST,
    NARROWEST,
    WIDEST,
    BlockFrame,
    BlockLayout,
    BlockLine,
    BlockPicture,
    Look,
    checked_layout,
    layout_for,
)
from domain.people import Role
from domain.signers import SIGNS
from storage.blocks import HOUSE

router = APIRouter(prefix="/admin/blocks", dependencies=[sessions.only(Role.ADMINISTRATOR)])
_MOST_BYTES = 4 << 20
_LIMITS = {"narrowest": NARROWEST, "widest": WIDEST, "lowest": LOWEST, "highest": HIGHEST}


class LayoutForm(BaseModel):
    """A layout as it is typed. A tick that is not set is not sent."""

    kind: str = ""
    visible: bool = False
    heading: str = ""
    reason: str = ""
    lines: list[str] = []
    picture: str = BlockPicture.NONE
    frame: str = BlockFrame.BAR
    colour: str = ""
    wide: int = 0
    high: int = 0

    def layout(self) -> BlockLayout:
        """Raises Refused `block_layout`."""
        return checked_layout(self.model_dump(exclude={"kind"}))


@router.get("")
def blocks(desk: AtDesk, kind: str = "") -> Response:
    """The layouts there are, one to change, and the pictures."""
    with desk.store.read() as tx:
        layouts, owners, people = tx.blocks.layouts(), tx.blocks.owners(), tx.people.listed()
    return desk.page(
        "admin/blocks.html", kind=kind, layouts=layouts, layout=layout_for(layouts, kind), owners=owners, house=HOUSE,
        people=[one for one in people if one.active and one.role in SIGNS], names={one.id: one.name for one in people},
        kinds={one.code: one.title for one in desk.services.kinds()}, lines=list(BlockLine), pictures=list(BlockPicture),
        frames=list(BlockFrame), limits=_LIMITS,
    )  # fmt: skip


@router.post("")
def set_layout(desk: AtDesk, form: Annotated[LayoutForm, Form()]) -> Response:
    """Blocks made from now on look so. Raises Refused `block_layout`."""
    layout = form.layout()
    with desk.store.write() as tx:
        tx.blocks.set_layout(form.kind, layout)
        tx.audit.add(desk.person.login, "set_block_layout", form.kind, **layout.as_json())
    return RedirectResponse(f"/admin/blocks?kind={form.kind}", 303)


@router.post("/drop")
def drop_layout(desk: AtDesk, kind: Annotated[str, Form()]) -> Response:
    """A kind has no layout of its own any more."""
    with desk.store.write() as tx:
        tx.blocks.drop_layout(kind)
        tx.audit.add(desk.person.login, "drop_block_layout", kind)
    return RedirectResponse("/admin/blocks", 303)


@router.get("/shown")
def shown(desk: AtDesk, form: Annotated[LayoutForm, Query()]) -> Response:
    """A PNG of a block as typed. Raises Refused `block_layout`."""
    layout = form.layout()
    with desk.store.read() as tx:
        owner = next((one for one in tx.blocks.owners() if one != HOUSE), None)
        look = Look(layout, tx.blocks.picture(owner) if owner else None, tx.blocks.picture(HOUSE))
    return Response(desk.services.blocks.shown(look), media_type="image/png")


@router.post("/pictures")
def set_picture(desk: AtDesk, file: Annotated[UploadFile, File()], owner: Annotated[str, Form()] = HOUSE) -> Response:
    """Somebody's picture, or the house's. Raises Refused `picture`."""
    picture = desk.services.blocks.picture(file.file.read(_MOST_BYTES))
    with desk.store.write() as tx:
        who = tx.people.get(owner) if owner else None
        if owner and who is None:
            raise NotThere
        tx.blocks.set_picture(owner, picture)
        tx.audit.add(desk.person.login, "set_block_picture", who.login if who else None, wide=picture.wide, high=picture.high)
    return RedirectResponse("/admin/blocks#pictures", 303)


@router.post("/pictures/drop")
def drop_picture(desk: AtDesk, owner: Annotated[str, Form()] = HOUSE) -> Response:
    """No picture any more; what was signed keeps it."""
    with desk.store.write() as tx:
        who = tx.people.get(owner) if owner else None
        tx.blocks.drop_picture(owner)
        tx.audit.add(desk.person.login, "drop_block_picture", who.login if who else None)
    return RedirectResponse("/admin/blocks#pictures", 303)
