"""The manifest of a kept document: what it consists of, under which SHA-256, and how it came to be. Deterministic JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from domain.documents import Document
from domain.proof import JUDGED, Proof, proof_of


def manifest(document: Document, versions: Iterable[dict[str, Any]], pages: Iterable[str]) -> bytes:
    """The manifest as UTF-8 JSON; `pages` are the names of the page images in order."""
    value = {
        "version": 1,
        "document": document.id,
        "original": {"sha256": document.original, "bytes": document.bytes, "name": document.origin.name},
        "kind": document.kind_code,
        "title": document.title,
        "patient": document.patient_id,
        "received_at": document.received_at.isoformat(),
        "versions": [_version(version) for version in versions],
        "pages": list(pages),
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _version(version: dict[str, Any]) -> dict[str, Any]:
    """With what a judge said of it, where it was judged."""
    value = {"kind": version["kind"], "sha256": version["sha256"], "at": version["at"].isoformat()}
    return {**value, "pdfa": _proof(proof_of(version["report"]))} if version["kind"] in JUDGED else value


def _proof(proof: Proof) -> dict[str, Any]:
    at = proof.at.isoformat() if proof.at else None
    return {
        "standing": proof.standing, "judge": proof.judge, "profile": proof.profile, "failed": list(proof.failed), "at": at,
    }  # fmt: skip
