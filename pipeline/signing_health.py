"""Are the signing services and the hospital's seal there, and do they know us? Nobody's telephone rings, nothing is signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from domain.signers import Capacity, Sealing
from pipeline.settings import Settings
from pipeline.wiring import sealing, signing_settings
from signing.keys import Health
from signing.providers import check_all
from signing.sealing import keepers
from storage.clock import now
from storage.orders import SEAL, Orders
from storage.store import Store

PATIENCE = 5.0
"""Seconds in which a service answers that is well."""
SOON = timedelta(days=60)
KNOWS_PERSONS_ONLY = ("mysign",)
"""A service that is logged in to for a person can only be asked about one."""


def look(store: Store, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """A finding for each part: its name, its state, what was seen or what to do."""
    signing = signing_settings(store, settings)
    quick = replace(signing, provider_seconds=min(signing.provider_seconds, PATIENCE))
    with store.read() as tx:
        users = {way.provider: way.account for way in Orders(tx.connection).ways().values()}
    for name, found in check_all(quick, users, settings.storage.data).items():
        unasked = name in KNOWS_PERSONS_ONLY and name not in users
        yield name, *(_unasked(found) if unasked else _said(found))
    yield from _seal(store, sealing(store, settings))


def _unasked(found: Health) -> tuple[str, str]:
    if found.reachable:
        return "ok", "answers; whether it knows us is seen once somebody signs with it (Quản trị · Người dùng)"
    return _said(found)


def _said(found: Health) -> tuple[str, str]:
    if found.problem is not None:
        return "away" if not found.reachable else "warning", found.problem.en
    if found.valid_until is None:
        return "ok", "answers and knows us"
    soon = found.valid_until < now() + SOON
    return "warning" if soon else "ok", f"its certificate is valid until {found.valid_until:%Y-%m-%d}"


def _seal(store: Store, how: Sealing) -> Iterator[tuple[str, str, str]]:
    """What waits for the seal, and whether anybody could put it."""
    with store.read() as tx:
        waits = Orders(tx.connection).seal_wait()
        wanted = any(rule.capacity == Capacity.SEAL for rule in tx.signing.rules())
        kept = bool(keepers(tx))
    if how is Sealing.NONE and wanted:
        yield SEAL, "missing", "rules ask for the seal: set LUUKY_SIGNING_SEAL_MODULE, LUUKY_SIGNING_SEAL_TOKEN"
    if waits.problem is not None:
        yield "sealing", "away", f"{waits.count} documents wait for the seal: {waits.problem.en}"
    elif how is Sealing.PRESSED and wanted and not kept:
        yield "sealing", "warning", "give somebody the capacity of keeping the seal, or set LUUKY_SIGNING_SEAL_AUTOMATIC to 1"
    elif how is not Sealing.NONE:
        manner = "puts itself" if how is Sealing.ITSELF else "is put by hand"
        yield "sealing", "ok", f"{waits.count} documents wait for the seal, which {manner}"
