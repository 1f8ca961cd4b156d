"""`luuky custody lasting`: until when the proofs in signed documents last, and what must be seen to."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from cli import console, environment, exits
from domain.lasting import ChainCount, Outlook
from pipeline import health, wiring
from storage.lasting import Lasting


def lasting(
    as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Try once more what could not be renewed.")] = False,
) -> int:
    """Show what ends when, by the certificates that stamped."""
    settings = environment.settings()
    store = wiring.store(settings)
    if again:
        with store.write() as tx:
            number = Lasting(tx.connection).try_again(environment.actor())
        console.err.print(f"làm lại / tried again: {number}")
    outlook, alarms = health.lasting(store, settings)
    if as_json:
        told = [dataclasses.asdict(alarm) for alarm in alarms]
        console.print_json({"version": 1, **_as_json(outlook), "alarms": told})
    else:
        _print(outlook)
    for alarm in alarms:
        console.tell(alarm)
    return exits.BAD if alarms else exits.DONE


def _as_json(outlook: Outlook) -> dict[str, Any]:
    since = outlook.unproven_since.isoformat() if outlook.unproven_since else None
    return {
        "chains": [{**dataclasses.asdict(one), "ends_at": one.ends_at.isoformat()} for one in outlook.chains],
        "unproven": {"documents": outlook.unproven, "since": since},
        "troubled": list(outlook.troubled),
    }


def _print(outlook: Outlook) -> None:
    for one in outlook.chains:
        console.out.print(_line(one), markup=False)
    console.out.print(f"đã ký, chưa niêm lâu dài / signed, not proven yet: {outlook.unproven}")
    for document_id in outlook.troubled:
        console.out.print(f"✗ {document_id}: không gia hạn được / could not be renewed", markup=False)


def _line(one: ChainCount) -> str:
    waits = "".join(f", {code} {number}" for code, number in sorted(one.waiting.items()))
    until = f"{one.ends_at:%Y-%m-%d} ({one.what})"
    return f"{until}  {one.authority}: {one.documents} tài liệu / documents, đến hạn / due {one.due}{waits}"
