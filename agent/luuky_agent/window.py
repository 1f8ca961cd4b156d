"""The window: what will be signed on the left, with what and the PIN on the right; Vietnamese with English beside it."""

from __future__ import annotations

import queue
import tempfile
import threading
import tkinter as tk
from collections.abc import Callable
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path
from tkinter import ttk

from luuky_agent import settings
from luuky_agent.batch import Batch, Outcome, finished, resend
from luuky_agent.drawer import Drawer
from luuky_agent.errors import AgentError
from luuky_agent.job import Item
from luuky_agent.keys import TokenCertificate
from luuky_agent.outbox import Outbox
from luuky_agent.server import Server
from luuky_agent.settings import Desk
from luuky_agent.token_errors import tries

WIDE = 350
"""Pixels of the column on the right."""
POLL = 5_000
"""Milliseconds between two questions to the server, while nothing waits."""
LOOK = 100
"""Milliseconds between two looks at what the working thread says."""
GROUND, SHEET, INK, SECOND, BLUE, RED, GREEN = "#efebe2", "#fbf9f4", "#1d1a15", "#4c4539", "#1b4a8c", "#a3271f", "#22603a"
HERE = timezone(timedelta(hours=7))
MARKS = {
    "signed": ("Đã ký", GREEN),
    "received": ("Đã ký, chờ dấu thời gian", GREEN),
    "refused": ("Không ký được", RED),
    "declined": ("Bỏ ra", SECOND),
    "away": ("Sẽ gửi lại", SECOND),
}


