"""What IT laid down for every desk when it installed the agent: where the server is, and whom to trust for its TLS.

On Windows the installer writes both into the registry (`SERVER=`, `CA=`): into the computer's part, or, where a person without an
administrator's rights installed it, into the person's. Elsewhere there is nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

if sys.platform == "win32":
    import winreg

PLACE = r"Software\LuuKy"


@dataclass(frozen=True, slots=True)
class Laid:
    """Empty where nothing was laid down. `authority`: a CA file."""

    server: str = ""
    authority: str = ""


def laid(registry: Any = None) -> Laid:
    """What is there. `registry`: the module winreg, or what has its interface."""
    if sys.platform == "win32" and registry is None:
        registry = winreg
    if registry is None:
        return Laid()
    for root in (registry.HKEY_LOCAL_MACHINE, registry.HKEY_CURRENT_USER):
        try:
            with registry.OpenKey(root, PLACE) as key:
                return Laid(_value(registry, key, "Server"), _value(registry, key, "Authority"))
        except OSError:
            continue
    return Laid()


def _value(registry: Any, key: Any, name: str) -> str:
    try:
        return str(registry.QueryValueEx(key, name)[0])
    except OSError:
        return ""
