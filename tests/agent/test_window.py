"""The agent's window on a real (virtual) screen: what stands in it, and what a doctor does with it."""

from __future__ import annotations

import gc
import os
import subprocess
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from luuky_agent import settings
from luuky_agent.window import Window

from domain.documents import State
from storage.store import Store
from tests.agent.desk import Agent, Clinic, clinic
from tests.fakes.agent_server import serving
from tests.signing.fixtures import Hospital


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        yield f":{pipe.readline().strip()}"
    server.terminate()
    server.wait()


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


@pytest.fixture
def opened(here: Clinic, tmp_path: Path, display: str) -> Iterator[tuple[tk.Tk, Callable[[], Window]]]:
    agent = Agent(tmp_path / "desk", here.hospital.authority.softhsm_conf)
    with serving(here.desk) as address:
        agent.pair(here, address)
        place = agent.home / "luuky-agent"
        root = tk.Tk(screenName=display)
        try:
            yield root, lambda: Window(root, place, settings.load(place), tmp_path)
        finally:
            root.destroy()
            gc.collect()  # Tk wants its variables back in the thread that made them, not wherever garbage is next looked for


def until(root: tk.Tk, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "the window did not get there"
        root.update()
        time.sleep(0.02)


def texts(widget: tk.Misc) -> str:
    options = widget.keys()
    own = str(widget.cget("text")) if "text" in options else ""
    return "\n".join([own, *(texts(child) for child in widget.winfo_children())])


def test_the_window_shows_what_is_signed_with_what_and_signs_what_is_ticked(
    here: Clinic, opened: tuple[tk.Tk, Callable[[], Window]]
) -> None:
    charts = [here.chart(), here.chart()]
    here.send(*charts)
    root, opens = opened
    window = opens()
    until(root, lambda: window.title["text"].startswith("2 tài liệu"))
    shown = texts(root)
    for said in ("127.0.0.1", "Giấy ra viện", "BS. Nguyễn Thị Phương Thảo", "Lưu Ký Demo CA", "hạn", "Còn hiệu lực", "1 trang"):
        assert said in shown, said
    unticked = window.rows()[1]
    unticked.invoke()
    window.pin.insert(0, here.hospital.authority.token("bs-thao").pin)
    window.go.invoke()
    assert window.pin.get() == ""
    until(root, lambda: window.title["text"].startswith("Đã xong"))
    assert "Đã ký" in texts(window.list)
    states = sorted(here.document(one.id).state for one in charts)
    assert states == [State.AWAITING_SIGNATURE, State.SIGNED]


def test_a_wrong_pin_is_said_beside_the_list_and_the_batch_stays(
    here: Clinic, opened: tuple[tk.Tk, Callable[[], Window]]
) -> None:
    chart = here.chart()
    here.send(chart)
    root, opens = opened
    window = opens()
    until(root, lambda: window.title["text"].startswith("1 tài liệu"))
    window.pin.insert(0, "999999999")
    window.go.invoke()
    until(root, lambda: bool(window.alarm["text"]))
    assert "Mã PIN chưa đúng" in window.alarm["text"]
    window.pin.insert(0, here.hospital.authority.token("bs-thao").pin)
    window.go.invoke()
    until(root, lambda: here.document(chart.id).state is State.SIGNED)


def test_declining_gives_everything_back(here: Clinic, opened: tuple[tk.Tk, Callable[[], Window]]) -> None:
    chart = here.chart()
    here.send(chart)
    root, opens = opened
    window = opens()
    until(root, lambda: window.title["text"].startswith("1 tài liệu"))
    window.no.invoke()
    until(root, lambda: window.title["text"].startswith("Không có tài liệu"))
    assert here.signatures(chart.id)[0].state == "waiting"
