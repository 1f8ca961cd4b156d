"""The one reader of the environment: every setting of every room from `LUUKY_…` variables.

`LUUKY_DATA` and the others of `ROOTS` stand for themselves; a field `level` of the room `ocr` is `LUUKY_OCR_LEVEL`. A name that
is none is told on stderr, so that a misspelt setting is not silently ignored. `docs/reference/settings.md` lists all.
"""

from __future__ import annotations

import getpass
import logging
import os
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

from domain.errors import Refused
from pipeline.settings import Settings

log = logging.getLogger("luuky.settings")
ROOTS = {"LUUKY_DATA": "storage.data", "LUUKY_DATABASE_URL": "storage.database_url"}


def settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environ`; without one those of this process, which then sees the tokens of a trial on its store.

    Raises Refused `setting` for a value that cannot be understood.
    """
    given = {name: value for name, value in (os.environ if environ is None else environ).items() if name.startswith("LUUKY_")}
    values: dict[str, Any] = {}
    known = names()
    for name in given:
        if name not in known:
            log.warning("there is no setting %s; see docs/reference/settings.md", name)
    data = Path(given.get("LUUKY_DATA") or _default_data(environ or os.environ))
    for room in fields(Settings):
        kind = typing.get_type_hints(Settings)[room.name]
        if not hasattr(kind, "__dataclass_fields__"):
            if variable(room.name) in given:
                values[room.name] = _parsed(variable(room.name), kind, given[variable(room.name)])
            continue
        values[room.name] = _room(room.name, kind, given, data)
    tokens = data / "demo" / "softhsm2.conf"
    if environ is None and tokens.exists():  # only a trial has any: whoever works on its store sees its tokens
        os.environ["SOFTHSM2_CONF"] = str(tokens)
    return Settings(**values)


def actor() -> str:
    """Who acts, for the history: `cli:` and the system's user."""
    return f"cli:{getpass.getuser()}"


def with_judge(given: Settings) -> Settings:
    """The same settings with the veraPDF that set-up installed, where one is there and `LUUKY_PDFA_VERAPDF` is not set.

    Set to nothing, it says that no file is to be judged.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "luuky" / "judges" / "verapdf"
    if variable("pdfa.verapdf") in os.environ or not home.is_dir():
        return given
    return replace(given, pdfa=replace(given.pdfa, verapdf=home))


def names() -> dict[str, tuple[str, Any, Any]]:
    """Every variable: its path (`ocr.level`), type and default."""
    found: dict[str, tuple[str, Any, Any]] = {}
    for room in fields(Settings):
        kind = typing.get_type_hints(Settings)[room.name]
        if not hasattr(kind, "__dataclass_fields__"):
            found[variable(room.name)] = (room.name, kind, room.default)
            continue
        for field in fields(kind):
            path = f"{room.name}.{field.name}"
            found[variable(path)] = (path, typing.get_type_hints(kind)[field.name], field.default)
    return found


def variable(path: str) -> str:
    """`ocr.level` → `LUUKY_OCR_LEVEL`."""
    special = next((name for name, place in ROOTS.items() if place == path), None)
    return special or "LUUKY_" + path.replace(".", "_").upper()


def _room(room: str, kind: Any, given: Mapping[str, str], data: Path) -> Any:
    hints, values = typing.get_type_hints(kind), {}
    for field in fields(kind):
        name = variable(f"{room}.{field.name}")
        if name in given:
            values[field.name] = _parsed(name, hints[field.name], given[name])
        elif field.name == "data" and field.default is MISSING:
            values[field.name] = data
    return kind(**values)


def _parsed(name: str, kind: Any, text: str) -> Any:
    if isinstance(kind, types.UnionType):
        if not text:
            return None
        kind = next(choice for choice in typing.get_args(kind) if choice is not type(None))
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.casefold()]
        if typing.get_origin(kind) is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return kind(text)
    except (KeyError, ValueError) as error:
        raise Refused("setting", f"Giá trị của {name} không hợp lệ.", f"The value of {name} is not valid.") from error


def _default_data(environ: Mapping[str, str]) -> Path:
    home = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME", "/root")) / ".local" / "share")
    return Path(home) / "luuky"
