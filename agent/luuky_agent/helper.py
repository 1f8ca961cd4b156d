"""Which program holds a module: the agent's own, or, for a module of other bits, the helper named in the settings or beside it.

A 32-bit DLL cannot be loaded by a 64-bit agent; many vendors install no other. The helper is the same `token_process`, run by a
32-bit interpreter, or packed as `luuky-token-32.exe`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from luuky_agent.binary import OWN_BITS, bits
from luuky_agent.errors import away

PROCESS = ["-m", "luuky_agent.token_process"]


def command(module: str, helper: str | None) -> list[str]:
    """The command line that serves a module. `helper`: an interpreter (`python…`) or a program. Raises AgentError."""
    wanted = bits(Path(module))
    if wanted in (None, OWN_BITS):
        return [*_own(), module]
    beside = Path(sys.executable).with_name(f"luuky-token-{wanted}.exe")
    program = Path(helper) if helper is not None else beside
    if not program.is_file():
        raise away(
            "other_bits",
            f"Trình điều khiển {module} là bản {wanted} bit, cần chương trình phụ {program.name}. Hãy cài lại bàn ký bản đầy đủ.",
            f"The driver {module} is made for {wanted} bits and needs the helper {program.name}. Install the full agent.",
        )
    return [str(program), *(PROCESS if program.name.startswith("python") else ()), module]


def _own() -> list[str]:
    """A packed agent is no interpreter: its twin beside it holds the module."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name("luuky-token").with_suffix(Path(sys.executable).suffix))]
    return [sys.executable, *PROCESS]
