"""A time-stamp service over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

import aiohttp

from domain.errors import PartMissing
from signing.timestamps import tsa_away

_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Rfc3161:
    """Asks the service at `url`; an answer may take `seconds`. Raises PartMissing if no service is configured."""

    def __init__(self, url: str, seconds: float = 15.0) -> None:
        if not url:
            raise PartMissing(
                "tsa",
                "Chưa cấu hình dịch vụ cấp dấu thời gian (LUUKY_SIGNING_TSA_URL).",
                "No time-stamp service is configured (LUUKY_SIGNING_TSA_URL).",
            )
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def ask(self, request: bytes) -> bytes:
        """See `Timestamps.ask`. The TLS context is made once in a process, so a session a question costs nothing."""
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=_HEADERS) as session,
                session.post(self._url, data=request, raise_for_status=True) as answer,
            ):
                return await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise tsa_away() from error
