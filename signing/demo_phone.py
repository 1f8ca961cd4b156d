"""The signer's phone, and whatever else may go wrong on the way, for the demo's signing services (`demo_services.py`)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

_INSTEAD: Mapping[str, dict[str, Any]] = {
    "error": {"status": 500, "text": "error"},
    "busy": {"status": 429},
    "forget": {"status": 401, "text": "{}"},
    "redirect": {"status": 307, "headers": {"Location": "/elsewhere"}},
    "garbage": {"text": "<html>proxy</html>"},
}
"""Faults that are answered and nothing else."""

_ODDITIES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    "A" * 5000,
    [],
    {},
    [None],
    [[]],
    {"": None},
    "AAAA",
    ["AAAA"],
    "a\r\nb: c",
)
ODD = 0.3
"""How often an answer of an odd service is odd."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the phone shows, and `answer`: what its owner will do about it at `at` (`time.monotonic`)."""

    user: str
    count: int
    description: str
    answer: str
    at: float

    def state(self) -> str:
        """`pending`, then `approve`, `decline` or `expire`."""
        return self.answer if time.monotonic() >= self.at else "pending"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next `times` questions whose path ends in `path`, after the first `skip`.

    `kind`: `error` (500 before anything is done), `middle` (500 after), `busy` (429), `lost` (done, and no answer), `slow`
    (taken up after `seconds`), `late` (done, and answered after `seconds`), `garbage` (no JSON), `huge` (an endless answer),
    `redirect`, `forget` (401), `odd` (now and then a member of the answer is something else; `seconds` is the seed).
    """

    path: str
    kind: str
    times: int = 1
    skip: int = 0
    seconds: float = 1.0


@dataclass
class Phone:
    """`answer`: `approve`, `decline` or `expire`, `delay` seconds after a prompt."""

    answer: str = "approve"
    delay: float = 0.2
    prompts: list[Prompt] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    chance: Random = field(default_factory=Random)

    def ask(self, user: str, count: int, description: str) -> Prompt:
        """Show a prompt."""
        prompt = Prompt(user, count, description, self.answer, time.monotonic() + self.delay)
        self.prompts.append(prompt)
        return prompt

    @staticmethod
    async def decided(prompt: Prompt) -> str:
        """Wait for the owner."""
        await asyncio.sleep(max(prompt.at - time.monotonic(), 0))
        return prompt.answer

    def rule(self, rules: dict[str, Any]) -> None:
        """Begin anew under rules: `answer`, `delay`, `faults`."""
        self.answer, self.delay = rules.get("answer", "approve"), rules.get("delay", 0.2)
        self.faults = [Fault(**one) for one in rules.get("faults", [])]
        self.prompts.clear()
        self.chance.seed(sum(one.seconds for one in self.faults))

    def seen(self) -> list[dict[str, Any]]:
        """The prompts there were."""
        return [asdict(prompt) for prompt in self.prompts]

    def fault(self, path: str) -> Fault | None:
        """What goes wrong with this question."""
        for number, one in enumerate(self.faults):
            if path.endswith(one.path) and (one.skip or one.times):
                self.faults[number] = replace(one, skip=one.skip - 1) if one.skip else replace(one, times=one.times - 1)
                return None if one.skip else one
        return None


def faulty(phone: Phone) -> Any:
    """A middleware that lets happen what the rules say."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = phone.fault(request.path)
        kind = fault.kind if fault else ""
        if kind in _INSTEAD:
            return web.Response(**_INSTEAD[kind])
        if kind == "huge":
            return await _endless(request)
        if fault and kind == "slow":
            await asyncio.sleep(fault.seconds)
        response = await handler(request)
        if kind == "odd" and phone.chance.random() < ODD and isinstance(response, web.Response):
            return web.json_response(_odd(json.loads(response.text or "{}"), phone.chance), status=response.status)
        if fault and kind == "late":
            await asyncio.sleep(fault.seconds)
        if kind == "lost" and request.transport is not None:
            request.transport.abort()
        return web.Response(status=500, text="error") if kind == "middle" else response

    return middleware


def _odd(value: Any, chance: Random) -> Any:
    """The same with one member, however deep, that is something else."""
    if chance.random() < 0.3 or not isinstance(value, dict | list) or not value:
        return chance.choice(_ODDITIES)
    if isinstance(value, list):
        place = chance.randrange(len(value))
        return [*value[:place], _odd(value[place], chance), *value[place + 1 :]]
    name = chance.choice(list(value))
    return {**value, name: _odd(value[name], chance)}


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(10_000):
        await response.write(b" " * 65_536)
    return response
