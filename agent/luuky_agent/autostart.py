"""Starting with the person's desk: a file of the desktop (XDG), or a value in the person's own Run key (Windows)."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if sys.platform == "win32":
    import winreg

NAME = "luuky-agent"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
DESKTOP = """[Desktop Entry]
Type=Application
Name=Lưu Ký – bàn ký
Comment=Ký tài liệu bằng USB ký số
Exec={command}
Terminal=false
X-GNOME-Autostart-enabled=true
"""


def command() -> list[str]:
    """What is started: the window, as an icon until something waits."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name("luuky-desk").with_suffix(Path(sys.executable).suffix)), "run", "--quiet"]
    return [_without_console(sys.executable), "-m", "luuky_agent.main", "run", "--quiet"]


def turn(*, on: bool, folder: Path | None = None, registry: Any = None) -> None:
    """Switch it. `folder`: the person's autostart folder; `registry`: the module winreg, or what has its interface."""
    if sys.platform == "win32" and registry is None:
        registry = winreg
    if registry is not None:
        _turn_in_registry(registry, command(), on=on)
    else:
        _turn_in_folder(folder or _autostart_folder(), command(), on=on)


def _turn_in_folder(folder: Path, line: Sequence[str], *, on: bool) -> None:
    path = folder / f"{NAME}.desktop"
    if not on:
        path.unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(DESKTOP.format(command=shlex.join(line)), encoding="utf-8")


def _turn_in_registry(registry: Any, line: Sequence[str], *, on: bool) -> None:
    with registry.CreateKey(registry.HKEY_CURRENT_USER, RUN) as key:
        if on:
            registry.SetValueEx(key, NAME, 0, registry.REG_SZ, subprocess.list2cmdline(line))
            return
        try:
            registry.DeleteValue(key, NAME)
        except FileNotFoundError:
            return


def _without_console(interpreter: str) -> str:
    """Windows' Python has a twin that opens no black window."""
    twin = Path(interpreter).with_name("pythonw.exe")
    return str(twin) if twin.is_file() else interpreter


def _autostart_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart"
