"""The object store as a directory: `ab/cd/abcd…`, written to a temporary name, fsynced with its folder, then renamed."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from domain.errors import Broken, PartAway

CHUNK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DirectoryObjects:
    """Implements `storage.objects.Objects` on a local folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / "new").mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Keep `data` and return its name."""
        return self._keep(data[start : start + CHUNK] for start in range(0, len(data), CHUNK))

    def put_file(self, path: Path) -> str:
        """Keep the bytes of a file and return their name."""
        with path.open("rb") as source:
            return self._keep(iter(lambda: source.read(CHUNK), b""))

    def get(self, name: str) -> bytes:
        """The bytes under a name, checked."""
        data = self.path(name).read_bytes()
        if hashlib.sha256(data).hexdigest() != name:
            raise Broken(
                "object_altered",
                f"Tệp lưu trữ {name[:12]}… đã bị thay đổi. Khôi phục từ bản sao lưu.",
                f"Stored object {name[:12]}… was altered. Restore it from the backup.",
            )
        return data

    def path(self, name: str) -> Path:
        """The file that holds the bytes."""
        path = self._place(name)
        if not path.is_file():
            raise Broken(
                "object_missing",
                f"Không thấy tệp lưu trữ {name[:12]}…. Khôi phục từ bản sao lưu.",
                f"Stored object {name[:12]}… is missing. Restore it from the backup.",
            )
        return path

    def names(self) -> Iterator[str]:
        """All names held."""
        return (path.name for path in self._root.glob("??/??/*") if len(path.name) == hashlib.sha256().digest_size * 2)

    def intact(self, name: str) -> bool:
        """Whether the bytes still match their name."""
        try:
            with self._place(name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == name
        except OSError:
            return False

    def _place(self, name: str) -> Path:
        return self._root / name[:2] / name[2:4] / name

    def _keep(self, chunks: Iterable[bytes]) -> str:
        new = self._root / "new" / secrets.token_hex(16)
        digest = hashlib.sha256()
        try:
            with new.open("wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            return self._settle(new, digest.hexdigest())
        except OSError as error:
            if error.errno in _FULL:
                raise _disk_full() from error
            raise
        finally:
            new.unlink(missing_ok=True)

    def _settle(self, new: Path, name: str) -> str:
        place = self._place(name)
        if not self.intact(name):
            for folder in (place.parent.parent, place.parent):
                folder.mkdir(exist_ok=True)
            new.replace(place)
            for folder in (place.parent, place.parent.parent, self._root):
                _sync(folder)
        return name


def _disk_full() -> PartAway:
    return PartAway(
        "disk_full",
        "Ổ đĩa lưu trữ đã đầy. Chưa mất gì: tệp vẫn ở chỗ cũ và sẽ được nhận khi có chỗ trống. Hãy báo người quản trị.",
        "The archive's disk is full. Nothing is lost: the file stays where it is until there is room. Tell the administrator.",
    )


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
