"""The one place that asks what time it is."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A fresh identifier: 20 hex digits that sort by time of making."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(4)}"
