"""`luuky audit verify`: prove that the audit log was neither altered nor cut off."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import console, environment, exits
from pipeline import wiring
from pipeline.sealer import verify_audit
from pipeline.server_key import server_key


def verify(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> int:
    """Recompute the chain and compare it with every signed head."""
    settings = environment.settings()
    data = settings.storage.data
    report = verify_audit(wiring.store(settings), server_key(data), data / "audit")
    if as_json:
        faults = list(report.faults)
        console.print_json(
            {"version": 1, "sealed": report.sealed, "unsealed": report.unsealed, "heads": report.heads, "faults": faults}
        )  # fmt: skip
    else:
        console.out.print(f"sealed {report.sealed}, unsealed {report.unsealed}, signed heads {report.heads}")
        for fault in report.faults:
            console.out.print(f"✗ {fault}", markup=False)
    if not report.faults:
        console.err.print("Nhật ký nguyên vẹn / the log is intact")
    return exits.BAD if report.faults else exits.DONE
