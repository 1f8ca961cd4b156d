"""`luuky doctor`: is everything installed, reachable and safe?"""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from cli import console, environment, exits
from pipeline import health, wiring

SIGNS = {"ok": "✓", "warning": "!", "away": "✗", "missing": "✗"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> int:
    """Look at every part of the installation."""
    settings = environment.with_judge(environment.settings())
    store = wiring.store(settings)
    findings = health.examine(store, settings)
    if as_json:
        parts = [dataclasses.asdict(finding) for finding in findings]
        console.print_json({"version": 1, "born": wiring.born(store), "parts": parts})
    else:
        for finding in findings:
            console.out.print(
                f"{SIGNS[finding.state]} {finding.part:<12} {finding.detail_vi}\n{'':15}{finding.detail}", markup=False
            )
    return exits.MISSING if any(finding.state in ("away", "missing") for finding in findings) else exits.DONE
