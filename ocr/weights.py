"""The packaged files of the networks: what they are, and that they are whole. Light: nothing here loads a network."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Broken, PartMissing

FOLDER = Path(__file__).with_name("models")
RECOGNISER = "recogniser.onnx"
BESIDE = {
    "hands.onnx": "566b132dbfe3c3c6057aacb1dc4274b2c31dafbe9593b9b56e325cef7e92a406",
    "det.onnx": "f2bd4cba23e9c328cf7ec824634e423e191a2c6aacbbf35c62bd79dd70f62f59",
    "orient.onnx": "20eaf670f55a7cf9facfe1bdd6c7b8e40be75bbf4d48a3df43f66aa3bbd874fd",
}
"""The packaged files without which no recogniser reads, taught ones neither, and their SHA-256."""


@dataclass(frozen=True, slots=True)
class Card:
    """What `recogniser.json` says of the network beside it."""

    version: str
    language: str
    charset: tuple[str, ...]
    """The character of output n is `charset[n - 1]`; 0 is none."""
    height: int
    """Pixels of a strip from top to bottom."""
    stride: int
    """Columns of a strip per step of output."""
    multiple: int
    """What the width of a batch is a multiple of, in pixels."""
    sha256: str
    """Of the network's file, in hex."""

    @property
    def name(self) -> str:
        """Name, version with the file's own mark, and language, such as `luuky 1.0+3f9a21c4 vie`."""
        return f"luuky {self.version}+{self.sha256[:8]} {self.language}"


def installed(folder: Path = FOLDER) -> bool:
    """Whether the recogniser was installed at all."""
    return (folder / RECOGNISER).exists()


def card(folder: Path) -> Card:
    """The recogniser's card. Raises PartMissing, Broken."""
    path = folder / "recogniser.json"
    try:
        said = json.loads(_bytes(path))
        return Card(
            str(said["version"]), str(said["language"]), tuple(map(str, said["charset"])),
            int(said["height"]), int(said["stride"]), int(said["multiple"]), str(said["sha256"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def checked(path: Path, sha256: str) -> bytes:
    """A file whose SHA-256 is `sha256` (hex). Raises PartMissing where it is not there, Broken where it is another."""
    data = _bytes(path)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(path)
    return data


def size(folder: Path) -> int:
    """Bytes of the recogniser in a folder, once it and what it reads with were found whole. Raises PartMissing, Broken."""
    for name, sha256 in BESIDE.items():
        checked(FOLDER / name, sha256)
    rows(FOLDER / "marks.tsv")
    return len(checked(folder / RECOGNISER, card(folder).sha256))


def rows(path: Path) -> list[list[str]]:
    """The columns of each row of a table (UTF-8, tabs) whose last column is a number. Raises PartMissing, Broken."""
    try:
        found = [row.split("\t") for row in _bytes(path).decode().splitlines()]
    except UnicodeDecodeError as error:
        raise _damaged(path) from error
    if not all(row[-1].isdecimal() for row in found):
        raise _damaged(path)
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PartMissing(
            "recogniser",
            f"Thiếu tệp {path.name} của bộ nhận dạng. Hãy cài lại Lưu Ký, hoặc đặt LUUKY_OCR_ENGINE=tesseract.",
            f"The recogniser's file {path.name} is missing. Install Lưu Ký again, or set LUUKY_OCR_ENGINE=tesseract.",
        ) from error


def _damaged(path: Path) -> Broken:
    return Broken(
        "recogniser_damaged",
        f"Tệp {path.name} của bộ nhận dạng bị hỏng. Hãy cài lại Lưu Ký, hoặc đặt LUUKY_OCR_ENGINE=tesseract.",
        f"The recogniser's file {path.name} is damaged. Install Lưu Ký again, or set LUUKY_OCR_ENGINE=tesseract.",
    )
