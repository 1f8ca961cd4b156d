"""The manifest of a kept document: what it consists of, under which SHA-256, and how it came to be. Deterministic JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from domain.documents import Document


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
        "versions": [{"kind": v["kind"], "sha256": v["sha256"], "at": v["at"].isoformat()} for v in versions],
        "pages": list(pages),
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()
