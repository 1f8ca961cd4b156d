"""A time-stamp service over HTTP (RFC 3161, section 3.4), through the house's proxy where it has one."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import BasicAuth, TCPConnector

from domain.errors import PartMissing, Refused
from signing.secret_files import secret
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.timestamps import Terms, tsa_away

log = logging.getLogger("luuky.signing")
MOST_BYTES = 1 << 20
"""Of an answer: a token with its certificates has some 10 KiB."""
OK = 200
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


@dataclass(frozen=True, slots=True)
class Access:
    """How a service is reached: `login` `NAME:PASSWORD` for one that asks (HTTP Basic), `authorities` PEM file of those that may
    have issued its TLS certificate (None: the system's), `proxy` URL of the HTTP proxy that leads there.
    """

    login: str = ""
    authorities: Path | None = None
    proxy: str = ""


class Rfc3161:
    """Asks the service at `url`; an answer may take `seconds`.

    Raises PartMissing if no service is configured or its authorities cannot be read, Refused `tsa_login` where a password would
    travel in the clear.
    """

    def __init__(
        self,
        url: str,
        seconds: float = 15.0,
        terms: Terms = Terms(),  # noqa: B008 - frozen
        access: Access = Access(),
    ) -> None:
        if not url:
            raise PartMissing(
                "tsa",
                "Chưa cấu hình dịch vụ cấp dấu thời gian (LUUKY_SIGNING_TSA_URL).",
                "No time-stamp service is configured (LUUKY_SIGNING_TSA_URL).",
            )
        if access.login and not url.startswith("https://"):
            raise Refused(
                "tsa_login",
                "Dịch vụ cấp dấu thời gian có tên và mật khẩu (LUUKY_SIGNING_TSA_LOGIN) thì địa chỉ phải bắt đầu bằng https://.",
                "A time-stamp service with a name and password (LUUKY_SIGNING_TSA_LOGIN) needs an address with https://.",
            )
        self._url, self._access, self._tls = url, access, _tls(access.authorities)
        self.terms = terms
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def ask(self, request: bytes) -> bytes:
        """See `Timestamps.ask`. The TLS context is made once, so a session a question costs nothing."""
        name, _, password = self._access.login.partition(":")
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=_HEADERS, connector=TCPConnector(ssl=self._tls)) as session,
                session.post(
                    self._url,
                    data=request,
                    auth=BasicAuth(name, password, "utf-8") if name else None,
                    proxy=self._access.proxy or None,
                    allow_redirects=False,
                ) as answer,
            ):
                if answer.status != OK:
                    log.warning("time-stamp service: answered %d", answer.status)
                    raise tsa_away()
                return await _bounded(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise tsa_away() from error


def service(settings: SigningSettings) -> Rfc3161:
    """The service that settings name, on their terms as of now. Raises PartMissing, Refused `setting`."""
    digest = Sunsets(settings.sunsets).digest(datetime.now(UTC))
    terms = Terms(settings.tsa_policy, timedelta(seconds=settings.tsa_clock_seconds), digest)
    login = secret(settings.tsa_login, "LUUKY_SIGNING_TSA_LOGIN") if settings.tsa_login else ""
    return Rfc3161(settings.tsa_url, settings.network_seconds, terms, Access(login, settings.tsa_ca, settings.proxy))


def _tls(authorities: Path | None) -> ssl.SSLContext | bool:
    """A context that trusts these; True: the library's own, which trusts the system's."""
    try:
        return ssl.create_default_context(cafile=str(authorities)) if authorities else True
    except (OSError, ssl.SSLError) as error:
        raise PartMissing(
            "tsa_ca",
            "Không đọc được tệp chứng thư CA của dịch vụ cấp dấu thời gian (LUUKY_SIGNING_TSA_CA).",
            "The file of authorities for the time-stamp service cannot be read (LUUKY_SIGNING_TSA_CA).",
        ) from error


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    data = b""
    async for part in answer.content.iter_any():
        data += part
        if len(data) > MOST_BYTES:
            raise tsa_away()
    return data