class Window:
    """The window's state. Talking to server and token happens in one working thread; widgets are touched here alone."""

    def __init__(self, root: tk.Tk, place: Path, desk: Desk, papers: Path) -> None:
        self._root, self._place, self._desk, self._papers = root, place, desk, papers
        self._said: queue.Queue[Callable[[], None]] = queue.Queue()
        self._batch: Batch | None = None
        self._ticks: dict[str, tk.BooleanVar] = {}
        self._marks: dict[str, tk.Label] = {}
        self._boxes: list[tk.Checkbutton] = []
        self._server = Server(desk, settings.device_key(place))
        self._build()
        self._listen()
        self._poll()

    # ---- widgets

    def _build(self) -> None:
        root = self._root
        root.title("Lưu Ký – bàn ký")
        root.geometry("960x600")
        root.configure(bg=GROUND)
        self.title = self._label(root, "Đang hỏi máy chủ…  Asking the server…", size=17, bold=True)
        self.title.pack(anchor="w", padx=24, pady=(18, 0))
        self.below = self._label(root, f"{self._desk.server} · {self._desk.person}", colour=SECOND)
        self.below.pack(anchor="w", padx=24)
        body = tk.Frame(root, bg=GROUND)
        body.pack(fill="both", expand=True, padx=24, pady=16)
        side = tk.Frame(body, bg=GROUND, width=WIDE)
        side.pack(side="right", fill="y", padx=(24, 0))
        side.pack_propagate(False)  # noqa: FBT003 - Tk's own signature
        self._build_side(side)
        self._build_list(body)

    def _build_list(self, body: tk.Frame) -> None:
        """A list that scrolls: a batch may hold two hundred documents."""
        canvas = tk.Canvas(body, bg=SHEET, highlightbackground=SECOND, highlightthickness=1)
        bar = ttk.Scrollbar(body, command=canvas.yview)
        bar.pack(side="right", fill="y")
        canvas.pack(side="left", fill="both", expand=True)
        self.list = tk.Frame(canvas, bg=SHEET)
        inside = canvas.create_window(0, 0, window=self.list, anchor="nw")
        canvas.configure(yscrollcommand=bar.set)
        canvas.bind("<Configure>", lambda event: canvas.itemconfigure(inside, width=event.width))
        self.list.bind("<Configure>", lambda _: canvas.configure(scrollregion=canvas.bbox("all")))
        self._root.bind("<Next>", lambda _: canvas.yview_scroll(1, "pages"))
        self._root.bind("<Prior>", lambda _: canvas.yview_scroll(-1, "pages"))

    def _build_side(self, side: tk.Frame) -> None:
        self._label(side, "Ký bằng  ·  Sign with", bold=True).pack(anchor="w")
        self.with_what = self._label(side, "–", colour=SECOND, wide=WIDE)
        self.with_what.pack(anchor="w", pady=(4, 16))
        self._label(side, "Mã PIN của USB ký số  ·  Token PIN", bold=True).pack(anchor="w")
        self.pin = tk.Entry(side, show="•", font=("DejaVu Sans", 18), width=14, relief="solid", bd=1)
        self.pin.pack(anchor="w", pady=4)
        self.pin.bind("<Return>", lambda _: self.sign())
        self.alarm = self._label(side, "", colour=RED, wide=WIDE)
        self.alarm.pack(anchor="w")
        hint = "Mã PIN chỉ đưa vào USB, không gửi qua mạng, không lưu lại.\nThe PIN goes to the token only."
        self._label(side, hint, colour=SECOND, size=9, wide=WIDE).pack(anchor="w", pady=8)
        self.progress = ttk.Progressbar(side, length=WIDE)
        self.progress.pack(anchor="w", pady=8)
        self.go = tk.Button(side, text="Ký  ·  Sign", bg=BLUE, fg="white", command=self.sign, state="disabled", padx=16, pady=6)
        self.go.pack(side="left")
        self.no = tk.Button(side, text="Không ký  ·  Do not sign (Esc)", command=self.decline, state="disabled", padx=10, pady=6)
        self.no.pack(side="left", padx=8)
        self._root.bind("<Escape>", lambda _: self.decline())

    def _label(
        self, parent: tk.Misc, text: str, colour: str = INK, size: int = 11, wide: int = 900, *, bold: bool = False
    ) -> tk.Label:
        font = ("DejaVu Sans", size, "bold" if bold else "normal")
        return tk.Label(parent, text=text, fg=colour, bg=str(parent["bg"]), font=font, justify="left", wraplength=wide)

    def _fill(self, items: list[Item]) -> None:
        for child in self.list.winfo_children():
            child.destroy()
        self._boxes = []
        self._ticks = {item.id: tk.BooleanVar(value=True) for item in items}
        for item in self._batch.job.items if self._batch else ():
            self._row(item, signable=item.id in self._ticks)

    def _row(self, item: Item, *, signable: bool) -> None:
        row = tk.Frame(self.list, bg=SHEET)
        row.pack(fill="x", padx=8, pady=4)
        tick = self._ticks.get(item.id, tk.BooleanVar())
        box = tk.Checkbutton(row, bg=SHEET, variable=tick, state="normal" if signable else "disabled")
        box.pack(side="left")
        self._boxes.append(box)
        whose = f"{item.patient}\n" if item.patient else ""
        words = tk.Frame(row, bg=SHEET)
        words.pack(side="left", fill="x", expand=True)
        self._label(words, item.title, bold=True, wide=340).pack(anchor="w")
        self._label(words, f"{whose}{item.pages} trang · {item.role} · {item.check}", SECOND, 10, 340).pack(anchor="w")
        self._marks[item.id] = self._label(words, "" if signable else "Không khớp, không ký  ·  Does not match", RED, 10, 340)
        self._marks[item.id].pack(anchor="w")
        tk.Button(row, text="Xem  ·  Open", command=lambda: self._open(item), relief="flat", bg=SHEET, fg=BLUE).pack(side="right")

    def rows(self) -> list[tk.Checkbutton]:
        """The tick boxes, in the order of the list."""
        return list(self._boxes)

    def _open(self, item: Item) -> None:
        if self._batch is not None:
            self._batch.paper(item)

    # ---- what a person does

    def sign(self) -> None:
        """Sign what is ticked, with the PIN that was typed. The field is emptied at once."""
        pin = self.pin.get()
        self.pin.delete(0, "end")
        batch = self._batch
        if batch is None or not pin or str(self.go["state"]) == "disabled":
            return
        chosen = [item for item in batch.job.items if item.id in self._ticks and self._ticks[item.id].get()]
        self._busy("Đang ký…  Signing…", len(chosen))
        self._work(lambda: self._sign(batch, chosen, pin))

    def decline(self) -> None:
        """Sign nothing; everything waits again."""
        batch = self._batch
        if batch is not None and str(self.no["state"]) == "normal":
            self._busy("Đang trả lại…  Giving back…", 0)
            self._work(lambda: self._give_back(batch))

    # ---- the working thread

    def _work(self, do: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                do()
            except AgentError as error:
                self._say(partial(self._trouble, error))

        threading.Thread(target=guarded, daemon=True).start()

    def _ask(self) -> None:
        outbox = Outbox(self._place)
        resend(self._server, outbox)
        job = self._server.job()
        if job is None:
            self._say(self._nothing)
            return
        batch = Batch(self._server, job, outbox, self._papers)
        items = batch.fetch(lambda _done, _whole: None)
        with Drawer(self._desk.module, self._desk.helper) as drawer:
            _, certificate = drawer.holding(batch.certificate)
        self._say(lambda: self._offer(batch, items, certificate))

    def _sign(self, batch: Batch, chosen: list[Item], pin: str) -> None:
        with Drawer(self._desk.module, self._desk.helper) as drawer:
            keys, certificate = drawer.holding(batch.certificate)
            keys.login(certificate, pin)
            if batch.sign(keys, chosen, lambda outcome: self._say(lambda: self._mark(outcome))):
                finished(batch, certificate)
        self._say(self._done)

    def _give_back(self, batch: Batch) -> None:
        batch.finish()
        self._say(self._given_back)

    def _say(self, do: Callable[[], None]) -> None:
        self._said.put(do)

    # ---- what the working thread said

    def _listen(self) -> None:
        while not self._said.empty():
            self._said.get()()
        self._root.after(LOOK, self._listen)

    def _poll(self) -> None:
        if self._batch is None:
            self._work(self._ask)

    def _given_back(self) -> None:
        self._batch = None
        self._fill([])
        self._nothing()

    def _nothing(self) -> None:
        """Nothing waits; what became of the last batch stays in the list."""
        self.title["text"] = "Không có tài liệu nào chờ ký  ·  Nothing waits"
        self.alarm["text"] = ""
        self._switch("disabled")
        self._root.after(POLL, self._poll)

    def _offer(self, batch: Batch, items: list[Item], certificate: TokenCertificate) -> None:
        self._batch = batch
        self._fill(items)
        self.title["text"] = f"{len(batch.job.items)} tài liệu chờ chữ ký của bạn  ·  {len(batch.job.items)} documents"
        ends = certificate.ends.astimezone(HERE).strftime("%d/%m/%Y")
        state = "Còn hiệu lực  ·  valid" if certificate.valid else "ĐÃ HẾT HẠN  ·  EXPIRED"
        self.with_what["text"] = f"{certificate.subject}\n{certificate.issuer}, hạn {ends}\n{certificate.label} · {state}"
        self.alarm["text"] = "\n".join(tries(certificate.flags) or ())
        self._switch("normal")
        self.pin.focus_set()

    def _busy(self, title: str, steps: int) -> None:
        self.title["text"] = title
        self.alarm["text"] = ""
        self.progress.configure(maximum=max(steps, 1), value=0)
        self._switch("disabled")

    def _mark(self, outcome: Outcome) -> None:
        text, colour = MARKS.get(outcome.state, (outcome.state, INK))
        self._marks[outcome.item].configure(text=f"{text}. {outcome.vi}" if outcome.vi else text, fg=colour)
        self.progress["value"] = float(self.progress["value"]) + 1

    def _done(self) -> None:
        self._batch = None
        self.title["text"] = "Đã xong lượt này  ·  This batch is done"
        self._root.after(POLL, self._poll)

    def _trouble(self, error: AgentError) -> None:
        self.alarm["text"] = f"{error.vi}\n{error.en}"
        if self._batch is None:
            self._root.after(POLL, self._poll)
        else:
            self.title["text"] = "Chưa ký  ·  Not signed"
            self._switch("normal")

    def _switch(self, state: str) -> None:
        for button in (self.go, self.no):
            button.configure(state="normal" if state == "normal" else "disabled")


def show(place: Path, desk: Desk) -> None:
    """Open the window and stay until it is closed."""
    with tempfile.TemporaryDirectory(prefix="luuky-agent-") as papers:
        root = tk.Tk()
        Window(root, place, desk, Path(papers))
        root.mainloop()
