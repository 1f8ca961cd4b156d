"""Seals the audit log and checks the seal.

Heads go into the database and, outside it, into `audit/heads.jsonl`, an append-only file: whoever cuts off the tail of the
table cannot cut the file without a trace (it belongs on write-once storage or a log server).
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from pipeline.server_key import ServerKey
from storage.audit import GENESIS, Head, chained, statement
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the log found: `sealed` and `unsealed` entries, and every fault in words; no fault: nothing was touched."""

    sealed: int
    unsealed: int
    heads: int
    faults: tuple[str, ...]


class Sealer:
    """Chains committed audit entries; only the dispatcher may run it."""

    def __init__(self, store: Store, key: ServerKey, folder: Path) -> None:
        self._store = store
        self._key = key
        self._file = folder / "heads.jsonl"

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

    def _append(self, head: Head) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"link": head.link, "hash": head.hash, "at": head.at.isoformat(), "signature": head.signature})
        with self._file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def verify_audit(store: Store, key: ServerKey, folder: Path) -> AuditReport:
    """Recompute the whole chain and compare it with every signed head, in the database and in the file outside it."""
    with store.read() as tx:
        hashes, faults = _recompute(tx)
        heads = tx.audit.heads()
        outside = _outside(folder / "heads.jsonl")
        for head in [*heads, *outside]:
            faults += _check(head, hashes, key)
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


def _outside(path: Path) -> list[Head]:
    if not path.exists():
        return []
    return [Head(v["link"], v["hash"], v["at"], v["signature"]) for v in map(json.loads, path.read_text().splitlines())]
