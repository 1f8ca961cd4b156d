"""The list of documents: drawn on one canvas, only the rows that are seen, so that two hundred are as quick as two."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, replace

from luuky_agent.job import Item
from luuky_agent.look import BLUE, BLUE_WASH, EDGE, INK, LINE, SECOND, SHEET, THIRD, Look

ROW, THUMB = 78, (46, 64)
"""Pixels at 96 dpi: the height of a row, the box of its picture."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list. `said`: what became of it, with its colour. `signable`: it has a tick box."""

    item: Item
    signable: bool
    ticked: bool
    said: tuple[str, str] | None = None


class Listing(tk.Canvas):
    """Arrows choose, the space bar ticks. `chosen(row)` and `ticked()` are called when the person does so."""

    def __init__(self, parent: tk.Misc, look: Look, chosen: Callable[[int], None], ticked: Callable[[], None]) -> None:
        super().__init__(parent, bg=SHEET, highlightthickness=2, highlightbackground=LINE, highlightcolor=BLUE, takefocus=True)
        self._look, self._chosen, self._ticked = look, chosen, ticked
        self.rows: list[Row] = []
        self.current = 0
        self.pictures: dict[str, tk.PhotoImage] = {}
        self.wanted: Callable[[Item], None] = lambda _: None
        self._top = 0
        self._locked = False
        self.bar = tk.Scrollbar(
            parent, command=self._scrolled, width=look.px(12), bd=0, relief="flat", troughcolor=SHEET, bg=LINE
        )
        self.bind("<Configure>", lambda _: self.draw())
        self.bind("<Button-1>", self._clicked)
        self.bind("<MouseWheel>", lambda event: self._roll(-1 if event.delta > 0 else 1))
        self.bind("<Button-4>", lambda _: self._roll(-1))
        self.bind("<Button-5>", lambda _: self._roll(1))
        self.bind("<space>", lambda _: self.tick(self.current))
        for key, step in (("<Home>", -10_000), ("<End>", 10_000)):
            self.bind(key, lambda _, step=step: self.choose(self.current + step))  # type: ignore[misc]

    def show(self, rows: list[Row]) -> None:
        """Other rows; the first is chosen."""
        self.rows, self.current, self._top, self._locked = rows, 0, 0, False
        self.pictures.clear()
        self.draw()

    def lock(self, *, locked: bool) -> None:
        """While it is signed nothing can be ticked."""
        self._locked = locked

    def choose(self, index: int) -> None:
        """Go to a row and show it."""
        if self.rows:
            self.current = min(max(index, 0), len(self.rows) - 1)
            self._top = min(self._top, self.current * self._row)
            self._top = max(self._top, (self.current + 1) * self._row - self.winfo_height() + 4)
            self.draw()
            self._chosen(self.current)

    def see(self, name: str) -> None:
        """Bring a row into sight, without choosing it."""
        index = next((i for i, row in enumerate(self.rows) if row.item.id == name), self.current)
        self._top = min(self._top, index * self._row)
        self._top = max(self._top, (index + 1) * self._row - self.winfo_height() + 4)
        self.draw()

    def tick(self, index: int) -> None:
        """Tick or untick a row that can be signed."""
        if self.rows and self.rows[index].signable and not self._locked:
            self.rows[index] = replace(self.rows[index], ticked=not self.rows[index].ticked)
            self.draw()
            self._ticked()

    def tick_all(self) -> None:
        """Tick all, or none if all are."""
        if not self._locked:
            want = not all(row.ticked for row in self.rows if row.signable)
            self.rows = [replace(row, ticked=want and row.signable) for row in self.rows]
            self.draw()
            self._ticked()

    def say(self, name: str, said: tuple[str, str]) -> None:
        """What became of a document; it cannot be ticked any more."""
        self.rows = [
            replace(row, said=said, signable=False, ticked=False) if row.item.id == name else row for row in self.rows
        ]  # fmt: skip
        self.draw()

    @property
    def picked(self) -> list[Item]:
        """The documents that are ticked."""
        return [row.item for row in self.rows if row.ticked]

    @property
    def _row(self) -> int:
        return self._look.px(ROW)

    def draw(self) -> None:
        """Draw the rows that are seen, and ask for the pictures that they lack."""
        self.delete("all")
        height, whole = self.winfo_height(), self._row * len(self.rows)
        self._top = min(max(self._top, 0), max(whole - height, 0))
        for index in range(self._top // self._row, min((self._top + height) // self._row + 1, len(self.rows))):
            self._draw_row(index, index * self._row - self._top)
        self.bar.set(self._top / whole if whole else 0, (self._top + height) / whole if whole else 1)
        if (whole > height) != bool(self.bar.winfo_manager()):
            if self.bar.winfo_manager():
                self.bar.pack_forget()
            else:
                self.bar.pack(side="right", fill="y", before=self)

    def _draw_row(self, index: int, top: int) -> None:
        row, px, width = self.rows[index], self._look.px, self.winfo_width()
        if index == self.current:
            self.create_rectangle(0, top, width, top + self._row, fill=BLUE_WASH, width=0)
            self.create_rectangle(0, top, px(4), top + self._row, fill=BLUE, width=0)
        self.create_line(0, top + self._row - 1, width, top + self._row - 1, fill=LINE)
        self._draw_tick(row, top + self._row // 2)
        left, above = px(44), top + px(7)
        self.create_rectangle(left, above, left + px(THUMB[0]), above + px(THUMB[1]), fill="white", outline=EDGE)
        if row.item.id in self.pictures:
            place = (left + px(THUMB[0]) // 2, above + px(THUMB[1]) // 2)
            self.create_image(*place, image=self.pictures[row.item.id])
        else:
            self.wanted(row.item)
        self._draw_words(row, left + px(THUMB[0] + 12), above, width)

    def _draw_words(self, row: Row, left: int, above: int, width: int) -> None:
        px, look, item = self._look.px, self._look, row.item
        room = width - left - px(10)
        colour = INK if row.signable or row.said else THIRD
        title = look.fitted(item.title, look.font("body", bold=True), room)
        self.create_text(left, above, text=title, font=look.font("body", bold=True), fill=colour, anchor="nw")
        whose = look.fitted(item.patient or "", look.font("meta"), room)
        self.create_text(left, above + px(21), text=whose, font=look.font("meta"), fill=SECOND, anchor="nw")
        text, shade = row.said or (f"{item.pages} trang · {item.role}", THIRD)
        letters, code = look.font("meta", bold=row.said is not None), 0
        if row.said is None:
            code = look.fixed.measure(item.check) + px(10)
            self.create_text(width - px(10), above + px(44), text=item.check, font=look.fixed, fill=SECOND, anchor="ne")
        self.create_text(
            left, above + px(42), text=look.fitted(text, letters, room - code), font=letters, fill=shade, anchor="nw"
        )

    def _draw_tick(self, row: Row, middle: int) -> None:
        px = self._look.px
        left, top, side = px(15), middle - px(9), px(18)
        if not row.signable and not row.ticked:
            return
        self.create_rectangle(
            left, top, left + side, top + side, fill=BLUE if row.ticked else "white", outline=BLUE if row.ticked else EDGE,
            width=px(1.5),
        )  # fmt: skip
        if row.ticked:
            points = [(left + side * x, top + side * y) for x, y in ((0.22, 0.52), (0.42, 0.72), (0.78, 0.28))]
            self.create_line(*points, fill="white", width=px(2.2), capstyle="round", joinstyle="round")

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        index = (event.y + self._top) // self._row
        if index < len(self.rows):
            if event.x < self._look.px(42):
                self.tick(index)
            self.choose(index)

    def _roll(self, rows: int) -> None:
        self._top += rows * self._row
        self.draw()

    def _scrolled(self, how: str, amount: str, unit: str = "") -> None:
        """What the scroll bar asks for."""
        if how == "moveto":
            self._top = round(float(amount) * self._row * len(self.rows))
        else:
            self._top += int(amount) * (self.winfo_height() if unit == "pages" else self._row)
        self.draw()
