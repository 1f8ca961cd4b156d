"""`luuky blocks show`, `luuky blocks load FILE`: how signatures' blocks look, as JSON (`docs/reference/signature-blocks.md`)."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import console, environment, known
from domain.blocks import BlockLayout, checked_layout
from domain.errors import Refused
from pipeline import wiring

VERSION = 1
MEMBERS = frozenset(one.name for one in fields(BlockLayout))
"""What a layout may hold."""


def show(as_json: Annotated[bool, typer.Option("--json", help="As `luuky blocks load` takes it.")] = False) -> None:
    """The layouts that this house has set; without any the one that counts until then, for every kind."""
    store = wiring.store(environment.settings())
    with store.read() as tx:
        layouts = tx.blocks.layouts() or {"": BlockLayout()}
    if as_json:
        console.print_json({"version": VERSION, "layouts": {kind: one.as_json() for kind, one in layouts.items()}})
        return
    for kind, one in layouts.items():
        seen = "" if one.visible else "  (không hiện / not shown)"
        lines = ", ".join(one.lines)
        console.out.print(f"{kind or '*':<10} {one.wide}×{one.high}  {one.frame}  {one.picture}  {lines}{seen}", markup=False)


def load(file: Annotated[Path, typer.Argument(help="JSON as `luuky blocks show --json` prints it.")]) -> None:
    """Replace all layouts by those in a file; pictures stay."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
        if value["version"] != VERSION:
            raise _unreadable()
        _only_known(value)
        layouts = {str(kind): checked_layout(one) for kind, one in value["layouts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable() from error
    known.check_kinds(layouts, "blocks_kind")
    store = wiring.store(environment.settings())
    with store.write() as tx:
        for kind in tx.blocks.layouts():
            tx.blocks.drop_layout(kind)
        for kind, layout in layouts.items():
            tx.blocks.set_layout(kind, layout)
        tx.audit.add(environment.actor(), "load_block_layouts", None, kinds=sorted(layouts))
    console.err.print(f"layouts: {len(layouts)}", markup=False)


def _only_known(value: dict[str, Any]) -> None:
    """Raises Refused for a member that nobody knows, AttributeError for what is no layout."""
    known.check_members(value, ("version", "layouts"), "blocks_member")
    for layout in value["layouts"].values():
        known.check_members(layout.keys(), MEMBERS, "blocks_member")


def _unreadable() -> Refused:
    return Refused(
        "blocks_file",
        "Không đọc được tệp mẫu khung chữ ký. Xem cấu trúc bằng: luuky blocks show --json.",
        "The file of layouts cannot be read. See how one is built with: luuky blocks show --json.",
    )
