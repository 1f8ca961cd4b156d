"""The watched folders and their profiles, from `folders.toml` in the data folder:

[[folder]]
name = "may-quet-1"
path = "/srv/scans/1"        # default: watch/NAME below the data folder
scanner = "Fujitsu fi-7160"
department = "Khoa Nội"
kind = "Giấy ra viện"        # a hint for filing
after = "delete"             # or "keep": received files move to _da-nhan/ instead
"""

from __future__ import annotations

import enum
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import Refused

DEFAULT_NAME = "may-quet-1"
UPLOAD_SEPARATOR = "~"


class After(enum.StrEnum):
    """What happens to a watched file once its document is committed."""

    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Profile:
    """One watched folder."""

    name: str
    path: Path
    scanner: str | None = None
    department: str | None = None
    kind: str | None = None
    after: After = After.DELETE
    uploads: bool = False
    """Files come from the web pages: they are urgent, and named `login~name` for who sent them."""


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """The folders, and how patient the watcher is (seconds)."""

    profiles: tuple[Profile, ...]
    look_every: float = 2.0
    """A periodic look, because network shares send no events."""
    stable_for: float = 1.0
    """A file is taken when its size and time have not changed for so long."""
    patience: float = 120.0
    """A file that stays incomplete for so long is laid aside as half-copied."""


def watch_settings(data: Path) -> WatchSettings:
    """The settings of a store. Raises Refused `folders_file` if the file cannot be understood."""
    path = data / "folders.toml"
    uploads = Profile("upload", data / "uploads", uploads=True)
    if not path.exists():
        return WatchSettings((Profile(DEFAULT_NAME, data / "watch" / DEFAULT_NAME), uploads))
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
        profiles = tuple(_profile(folder, data) for folder in value.pop("folder"))
        return WatchSettings((*profiles, uploads), **value)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise Refused(
            "folders_file",
            "Không hiểu tệp folders.toml; xem docs/reference/settings.md.",
            f"folders.toml cannot be understood ({type(error).__name__}); see docs/reference/settings.md.",
        ) from error


def _profile(value: dict[str, Any], data: Path) -> Profile:
    name = value["name"]
    path = Path(value.get("path") or data / "watch" / name)
    return Profile(
        name, path, value.get("scanner"), value.get("department"), value.get("kind"), After(value.get("after", After.DELETE))
    )  # fmt: skip
