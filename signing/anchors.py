"""Which roots vouch for what: those of signers for signatures, those of time-stamp services for stamps, each only for what was
made before the root was withdrawn (`trusted.py`, rule 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.x509 import Certificate
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.registry import SimpleTrustManager

from signing.evidence import own_timestamps, stamped_at
from signing.trust import TrustList, reached


@dataclass(frozen=True, slots=True)
class Anchors:
    """Trust begins with these."""

    signers: tuple[Certificate, ...]
    stamps: tuple[Certificate, ...]

    def managers(self) -> tuple[SimpleTrustManager, SimpleTrustManager]:
        """For the library: signers, stamps."""
        return (
            SimpleTrustManager.build(trust_roots=list(self.signers)),
            SimpleTrustManager.build(trust_roots=list(self.stamps)),
        )


def of_signature(trust: TrustList, signature: EmbeddedPdfSignature, made: datetime | None) -> Anchors:
    """For a signature that was made then; None: that is still to be found out."""
    signers = trust.signers if made is None else _at(trust, trust.signers, made)
    times = [stamped_at(one) for one in own_timestamps(signature)]
    return Anchors(signers, _at(trust, trust.stamps, max(times)) if times else trust.stamps)


def of_stamp(trust: TrustList, stamp: EmbeddedPdfSignature) -> Anchors:
    """For a timestamp over the document."""
    roots = _at(trust, trust.stamps, stamped_at(stamp.signed_data))
    return Anchors(roots, roots)


def withdrawn(trust: TrustList, signature: EmbeddedPdfSignature, made: datetime, known: Iterable[Certificate]) -> bool:
    """Whether a signature may lead to a root that was withdrawn before it was made: then it is judged without that root."""
    over = [one for one in trust.signers if trust.ended(one, made)]
    return bool(over and reached(signature.signer_cert, known, over))


def _at(trust: TrustList, roots: tuple[Certificate, ...], made: datetime) -> tuple[Certificate, ...]:
    return tuple(one for one in roots if not trust.ended(one, made))
