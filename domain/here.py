"""Vietnam's time: in it people write and read, whatever clock a machine has."""

from __future__ import annotations

from datetime import timedelta, timezone

HERE = timezone(timedelta(hours=7))
