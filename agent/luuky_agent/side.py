"""The right-hand side: with what and for whom is signed, the PIN, and how far the signing is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from luuky_agent.keys import TokenCertificate
from luuky_agent.look import (
    AMBER,
    AMBER_WASH,
    BLUE,
    EDGE,
    GREEN,
    GROUND,
    INK,
    LINE,
    RED,
    RED_WASH,
    SECOND,
    SHEET,
    THIRD,
    Look,
)  # fmt: skip
from luuky_agent.token_errors import Words, tries

WIDE = 316
"""Pixels at 96 dpi."""
FACTS = ("Máy chủ", "Người ký", "Chứng thư", "Hạn", "USB ký số", "Lượt ký")


class Side(tk.Frame):
    """`sign`, `pause` and `stop` are called when the person does so."""

    def __init__(
        self, parent: tk.Misc, look: Look, *, sign: Callable[[], None], pause: Callable[[], None], stop: Callable[[], None]
    ) -> None:
        super().__init__(parent, bg=GROUND, width=look.px(WIDE))
        self.pack_propagate(False)  # noqa: FBT003 - Tk's own signature
        self._look = look
        self.typed_elsewhere = False
        self._facts: dict[str, tk.Label] = {}
        self._build_facts()
        self._box = tk.Frame(self, bg=SHEET, highlightthickness=2, highlightbackground=INK)
        self._box.pack(fill="x", pady=(look.px(12), 0))
        self._inside = tk.Frame(self._box, bg=SHEET)
        self._inside.pack(fill="both", expand=True, padx=look.px(16), pady=look.px(12))
        self._build_buttons(sign, pause, stop)
        self.head = look.label(self._inside, "", "lead", bold=True)
        self.head.pack(anchor="w")
        self.under = look.label(self._inside, "", "meta", SECOND)
        self.under.configure(wraplength=look.px(WIDE - 40))
        self.under.pack(anchor="w")
        self._build_pin(sign)
        self._build_progress()
        self._band = tk.Frame(self._inside, bg=RED)
        self.alarm = self._build_band()
        self.hint = self._wrapped("Mã PIN chỉ đưa vào USB, không gửi qua mạng, không lưu lại.\nThe PIN goes to the token only.")
        self.rest()

    def host(self, server: str, person: str) -> None:
        """Where and for whom, known from the pairing."""
        self._facts["Máy chủ"].configure(text=server.split("//", 1)[-1])
        self._facts["Người ký"].configure(text=person)

    def certificate(self, one: TokenCertificate | None) -> None:
        """With what; None: not known yet."""
        state = ("còn hiệu lực · valid", GREEN) if one and one.valid else ("ĐÃ HẾT HẠN · EXPIRED", RED)
        self._facts["Chứng thư"].configure(text=f"{one.subject}\n{one.issuer}" if one else "–")
        self._facts["Hạn"].configure(text=f"{one.last_day}, {state[0]}" if one else "–", fg=state[1] if one else INK)
        self._facts["USB ký số"].configure(text=f"{one.label}, đang cắm" if one else "–")
        self.typed_elsewhere = bool(one and "own" in one.flags)
        warning = tries(one.flags) if one else None
        if one and warning:
            self.warn(warning, grave=not {"final", "locked"}.isdisjoint(one.flags))

    def life(self, seconds: int | None) -> None:
        """How long the job still lives; None: there is none."""
        text = "–" if seconds is None else f"còn {max(seconds, 0) // 60:02d}:{max(seconds, 0) % 60:02d} phút"
        self._facts["Lượt ký"].configure(text=text, fg=RED if seconds is not None and seconds < 120 else INK)

    def warn(self, words: Words | None, *, grave: bool = True) -> None:
        """A warning beside the PIN, or none."""
        if words is None:
            self._band.pack_forget()
            self.alarm.configure(text="")
            return
        self._also.configure(text=words[1])
        colour, wash = (RED, RED_WASH) if grave else (AMBER, AMBER_WASH)
        self._band.configure(bg=colour)
        for part in (self.alarm, self._also, self._wash):
            part.configure(bg=wash)
        self.alarm.configure(text=words[0])
        self.hint.pack_forget()
        self._band.pack(fill="x", pady=(self._look.px(4), self._look.px(8)))

    # ---- the faces of the box

    def rest(self) -> None:
        """Nothing to sign."""
        self.certificate(None)
        self.life(None)
        self._face("Chưa có gì để ký", "Nothing to sign yet", pin=False, progress=False)
        self._buttons(go=None, no=None)

    def offer(self, count: int) -> None:
        """So many documents are ticked: ask for the PIN."""
        under = (
            f"Nhập một lần cho cả {count} tài liệu · once for all"
            if not self.typed_elsewhere
            else "Nhập ở hộp thoại hoặc đầu đọc của USB"
        )
        self._face("Mã PIN của USB ký số", under, pin=not self.typed_elsewhere, progress=False)
        self._buttons(go=f"Ký {count} tài liệu" if count else "Chưa chọn tài liệu", no="Không ký · Esc", able=count > 0)

    def progress(self, done: int, whole: int, a_minute: float | None, *, paused: bool) -> None:
        """How far it is, and how fast. Pausing keeps the job; stopping gives the rest back."""
        speed = f"{a_minute:.0f} tài liệu một phút · a minute" if a_minute else ""
        head = f"Đã tạm dừng ở {done} / {whole}" if paused else f"Đang ký {done} / {whole}"
        self._face(head, "Để quá 5 phút sẽ phải nhập lại mã PIN." if paused else speed, pin=False, progress=True)
        self._draw_bar(done / max(whole, 1))
        self._buttons(go="Ký tiếp · Go on" if paused else "Tạm dừng · Pause", no="Dừng · Stop")

    def busy(self, head: str, under: str, share: float) -> None:
        """Something else that takes its time."""
        self._face(head, under, pin=False, progress=True)
        self._draw_bar(share)
        self._buttons(go=None, no=None)

    def done(self, head: str, under: str) -> None:
        """How it ended."""
        self._face(head, under, pin=False, progress=False)
        self._buttons(go=None, no=None)

    # ---- parts

    def _build_facts(self) -> None:
        px, look = self._look.px, self._look
        look.label(self, "Ký bằng  ·  Sign with", bold=True).pack(anchor="w")
        tk.Frame(self, bg=EDGE, height=1).pack(fill="x", pady=(px(3), px(6)))
        grid = tk.Frame(self, bg=GROUND)
        grid.pack(fill="x")
        grid.columnconfigure(1, weight=1)
        for number, name in enumerate(FACTS):
            look.label(grid, name, "meta", SECOND).grid(row=number, column=0, sticky="nw", pady=px(1))
            fact = look.label(grid, "–", "meta", bold=name == "Người ký")
            fact.configure(wraplength=px(WIDE - 88))
            fact.grid(row=number, column=1, sticky="nw", padx=(px(10), 0), pady=px(1))
            self._facts[name] = fact

    def _build_pin(self, sign: Callable[[], None]) -> None:
        px = self._look.px
        self.pin = tk.Entry(self._inside, show="•", font=self._look.font("pin"), relief="flat", bd=px(6), bg="white", fg=INK)
        self.pin.configure(highlightthickness=2, highlightbackground=EDGE, highlightcolor=BLUE, insertwidth=px(2))
        self.pin.bind("<Return>", lambda _: sign())

    def _build_progress(self) -> None:
        self._bar = tk.Canvas(self._inside, height=self._look.px(10), bg=LINE, highlightthickness=0)
        self._share = 0.0
        self._bar.bind("<Configure>", lambda _: self._draw_bar(self._share))

    def _draw_bar(self, share: float) -> None:
        self._share = share
        self._bar.delete("all")
        self._bar.create_rectangle(0, 0, self._bar.winfo_width() * share, self._bar.winfo_height(), fill=BLUE, width=0)

    def _build_band(self) -> tk.Label:
        """A band with a bar at its left, packed only when there is something to say."""
        px = self._look.px
        self._wash = tk.Frame(self._band, bg=RED_WASH)
        self._wash.pack(side="right", fill="both", expand=True, padx=(px(4), 0))
        label, self._also = self._look.label(self._wash, "", "meta"), self._look.label(self._wash, "", "small", SECOND)
        label.pack(anchor="w", padx=px(10), pady=(px(6), 0))
        self._also.pack(anchor="w", padx=px(10), pady=(px(2), px(6)))
        for one in (label, self._also):
            one.configure(wraplength=px(WIDE - 66))
        return label

    def _wrapped(self, text: str) -> tk.Label:
        made = self._look.label(self._inside, text, "small", THIRD)
        made.configure(wraplength=self._look.px(WIDE - 40))
        made.pack(anchor="w", pady=(0, self._look.px(8)))
        return made

    def _build_buttons(self, sign: Callable[[], None], pause: Callable[[], None], stop: Callable[[], None]) -> None:
        self._row = tk.Frame(self._inside, bg=SHEET)
        self.go = self._look.button(self._row, "", main=True)
        self.no = self._look.button(self._row, "")
        self.go.configure(command=lambda: pause() if self.signing else sign())
        self.no.configure(command=stop)
        self.go.pack(side="right")
        self.no.pack(side="right", padx=(0, self._look.px(8)))

    @property
    def signing(self) -> bool:
        """Whether the box shows the progress of signing."""
        return bool(self._bar.winfo_manager()) and bool(self._row.winfo_manager())

    def _face(self, head: str, under: str, *, pin: bool, progress: bool) -> None:
        px = self._look.px
        self.head.configure(text=head)
        self.under.configure(text=under)
        for part, wanted in ((self.pin, pin), (self._bar, progress)):
            if wanted and not part.winfo_manager():
                part.pack(fill="x", pady=(px(6), px(8)), after=self.under)
            elif not wanted:
                part.pack_forget()
        if pin and not self._band.winfo_manager():
            self.hint.pack(anchor="w", pady=(0, px(8)))
        else:
            self.hint.pack_forget()

    def _buttons(self, *, go: str | None, no: str | None, able: bool = True) -> None:
        if go is None and no is None:
            self._row.pack_forget()
            return
        self.go.configure(text=go or "", state="normal" if able else "disabled")
        self.no.configure(text=no or "", state="normal")
        self._row.pack(fill="x", side="bottom", before=self.head)
