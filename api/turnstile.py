"""How often one address may ask what costs the server work and needs no login."""

from __future__ import annotations

import time
from collections import deque

from fastapi import Request

from api.errors import TooOften

MOST, SECONDS = 60, 60.0
_REMEMBERED = 10_000
"""Addresses; above that those that have rested are forgotten."""


class Turnstile:
    """Lets an address through `most` times in any `seconds`."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS) -> None:
        self._most = most
        self._seconds = seconds
        self._came: dict[str, deque[float]] = {}

    def lets_in(self, who: str) -> bool:
        """Whether it is not too often, counting this time."""
        moment = time.monotonic()
        if len(self._came) > _REMEMBERED:
            self._came = {one: came for one, came in self._came.items() if moment - came[-1] < self._seconds}
        came = self._came.setdefault(who, deque(maxlen=self._most))
        if len(came) == self._most and moment - came[0] < self._seconds:
            return False
        came.append(moment)
        return True


def passed(request: Request) -> None:
    """A dependency. Raises TooOften."""
    turnstile: Turnstile = request.app.state.turnstile
    if not turnstile.lets_in(request.client.host if request.client else ""):
        raise TooOften
