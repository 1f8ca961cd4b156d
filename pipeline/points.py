"""Named points of a step, for tests that kill a process exactly there.

A process root may set `killer`; in normal life it is None and a point costs one comparison. The names are those of the list of
faults: `after-look`, `in-work`, `before-commit`, `after-commit`, `before-clearing`.
"""

from __future__ import annotations

from collections.abc import Callable

_killers: list[Callable[[str], None]] = []


def arm(killer: Callable[[str], None]) -> None:
    """Call `killer` with the name of every point reached from now on."""
    _killers.append(killer)


def reach(point: str) -> None:
    """This process stands at `point`."""
    for killer in _killers:
        killer(point)
