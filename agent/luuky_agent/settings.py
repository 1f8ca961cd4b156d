"""What this desk remembers: its server, its own key, its module. One folder, readable by its owner only."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from luuky_agent.errors import away

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TRIES, PAUSE = 20, 0.1
"""How often, and seconds between, where a file is held by another program."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A pairing. `server_key`: base64 of the server's raw Ed25519 key, pinned; `module`: the driver to try first; `authority`: a
    CA file for the server's TLS; `helper`: what holds drivers made for other bits than this program.
    """

    server: str
    device: str
    person: str
    server_key: str
    module: str | None = None
    authority: str | None = None
    helper: str | None = None


def folder() -> Path:
    """`luuky-agent` below `$XDG_CONFIG_HOME`, on Windows below `%APPDATA%`."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or str(Path.home() / ".config")
    return Path(home) / "luuky-agent"


def paired(place: Path) -> bool:
    """Whether this person's desk was ever paired."""
    return (place / "desk.json").exists()


def load(place: Path) -> Desk:
    """The pairing of this desk. Raises AgentError `not_paired`."""
    try:
        return Desk(**json.loads((place / "desk.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise away(
            "not_paired",
            "Bàn ký này chưa được ghép. Lấy mã ở màn hình Ký rồi chạy: luuky-agent pair MÃ --server ĐỊA_CHỈ",
            "This desk is not paired. Get a code on the screen “Ký”, then run: luuky-agent pair CODE --server URL",
        ) from error


def save(place: Path, desk: Desk, key: ec.EllipticCurvePrivateKey) -> None:
    """Remember a pairing and the key it was made with."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(place / "desk.json", json.dumps(asdict(desk), ensure_ascii=False, indent=1).encode())
    write(place / "device.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def device_key(place: Path) -> ec.EllipticCurvePrivateKey:
    """This device's own key. Raises AgentError `not_paired`."""
    try:
        key = load_pem_private_key((place / "device.pem").read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise away(
            "not_paired", "Khóa của bàn ký này bị mất. Hãy ghép lại.", "This desk's key is gone. Pair it again."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise away("not_paired", "Khóa của bàn ký này bị hỏng. Hãy ghép lại.", "This desk's key is damaged. Pair it again.")
    return key


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, for its owner only; once this returns, a power cut does not undo it."""
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with draft.open("r+b") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    patiently(partial(draft.replace, path))
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def patiently(do: Callable[[], object]) -> None:
    """Do it, and once more while another program holds the file: on Windows a virus scanner opens what was just written."""
    for _ in range(TRIES - 1):
        try:
            do()
        except PermissionError:
            time.sleep(PAUSE)
        else:
            return
    do()


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Only one agent at a time signs from a settings folder. Raises AgentError `busy`."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / "agent.lock").open("w") as file:
        try:
            if sys.platform == "win32":
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise away(
                "busy",
                "Bàn ký đang mở ở một cửa sổ khác trên máy này. Ký ở đó, hoặc đóng nó lại.",
                "The agent is already open in another window on this computer. Sign there, or close it.",
            ) from error
        yield
