"""Seals the audit log and checks the seal.

Heads go into the database and, outside it, into `audit/heads.jsonl`, an append-only file: whoever cuts off the tail of the
table cannot cut the file without a trace (it belongs on write-once storage or a log server). Once a day the newest head gets a
trusted time stamp, kept in `audit/stamps.jsonl`: not even the owner of the server's key can write the past anew.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature

from pipeline.server_key import ServerKey
from signing.stamping import stamped_at
from storage.audit import GENESIS, Head, chained, statement
from storage.clock import now
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the log found: `sealed` and `unsealed` entries, and every fault in words; no fault: nothing was touched."""

    sealed: int
    unsealed: int
    heads: int
    faults: tuple[str, ...]


class Sealer:
    """Chains committed audit entries; only the dispatcher may run it. `stamp` makes a time-stamp token over bytes (DER)."""

    def __init__(self, store: Store, key: ServerKey, folder: Path, stamp: Callable[[bytes], bytes] | None = None) -> None:
        self._store = store
        self._key = key
        self._file = folder / "heads.jsonl"
        self._stamps = folder / "stamps.jsonl"
        self._stamp = stamp

    def tick(self) -> Head | None:
        """Seal what is new; returns the head if there was anything."""
        with self._store.read() as tx:
            if not tx.audit.unsealed():
                return None
        with self._store.write() as tx:
            head = tx.audit.seal(self._key.sign)
        if head:
            self._append(head)
        return head

    def stamp_daily(self) -> bool:
        """Give the newest head today's time stamp, if it has none yet; whether it did. Raises PartAway."""
        with self._store.read() as tx:
            head = tx.audit.head()
        stamps = _lines(self._stamps)
        today = now().date().isoformat()
        if self._stamp is None or head is None or (stamps and stamps[-1]["day"] == today):
            return False
        token = base64.b64encode(self._stamp(statement(head.link, head.hash))).decode()
        _append(self._stamps, {"day": today, "link": head.link, "hash": head.hash, "token": token})
        return True

    def _append(self, head: Head) -> None:
        value = {"link": head.link, "hash": head.hash, "at": head.at.isoformat(), "signature": head.signature}
        _append(self._file, value)


def _append(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def verify_audit(store: Store, key: ServerKey, folder: Path) -> AuditReport:
    """Recompute the whole chain and compare it with every signed head, in the database and in the file outside it."""
    with store.read() as tx:
        hashes, faults = _recompute(tx)
        heads = tx.audit.heads()
        outside = [Head(v["link"], v["hash"], v["at"], v["signature"]) for v in _lines(folder / "heads.jsonl")]
        for head in [*heads, *outside]:
            faults += _check(head, hashes, key)
        for stamp in _lines(folder / "stamps.jsonl"):
            faults += _check_stamp(stamp, hashes)
        return AuditReport(len(hashes), tx.audit.unsealed(), len(heads), tuple(dict.fromkeys(faults)))


def _recompute(tx: Transaction) -> tuple[dict[int, str], list[str]]:
    previous, hashes, faults = GENESIS, {0: GENESIS}, []
    for expected, entry in enumerate(tx.audit.sealed(), start=1):
        if entry.link != expected:
            faults.append(f"link {expected} is missing")
            break
        if chained(previous, entry) != entry.hash:
            faults.append(f"link {expected} was altered")
        previous = entry.hash or GENESIS
        hashes[expected] = previous
    del hashes[0]
    return hashes, faults


def _check(head: Head, hashes: dict[int, str], key: ServerKey) -> list[str]:
    try:
        key.public.verify(base64.b64decode(head.signature), statement(head.link, head.hash))
    except (InvalidSignature, ValueError):
        return [f"the head of link {head.link} is not signed by this server"]
    if head.link not in hashes:
        return [f"entries up to link {head.link} were sealed and are missing"]
    return [] if hashes[head.link] == head.hash else [f"the chain differs from the signed head of link {head.link}"]


def _check_stamp(stamp: dict[str, Any], hashes: dict[int, str]) -> list[str]:
    link, token = stamp["link"], base64.b64decode(stamp["token"])
    if hashes.get(link) is None:
        return [f"entries up to link {link} were time-stamped on {stamp['day']} and are missing"]
    if stamped_at(token, statement(link, hashes[link])) is None:
        return [f"the chain differs from the time stamp of {stamp['day']} (link {link})"]
    return []
