"""The name under which a process holds leases: the sweeper can tell from it whether the process still lives."""

from __future__ import annotations

import os
import socket


def owner() -> str:
    """`host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"
