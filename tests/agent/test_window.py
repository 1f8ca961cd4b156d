"""The agent's window on a real (virtual) screen: what stands in it, and what a doctor does with it, mostly by keys."""

from __future__ import annotations

import gc
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from luuky_agent import settings, window
from luuky_agent.job import Item
from luuky_agent.listing import Listing, Row
from luuky_agent.look import RED, Look
from luuky_agent.painter import drawn
from luuky_agent.rollout import Laid
from luuky_agent.sheet import Sheet
from luuky_agent.tray import Deeds
from luuky_agent.welcome import Welcome
from luuky_agent.window import Window

from domain.documents import State
from storage.signing import Device
from storage.store import Store
from tests.agent.desk import clinic
from tests.agent.trial import Trial, away, trial
from tests.fakes.agent_server import serving
from tests.signing.fixtures import Hospital


@pytest.fixture
def root(display: str) -> Iterator[tk.Tk]:
    made = tk.Tk(screenName=display)
    try:
        yield made
    finally:
        made.destroy()
        gc.collect()  # Tk wants its variables back in the thread that made them, not wherever garbage is next looked for


@pytest.fixture
def desk(hospital: Hospital, store: Store, tmp_path: Path) -> Iterator[Trial]:
    with trial(hospital, store, tmp_path) as opened:
        yield opened


@pytest.fixture
def opens(desk: Trial, root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Window]:
    monkeypatch.setattr(window, "POLL", 500)
    papers = tmp_path / "papers"
    papers.mkdir()
    place = desk.agent.home / "luuky-agent"
    return lambda: Window(root, place, settings.load(place), papers)


