"""No signature covers its own CMS: certificates in it that nobody needs, versions, lists of algorithms, the padding behind it.

Who changes a bit there changes nothing that counts; but a file that is not as it was must not look as if it were. So all of it
must be as RFC 5652 has it, and every certificate in it one of the roots, or signed by an issuer that is known; a root may also
come as another authority certified it (a cross-certificate), whoever that is. What a later timestamp covers cannot change: the
last signature or timestamp is asked, where all else passes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from asn1crypto import cms, parser
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.evidence import own_timestamps
from signing.identity import distinguished
from signing.reading import BAD

_KEY_IDENTIFIER = "subject_key_identifier"


def oddity(signature: EmbeddedPdfSignature, known: Iterable[Certificate], roots: Iterable[Certificate]) -> str:
    """What is not as it should be in the CMS of a signature or of its timestamps; empty where all is well."""
    try:
        all_of_it = (signature.signed_data, *own_timestamps(signature))
        return _padding(signature) or next(_oddities(all_of_it, list(known), list(roots)), "")
    except BAD as error:
        return f"unreadable: {error}"


def _padding(signature: EmbeddedPdfSignature) -> str:
    used = parser.peek(signature.pkcs7_content)  # also where its length is not said beforehand (BER), as LibreOffice writes it
    return "bytes after the CMS" if signature.pkcs7_content[used:].strip(b"\0") else ""


def _oddities(all_of_it: Iterable[cms.SignedData], known: list[Certificate], roots: list[Certificate]) -> Iterator[str]:
    for signed in all_of_it:
        yield from _structure(signed)
        own = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
        yield from (
            f"a certificate of {distinguished(one.subject)} is not as it was issued"
            for one in own
            if not _sound(one, [*own, *known]) and not _of_a_root(one, roots)
        )


def _structure(signed: cms.SignedData) -> Iterator[str]:
    """RFC 5652, 5.1 and 5.3."""
    (info,) = signed["signer_infos"]
    by_key = info["sid"].name == _KEY_IDENTIFIER
    if info["version"].native != ("v3" if by_key else "v1"):
        yield "version of the SignerInfo"
    plain = signed["encap_content_info"]["content_type"].native == "data" and not by_key
    if signed["version"].native not in ("v1" if plain else "v3", "v3", "v4", "v5"):
        yield "version of the SignedData"
    named = [one["algorithm"].native for one in signed["digest_algorithms"]]
    if info["digest_algorithm"]["algorithm"].native not in named or any(name[0].isdigit() for name in named):
        yield "list of digest algorithms"
    if any(one["parameters"].native is not None for one in (*signed["digest_algorithms"], info["digest_algorithm"])):
        yield "parameters of a digest algorithm"
    if not by_key and info["sid"].chosen["issuer"].dump() != extract_certificate_info(signed).signer_cert.issuer.dump():
        yield "name of the signer's issuer"


def _sound(certificate: Certificate, known: list[Certificate]) -> bool:
    issuers = [one for one in known if one.subject.dump() == certificate.issuer.dump()]
    return any(_issued(certificate.dump(), one.dump()) for one in issuers)


def _of_a_root(certificate: Certificate, roots: list[Certificate]) -> bool:
    """Whether it is a root, byte for byte, or a cross-certificate of one: the same name and key, and another number."""
    return any(
        one.dump() == certificate.dump()
        or (
            one.subject.dump() == certificate.subject.dump()
            and one.public_key.dump() == certificate.public_key.dump()
            and one.serial_number != certificate.serial_number
            and not certificate.self_issued
        )
        for one in roots
    )


@functools.lru_cache(maxsize=1000)
def _issued(certificate: bytes, issuer: bytes) -> bool:
    try:
        x509.load_der_x509_certificate(certificate).verify_directly_issued_by(x509.load_der_x509_certificate(issuer))
    except (InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion, ValueError, TypeError):
        return False
    return True
