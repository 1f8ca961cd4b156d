"""pdf.js in Chromium as a reader's viewer: opens a PDF of the product by its own address, as the person who is logged in there.

The viewer's files come from `web/node_modules`, where `web/build.sh` puts them; the product itself never serves them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image
from playwright.sync_api import Page, Route

Made = TypeVar("Made")
PDFJS = Path(__file__).parents[2] / "web" / "node_modules" / "pdfjs-dist"
HERE = Path(__file__).parent
PLACE = "/in-trinh-xem"
"""Where the viewer stands for the browser: below the product's own address, so that its session counts."""
_TYPES = {".mjs": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8", ".wasm": "application/wasm"}


@dataclass(frozen=True)
class Fetched:
    """What a viewer asked for until the page was drawn: requests and bytes (bodies), and milliseconds on the browser's clock."""

    requests: int
    bytes: int
    milliseconds: float


class Viewer:
    """A browser's page with pdf.js in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._fetched: dict[str, int] = {}
        self._watched = ""
        page.route(f"{address}{PLACE}/**", _serve)
        page.goto(f"{address}{PLACE}/viewer.html")
        page.wait_for_function("() => window.ready")
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.requestWillBeSent", self._asked)
        protocol.on("Network.dataReceived", self._received)

    def opens(self, address: str, number: int = 1) -> Fetched:
        """Draws one page of a PDF fetched in parts, from nothing."""
        self._fetched, self._watched = {}, address
        taken = self.page.evaluate("([address, number]) => window.opens(address, number)", [address, number])
        return Fetched(len(self._fetched), sum(self._fetched.values()), taken)

    def drawn(self) -> Image.Image:
        """The page that was opened, in grey."""
        return Image.open(BytesIO(base64.b64decode(self.says("drawn")))).convert("L")

    def says(self, script: str, *values: Any) -> Any:
        """What a function of `viewer.html` answers."""
        return self.page.evaluate(f"values => window.{script}(...values)", list(values))

    def _asked(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].endswith(self._watched):
            self._fetched[event["requestId"]] = 0

    def _received(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._fetched:
            self._fetched[event["requestId"]] += event["dataLength"]


def elsewhere(work: Callable[[], Made]) -> Made:
    """In a thread of its own: a browser's thread runs an event loop, and what signs wants one too."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


def _serve(route: Route) -> None:
    name = route.request.url.split(PLACE, 1)[1].lstrip("/").split("?")[0]
    path = HERE / name if name == "viewer.html" else PDFJS / name
    route.fulfill(body=path.read_bytes(), content_type=_TYPES.get(path.suffix, "application/octet-stream"))
