"""Calls functions that the web does not load (they draw pages, open pictures) in a process of their own, which may die of it.

Started for one call, so that nothing of it is left; half a second each.
"""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
from typing import Any

from domain.errors import Broken, LuukyError

_SECONDS = 60.0


def apart(function: str, *given: Any) -> Any:
    """`function` as `module:name`, with values that can be pickled. Raises what it raises, and Broken if its process dies."""
    command = [sys.executable, "-m", "pipeline.apart", function]
    try:
        done = subprocess.run(command, input=pickle.dumps(given), capture_output=True, timeout=_SECONDS, check=True)
        value = pickle.loads(done.stdout)  # noqa: S301 - written by the process that was just started
    except (subprocess.SubprocessError, EOFError, pickle.UnpicklingError) as error:
        raise _died() from error
    if isinstance(value, LuukyError):
        raise value
    return value


def _answer(function: str) -> None:
    """The process."""
    module, _, name = function.partition(":")
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the process that started this one
    try:
        value = getattr(importlib.import_module(module), name)(*given)
    except LuukyError as error:
        value = error
    pickle.dump(value, sys.stdout.buffer)


def _died() -> Broken:
    return Broken(
        "killed_process",
        "Chương trình vẽ trang dừng đột ngột hoặc chạy mãi không xong. Hãy thử lại; nếu vẫn vậy, hãy báo người quản trị.",
        "The program that draws pages stopped or went on for ever. Try again; if it stays so, call the administrator.",
    )


if __name__ == "__main__":
    _answer(sys.argv[1])
