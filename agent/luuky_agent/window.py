"""The window: the documents on the left, the page in the middle, with what and the PIN on the right.

Talking to server and token happens in one working thread at a time, drawing pages in another; widgets are touched here alone.
"""

from __future__ import annotations

import queue
import tempfile
import threading
import time
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path

from luuky_agent import settings
from luuky_agent.batch import Batch, Outcome, finished, resend
from luuky_agent.drawer import Drawer
from luuky_agent.errors import AgentError, unexpected
from luuky_agent.job import Item, expired
from luuky_agent.keys import TokenCertificate
from luuky_agent.listing import THUMB, Listing, Row
from luuky_agent.look import AMBER, GREEN, GROUND, RED, SECOND, THIRD, Look, at_own_resolution, dressed
from luuky_agent.outbox import Outbox
from luuky_agent.pace import Pace
from luuky_agent.painter import Painter, Picture
from luuky_agent.server import Server
from luuky_agent.settings import Desk
from luuky_agent.sheet import Sheet
from luuky_agent.side import Side
from luuky_agent.tray import Deeds, Tray, at_this_desk

POLL = 5_000
"""Milliseconds between two questions to the server, while nothing waits."""
LOOK = 50
"""Milliseconds between two looks at what the threads say."""
MARKS = {
    "signed": ("✓ Đã ký", GREEN),
    "received": ("✓ Đã ký, chờ dấu thời gian", GREEN),
    "refused": ("✗ Không ký được", RED),
    "declined": ("Bỏ ra", SECOND),
    "away": ("Đã ký, sẽ tự gửi khi có máy chủ", AMBER),
}


