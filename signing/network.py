"""Asking certification authorities over the network: OCSP, CRL and issuer certificates. Every call has a timeout."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from signing.settings import SigningSettings
from signing.trust import TrustList

AWAY = (TimeoutError, aiohttp.ClientError)
"""What escapes from the library's fetchers when somebody is silent; other refusals to answer it calls insufficient data."""


@dataclass(frozen=True, slots=True)
class Network:
    """`seconds`: how long one answer may take. `proxy`: URL of the HTTP proxy that leads outside; empty: none is needed."""

    seconds: float = 15.0
    proxy: str = ""

    @asynccontextmanager
    async def fetchers(self) -> AsyncIterator[AIOHttpFetcherBackend]:
        """Fetchers that share one session: a session for each request would build a TLS context each time."""
        timeout = aiohttp.ClientTimeout(total=self.seconds)
        async with aiohttp.ClientSession(timeout=timeout, proxy=self.proxy or None) as session:
            yield AIOHttpFetcherBackend(session, per_request_timeout=self.seconds)

    @asynccontextmanager
    async def context(
        self,
        trust: TrustList,
        moment: datetime | None = None,
        ocsps: Sequence[OCSPResponse] = (),
        crls: Sequence[CertificateList] = (),
    ) -> AsyncIterator[ValidationContext]:
        """A validation context that goes online and insists on fresh revocation information for every certificate; `ocsps` and
        `crls` are answers that it has already.
        """
        async with self.fetchers() as backend:
            yield ValidationContext(
                trust_roots=list(trust.roots),
                other_certs=list(trust.others),
                allow_fetching=True,
                revocation_mode="require",
                fetcher_backend=backend,
                moment=moment,
                ocsps=ocsps,
                crls=crls,
            )


def network_of(settings: SigningSettings) -> Network:
    """The way to the authorities that settings name."""
    return Network(settings.network_seconds, settings.proxy)
