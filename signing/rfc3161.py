"""A time-stamp service over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import aiohttp

from domain.errors import PartMissing
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.timestamps import Terms, tsa_away

_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Rfc3161:
    """Asks the service at `url`; an answer may take `seconds`. Raises PartMissing if no service is configured."""

    def __init__(self, url: str, seconds: float = 15.0, terms: Terms = Terms()) -> None:  # noqa: B008 - frozen
        if not url:
            raise PartMissing(
                "tsa",
                "Chưa cấu hình dịch vụ cấp dấu thời gian (LUUKY_SIGNING_TSA_URL).",
                "No time-stamp service is configured (LUUKY_SIGNING_TSA_URL).",
            )
        self._url = url
        self.terms = terms
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


def service(settings: SigningSettings) -> Rfc3161:
    """The service that settings name, on their terms as of now. Raises PartMissing, Refused `setting`."""
    digest = Sunsets(settings.sunsets).digest(datetime.now(UTC))
    terms = Terms(settings.tsa_policy, timedelta(seconds=settings.tsa_clock_seconds), digest)
    return Rfc3161(settings.tsa_url, settings.network_seconds, terms)
