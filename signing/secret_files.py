"""Secrets in files: a PIN, a password. Taken only from a file that nobody but its owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from domain.errors import PartMissing, Refused

MOST = 4096
"""Bytes."""


def secret(path: Path | None, setting: str) -> str:
    """The first line of the file that `setting` names. Raises PartMissing, Refused `secret_file`."""
    try:
        if path is None:
            raise FileNotFoundError
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            text = file.read(MOST).decode().split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise PartMissing(
            "secret_file",
            f"Không đọc được tệp mà {setting} nêu. Hãy tạo tệp đó và chỉ cho tài khoản chạy Lưu Ký đọc (chmod 600).",
            f"The file that {setting} names cannot be read. Create it, and let Lưu Ký's account alone read it (chmod 600).",
        ) from error
    if status.st_uid not in {os.geteuid(), 0} or stat.S_IMODE(status.st_mode) & 0o077 or not text:
        raise Refused(
            "secret_file",
            f"Tệp của {setting} phải có nội dung, thuộc về tài khoản chạy Lưu Ký và chỉ tài khoản đó đọc được (chmod 600).",
            f"The file of {setting} must not be empty and must belong to and be read by Lưu Ký's account alone (chmod 600).",
        )
    return text
