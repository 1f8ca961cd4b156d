"""`luuky trust list|add|withdraw|remove`: whom this house trusts (`docs/reference/trust.md`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import console, environment, exits
from domain.errors import Message, Refused
from domain.trust import Face, Listed, Offered, Purpose
from pipeline import wiring, wiring_trust
from signing.trusted import TrustDesk
from storage.clock import now

Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit log.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON to stdout.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, it is only shown.")]
Fingerprint = Annotated[str, typer.Argument(help="SHA-256 of the certificate, or its first 16 digits or more.")]
_LEAST = 16
"""Digits of a fingerprint that name a certificate."""


def list_trust(as_json: AsJson = False) -> int:
    """Whom this house trusts, for what and until when."""
    desk = _desk()
    return _tell(desk, desk.listed(), as_json=as_json)


def add(
    files: Annotated[list[Path], typer.Argument(help="PEM, DER or PKCS #7 (.p7b).")],
    reason: Reason,
    purpose: Annotated[Purpose, typer.Option("--purpose", help="What they are trusted for.")] = Purpose.BOTH,
    yes: Yes = False,
    as_json: AsJson = False,
) -> int:
    """Trust the authorities in files; without --yes only show what they hold."""
    desk = _desk()
    data = [_read(path) for path in files]
    found = [one for each in data for one in desk.offered(each)]
    if not yes or any(one.wrong for one in found):
        if as_json:
            console.print_json({"version": 1, "found": [_offered(one) for one in found]})
        for one in () if as_json else found:
            _show(one)
        for wrong in [one.wrong for one in found if one.wrong]:
            console.tell(wrong)
        return exits.REFUSED if any(one.wrong for one in found) else exits.DONE
    added = [one for each in data for one in desk.add(each, purpose, reason, environment.actor())]
    return _tell(desk, added, as_json=as_json, alarms=())


def withdraw(
    fingerprint: Fingerprint,
    reason: Reason,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="From this day on (UTC).")] = None,
    as_json: AsJson = False,
) -> int:
    """Trust an authority no longer for new signatures; what was made before stays proven."""
    desk = _desk()
    moment = since.replace(tzinfo=UTC) if since else None
    changed = desk.withdraw(_named(desk, fingerprint), reason, environment.actor(), moment)
    return _tell(desk, [changed], as_json=as_json, alarms=())


def remove(fingerprint: Fingerprint, reason: Reason, yes: Yes = False, as_json: AsJson = False) -> int:
    """Trust an authority for nothing; without --yes only say how many proofs rest on it."""
    desk = _desk()
    sha256 = _named(desk, fingerprint)
    if yes:
        return _tell(desk, [desk.remove(sha256, reason, environment.actor())], as_json=as_json, alarms=())
    rests = desk.rests(sha256, most=1 << 20)
    if as_json:
        console.print_json({"version": 1, "rests": dataclasses.asdict(rests)})
    said = f"{rests.documents} tài liệu dựa vào đây / documents rest on it (--yes)"
    console.err.print(said, markup=False)
    return exits.BAD if rests.documents else exits.DONE


def _desk() -> TrustDesk:
    settings = environment.settings()
    return wiring_trust.trust_desk(wiring.store(settings), settings)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("no_file", f"Không đọc được tệp {path}.", f"The file {path} cannot be read.") from error


def _named(desk: TrustDesk, fingerprint: str) -> str:
    """The whole fingerprint. Raises Refused `trust_unknown`."""
    wanted = fingerprint.replace(":", "").casefold()
    found = [one.face.sha256 for one in desk.listed() if one.face.sha256.startswith(wanted)]
    return desk.get(found[0] if len(found) == 1 and len(wanted) >= _LEAST else wanted).face.sha256


def _tell(desk: TrustDesk, listed: list[Listed], *, as_json: bool, alarms: Iterable[Message] | None = None) -> int:
    found = list(desk.alarms() if alarms is None else alarms)
    if as_json:
        told = [dataclasses.asdict(alarm) for alarm in found]
        console.print_json({"version": 1, "trusted": [_listed(one) for one in listed], "alarms": told})
    for one in () if as_json else listed:
        face = one.face
        what = str(one.entry.purpose) if face.root else "chain"
        line = f"{face.ends:%Y-%m-%d}  {one.standing(now()):<9}  {what:<7}  {face.sha256[:16]}  {face.subject}"
        console.out.print(line, markup=False)
    for alarm in found:
        console.tell(alarm)
    return exits.BAD if found else exits.DONE


def _show(one: Offered) -> None:
    face = one.face
    what = "root" if face.root else "chain"
    console.out.print(f"{what:<5}  {face.begins:%Y-%m-%d} – {face.ends:%Y-%m-%d}  {face.key}  {face.subject}", markup=False)
    console.out.print(f"       SHA-256 {face.sha256}", markup=False)
    for note in one.notes:
        console.tell(note)


def _face(face: Face) -> dict[str, Any]:
    return {**dataclasses.asdict(face), "begins": face.begins.isoformat(), "ends": face.ends.isoformat()}


def _offered(one: Offered) -> dict[str, Any]:
    wrong = dataclasses.asdict(one.wrong) if one.wrong else None
    return {**_face(one.face), "wrong": wrong, "notes": [dataclasses.asdict(note) for note in one.notes]}


def _listed(one: Listed) -> dict[str, Any]:
    face, entry = _face(one.face), one.entry
    face.pop("authority")
    return {
        **face,
        "purpose": entry.purpose,
        "standing": one.standing(now()),
        "given": entry.given,
        "added_at": entry.added_at.isoformat() if entry.added_at else None,
        "added_by": entry.added_by or None,
        "reason": entry.reason or None,
        "until": entry.until.isoformat() if entry.until else None,
        "ended_by": entry.ended_by,
        "ended_reason": entry.ended_reason,
    }
