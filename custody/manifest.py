"""The manifest of a kept document: what it consists of, under which SHA-256, and how it came to be. Deterministic JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.documents import Document
from domain.proof import JUDGED, Proof, proof_of
from domain.sidecar import Source


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the document, or one set aside in it: its picture, which page of which original it is, a person's turn."""

    image: str
    original: str
    page: int
    turn: int | None = None


def manifest(
    document: Document, sources: Iterable[Source], versions: Iterable[dict[str, Any]], sheets: tuple[list[Sheet], list[Sheet]]
) -> bytes:  # fmt: skip
    """The manifest as UTF-8 JSON; `sheets`: the pages in order, and those set aside. All versions there ever were are listed, and
    of those that were replaced the code of the reason.
    """
    pages, aside = sheets
    value = {
        "version": 2,
        "document": document.id,
        "originals": [{"sha256": one.sha256, "bytes": one.bytes, "name": one.name} for one in sources],
        "kind": document.kind_code,
        "title": document.title,
        "patient": document.patient_id,
        "received_at": document.received_at.isoformat(),
        "versions": [_version(version) for version in versions],
        "pages": [_sheet(one) for one in pages],
        "set_aside": [_sheet(one) for one in aside],
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _version(version: dict[str, Any]) -> dict[str, Any]:
    """With what a judge said of it, where it was judged, and why it was replaced, where it was."""
    value = {"kind": version["kind"], "sha256": version["sha256"], "at": version["at"].isoformat()}
    if version["kind"] in JUDGED:
        return {**value, "pdfa": _proof(proof_of(version["report"]))}
    reason = (version["report"] or {}).get("reason")
    return {**value, "reason": reason} if reason else value


def _proof(proof: Proof) -> dict[str, Any]:
    at = proof.at.isoformat() if proof.at else None
    return {
        "standing": proof.standing, "judge": proof.judge, "profile": proof.profile, "failed": list(proof.failed), "at": at,
    }  # fmt: skip


def _sheet(one: Sheet) -> dict[str, Any]:
    return {"image": one.image, "original": one.original, "page": one.page, "turn": one.turn}
