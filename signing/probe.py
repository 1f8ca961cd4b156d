"""Whether a time-stamp service is of use: one stamp over random bytes, asked for and looked at as a document's would be."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from domain.lasting import Ends
from signing.sunsets import Sunsets
from signing.timestamps import Stamper, Timestamps
from signing.tokens import ends as ends_of
from signing.tokens import token_of
from signing.trust import TrustList


@dataclass(frozen=True, slots=True)
class Probe:
    """`ahead`: the service's clock against this machine's. `ends`: of its chain. `trusted`: it leads to a root
    that is trusted for new stamps.
    """

    ahead: timedelta
    ends: Ends
    trusted: bool


def probe(timestamps: Timestamps, trust: TrustList, sunsets: Sunsets) -> Probe:
    """Ask for a stamp. Raises PartAway as for a document's."""
    return asyncio.run(_probe(timestamps, trust, sunsets))


async def _probe(timestamps: Timestamps, trust: TrustList, sunsets: Sunsets) -> Probe:
    digest = secrets.token_bytes(32)
    answer: Any = await Stamper(timestamps).async_timestamp(digest, "sha256")
    signed: cms.SignedData = answer["content"]
    token = token_of(signed)
    moment = datetime.now(UTC)
    roots = list(trust.at(moment).stamps)
    known = ValidationContext(trust_roots=roots, other_certs=list(trust.others), allow_fetching=False)
    said = await validate_tst_signed_data(signed, known, lambda _: digest)
    status = TimestampSignatureStatus(**said)
    return Probe(
        token.time - moment,
        ends_of(token, [*trust.roots, *trust.others], sunsets),
        status.valid and status.intact and status.trusted,
    )
