"""The icon beside the clock on Windows: Shell_NotifyIconW and a window that is never shown, in a thread of their own.

Structures, messages and constants are those of shellapi.h and winuser.h (Windows SDK), version 4 of the icon's protocol left
aside: messages come as Windows 2000 had them, which every later one still sends.
"""

from __future__ import annotations

import ctypes
import queue
import sys
import threading
from collections.abc import Callable
from ctypes import byref, c_int, c_ssize_t, c_uint32, c_void_p, c_wchar, c_wchar_p, sizeof
from importlib.resources import as_file, files
from typing import Any

ADD, MODIFY, DELETE = 0, 1, 2
"""NIM_ADD, NIM_MODIFY, NIM_DELETE."""
MESSAGE, ICON, TIP, INFO = 0x01, 0x02, 0x04, 0x10
"""NIF_MESSAGE, NIF_ICON, NIF_TIP, NIF_INFO."""
CALLED, CLOSE, DESTROY = 0x8001, 0x0010, 0x0002
"""WM_APP + 1, WM_CLOSE, WM_DESTROY."""
LEFT_UP, RIGHT_UP, NOTE_CLICKED = 0x0202, 0x0205, 0x0405
"""WM_LBUTTONUP, WM_RBUTTONUP, NIN_BALLOONUSERCLICK."""
FROM_FILE, CHOSEN_ONLY = 0x10, 0x0100
"""LR_LOADFROMFILE, TPM_RETURNCMD."""
SMALL_WIDE, SMALL_HIGH = 49, 50
"""SM_CXSMICON, SM_CYSMICON."""
READY_WITHIN = 10.0
"""Seconds for Windows to make the hidden window."""


class IconData(ctypes.Structure):
    """NOTIFYICONDATAW."""

    _fields_ = [
        ("size", c_uint32), ("window", c_void_p), ("id", c_uint32), ("flags", c_uint32), ("message", c_uint32),
        ("icon", c_void_p), ("tip", c_wchar * 128), ("state", c_uint32), ("state_mask", c_uint32), ("info", c_wchar * 256),
        ("version", c_uint32), ("head", c_wchar * 64), ("info_flags", c_uint32), ("guid", ctypes.c_ubyte * 16),
        ("balloon", c_void_p),
    ]  # fmt: skip


