"""All keys of this desk at once: every driver that is found, each in its child process, and the store of Windows.

1. The path that the person named comes first, then the vendors' names in their order.
2. A driver that cannot be loaded, crashes or hangs is passed over, with a note.
3. The key is chosen by its certificate, before any PIN; a PIN is never tried elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from luuky_agent import modules, windows_store
from luuky_agent.errors import AgentError, away
from luuky_agent.keys import Keys, TokenCertificate
from luuky_agent.token import Token


@dataclass(frozen=True, slots=True)
class Opened:
    """A driver that answers, and the signing certificates it sees."""

    keys: Keys
    certificates: tuple[TokenCertificate, ...]


class Drawer:
    """What can be opened here; a context manager. `notes`: what was passed over, and why (rule 2)."""

    def __init__(self, said: str | None, helper: str | None = None, folders: Sequence[str] | None = None) -> None:
        paths = [*modules.candidates(said, folders), *([windows_store.NAME] if sys.platform == "win32" else ())]
        makers = [_token(path, helper) for path in paths]
        with ThreadPoolExecutor(max_workers=max(len(makers), 1)) as pool:
            found = list(pool.map(_look, makers))
        self._opened = [one for one in found if isinstance(one, Opened)]
        self.notes = [one for one in found if isinstance(one, AgentError)]
        if not self._opened:
            raise self._nothing(said)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._opened:
            one.keys.close()

    def certificates(self) -> list[TokenCertificate]:
        """Every signing certificate, once: two drivers may see the same token."""
        found = {one.certificate: one for opened in reversed(self._opened) for one in opened.certificates}
        return list(reversed(found.values()))

    def holding(self, certificate: bytes) -> tuple[Keys, TokenCertificate]:
        """The key of a certificate (rule 3); the other drivers are let go. Raises AgentError `token_missing`."""
        for opened in self._opened:
            for one in opened.certificates:
                if one.certificate == certificate:
                    self._keep(opened)
                    return opened.keys, one
        raise away(
            "token_missing",
            "Không thấy USB ký số có chứng thư của bạn. Cắm USB rồi thử lại." + self._noted("vi"),
            "The token with your certificate is not there. Plug it in and try again." + self._noted("en"),
        )

    def _keep(self, kept: Opened) -> None:
        for one in self._opened:
            if one is not kept:
                one.keys.close()
        self._opened = [kept]

    def _nothing(self, said: str | None) -> AgentError:
        if self.notes:
            return self.notes[0] if said is not None else away("module", self._noted("vi").strip(), self._noted("en").strip())
        return away(
            "no_module",
            "Không tìm thấy trình điều khiển USB ký số. Cài bộ cài của nhà cung cấp, hoặc chỉ ra bằng --module.",
            "No token driver was found. Install the vendor's software, or name it with --module.",
        )

    def _noted(self, language: str) -> str:
        return "".join(f" {note.vi if language == 'vi' else note.en}" for note in self.notes)


def _look(make: Callable[[], Keys]) -> Opened | AgentError:
    """Rule 2."""
    try:
        keys = make()
    except AgentError as error:
        return error
    try:
        return Opened(keys, tuple(keys.certificates()))
    except AgentError as error:
        keys.close()
        return error


def _token(path: str, helper: str | None) -> Callable[[], Keys]:
    return lambda: Token(path, helper)
