"""Signing services for trying things out, with the keys of the demo authority: `/csc/v1`, `/csc/v2`, `/later/csc/v2` (it signs
behind the caller's back), `/smartca`, `/mysign`.

`env SOFTHSM2_CONF=FOLDER/softhsm2.conf python -m signing.demo_services FOLDER PORT` on 127.0.0.1; the folder is the demo
authority's, which refuses production. `/demo`
tells what the phone was shown, and takes rules: what its owner does, and what goes wrong (`demo_phone.py`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from domain.errors import PartAway
from signing.demo_authority import STARTS_WITHIN, DemoAuthority, free_port, load
from signing.demo_csc import Csc
from signing.demo_keys import Keys
from signing.demo_phone import Phone, faulty
from signing.demo_smartca import SmartCa


@dataclass(frozen=True, slots=True)
class DemoServices:
    """Services that run. `stop` them."""

    url: str
    process: subprocess.Popen[bytes]

    def rule(self, **rules: Any) -> None:
        """Begin anew: `answer`, `delay`, `faults`, `wanted`, `visitor`, `swapped` (`demo_phone.py`, `demo_keys.py`)."""
        httpx.post(f"{self.url}/demo", json=rules).raise_for_status()

    def seen(self) -> Mapping[str, Any]:
        """`prompts`, `otp` by user, `log`: the Consortium's methods that were called."""
        answer: Mapping[str, Any] = httpx.get(f"{self.url}/demo").json()
        return answer

    def stop(self) -> None:
        """End them."""
        self.process.terminate()
        self.process.wait()


def start(authority: DemoAuthority, port: int = 0) -> DemoServices:
    """The services as a child process, answering. `port` 0: a free one. Raises PartAway."""
    chosen = port or free_port()
    tokens = ["env", f"SOFTHSM2_CONF={authority.softhsm_conf}"]
    command = [*tokens, sys.executable, "-m", "signing.demo_services", str(authority.folder), str(chosen)]
    services = DemoServices(f"http://127.0.0.1:{chosen}", subprocess.Popen(command))
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and services.process.poll() is None:
        try:
            services.seen()
        except (httpx.HTTPError, json.JSONDecodeError):
            time.sleep(0.1)
        else:
            return services
    services.process.kill()
    services.process.wait()
    raise PartAway(
        "demo_services",
        f"Dịch vụ ký thử không khởi động được ở cổng {chosen}.",
        f"The demo's signing services did not start on port {chosen}; is the port in use?",
    )


def application(authority: DemoAuthority) -> web.Application:
    """All services, one phone."""
    phone, keys = Phone(), Keys(authority)
    csc, later, smartca, mysign = Csc(keys, phone), Csc(keys, phone, async_mode=True), SmartCa(keys, phone), Csc(keys, phone)
    services = web.Application(middlewares=[faulty(phone)])
    services.add_routes([*csc.routes("", "v1"), *csc.routes("", "v2")])
    services.add_routes(later.routes("/later", "v2"))
    services.add_routes(smartca.routes("/smartca"))
    services.add_routes([*mysign.routes("/mysign", "v1"), mysign.login_of_mysign("/mysign")])

    async def seen(_: web.Request) -> web.Response:
        return web.json_response({"prompts": phone.seen(), "otp": csc.otp, "log": csc.log + later.log + mysign.log})

    async def rule(request: web.Request) -> web.Response:
        rules = await request.json()
        phone.rule(rules)
        keys.wanted, keys.visitor, keys.swapped = rules.get("wanted", {}), rules.get("visitor", ""), rules.get("swapped", False)
        for one in (csc, later, mysign):
            one.log.clear()
            one.wrong.clear()
        return web.json_response({})

    services.router.add_get("/demo", seen)
    services.router.add_post("/demo", rule)
    return services


if __name__ == "__main__":
    web.run_app(
        application(load(Path(sys.argv[1]))),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        print=None,
        access_log=None,
        shutdown_timeout=1,
    )
