"""`luuky rebuild [--index|--database]`: make the index (or the database) anew from what is kept."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console, environment
from domain.errors import PartAway, PartMissing
from pipeline import wiring, wiring_belt
from pipeline.single import only_one


def rebuild(
    index: Annotated[bool, typer.Option("--index", help="The search index, from the database.")] = False,
    database: Annotated[bool, typer.Option("--database", help="The database, from the archive objects.")] = False,
) -> None:
    """Make the search index anew; readers never see it empty."""
    if database or not index:
        raise PartMissing(
            "not_built",
            "Chưa dựng lại được cơ sở dữ liệu từ kho lưu trữ; dùng bản sao lưu. Có thể dùng --index.",
            "Rebuilding the database from the archive is not there yet; restore the backup. --index works.",
        )
    settings = environment.settings()
    store = wiring.store(settings)
    with only_one(store.engine, settings.storage.data) as mine:
        if not mine:
            raise PartAway("running", "Hãy dừng `luuky up` rồi chạy lại.", "Stop `luuky up` first, then run this again.")
        wiring_belt.indexer(store, settings).rebuild()
    console.err.print("Đã dựng lại chỉ mục / the index is new")
