"""A signing service over HTTPS: one JSON question, one JSON answer.

1. `https://` only, but for this very machine; the certificate is checked, against a file of authorities if one is named.
2. Redirects are refused: they would carry a password elsewhere.
3. An answer has a size and a time limit, however slowly it trickles.
4. What went wrong is told apart: `PartAway` if the question surely was not taken, `Unanswered` if it may have been.
5. Nothing of a question or an answer goes into a log or a message: its path and its status do.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from domain.errors import PartAway, PartMissing, Refused

log = logging.getLogger("luuky.signing")
MOST_BYTES = 4 << 20
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BUSY = 429
"""What a service says that has not begun. Another error of the server's may come after it has."""


class Unanswered(PartAway):
    """The question was sent, and what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` below 500. `body`: the JSON object; of an empty answer, an empty one."""

    status: int
    body: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A member that is text or a number, else nothing."""
        value = self.body.get(name)
        return str(value) if isinstance(value, str | int) else ""

    def texts(self, name: str) -> list[str]:
        """The texts in a member that is a list, else none."""
        value = self.body.get(name)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def inner(self, name: str) -> Mapping[str, Any]:
        """A member that is an object, else an empty one."""
        value = self.body.get(name)
        return value if isinstance(value, dict) else {}


class Service:
    """The service called `name` below `url`. `authorities`: PEM file; None: the system's. `seconds`: for a whole answer.

    `proxy`: the HTTP proxy that leads there; empty: none. Raises PartMissing without a URL, Refused `provider_url`.
    """

    def __init__(self, name: str, url: str, authorities: Path | None = None, seconds: float = 30.0, proxy: str = "") -> None:
        self.name = name
        self._proxy = proxy or None
        self._seconds = seconds
        self._url = _address(name, url)
        self._context = _context(name, authorities)

    def post(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, seconds: float | None = None
    ) -> Answer:
        """Ask with JSON. Raises PartAway, Unanswered, Refused `provider_redirect`."""
        return asyncio.run(self._ask(path, {"json": dict(body), "headers": headers}, seconds or self._seconds))

    def form(self, path: str, body: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask as a form does, as OAuth 2.0 wants it."""
        return asyncio.run(self._ask(path, {"data": dict(body), "headers": headers}, self._seconds))

    def knock(self, path: str) -> None:
        """Find out whether the service answers. Asked for nothing by nobody it refuses, which is as it should be and no warning.

        Raises as `post`.
        """
        asyncio.run(self._ask(path, {"json": {}}, self._seconds, refused=logging.DEBUG))

    async def _ask(self, path: str, content: dict[str, Any], seconds: float, refused: int = logging.WARNING) -> Answer:
        """`refused`: the level at which a refusal is logged."""
        # A session for each question: one that is kept may find its connection closed, and could not tell whether it was heard.
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, 10.0))
        connector = aiohttp.TCPConnector(ssl=self._context)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, connector=connector, proxy=self._proxy) as session,
                session.post(f"{self._url}{path}", allow_redirects=False, **content) as response,
            ):
                if response.status >= 300:
                    level = refused if 400 <= response.status < BUSY else logging.WARNING
                    log.log(level, "signing service %s: %s answered %d", self.name, path, response.status)
                return await self._answer(response)
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError) as error:
            raise self._away() from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("signing service %s: %s was not answered (%s)", self.name, path, type(error).__name__)
            raise self._unanswered() from error

    async def _answer(self, response: aiohttp.ClientResponse) -> Answer:
        if 300 <= response.status < 400:
            raise Refused(
                "provider_redirect",
                f"Dịch vụ ký {self.name} chuyển hướng sang nơi khác, nên không được dùng; hãy kiểm tra địa chỉ đã cài đặt.",
                f"The signing service {self.name} sends us elsewhere, which is not followed. Check its address in the settings.",
            )
        if response.status == BUSY:
            raise PartAway(
                "provider_busy",
                f"Dịch vụ ký {self.name} đang quá tải trong ít phút. Chưa mất gì.",
                f"The signing service {self.name} is overloaded for a few minutes. Nothing is lost.",
            )
        if response.status >= 500:
            raise self._unanswered()
        data = b""
        async for part in response.content.iter_any():
            data += part
            if len(data) > MOST_BYTES:
                raise self._unanswered()
        try:
            body = json.loads(data) if data.strip() else {}
        except ValueError as error:
            raise self._unanswered() from error
        return Answer(response.status, body if isinstance(body, dict) else {})

    def _away(self) -> PartAway:
        return PartAway(
            "provider_away",
            f"Dịch vụ ký {self.name} không trả lời lúc này. Chưa mất gì.",
            f"The signing service {self.name} does not answer just now. Nothing is lost.",
        )

    def _unanswered(self) -> Unanswered:
        return Unanswered(
            "provider_unanswered",
            f"Dịch vụ ký {self.name} trả lời không trọn vẹn. Chưa mất gì.",
            f"The signing service {self.name} did not answer properly. Nothing is lost.",
        )


def _address(name: str, url: str) -> str:
    parts = urlsplit(url)
    if not url:
        raise PartMissing("provider", f"Chưa cấu hình dịch vụ ký {name}.", f"The signing service {name} is not configured.")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Refused(
            "provider_url",
            f"Địa chỉ của dịch vụ ký {name} phải bắt đầu bằng https://.",
            f"The address of the signing service {name} must begin with https://.",
        )
    return url.rstrip("/")


def _context(name: str, authorities: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(authorities) if authorities else None)
    except (OSError, ssl.SSLError) as error:
        raise PartMissing(
            "provider_ca",
            f"Không đọc được tệp chứng thư CA của dịch vụ ký {name}.",
            f"The file of authorities for the signing service {name} cannot be read.",
        ) from error
