"""`luuky custody check`: every kept file against its fingerprint."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console, environment, exits
from custody.fixity import check_all
from pipeline import wiring


def check(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> int:
    """Read every original and every bound or signed file again and compare its SHA-256."""
    store = wiring.store(environment.settings())
    report = check_all(store, environment.actor())
    if as_json:
        console.print_json(
            {"version": 1, "checked": report.checked, "damaged": list(report.damaged), "missing": list(report.missing)}
        )
    else:
        console.out.print(f"đã kiểm / checked {report.checked}")
        for name in (*report.damaged, *report.missing):
            console.out.print(f"✗ {name}: khôi phục từ bản sao lưu / restore from the backup", markup=False)
    return exits.BAD if report.damaged or report.missing else exits.DONE