class WindowClass(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = [
        ("style", c_uint32), ("procedure", c_void_p), ("class_extra", c_int), ("window_extra", c_int), ("instance", c_void_p),
        ("icon", c_void_p), ("cursor", c_void_p), ("ground", c_void_p), ("menu", c_wchar_p), ("name", c_wchar_p),
    ]  # fmt: skip


class Point(ctypes.Structure):
    """POINT."""

    _fields_ = [("x", c_int), ("y", c_int)]


class Message(ctypes.Structure):
    """MSG."""

    _fields_ = [
        ("window", c_void_p), ("message", c_uint32), ("wide", c_void_p), ("long", c_void_p), ("time", c_uint32), ("at", Point),
    ]  # fmt: skip


def _libraries() -> tuple[Any, Any, Any]:
    """user32, shell32 and kernel32 with the types of what is called."""
    if sys.platform != "win32":
        raise OSError("there is no such icon outside Windows")
    user32, shell32, kernel32 = (ctypes.WinDLL(name, use_last_error=True) for name in ("user32", "shell32", "kernel32"))
    handle, number = c_void_p, c_uint32
    for library, name, result, arguments in (
        (user32, "RegisterClassW", ctypes.c_uint16, (c_void_p,)),
        (user32, "RegisterWindowMessageW", number, (c_wchar_p,)),
        (
            user32, "CreateWindowExW", handle,
            (number, c_wchar_p, c_wchar_p, number, c_int, c_int, c_int, c_int, handle, handle, handle, c_void_p),
        ),
        (user32, "DefWindowProcW", c_ssize_t, (handle, number, c_void_p, c_void_p)),
        (user32, "DestroyWindow", c_int, (handle,)),
        (user32, "PostMessageW", c_int, (handle, number, c_void_p, c_void_p)),
        (user32, "GetMessageW", c_int, (c_void_p, handle, number, number)),
        (user32, "DispatchMessageW", c_ssize_t, (c_void_p,)),
        (user32, "PostQuitMessage", None, (c_int,)),
        (user32, "LoadImageW", handle, (handle, c_wchar_p, number, c_int, c_int, number)),
        (user32, "CreatePopupMenu", handle, ()),
        (user32, "AppendMenuW", c_int, (handle, number, c_void_p, c_wchar_p)),
        (user32, "TrackPopupMenu", c_int, (handle, number, c_int, c_int, c_int, handle, c_void_p)),
        (user32, "DestroyMenu", c_int, (handle,)),
        (user32, "GetCursorPos", c_int, (c_void_p,)),
        (user32, "SetForegroundWindow", c_int, (handle,)),
        (user32, "GetSystemMetrics", c_int, (c_int,)),
        (shell32, "Shell_NotifyIconW", c_int, (number, c_void_p)),
        (kernel32, "GetModuleHandleW", handle, (c_wchar_p,)),
    ):  # fmt: skip
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return user32, shell32, kernel32


class WindowsTray:
    """The icon; `open`, `pause` and `leave` are what its menu does. Raises OSError where Windows makes no window."""

    def __init__(self, open_: Callable[[], None], pause: Callable[[], None], leave: Callable[[], None]) -> None:
        self._user32, self._shell32, self._kernel32 = _libraries()
        self._deeds = {1: open_, 2: pause, 3: leave}
        self.shown = False
        self._paused = False
        self._came_back = 0
        self._window: int | None = None
        self._data = IconData(size=sizeof(IconData), id=1)
        ready: queue.Queue[int | None] = queue.Queue()
        self._thread = threading.Thread(target=self._live, args=(ready,), daemon=True)
        self._thread.start()
        self._window = ready.get(timeout=READY_WITHIN)
        if self._window is None:
            raise OSError("Windows made no window for the icon")

    def tell(self, tip: str, *, paused: bool) -> None:
        """What stands beside the icon (at most 127 characters), and whether the menu offers to go on."""
        self._paused = paused
        self._data.tip = tip[:127]
        self._put(MODIFY, MESSAGE | ICON | TIP)

    def notify(self, head: str, text: str) -> None:
        """A short note beside the clock; a click opens the window."""
        self._data.head, self._data.info, self._data.info_flags = head[:63], text[:255], 1
        self._put(MODIFY, INFO)
        self._data.head, self._data.info = "", ""

    def close(self) -> None:
        """Take the icon away."""
        if self._window is not None:
            self._user32.PostMessageW(self._window, CLOSE, None, None)
            self._thread.join(READY_WITHIN)
            self._window = None

    # ---- in its own thread

    def _live(self, ready: queue.Queue[int | None]) -> None:
        """The window belongs to the thread that makes it, and so do its messages."""
        if sys.platform != "win32":
            return
        self._procedure = ctypes.WINFUNCTYPE(c_ssize_t, c_void_p, c_uint32, c_void_p, c_void_p)(self._heard)
        self._came_back = self._user32.RegisterWindowMessageW("TaskbarCreated")
        instance = self._kernel32.GetModuleHandleW(None)
        address = ctypes.cast(self._procedure, c_void_p)
        made = WindowClass(procedure=address, instance=instance, name="LuuKyTray")
        self._user32.RegisterClassW(byref(made))
        nowhere = (0, 0, 0, 0, None, None, instance, None)
        window = self._user32.CreateWindowExW(0, "LuuKyTray", "Lưu Ký", 0, *nowhere)
        if window:
            self._data.window, self._data.message, self._data.icon = window, CALLED, self._picture()
            self._data.tip = "Lưu Ký – bàn ký"
            self.shown = self._put(ADD, MESSAGE | ICON | TIP)
        ready.put(window)
        message = Message()
        while window and self._user32.GetMessageW(byref(message), None, 0, 0) > 0:
            self._user32.DispatchMessageW(byref(message))

    def _heard(self, window: int, message: int, wide: int | None, long: int | None) -> int:
        if message == CALLED and long in (LEFT_UP, NOTE_CLICKED):
            self._deeds[1]()
        elif message == CALLED and long == RIGHT_UP:
            self._ask(window)
        elif message == self._came_back:  # the task bar was started anew: it knows no icons
            self.shown = self._put(ADD, MESSAGE | ICON | TIP)
        elif message == CLOSE:
            self._put(DELETE, 0)
            self._user32.DestroyWindow(window)
        elif message == DESTROY:
            self._user32.PostQuitMessage(0)
        else:
            return int(self._user32.DefWindowProcW(window, message, wide, long))
        return 0

    def _ask(self, window: int) -> None:
        """The menu. Without the foreground it would stay when the person clicks elsewhere."""
        menu, at = self._user32.CreatePopupMenu(), Point()
        pause = "Hoạt động lại · Go on" if self._paused else "Tạm dừng · Pause"
        for number, words in ((1, "Mở bàn ký · Open"), (2, pause), (3, "Thoát · Quit")):
            self._user32.AppendMenuW(menu, 0, number, words)
        self._user32.GetCursorPos(byref(at))
        self._user32.SetForegroundWindow(window)
        chosen = self._user32.TrackPopupMenu(menu, CHOSEN_ONLY, at.x, at.y, 0, window, None)
        self._user32.DestroyMenu(menu)
        self._deeds.get(chosen, lambda: None)()

    def _picture(self) -> int | None:
        """The icon of the size that this display wants."""
        wide, high = (self._user32.GetSystemMetrics(number) for number in (SMALL_WIDE, SMALL_HIGH))
        with as_file(files("luuky_agent").joinpath("data/luuky.ico")) as path:
            found: int | None = self._user32.LoadImageW(None, str(path), 1, wide, high, FROM_FILE)
            return found

    def _put(self, how: int, what: int) -> bool:
        self._data.flags = what
        return bool(self._shell32.Shell_NotifyIconW(how, byref(self._data)))
