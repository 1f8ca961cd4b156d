"""The recognisers that a house has taught on, and which of them reads.

    DATA/recogniser/VERSION/     recogniser.onnx, recogniser.json
    DATA/recogniser/current      a link to one of them; none: the packaged recogniser reads

Each card names the version that it followed, so that going back needs no other record. Light: nothing here loads a network.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import Broken, PartMissing, Refused
from ocr import weights

FOLDER = "recogniser"
_CURRENT, _CARD = "current", "recogniser.json"
_OWN = "house"
"""The member of a card that is the house's own."""


@dataclass(frozen=True, slots=True)
class Taught:
    """One version: after which it came (None: the packaged one), when (ISO 8601), on which packaged one it rests (its mark), and
    the errors that decided, before and after.
    """

    version: str
    follows: str | None
    at: str
    rests_on: str
    figures: Mapping[str, Any]


def in_use(data: Path) -> Path | None:
    """The folder of the version that reads; None: the packaged one does."""
    link = data / FOLDER / _CURRENT
    return link.parent / link.readlink() if link.is_symlink() else None


def whole(data: Path) -> Path | None:
    """As `in_use`, and its files are what its card says. Raises Broken."""
    folder = in_use(data)
    if folder is not None:
        try:
            weights.checked(folder / weights.RECOGNISER, weights.card(folder).sha256)
        except (Broken, PartMissing) as error:
            raise damaged(folder.name) from error
    return folder


def versions(data: Path) -> list[Taught]:
    """All of them, oldest first."""
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in (data / FOLDER).glob(f"*/{_CARD}")]
    return sorted((_taught(card) for card in cards if _OWN in card), key=lambda taught: taught.at)


def next_version(data: Path) -> str:
    """A name that none has had: the packaged version and a number."""
    packaged = weights.card(weights.FOLDER).version
    taken = {path.name for path in (data / FOLDER).glob("*")}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{packaged}-h{number}") not in taken)


def card(data: Path, version: str, at: str) -> dict[str, Any]:
    """The card of a version to come: that of the one in use, with what is its own."""
    before = in_use(data)
    known: dict[str, Any] = json.loads(((before or weights.FOLDER) / _CARD).read_text(encoding="utf-8"))
    rests_on = known[_OWN]["rests_on"] if before else known["sha256"][:8]
    return {**known, "version": version, _OWN: {"follows": before and before.name, "at": at, "rests_on": rests_on}}


def adopt(data: Path, made: Path, version: str, figures: Mapping[str, Any]) -> None:
    """Take the folder `made` (on the same file system) as a version, write what decided into its card, and let it read."""
    path = made / _CARD
    known = json.loads(path.read_text(encoding="utf-8"))
    known[_OWN]["figures"] = figures
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    made.rename(data / FOLDER / version)
    _point(data / FOLDER, version)


def back(data: Path) -> tuple[str, str | None]:
    """Let the version before read again. Gives the one that is left, and the one that reads now (None: the packaged one).

    Raises Refused.
    """
    now = in_use(data)
    if now is None:
        raise Refused(
            "no_way_back",
            "Đang dùng bộ nhận dạng gốc của Lưu Ký, không còn bản nào trước đó.",
            "The packaged recogniser is in use; there is none before it.",
        )
    before = next((taught.follows for taught in versions(data) if taught.version == now.name), None)
    if before and (now.parent / before).is_dir():
        _point(now.parent, before)
        return now.name, before
    (now.parent / _CURRENT).unlink()
    return now.name, None


def damaged(version: str) -> Broken:
    """What to say when a version cannot be read with."""
    return Broken(
        "taught_recogniser_damaged",
        f"Bộ nhận dạng {version} đã huấn luyện tại cơ sở bị hỏng. Hãy chạy `luuky ocr back`.",
        f"The recogniser {version} that this house taught is damaged. Run `luuky ocr back`.",
    )


def _point(home: Path, version: str) -> None:
    """At once or not at all."""
    draft = home / f".{_CURRENT}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(version)
    draft.replace(home / _CURRENT)


def _taught(card: Mapping[str, Any]) -> Taught:
    own = card[_OWN]
    return Taught(card["version"], own["follows"], own["at"], own["rests_on"], own["figures"])