def until(root: tk.Tk, holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "the window did not get there"
        root.update()
        time.sleep(0.02)


def texts(widget: tk.Misc) -> str:
    own = str(widget.cget("text")) if "text" in widget.keys() else ""  # noqa: SIM118 - a widget is no mapping
    if isinstance(widget, tk.Canvas):
        own = "\n".join(str(widget.itemcget(one, "text")) for one in widget.find_all() if str(widget.type(one)) == "text")
    return "\n".join([own, *(texts(child) for child in widget.winfo_children())])


def asks(opened: Window) -> bool:
    return bool(opened.side.pin.winfo_manager()) and opened.side.go["state"] == "normal"


def types(root: tk.Tk, widget: tk.Misc, keys: str) -> None:
    """Keys as they come from the keyboard, to the widget that has it."""
    widget.focus_force()
    root.update()
    for key in keys.split():
        widget.event_generate(key)
    root.update()


def signs(opened: Window, pin: str) -> None:
    opened.side.pin.insert(0, pin)
    opened.side.go.invoke()
    assert opened.side.pin.get() == ""


def test_the_window_shows_what_is_signed_with_what_and_signs_what_is_ticked(
    desk: Trial, root: tk.Tk, opens: Callable[[], Window]
) -> None:
    desk.sends(2)
    opened = opens()
    until(root, lambda: asks(opened))
    shown = texts(root)
    for said in (
        "2 tài liệu chờ", "127.0.0.1", "Giấy ra viện", "BS. Nguyễn Thị Phương Thảo", "Lưu Ký Demo CA", "còn hiệu lực", "1 trang",
        "phút", opened.list.rows[0].item.check,
    ):  # fmt: skip
        assert said in shown, said
    types(root, opened.list, "<Down> <space>")
    assert "Ký 1 tài liệu" in opened.side.go["text"]
    signs(opened, desk.pin)
    until(root, lambda: opened.title["text"].startswith("Đã ký 1"))
    assert "✓ Đã ký" in texts(opened.list)
    assert "Bỏ ra" in texts(opened.list)
    states = sorted(desk.here.document(one.id).state for one in desk.charts)
    assert states == [State.AWAITING_SIGNATURE, State.SIGNED]


def test_all_is_done_by_keys_alone(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(1)
    opened = opens()
    until(root, lambda: asks(opened))
    assert root.focus_get() is opened.side.pin
    opened.side.pin.insert(0, desk.pin)
    types(root, opened.side.pin, "<Return>")
    until(root, lambda: desk.signed == 1)


def test_a_wrong_pin_is_said_beside_the_field_and_the_batch_stays(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(1)
    opened = opens()
    until(root, lambda: asks(opened))
    signs(opened, "999999999")
    until(root, lambda: bool(opened.side.alarm["text"]) and asks(opened))
    assert "Mã PIN chưa đúng" in opened.side.alarm["text"]
    assert "số lần thử còn ít" in opened.side.alarm["text"]
    assert desk.module.calls.count("C_Login") == 1
    signs(opened, desk.pin)
    until(root, lambda: desk.signed == 1)


def test_what_is_said_of_a_pin_is_seen_on_a_small_screen_with_large_letters(
    desk: Trial, root: tk.Tk, opens: Callable[[], Window]
) -> None:
    desk.sends(1)
    root.tk.call("tk", "scaling", 2.0)  # 150 %
    opened = opens()
    until(root, lambda: asks(opened))
    signs(opened, "999999999")
    until(root, lambda: bool(opened.side.alarm["text"]) and asks(opened) and opened.side.alarm.winfo_ismapped())
    for part in (opened.side.alarm, opened.side.pin, opened.side.go):
        assert part.winfo_height() >= part.winfo_reqheight()
        assert part.winfo_rooty() + part.winfo_height() <= root.winfo_rooty() + root.winfo_height() <= 768 - 70


def test_what_the_token_says_of_its_pin_stands_there_before_it_is_typed(
    desk: Trial, root: tk.Tk, opens: Callable[[], Window]
) -> None:
    desk.sends(1)
    desk.module.rules("C_GetTokenInfo:*:flags0x20000")
    opened = opens()
    until(root, lambda: asks(opened))
    assert "Chỉ còn MỘT lần thử" in opened.side.alarm["text"]
    assert "C_Login" not in desk.module.calls


def test_declining_asks_once_and_gives_everything_back(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(1)
    opened = opens()
    until(root, lambda: asks(opened))
    types(root, opened.list, "<Escape>")
    assert "lần nữa" in opened.side.alarm["text"]
    assert desk.here.signatures(desk.charts[0].id)[0].state == "prepared"
    types(root, opened.list, "<Escape>")
    until(root, lambda: opened.title["text"].startswith("Không có tài liệu"))
    assert desk.here.signatures(desk.charts[0].id)[0].state == "waiting"


def test_pausing_keeps_the_job_and_going_on_ends_it(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(3)
    desk.module.rules("C_Sign:*:sleep300")
    opened = opens()
    until(root, lambda: asks(opened))
    signs(opened, desk.pin)
    until(root, lambda: "C_Sign" in desk.module.calls)
    opened.side.go.invoke()
    until(root, lambda: "Đã tạm dừng ở 1 / 3" in opened.side.head["text"])
    assert "Ký tiếp" in opened.side.go["text"]
    assert (desk.signed, desk.module.calls.count("C_Sign")) == (1, 1)
    opened.side.go.invoke()
    until(root, lambda: desk.signed == 3)
    assert desk.module.calls.count("C_Login") == 1


def test_stopping_gives_the_rest_back(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(3)
    desk.module.rules("C_Sign:*:sleep300")
    opened = opens()
    until(root, lambda: asks(opened))
    signs(opened, desk.pin)
    until(root, lambda: "C_Sign" in desk.module.calls)
    opened.side.no.invoke()
    until(root, lambda: opened.title["text"].startswith("Đã ký 1"))
    assert "Chờ ký lại" in texts(opened.list)
    assert sorted(desk.here.signatures(one.id)[0].state for one in desk.charts) == ["signed", "waiting", "waiting"]


def test_a_token_pulled_out_in_the_middle_is_plugged_in_again_and_the_same_list_goes_on(
    desk: Trial, root: tk.Tk, opens: Callable[[], Window]
) -> None:
    desk.sends(3)
    desk.module.rules("C_Sign:2:0x32")
    opened = opens()
    until(root, lambda: asks(opened))
    signs(opened, desk.pin)
    until(root, lambda: "bị rút ra giữa chừng" in opened.side.alarm["text"] or opened.title["text"].startswith("Còn 2"))
    desk.module.rules("")
    until(root, lambda: asks(opened) and opened._certificate is not None and not opened._working)
    assert len(opened.list.picked) == 2
    signs(opened, desk.pin)
    until(root, lambda: desk.signed == 3)
    assert desk.module.calls.count("C_Sign") == 4


def test_what_the_server_did_not_take_goes_out_by_itself(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(1)
    opened = opens()
    until(root, lambda: asks(opened))
    desk.breaks(("complete", 1, "before"), away)
    signs(opened, desk.pin)
    until(root, lambda: "sẽ tự gửi" in texts(opened.list))
    until(root, lambda: "✓ Đã ký" in texts(opened.list))
    desk.whole()
    assert desk.module.calls.count("C_Login") == 1


def test_what_the_server_did_not_accept_is_counted_and_shown(
    desk: Trial, root: tk.Tk, opens: Callable[[], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sends(2)
    opened = opens()
    until(root, lambda: asks(opened))
    second, complete = opened.list.rows[1].item.id, desk.server.complete

    def refuses(device: Device, job: str, body: dict[str, Any]) -> dict[str, Any]:
        if second in body["signatures"]:
            return {
                "items": {second: {"state": "refused", "code": "digest", "vi": "Chữ ký không khớp.", "en": "It does not match."}}
            }
        return complete(device, job, body)

    monkeypatch.setattr(desk.server, "complete", refuses)
    signs(opened, desk.pin)
    until(root, lambda: opened.title["text"] == "Đã ký 1 tài liệu")
    assert "1 tài liệu không ký được" in opened.side.alarm["text"]
    assert opened.list.current == 1
    assert "Chữ ký không khớp." in texts(opened.list)


def test_a_document_that_does_not_match_has_no_box_and_says_so(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(1)
    desk.server.document = lambda *_: desk.here.file(desk.charts[0].id).read_bytes()  # type: ignore[method-assign]
    opened = opens()
    until(root, lambda: opened.list.rows and not opened._working)
    assert "Không khớp, không ký được" in texts(opened.list)
    assert opened.list.picked == []
    opened.list.tick(0)
    assert opened.list.picked == []


def test_a_document_swapped_on_the_disk_is_not_shown(
    desk: Trial, root: tk.Tk, opens: Callable[[], Window], tmp_path: Path
) -> None:
    desk.sends(2)
    opened = opens()
    until(root, lambda: asks(opened) and opened.sheet._image is not None)
    first, second = (row.item for row in opened.list.rows)
    (tmp_path / "papers" / f"{second.id}.pdf").write_bytes((tmp_path / "papers" / f"{first.id}.pdf").read_bytes())
    opened._painter.forget()
    opened.list.choose(1)
    until(root, lambda: "Không hiện được trang này" in texts(opened.sheet))


def test_a_job_that_ran_out_is_said_before_a_pin_is_typed(desk: Trial, root: tk.Tk, opens: Callable[[], Window]) -> None:
    desk.sends(1)
    opened = opens()
    until(root, lambda: asks(opened))
    assert opened._batch is not None
    opened._batch.expires = time.time() - 1
    opened.side.pin.insert(0, desk.pin)
    until(root, lambda: not asks(opened))
    assert "đã hết hạn" in opened.title["text"]
    assert "Hết lượt" in texts(opened.list)
    opened._open, opened._batch.expires = True, time.time() - 1  # the clock ran out between two seconds
    opened.sign()
    assert "đã hết hạn" in opened.title["text"]
    assert "C_Login" not in desk.module.calls


class Shown:
    """An icon beside the clock that keeps what it was told."""

    shown = True

    def __init__(self, deeds: Deeds) -> None:
        self.deeds, self.tips, self.notes = deeds, [""], [""]

    def tell(self, tip: str, *, paused: bool) -> None:
        self.tips.append(f"{tip} (nghỉ)" if paused else tip)

    def notify(self, head: str, text: str) -> None:
        self.notes.append(f"{head}: {text}")

    def close(self) -> None:
        self.tips.append("")


def test_the_icon_beside_the_clock_tells_how_many_wait_and_never_whose(desk: Trial, root: tk.Tk, tmp_path: Path) -> None:
    place = desk.agent.home / "luuky-agent"
    opened = Window(root, place, settings.load(place), tmp_path, Shown)
    icon = opened._icon
    assert isinstance(icon, Shown)
    icon.deeds.pause()
    until(root, lambda: icon.tips[-1].endswith("(nghỉ)"))
    opened.hide()
    until(root, lambda: not opened._working)
    desk.sends(3)
    opened._poll()
    assert not opened._working
    icon.deeds.pause()
    until(root, lambda: not opened._resting)
    opened._poll()
    until(root, lambda: asks(opened))
    until(root, lambda: "3 tài liệu chờ ký" in icon.tips[-1])
    assert root.state() == "normal"
    assert "3 tài liệu chờ ký" in icon.notes[-1]
    assert "Giấy ra viện" not in "".join(icon.tips + icon.notes)
    root.tk.call(*root.tk.splitlist(root.protocol("WM_DELETE_WINDOW")))
    assert root.state() == "withdrawn"
    icon.deeds.open()
    until(root, lambda: root.state() == "normal")
    icon.shown = False  # no task bar, no icon: the window must not be lost
    opened.hide()
    assert root.state() != "withdrawn"
    opened.close()
    assert icon.tips[-1] == ""


def test_a_new_computer_is_paired_in_a_window(
    hospital: Hospital, store: Store, root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "none.conf").write_text(f"directories.tokendir = {tmp_path}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "none.conf"))  # no token is plugged in yet
    here = clinic(hospital, store)
    place = tmp_path / "new"
    with serving(here.desk) as address:
        opened = Welcome(root, place, Laid(address))
        assert opened.server.get() == address
        opened.pair()
        assert "Gõ mã ghép" in opened.says["text"]
        opened.code.insert(0, "AAAA-AAAA")
        opened.pair()
        until(root, lambda: str(opened.says["fg"]) == RED)
        assert "Mã ghép" in opened.says["text"]
        assert not settings.paired(place)
        opened.code.delete(0, "end")
        opened.code.insert(0, here.desk.offer_code(here.doctor).lower())
        opened.pair()
        until(root, lambda: opened.desk)
    assert settings.load(place) == opened.desk
    assert settings.load(place).server == address


# ---- pages


def test_a_page_is_drawn_with_its_signature_block_as_large_as_its_box(hospital: Hospital, tmp_path: Path) -> None:
    path = tmp_path / "prepared.pdf"
    hospital.prepared(hospital.fields(), path, "bs-thao", "TacGia")
    plain, prepared = pypdfium2.PdfDocument(hospital.bound()), pypdfium2.PdfDocument(path)
    prepared.init_forms()
    before, after = drawn(plain, 0, (500, 700)), drawn(prepared, 0, (500, 700))
    head = before.ppm.split(b"\n", 1)[0].split()
    assert abs(int(head[1]) - 500) <= 1 or abs(int(head[2]) - 700) <= 1
    assert len(before.ppm.split(b"\n", 1)[1]) == 3 * int(head[1]) * int(head[2])
    assert sum(a != b for a, b in zip(before.ppm, after.ppm, strict=True)) > 500


def test_pages_are_turned_by_keys_and_no_further_than_there_are(root: tk.Tk) -> None:
    asked: list[tuple[int, tuple[int, int]]] = []
    sheet = Sheet(root, Look(root), lambda _, page, box: asked.append((page, box)))
    sheet.pack(fill="both", expand=True)
    root.geometry("600x700")
    root.update()
    sheet.open(item("a", pages=3))
    for turns, shown in ((1, 2), (1, 3), (1, 3), (-1, 2), (-9, 1)):
        sheet.turn(turns)
        assert sheet.shown == (shown, 3)
    whole = asked[-1][1]
    sheet.zoom(2)
    assert asked[-1][1][0] > whole[0]


# ---- many documents


def item(name: str, pages: int = 1) -> Item:
    return Item(name, f"Tài liệu {name}", None, pages, "Người lập hồ sơ", "TacGia", bytes(32), 1, 2, b"", b"")


def test_of_two_hundred_documents_only_those_that_are_seen_are_drawn(root: tk.Tk) -> None:
    wanted: list[str] = []
    listing = Listing(root, Look(root), lambda _: None, lambda: None)
    listing.wanted = lambda one: wanted.append(one.id)
    listing.pack(fill="both", expand=True)
    root.geometry("340x600")
    root.update()
    wanted.clear()
    listing.show([Row(item(str(number)), signable=True, ticked=True) for number in range(200)])
    assert len(listing.find_all()) < 120
    assert wanted == [str(number) for number in range(len(wanted))]
    assert len(wanted) < 12
    listing.choose(199)
    assert "Tài liệu 199" in texts(listing)
    assert "Tài liệu 0\n" not in texts(listing)
    listing.tick_all()
    assert listing.picked == []
    listing.tick(150)
    assert [one.id for one in listing.picked] == ["150"]


def test_what_became_of_a_document_takes_its_box_away(root: tk.Tk) -> None:
    listing = Listing(root, Look(root), lambda _: None, lambda: None)
    listing.pack(fill="both", expand=True)
    listing.show([Row(item("a"), signable=True, ticked=True), Row(item("b"), signable=True, ticked=True)])
    listing.say("a", ("✓ Đã ký", "#22603a"))
    assert [one.id for one in listing.picked] == ["b"]
    listing.tick(0)
    assert [one.id for one in listing.picked] == ["b"]
