"""A time-stamp token as a value: who made it when, with what, and when it proves nothing any more."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from asn1crypto.x509 import Certificate

from domain.lasting import Ends
from signing.identity import common_name
from signing.shared import shared
from signing.sunsets import Sunsets
from signing.trust import may_have_issued, same_name


@dataclass(frozen=True)
class Token:
    """A token: the certificate it was signed with, those sent along, its time, its size (bytes of DER)."""

    certificate: Certificate
    others: tuple[Certificate, ...]
    time: datetime
    size: int
    signer: cms.SignerInfo
    imprint: str
    """The digest it is over, such as `sha256`."""


def token_of(signed: cms.SignedData) -> Token:
    """The token of a document timestamp or of a service's answer. Raises LookupError for one without its certificate."""
    signer = signed["signer_infos"][0]
    sent = [shared(Certificate, one.chosen.dump()) for one in signed["certificates"] if one.name == "certificate"]
    said = signed["encap_content_info"]["content"].parsed
    own = next((one for one in sent if _named_by(signer["sid"], one)), None)
    if own is None:
        raise LookupError("a time-stamp token without its certificate")
    others = tuple(one for one in sent if one is not own)
    imprint = said["message_imprint"]["hash_algorithm"]["algorithm"].native
    return Token(own, others, said["gen_time"].native, len(signed.dump()), signer, imprint)


def ends(token: Token, known: Iterable[Certificate], sunsets: Sunsets) -> Ends:
    """When a token ends; its chain is looked for among what was sent along and what is `known`, roots included."""
    chain = list(_chain(token.certificate, [*token.others, *known]))
    date, name = min((one.not_valid_after, common_name(one)) for one in chain)
    signed = [(token.signer["signature_algorithm"], token.certificate, token.signer["digest_algorithm"]["algorithm"].native)]
    signed += [(one["signature_algorithm"], issuer, one.hash_algo) for one, issuer in itertools.pairwise(chain)]
    algorithms = [sunsets.of_signature(algorithm, key, digest) for algorithm, key, digest in signed]
    sunset, algorithm = min([*algorithms, (sunsets.of(token.imprint), token.imprint)])
    at, what = min((date, name), (sunset, algorithm))
    return Ends(at, what, date, common_name(token.certificate), token.certificate.sha256.hex())


def _named_by(sid: cms.SignerIdentifier, certificate: Certificate) -> bool:
    if sid.name == "subject_key_identifier":
        return bool(sid.chosen.native == certificate.key_identifier)
    return bool(
        sid.chosen["serial_number"].native == certificate.serial_number and same_name(sid.chosen["issuer"], certificate.issuer)
    )


def _chain(certificate: Certificate, known: list[Certificate]) -> Iterator[Certificate]:
    """From a certificate up to its root, as far as it is known."""
    left: Certificate | None = certificate
    while left is not None:
        yield left
        known = [one for one in known if one.sha256 != left.sha256]
        left = None if left.self_issued else next((one for one in known if may_have_issued(one, left)), None)
