"""Drivers that fail on purpose: `tests/fakes/pkcs11_shim.c` before SoftHSM2, each with its own tokens and its own rules."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from signing.demo_authority import module

SOURCE = Path(__file__).parents[1] / "fakes" / "pkcs11_shim.c"


@cache
def _built() -> Path:
    """The module, compiled once for the run."""
    target = Path(mkdtemp(prefix="luuky-shim-"), "shim.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", target, SOURCE], check=True)
    return target


@dataclass(frozen=True)
class Driver:
    """A driver at a path, and what it was called for."""

    path: Path

    def rules(self, rules: str) -> None:
        """What fails from the next process on: `FUNCTION:WHEN:DEED;…`."""
        lines = [line for line in self._environment.read_text().splitlines() if not line.startswith("SHIM_RULES=")]
        self._environment.write_text("\n".join([*lines, f"SHIM_RULES={rules}", ""]))

    @property
    def calls(self) -> list[str]:
        """The functions that were called, in order, by all processes."""
        log = self.path.with_name(self.path.name + ".log")
        return log.read_text().split() if log.exists() else []

    @property
    def signed_for(self) -> float:
        """Seconds spent in C_Sign."""
        times = self.path.with_name(self.path.name + ".times")
        return sum(map(int, times.read_text().split())) / 1e6 if times.exists() else 0.0

    @property
    def _environment(self) -> Path:
        return self.path.with_name(self.path.name + ".env")


def driver(path: Path, conf: Path, rules: str = "") -> Driver:
    """A driver at a path for the tokens of a SoftHSM configuration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_built(), path)
    made = Driver(path)
    files = {"SHIM_LOG": f"{path}.log", "SHIM_TIMES": f"{path}.times"}
    values = {"SHIM_MODULE": module(), **files, "SOFTHSM2_CONF": conf, "SHIM_RULES": rules}
    path.with_name(path.name + ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return made
