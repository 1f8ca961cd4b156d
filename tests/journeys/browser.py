"""Words for the stories: what a person does at the screen, and what they see there."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from api.server import Server
from tests.servers.server import free_port

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--font-render-hinting=none",
    "--host-resolver-rules=MAP kho.lan 127.0.0.1",
)  # fmt: skip
SMALL, LARGE = (1366, 768), (1920, 1080)
OLD = (1024, 600)
"""The oldest screens that are in use."""
SHOTS = Path(__file__).parents[1] / "shots"
AXE = Path(__file__).parents[2] / "web" / "static" / "vendor" / "axe.js"
expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Site:
    """A running web and the passwords of those who work there."""

    address: str
    passwords: dict[str, str]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's own browser. One at a time: two of them cannot share a thread."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


@contextmanager
def screens(browser: Browser, site: Site) -> Iterator[Callable[[str], AtScreen]]:
    """Sits people down at screens of 1366 × 768 in a Vietnamese hospital, logged in unless the login is empty."""
    contexts = []

    def sit(login: str) -> AtScreen:
        size = ViewportSize(width=SMALL[0], height=SMALL[1])
        contexts.append(browser.new_context(viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"))
        person = AtScreen(contexts[-1], site)
        return person.logs_in(login) if login else person

    yield sit
    for context in contexts:
        context.close()


@contextmanager
def serving(app: FastAPI, port: int | None = None) -> Iterator[str]:
    """The application on a port of this machine (None: a free one), in a thread of this process."""
    port = port or free_port()
    server = Server(app, "127.0.0.1", port, None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the web did not start")
        threading.Event().wait(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


class AtScreen:
    """A person at the screen."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    # ---- what they do

    def logs_in(self, login: str) -> AtScreen:
        self.page.goto(f"{self.site.address}/login")
        self.page.fill("#login", login)
        self.page.fill("#password", self.site.passwords[login])
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def goes_to(self, room: str) -> None:
        """By the rail, as a newcomer would."""
        self.page.locator(".rail").get_by_role("link", name=re.compile(f"^{room}|\\d ?{room}|{room}")).first.click()
        self.page.wait_for_load_state("load")

    def opens(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def presses(self, *keys: str) -> None:
        self.page.wait_for_load_state("load")
        for key in keys:
            self.page.keyboard.press(key)

    def clicks(self, name: str) -> None:
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()

    def types(self, text: str, into: str) -> None:
        self.page.locator(into).fill(text)

    def drops(self, *paths: Path) -> None:
        """Files from the desktop on the middle of the page."""
        session = self.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 400, "data": data})

    def sees_all_pages(self) -> None:
        """Of the paper on the screen Ký: goes down to the end of each page, until it counts as seen."""
        for number in range(1, self.place(".stage .page").count() + 1):
            self.place(f".two [data-to-page='{number}']").click()
            self.place(f".stage .page[data-page='{number}'] .endmark").scroll_into_view_if_needed()
            self.sees("đã xem", f"[data-to-page='{number}'] .seen")

    # ---- what they see

    def sees(self, text: str, where: str = "main") -> None:
        expect(self.page.locator(where).get_by_text(text).first).to_be_visible()

    def does_not_see(self, text: str, where: str = "main") -> None:
        expect(self.page.locator(where).get_by_text(text)).to_have_count(0)

    def place(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def expects(self, selector: str, count: int) -> None:
        expect(self.page.locator(selector)).to_have_count(count)

    def expects_at_least(self, selector: str, count: int) -> None:
        expect(self.page.locator(selector).nth(count - 1)).to_be_attached()

    def finds_nothing_wrong(self) -> None:
        """The page as axe judges it (WCAG 2.2 AA), and no error in the console."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags}).then(result => result.violations)", WCAG)
        said = [f"{one['id']}: {one['help']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
        assert not said, "\n".join(said)
        assert not self.faults, self.faults

    def fits(self, selector: str) -> None:
        """It stands within the window, whole, and nothing of its words is cut off."""
        box, size = self.page.locator(selector).bounding_box(), self.page.viewport_size
        assert box, selector
        assert size
        assert min(box["x"], box["y"]) >= 0, (selector, box)
        assert self.page.locator(selector).evaluate("one => one.scrollWidth <= one.clientWidth"), selector
        assert box["x"] + box["width"] <= size["width"], (selector, box)
        assert box["y"] + box["height"] <= size["height"], (selector, box)

    def sits_at(self, size: tuple[int, int]) -> None:
        """A window of another size."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def photographs(self, name: str) -> None:
        """Pictures at both sizes, for people to look at and for the README."""
        SHOTS.mkdir(exist_ok=True)
        for width, height in (SMALL, LARGE):
            self.sits_at((width, height))
            self.page.evaluate("() => document.fonts.ready.then(() => true)")
            self._pictures_are_there()
            self.page.screenshot(path=SHOTS / f"{name}-{width}.png")
        self.sits_at(SMALL)

    def _pictures_are_there(self) -> None:
        self.page.wait_for_function(
            """() => [...document.images].every(one => one.complete || one.offsetParent === null
                || one.loading === 'lazy' && one.getBoundingClientRect().top > innerHeight)"""
        )
