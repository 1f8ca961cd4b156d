"""Where tokens' PKCS#11 modules may be: what the person said first, then the names that vendors use."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any


def candidates(said: str | None, folders: Sequence[str] | None = None) -> list[str]:
    """Paths of modules to try, best first; each file once. `folders`: patterns, the vendors' own unless given."""
    known = _known()
    places = list(_folders(known["folders"] if folders is None else folders))
    found = [place / name for name in known["names"] for place in places if (place / name).is_file()]
    told = [] if said is None else [said]
    return [*told, *_each_once((str(path) for path in found), {os.path.realpath(one) for one in told})]


def _each_once(paths: Iterable[str], seen: set[str]) -> Iterator[str]:
    """A file that two folders link to is tried once."""
    for path in paths:
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            yield path


def _folders(patterns: Sequence[str]) -> Iterator[Path]:
    """Variables such as %ProgramFiles% are filled in where the system knows them."""
    for pattern in patterns:
        for place in sorted(glob.glob(os.path.expandvars(pattern))):  # noqa: PTH207 - the pattern is absolute
            if Path(place).is_dir():
                yield Path(place)


def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(files("luuky_agent").joinpath("data/modules.json").read_text(encoding="utf-8"))
    return known
