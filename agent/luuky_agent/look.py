"""How the window looks: the colours, sizes and letters of the product's screens, at whatever scale the desk's display has."""

from __future__ import annotations

import ctypes
import sys
import tkinter as tk
from contextlib import suppress
from importlib.resources import files
from tkinter.font import BOLD, NORMAL, Font, families

GROUND, SHEET, RAIL, WELL, LINE, EDGE = "#efebe2", "#fbf9f4", "#e4decf", "#cbc4b4", "#d6cfbf", "#857a65"
INK, SECOND, THIRD = "#1d1a15", "#4c4539", "#625a4b"
BLUE, BLUE_DEEP, BLUE_WASH = "#1b4a8c", "#12346a", "#dfe6ef"
RED, RED_WASH, GREEN, GREEN_WASH = "#a3191d", "#f4dfd8", "#22603a", "#dde8d8"
AMBER, AMBER_WASH = "#6b4e00", "#fff1c2"
FAMILIES = ("Be Vietnam Pro", "Segoe UI", "Noto Sans", "DejaVu Sans")
FIXED = ("Consolas", "Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono")
SIZES = {"small": 12, "meta": 13, "body": 14, "lead": 16, "title": 20, "pin": 22}


LEAST_HIGH = 730
"""Pixels at 96 dpi that a screen must have in height for all that may stand beside the PIN. A lower one is drawn smaller."""


class Look:
    """Sizes in pixels of this display for sizes in pixels at 96 dpi, and the letters."""

    def __init__(self, root: tk.Misc) -> None:
        self._scale = max(min(root.winfo_fpixels("1i") / 96, root.winfo_screenheight() / LEAST_HIGH), 1.0)
        there = set(families(root))
        family = next((name for name in FAMILIES if name in there), "TkDefaultFont")
        fixed = next((name for name in FIXED if name in there), "TkFixedFont")
        self._fonts = {
            (name, weight): Font(root, family=family, size=-self.px(size), weight=weight)
            for name, size in SIZES.items()
            for weight in (NORMAL, BOLD)
        }
        self.fixed = Font(root, family=fixed, size=-self.px(12))

    def px(self, size: float) -> int:
        """Pixels here for pixels at 96 dpi."""
        return round(size * self._scale)

    def font(self, name: str = "body", *, bold: bool = False) -> Font:
        """Letters of a named size."""
        return self._fonts[name, BOLD if bold else NORMAL]

    def label(self, parent: tk.Misc, text: str = "", size: str = "body", colour: str = INK, *, bold: bool = False) -> tk.Label:
        """A label on its parent's colour."""
        made = tk.Label(parent, text=text, anchor="w", justify="left", bd=0, padx=0, pady=0)
        made.configure(fg=colour, bg=str(parent["bg"]), font=self.font(size, bold=bold))
        return made

    def button(self, parent: tk.Misc, text: str, *, main: bool = False) -> tk.Button:
        """A flat button; a ring shows where the keyboard is."""
        colours = (BLUE, "white", BLUE_DEEP) if main else (SHEET, INK, RAIL)
        made = tk.Button(
            parent, text=text, bg=colours[0], fg=colours[1], activebackground=colours[2], activeforeground=colours[1]
        )
        made.configure(font=self.font("body", bold=main), relief="flat", bd=0, padx=self.px(12), pady=self.px(6))
        made.configure(highlightthickness=2, highlightbackground=BLUE if main else EDGE, highlightcolor=INK if main else BLUE)
        made.configure(disabledforeground="#b9c6da" if main else "#a39b8b")
        return made

    def fitted(self, text: str, letters: Font, width: int) -> str:
        """The text, cut with an ellipsis where it would be wider."""
        if letters.measure(text) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if letters.measure(text[:middle] + "…") <= width else (low, middle - 1)
        return text[:low].rstrip() + "…"


def dressed(root: tk.Tk) -> None:
    """The product's picture, for the task bar and the window's corner."""
    data = files("luuky_agent").joinpath("data/luuky.png").read_bytes()
    root.iconphoto(True, tk.PhotoImage(master=root, data=data))  # noqa: FBT003 - Tk's own signature


def at_own_resolution() -> None:
    """On Windows: the window is drawn at the display's own resolution, not enlarged and blurred by the system."""
    if sys.platform == "win32":
        with suppress(OSError):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
