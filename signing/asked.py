"""What authorities said about the chains of a time-stamp service a few minutes ago: many documents in turn lead to the same ones.

1. Found again only for the same certificates, byte for byte, under the same list of trusted roots, and at most ten minutes after
   it was asked for: so long may a revocation stay unseen when a proof is renewed.
2. Not found again once one of these certificates, or one of the answers, has ended; an answer without an end is not kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from signing.evidence import own_timestamps
from signing.trust import TrustList

_HOLDS = timedelta(minutes=10)
_MOST = 50

Chain = tuple[object, ...]
"""The certificates with which a timestamp was sent, and whom to trust."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The chains of a stamp and of the service's next one, and all answers about them; `at`: when that was asked."""

    at: datetime
    until: datetime
    paths: tuple[ValidationPath, ...]
    ocsps: tuple[OCSPResponse, ...]
    crls: tuple[CertificateList, ...]


class Recently(threading.local):
    """Remembers, for each thread."""

    def __init__(self) -> None:
        self._known: dict[Chain, Asked] = {}

    def about(self, chain: Chain | None, moment: datetime) -> Asked | None:
        """What is known of a chain, and good enough at a moment."""
        found = None if chain is None else self._known.get(chain)
        if found is None or not found.at <= moment < min(found.until, found.at + _HOLDS):
            return None
        return found

    def remember(self, chain: Chain | None, context: ValidationContext, paths: list[ValidationPath], moment: datetime) -> None:
        """What was asked into `context` just now."""
        if chain is None:
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        ocsps, crls = tuple(context.ocsps), tuple(context.crls)
        ended = [one.not_valid_after for path in paths for one in path]
        until = min([*ended, *(end or moment for end in _ends(ocsps, crls))])
        self._known[chain] = Asked(moment, until, tuple(paths), ocsps, crls)


def chain_of(stamp: EmbeddedPdfSignature, trust: TrustList) -> Chain | None:
    """None for a stamp that carries stamps of its own: more than its chain is asked about."""
    if own_timestamps(stamp):
        return None
    sent = frozenset(one.dump() for one in stamp.signed_data["certificates"])
    purposes = frozenset(trust.purposes.items())
    roots, others = (tuple(one.sha256 for one in part) for part in (trust.roots, trust.others))
    return stamp.signer_cert.sha256, sent, roots, others, purposes, frozenset(trust.until.items())


def _ends(ocsps: tuple[OCSPResponse, ...], crls: tuple[CertificateList, ...]) -> Iterator[datetime | None]:
    for answer in ocsps:
        yield from (one["next_update"].native for one in answer.response_data["responses"])
    for one in crls:
        yield one["tbs_cert_list"]["next_update"].native