class Window:
    """The window's state. `_open`: the job can still be signed; a batch that is over stays to be looked at. `_resting`: the
    server is not asked. Where there is an icon beside the clock (`tray`), closing the window leaves that.
    """

    def __init__(
        self, root: tk.Tk, place: Path, desk: Desk, papers: Path, tray: Callable[[Deeds], Tray | None] = at_this_desk
    ) -> None:  # fmt: skip
        self._root, self._desk, self._papers = root, desk, papers
        self._said: queue.Queue[Callable[[], None]] = queue.Queue()
        self._outbox = Outbox(place)
        self._server = Server(desk, settings.device_key(place))
        self._batch: Batch | None = None
        self._open = False
        self._working = False
        self._resting = False
        self._sure = False
        self._certificate: TokenCertificate | None = None
        self._pace = Pace()
        self._progress, self._refused = (0, 0), 0
        self._asked: set[str] = set()
        self._painter = Painter(self._read)
        self._build()
        do = (self.come, self.rest, self._leave)
        self._icon = tray(Deeds(*(partial(self._say, one) for one in do)))
        self._tip = ""
        root.protocol("WM_DELETE_WINDOW", self.hide if self._icon else self._leave)
        self._listen()
        self._tick()
        self._poll()

    # ---- widgets

    def _build(self) -> None:
        root = self._root
        self._look = look = Look(root)
        px = look.px
        root.title("Lưu Ký – bàn ký")
        wide, high = root.winfo_screenwidth(), root.winfo_screenheight()
        room = (wide - px(16), high - px(90))  # its frame, its title and a task bar take the rest
        root.geometry(f"{min(room[0], px(1366))}x{min(room[1], px(740))}+0+0")
        root.configure(bg=GROUND)
        head = tk.Frame(root, bg=GROUND)
        head.pack(fill="x", padx=px(20), pady=(px(12), px(10)))
        self.title = look.label(head, "Đang hỏi máy chủ…", "title", bold=True)
        self.title.pack(anchor="w")
        self.below = look.label(head, "Asking the server…", "meta", SECOND)
        self.below.pack(anchor="w")
        body = tk.Frame(root, bg=GROUND)
        body.pack(fill="both", expand=True, padx=px(20), pady=(0, px(14)))
        self.side = Side(body, look, sign=self.sign, pause=self.pause, stop=self.stop)
        self.side.pack(side="right", fill="y", padx=(px(16), 0))
        self.side.host(self._desk.server, self._desk.person)
        left = tk.Frame(body, bg=GROUND, width=min(px(396), round(wide * 0.3)))
        left.pack_propagate(False)  # noqa: FBT003 - Tk's own signature
        left.pack(side="left", fill="y", padx=(0, px(16)))
        self._build_list(left)
        self.sheet = Sheet(body, look, self._wants_page)
        self.sheet.pack(side="left", fill="both", expand=True)
        self._bind()

    def _build_list(self, left: tk.Frame) -> None:
        look = self._look
        foot = look.label(
            left, "Mã đối chiếu phải giống mã trên màn hình Ký.\nSpace: chọn, Ctrl+A: chọn hết   ·   tick, all", "small", THIRD
        )
        foot.pack(side="bottom", anchor="w", pady=(look.px(4), 0))
        self.list = Listing(left, look, self._chosen, self._ticked)
        self.list.wanted = self._wants_thumb
        self.list.pack(side="left", fill="both", expand=True)

    def _bind(self) -> None:
        """Keys work wherever the keyboard is; those that could be part of a PIN do not where it is typed."""
        root = self._root
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            root.bind(key, lambda _, step=step: self.list.choose(self.list.current + step))  # type: ignore[misc]
        for key, step in (("<Prior>", -1), ("<Next>", 1), ("<Left>", -1), ("<Right>", 1)):
            root.bind(key, lambda _, step=step: self.sheet.turn(step))  # type: ignore[misc]
        for keys, step in ((("<plus>", "<equal>", "<KP_Add>"), 1), (("<minus>", "<KP_Subtract>"), -1)):
            for key in keys:
                root.bind(key, lambda _, step=step: self._free() and self.sheet.zoom(step))  # type: ignore[misc, func-returns-value]
        root.bind("<Control-a>", lambda _: self.list.tick_all())
        root.bind("<Escape>", lambda _: self.stop())

    def _free(self) -> bool:
        return self._root.focus_get() is not self.side.pin

    # ---- pictures

    def _read(self, name: str) -> bytes:
        batch = self._batch
        if batch is None:
            raise KeyError(name)
        return batch.paper(next(item for item in batch.job.items if item.id == name))

    def _wants_page(self, item: Item, page: int, box: tuple[int, int]) -> None:
        self._painter.ask(item.id, page, box, lambda drawn: self._say(partial(self.sheet.show, item, drawn, box)), urgent=True)

    def _wants_thumb(self, item: Item) -> None:
        if item.id not in self._asked:
            self._asked.add(item.id)
            box = (self._look.px(THUMB[0]) - 2, self._look.px(THUMB[1]) - 2)
            self._painter.ask(item.id, 0, box, lambda drawn: self._say(partial(self._thumb, item, drawn)), urgent=False)

    def _thumb(self, item: Item, drawn: Picture | Exception) -> None:
        if isinstance(drawn, Picture):
            self.list.pictures[item.id] = tk.PhotoImage(master=self._root, data=drawn.ppm)
            self.list.draw()

    # ---- what a person does

    def sign(self) -> None:
        """Sign what is ticked, with the PIN that was typed. The field is emptied at once."""
        pin = self.side.pin.get()
        self.side.pin.delete(0, "end")
        batch, chosen = self._batch, self.list.picked
        if batch is None or not self._open or self._working or not chosen:
            return
        if batch.expires < time.time():
            self._expire()
            return
        if not pin and not self.side.typed_elsewhere:
            self.side.warn(("Nhập mã PIN rồi bấm Ký.", "Enter the PIN, then sign."), grave=False)
            return
        self._pace, self._progress, self._refused, self._sure = Pace(), (0, len(chosen)), 0, False
        self.side.warn(None)
        self.list.lock(locked=True)
        self._head(f"Đang ký {len(chosen)} tài liệu", f"Signing {len(chosen)} documents; do not pull the token out")
        self._show_progress()
        self._work(lambda: self._sign(batch, chosen, pin))

    def pause(self) -> None:
        """Pause between two documents, or go on."""
        if self.side.signing:
            self._pace.turn()
            self._show_progress()

    def stop(self) -> None:
        """While it signs: give the rest back after the document at hand. Before: give all back, once that is sure."""
        if self.side.signing:
            self._pace.stop()
        elif self._open and not self._working and self._batch is not None:
            if not self._sure:
                self._sure = True
                self.side.warn(
                    (
                        "Bấm Esc hoặc Không ký lần nữa để trả lại tất cả; tài liệu lại chờ trên màn hình Ký.",
                        "Once more gives all documents back; they wait again on the screen.",
                    ),
                    grave=False,
                )
                return
            batch = self._batch
            self._head("Đang trả lại…", "Giving back…")
            self._work(lambda: self._give_back(batch))

    def come(self) -> None:
        """To the front."""
        self._root.deiconify()
        self._root.lift()
        self._root.focus_force()

    def hide(self) -> None:
        """Out of sight, until something waits: as the icon beside the clock, or as one in the task bar."""
        if self._icon is None or not self._icon.shown:
            self._root.iconify()
        else:
            self._root.withdraw()

    def rest(self) -> None:
        """Pause what is being signed; else do not ask the server, or ask it again."""
        if self.side.signing:
            self.pause()
            return
        self._resting = not self._resting
        if self._resting and not self._open:
            self._head("Đang tạm dừng", "Paused: the server is not asked")
        elif not self._resting and not self._open:
            self._head("Đang hỏi máy chủ…", "Asking the server…")
        self._tell_icon()

    def close(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.close()

    def _leave(self) -> None:
        self._root.quit()

    def _tell_icon(self) -> None:
        """How many wait; never whose."""
        count = len(self.list.picked) if self._open else 0
        tip = (
            "Lưu Ký: đang tạm dừng"
            if self._resting
            else f"Lưu Ký: {count} tài liệu chờ ký"
            if count
            else "Lưu Ký: không có gì chờ ký"
        )
        if self._icon is not None and tip != self._tip:
            self._tip = tip
            self._icon.tell(tip, paused=self._resting)

    def _chosen(self, index: int) -> None:
        self.sheet.open(self.list.rows[index].item)

    def _ticked(self) -> None:
        if self._open and not self._working:
            self.side.offer(len(self.list.picked))

    # ---- the working thread

    def _work(self, do: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                do()
            except AgentError as error:
                self._say(partial(self._trouble, error))
            except Exception as error:  # noqa: BLE001 - a person gets a sentence, not a window that stands still
                self._say(partial(self._trouble, unexpected(error)))
            finally:
                self._say(self._rested)

        self._working = True
        threading.Thread(target=guarded, daemon=True).start()

    def _ask(self) -> None:
        for outcome in resend(self._server, self._outbox):
            self._say(partial(self._mark, outcome))
        job = self._server.job()
        if job is None:
            self._say(self._nothing)
            return
        batch = Batch(self._server, job, self._outbox, self._papers)
        self._say(partial(self._arrives, len(job.items)))
        items = batch.fetch(lambda done, whole: self._say(partial(self._fetched, done, whole)))
        self._say(partial(self._list, batch, items))
        self._find(batch, items)

    def _find(self, batch: Batch, items: list[Item]) -> None:
        """The token with the certificate; while it is not there, the documents can be looked at."""
        try:
            with Drawer(self._desk.module, self._desk.helper) as drawer:
                _, certificate = drawer.holding(batch.certificate)
        except AgentError as error:
            self._say(partial(self._offer, None, error))
            return
        batch.able(items, certificate)
        self._say(partial(self._offer, certificate, None))

    def _sign(self, batch: Batch, chosen: list[Item], pin: str) -> None:
        with Drawer(self._desk.module, self._desk.helper) as drawer:
            keys, certificate = drawer.holding(batch.certificate)
            keys.login(certificate, pin)
            pace = self._pace
            pace.begin()
            whole = batch.sign(keys, chosen, lambda outcome: self._say(partial(self._mark, outcome)), pace.go)
        if whole:
            finished(batch)
        self._say(partial(self._done, whole=whole))

    def _give_back(self, batch: Batch) -> None:
        batch.finish()
        self._say(self._given_back)

    def _say(self, do: Callable[[], None]) -> None:
        self._said.put(do)

    # ---- what the threads said

    def _listen(self) -> None:
        while not self._said.empty():
            self._said.get()()
        self._root.after(LOOK, self._listen)

    def _poll(self) -> None:
        batch = self._batch
        if not self._working and not self._resting:
            if not self._open:
                self._work(self._ask)
            elif self._certificate is None and batch is not None:
                self._work(lambda: self._find(batch, self.list.picked))
        self._root.after(POLL, self._poll)

    def _tick(self) -> None:
        """Each second: how long the job lives, how fast the signing is."""
        if self._open and self._batch is not None:
            self.side.life(int(self._batch.expires - time.time()))
            if self._batch.expires < time.time() and not self._working:
                self._expire()
        if self.side.signing:
            self._show_progress()
        self._tell_icon()
        self._root.after(1000, self._tick)

    def _rested(self) -> None:
        self._working = False

    def _head(self, vi: str, en: str) -> None:
        self.title.configure(text=vi)
        self.below.configure(text=en)

    def _nothing(self) -> None:
        """Nothing waits; what became of the last batch stays in the list."""
        if not self.list.rows:
            self._head("Không có tài liệu nào chờ ký", "Nothing waits for your signature")
            self.side.done("Chưa có gì để ký", "Nothing to sign yet")

    def _arrives(self, count: int) -> None:
        self._painter.forget()
        self._batch, self._asked = None, set()
        self.list.show([])
        self.sheet.open(None)
        self.side.rest()
        self._head(f"{count} tài liệu đang tới", f"{count} documents are coming")
        if self._icon is not None and self._root.focus_displayof() is None:
            self._icon.notify("Lưu Ký", f"{count} tài liệu chờ ký. Mở bàn ký để xem và ký.")
        self._root.deiconify()
        self._root.lift()

    def _fetched(self, done: int, whole: int) -> None:
        self.side.busy(f"Tải và kiểm tra {done} / {whole}", "Fetching and checking", done / whole)

    def _list(self, batch: Batch, items: list[Item]) -> None:
        self._batch, self._open, self._sure, self._certificate = batch, True, False, None
        good = {item.id for item in items}
        unfit = ("Không khớp, không ký được", RED)
        self.list.show([Row(one, one.id in good, one.id in good, None if one.id in good else unfit) for one in batch.job.items])
        self.list.choose(0)
        count = len(batch.job.items)
        self._head(f"{count} tài liệu chờ chữ ký của bạn", f"{count} documents wait for your signature")
        self.side.life(int(batch.expires - time.time()))
        self.side.busy("Đang tìm USB ký số…", "Looking for the token", 0)

    def _offer(self, certificate: TokenCertificate | None, error: AgentError | None) -> None:
        if not self._open or self._batch is None:
            return
        self._certificate = certificate
        for name in set(self._batch.bad) & {row.item.id for row in self.list.rows if row.signable}:
            self.list.say(name, ("USB này không ký được kiểu này", RED))
        if error is not None:
            self.side.done("Cắm USB ký số của bạn", "Plug in your token; it is looked for every 5 seconds")
            self.side.warn((error.vi, error.en), grave=False)
            return
        self.side.warn(None)
        self.side.certificate(certificate)
        self._ask_for_pin()

    def _ask_for_pin(self) -> None:
        self.side.offer(len(self.list.picked))
        self.side.pin.focus_set()

    def _mark(self, outcome: Outcome) -> None:
        text, colour = MARKS.get(outcome.state, (outcome.state, SECOND))
        self.list.say(outcome.item, (f"✗ {outcome.vi}" if outcome.vi and outcome.state == "refused" else text, colour))
        if self.side.signing:
            self.list.see(outcome.item)
            self._progress = (self._progress[0] + 1, self._progress[1])
            self._refused += outcome.state == "refused"
            self._pace.count()
            self._show_progress()

    def _show_progress(self) -> None:
        done, whole = self._progress
        self.side.progress(done, whole, self._pace.a_minute, paused=self._pace.paused)

    def _done(self, *, whole: bool) -> None:
        self._open = False
        for item in self.list.picked:
            self.list.say(item.id, ("Chờ ký lại trên màn hình Ký", SECOND))
        for row in self.list.rows:
            if row.signable:
                self.list.say(row.item.id, MARKS["declined"])
        (passed, asked), failed = self._progress, self._refused
        done = passed - failed
        back = f", {asked - passed} given back" if asked > passed else ""
        self._head(f"Đã ký {done} tài liệu", f"{done} signed{back}")
        self.side.life(None)
        if not whole:
            self.side.done("Chờ máy chủ", "Chữ ký đã giữ lại, sẽ tự gửi, không cần PIN · kept, sent later")
        else:
            self.side.done("Đã xong lượt này", "Có thể rút USB ký số · You may unplug the token")
        if failed:
            first, why = next((i, row.said[0]) for i, row in enumerate(self.list.rows) if row.said and row.said[1] == RED)
            self.list.choose(first)
            self.side.warn((f"{failed} tài liệu không ký được.\n{why}", f"{failed} could not be signed; the list tells why."))

    def _given_back(self) -> None:
        self._open, self._batch = False, None
        self._painter.forget()
        self.list.show([])
        self.sheet.open(None)
        self.side.rest()
        self._nothing()

    def _expire(self) -> None:
        """Its time is over, which is said before anyone types a PIN for it."""
        self._open = False
        for item in self.list.picked:
            self.list.say(item.id, ("Hết lượt, chờ trên màn hình Ký", SECOND))
        self._head("Lượt ký này đã hết hạn", "This job has expired; its documents wait on the screen “Ký”")
        self.side.life(None)
        over = expired()
        self.side.done("Đã hết lượt", "Nothing more can be signed in this job")
        self.side.warn((over.vi, over.en), grave=False)

    def _trouble(self, error: AgentError) -> None:
        if error.code == "expired":
            self._expire()
            return
        if self._open and self._batch is not None:
            self.list.lock(locked=False)
            left = len(self.list.picked)
            self._head(f"Còn {left} tài liệu chưa ký", f"{left} documents are not signed yet")
            self._certificate = None if error.code.startswith("token_") else self._certificate
            self._ask_for_pin()
        else:
            self.side.done("Chưa ký được", "It could not be signed yet")
        self.side.warn((error.vi, error.en))


def show(place: Path, desk: Desk, *, quiet: bool = False) -> None:
    """Open the window and stay until it is closed. `quiet`: as an icon, until something waits."""
    at_own_resolution()
    with settings.alone(place), tempfile.TemporaryDirectory(prefix="luuky-agent-", ignore_cleanup_errors=True) as papers:
        root = tk.Tk()
        dressed(root)
        opened = Window(root, place, desk, Path(papers))
        if quiet:
            opened.hide()
        root.mainloop()
        opened.close()
