"""The icon beside the clock: the idea, and where there is one.

Windows has had one place and one call for it since 2000 (`windows_tray.py`). Linux has no common one: GNOME shows none without an
extension, and the D-Bus protocol of the others would bring one more library; there the window waits as an icon of its own.
"""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from luuky_agent import windows_tray


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a person can do at the icon; called in the icon's own thread."""

    open: Callable[[], None]
    pause: Callable[[], None]
    leave: Callable[[], None]


class Tray(Protocol):
    """The icon. No text in it names a patient: anyone who passes can read it."""

    @property
    def shown(self) -> bool:
        """Whether there is a task bar that shows it."""
        ...

    def tell(self, tip: str, *, paused: bool) -> None:
        """What stands beside the icon, and whether the menu offers to go on."""
        ...

    def notify(self, head: str, text: str) -> None:
        """A short note beside the clock."""
        ...

    def close(self) -> None:
        """Take the icon away."""
        ...


def at_this_desk(deeds: Deeds) -> Tray | None:
    """The icon, or None where there is no place for one."""
    if sys.platform != "win32":
        return None
    try:
        return windows_tray.WindowsTray(deeds.open, deeds.pause, deeds.leave)
    except (OSError, queue.Empty):
        return None
