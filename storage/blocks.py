"""How blocks of signatures look in this house, and the small pictures in them."""

from __future__ import annotations

import base64

from sqlalchemy import Connection, delete, select

from domain.blocks import BlockLayout, BlockPicture, Look, SmallPicture, checked_layout, layout_for
from storage.database import insert_new
from storage.signer_tables import block_layouts, block_pictures

HOUSE = ""
"""Whose the house's own picture is."""


class Blocks:
    """Layouts and pictures inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def layouts(self) -> dict[str, BlockLayout]:
        """By the code of their kind; empty: for all kinds without one of their own."""
        rows = self._connection.execute(select(block_layouts).order_by(block_layouts.c.kind_code))
        return {row.kind_code: checked_layout(row.layout) for row in rows}

    def set_layout(self, kind_code: str, layout: BlockLayout) -> None:
        """From now on blocks of that kind look so."""
        values = {"kind_code": kind_code, "layout": layout.as_json()}
        query = insert_new(self._connection, block_layouts).values(values)
        self._connection.execute(query.on_conflict_do_update(index_elements=["kind_code"], set_={"layout": values["layout"]}))

    def drop_layout(self, kind_code: str) -> None:
        """That kind looks like all others again."""
        self._connection.execute(delete(block_layouts).where(block_layouts.c.kind_code == kind_code))

    def owners(self) -> list[str]:
        """Who has a picture: ids of persons, and `HOUSE`."""
        return list(self._connection.scalars(select(block_pictures.c.owner).order_by(block_pictures.c.owner)))

    def picture(self, owner: str) -> SmallPicture | None:
        """Somebody's picture."""
        row = self._connection.execute(select(block_pictures).where(block_pictures.c.owner == owner)).first()
        return SmallPicture(row.wide, row.high, base64.b64decode(row.samples)) if row else None

    def set_picture(self, owner: str, picture: SmallPicture) -> None:
        """Keep somebody's picture in place of the one before."""
        kept = {"wide": picture.wide, "high": picture.high, "samples": base64.b64encode(picture.samples).decode()}
        query = insert_new(self._connection, block_pictures).values(owner=owner, **kept)
        self._connection.execute(query.on_conflict_do_update(index_elements=["owner"], set_=kept))

    def drop_picture(self, owner: str) -> None:
        """Forget it; what was signed keeps it."""
        self._connection.execute(delete(block_pictures).where(block_pictures.c.owner == owner))

    def look(self, kind_code: str | None, person_id: str | None) -> Look:
        """What a person's block on a document of that kind looks like."""
        layout = layout_for(self.layouts(), kind_code)
        if layout.picture is BlockPicture.NONE:
            return Look(layout)
        return Look(layout, self.picture(person_id) if person_id else None, self.picture(HOUSE))
