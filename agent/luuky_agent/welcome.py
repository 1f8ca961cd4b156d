"""The first window on a new computer: the code from the doctor's screen makes it the doctor's desk."""

from __future__ import annotations

import queue
import threading
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path

from luuky_agent.errors import AgentError, unexpected
from luuky_agent.look import AMBER, BLUE, EDGE, GROUND, INK, RED, SECOND, SHEET, Look, at_own_resolution, dressed
from luuky_agent.pairing import pair
from luuky_agent.rollout import Laid
from luuky_agent.settings import Desk

LOOK = 50
"""Milliseconds between two looks at what the thread says."""
WIDE = 470
"""Pixels at 96 dpi."""
HOW = (
    "1.  Cắm USB ký số vào máy này.\n"
    "2.  Mở Lưu Ký trên trình duyệt, vào màn hình Ký, bấm Ghép bàn ký, rồi Lấy mã ghép.\n"
    "3.  Gõ mã vào đây trong vòng năm phút."
)


class Welcome:
    """Asks for the code, and for the server where nobody laid it down. `desk`: the pairing, once there is one."""

    def __init__(self, root: tk.Tk, place: Path, laid: Laid) -> None:
        self.desk: Desk | None = None
        self._root, self._place, self._laid = root, place, laid
        self._said: queue.Queue[Callable[[], None]] = queue.Queue()
        self._look = look = Look(root)
        px = look.px
        root.title("Lưu Ký – ghép bàn ký")
        root.configure(bg=GROUND)
        root.resizable(width=False, height=False)
        body = tk.Frame(root, bg=GROUND)
        body.pack(padx=px(28), pady=px(22))
        look.label(body, "Ghép máy này với Lưu Ký", "title", bold=True).pack(anchor="w")
        look.label(body, "Make this computer your signing desk", "meta", SECOND).pack(anchor="w", pady=(0, px(14)))
        look.label(body, HOW).pack(anchor="w", pady=(0, px(16)))
        self.server = self._field(body, "Địa chỉ máy chủ  ·  Server", look.font(), laid.server or "https://")
        self.code = self._field(body, "Mã ghép  ·  Code", look.font("pin", bold=True), "")
        self.says = look.label(body, "", "body", SECOND)
        self.says.configure(wraplength=px(WIDE), height=3)
        self.says.pack(anchor="w", fill="x", pady=(px(4), px(6)))
        self.go = look.button(body, "Ghép máy này · Pair", main=True)
        self.go.configure(command=self.pair)
        self.go.pack(anchor="e")
        if laid.server:
            self.server.configure(state="readonly", readonlybackground=GROUND)
        (self.code if laid.server else self.server).focus_set()
        root.bind("<Return>", lambda _: self.pair())
        self._listen()

    def pair(self) -> None:
        """Try the code that was typed."""
        code, server = self.code.get().strip(), self.server.get().strip()
        if str(self.go["state"]) == "disabled":
            return
        if not code:
            self._say("Gõ mã ghép lấy từ màn hình Ký.\nEnter the code from the screen “Ký”.", AMBER)
            return
        self._say("Đang ghép…\nPairing…", SECOND)
        self.go.configure(state="disabled")
        wanted = Desk(server, "", "", "", authority=self._laid.authority or None)
        threading.Thread(target=self._try, args=(code, wanted), daemon=True).start()

    def _try(self, code: str, wanted: Desk) -> None:
        try:
            desk = pair(self._place, code, wanted, None)
        except AgentError as error:
            self._said.put(partial(self._failed, error))
        except Exception as error:  # noqa: BLE001 - a person gets a sentence, not a window that stands still
            self._said.put(partial(self._failed, unexpected(error)))
        else:
            self._said.put(partial(self._paired, desk))

    def _paired(self, desk: Desk) -> None:
        self.desk = desk
        self._root.quit()

    def _failed(self, error: AgentError) -> None:
        self.go.configure(state="normal")
        self._say(f"{error.vi}\n{error.en}", RED)

    def _say(self, text: str, colour: str) -> None:
        self.says.configure(text=text, fg=colour)

    def _listen(self) -> None:
        while not self._said.empty():
            self._said.get()()
        self._root.after(LOOK, self._listen)

    def _field(self, body: tk.Frame, name: str, letters: object, text: str) -> tk.Entry:
        look = self._look
        look.label(body, name, "meta", SECOND).pack(anchor="w")
        made = tk.Entry(body, bg=SHEET, fg=INK, relief="flat", bd=look.px(5), highlightthickness=2, insertbackground=INK)
        made.configure(font=str(letters), highlightbackground=EDGE, highlightcolor=BLUE)
        made.insert(0, text)
        made.pack(fill="x", pady=(look.px(2), look.px(10)))
        return made


def ask(place: Path, laid: Laid) -> Desk | None:
    """Open the window and stay until the desk is paired, or the person closes it."""
    at_own_resolution()
    root = tk.Tk()
    dressed(root)
    opened = Welcome(root, place, laid)
    root.mainloop()
    if opened.desk is not None:
        root.destroy()
    return opened.desk
