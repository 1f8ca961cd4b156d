"""The page in the middle: large, turned by keys, enlarged where a word is small."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from luuky_agent.job import Item
from luuky_agent.look import BLUE, EDGE, GROUND, INK, LINE, RED, SECOND, WELL, Look
from luuky_agent.painter import LARGEST, Picture

ZOOMS = (0.0, 1.0, 1.5, 2.0)
"""How wide a page is drawn, as a share of the place for it; 0: the whole page is seen."""
KEYS = "← → trang,  ↑ ↓ tài liệu,  + − phóng to"
NOTHING = "Chọn tài liệu trên màn hình Ký rồi gửi sang bàn ký.\nChúng tự hiện ra ở đây.\n\nChoose documents on the screen “Ký”."


class Sheet(tk.Frame):
    """Shows one document. `wanted(item, page, box)` asks for a picture, which `show` then gets."""

    def __init__(self, parent: tk.Misc, look: Look, wanted: Callable[[Item, int, tuple[int, int]], None]) -> None:
        super().__init__(parent, bg=GROUND)
        self._look, self._wanted = look, wanted
        self._item: Item | None = None
        self._page, self._pages, self._zoom = 0, 0, 0
        self._image: tk.PhotoImage | None = None
        head = tk.Frame(self, bg=GROUND)
        head.pack(fill="x", pady=(0, look.px(6)))
        self.turns = look.label(head, "", "meta", SECOND)
        self.turns.pack(side="right", anchor="s")
        self.name = look.label(head, "", "body", INK, bold=True)
        self.name.pack(side="left", fill="x", expand=True)
        look.label(self, KEYS, "small", SECOND).pack(side="bottom", anchor="w", pady=(look.px(4), 0))
        self.well = tk.Canvas(self, bg=WELL, highlightthickness=2, highlightbackground=LINE, highlightcolor=BLUE, takefocus=True)
        self.well.pack(fill="both", expand=True)
        self.well.bind("<Configure>", lambda _: self._ask())
        self.well.bind("<Button-1>", self._grab)
        self.well.bind("<B1-Motion>", lambda event: self.well.scan_dragto(event.x, event.y, gain=1))
        self.well.bind("<Double-Button-1>", lambda _: self.zoom(1 if self._zoom == 0 else -9))
        self.well.bind("<MouseWheel>", lambda event: self._roll(-1 if event.delta > 0 else 1))
        self.well.bind("<Button-4>", lambda _: self._roll(-1))
        self.well.bind("<Button-5>", lambda _: self._roll(1))

    def open(self, item: Item | None) -> None:
        """Another document, from its first page."""
        self._item, self._page, self._pages = item, 0, item.pages if item else 0
        self._image = None
        self.well.delete("all")
        who = f"{item.title}   ·   {item.patient}" if item and item.patient else item.title if item else ""
        self.name.configure(text=who)
        self._ask()

    def turn(self, pages: int) -> None:
        """Go forward or back so many pages."""
        page = min(max(self._page + pages, 0), max(self._pages - 1, 0))
        if page != self._page:
            self._page = page
            self._ask()

    def zoom(self, steps: int) -> None:
        """Larger or smaller; the smallest is the whole page."""
        zoom = min(max(self._zoom + steps, 0), len(ZOOMS) - 1)
        if zoom != self._zoom:
            self._zoom = zoom
            self._ask()

    def show(self, item: Item, drawn: Picture | Exception, box: tuple[int, int]) -> None:
        """A picture that was asked for, unless something else is looked at by now."""
        if item is not self._item or box != self._box():
            return
        self.well.delete("all")
        wide, high = self.well.winfo_width(), self.well.winfo_height()
        if isinstance(drawn, Exception):
            words = "Không hiện được trang này.\nĐừng ký tài liệu này; báo người quản trị.\n\nThis page cannot be shown."
            self.well.create_text(wide / 2, high / 2, text=words, font=self._look.font("body"), fill=RED, justify="center")
            return
        if drawn.page != self._page:
            return
        self._pages = drawn.pages
        self._image = tk.PhotoImage(master=self, data=drawn.ppm)
        width, height = self._image.width(), self._image.height()
        left, top = max((wide - width) // 2, 0), max((high - height) // 2, 0)
        self.well.create_image(left, top, image=self._image, anchor="nw")
        self.well.create_rectangle(left - 1, top - 1, left + width, top + height, outline=EDGE)
        self.well.configure(scrollregion=(0, 0, max(wide, width), max(high, height)))
        self.well.xview_moveto(max(0.0, (width - wide) / 2 / max(width, 1)))
        self.well.yview_moveto(0)
        self._tell()

    @property
    def shown(self) -> tuple[int, int]:
        """The page that is looked at, from 1, and how many there are."""
        return self._page + 1, self._pages

    def _tell(self) -> None:
        self.turns.configure(text=f"trang {self._page + 1} / {self._pages}" if self._pages else "")

    def _box(self) -> tuple[int, int]:
        margin, factor = self._look.px(24), ZOOMS[self._zoom]
        wide, high = self.well.winfo_width() - margin, self.well.winfo_height() - margin
        if factor:
            return max(round(wide * factor), 40), LARGEST
        return max(wide, 40), max(high, 40)

    def _ask(self) -> None:
        self._tell()
        if self._item is None:
            self.well.delete("all")
            place = (self.well.winfo_width() / 2, self.well.winfo_height() / 2)
            room = max(self.well.winfo_width() - self._look.px(40), 40)
            self.well.create_text(*place, text=NOTHING, font=self._look.font("lead"), fill=SECOND, justify="center", width=room)
        elif self.well.winfo_width() > 1:
            self._wanted(self._item, self._page, self._box())

    def _grab(self, event: tk.Event[tk.Misc]) -> None:
        self.well.focus_set()
        self.well.scan_mark(event.x, event.y)

    def _roll(self, steps: int) -> None:
        """The wheel moves an enlarged page, and turns pages otherwise."""
        if self._zoom:
            self.well.yview_scroll(steps, "units")
        else:
            self.turn(steps)
