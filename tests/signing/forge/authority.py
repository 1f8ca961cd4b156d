"""Certificates, OCSP answers, CRLs and time stamps as one likes them, at any time: root, issuing CA, OCSP responder, TSA."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import core
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.now(UTC).replace(microsecond=0)
SIGNED = NOW - timedelta(days=10)
"""When signatures are made, says the time-stamp service, unless told otherwise."""
BORN = NOW - timedelta(days=3 * 365)
NOWHERE = "http://127.0.0.1:9/"
"""Where nobody answers: a certificate that does not say where to ask is asked about by nobody."""
SIGNING = ("digital_signature", "content_commitment")
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
    "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
_EXPIRED_CERTS_ON_CRL = ObjectIdentifier("2.5.29.60")
_CURVES = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}


@functools.cache
def private_key(name: str, kind: str = "p256") -> Any:
    """A key of its own for each name; `kind` is `rsa2048`, `rsa3072` … or a curve."""
    assert name
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(_CURVES[kind])


@dataclass(frozen=True)
class Holder:
    """Somebody with a certificate and its key."""

    certificate: x509.Certificate
    key: Any
    issuer: Holder | None = None

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))

    @property
    def chain(self) -> list[Holder]:
        """Whoever stands above, the root last."""
        return [self.issuer, *self.issuer.chain] if self.issuer else []


@dataclass(frozen=True)
class Wish:
    """What a certificate should be like."""

    name: str
    kind: str = "p256"
    ca: bool = False
    usages: Sequence[str] = SIGNING
    extended: Sequence[ObjectIdentifier] = ()
    start: datetime = BORN
    end: datetime = NOW + timedelta(days=3 * 365)
    no_check: bool = False
    urls: str = ""
    """Where OCSP answers and CRLs are had; empty: the certificate does not say."""
    more: Sequence[tuple[ObjectIdentifier, str]] = ()
    """What else the subject says."""


def issue(wish: Wish, issuer: Holder | None = None) -> Holder:
    """A certificate; without an issuer its own root."""
    key = private_key(wish.name, wish.kind)
    subject = _name(wish.name, wish.more)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(wish.start)
        .not_valid_after(wish.end)
        .add_extension(x509.BasicConstraints(ca=wish.ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in wish.usages for usage in _USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if wish.extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(wish.extended)), critical=True)
    if wish.no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    if wish.urls:
        place = x509.UniformResourceIdentifier(wish.urls + "ocsp")
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(wish.urls + "crl")], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Holder(builder.sign(signer, hashes.SHA256()), key, issuer)


def pem(*holders: Holder) -> bytes:
    """Their certificates as one file."""
    return b"".join(one.certificate.public_bytes(Encoding.PEM) for one in holders)


def _name(common: str, more: Sequence[tuple[ObjectIdentifier, str]] = ()) -> x509.Name:
    attributes = {
        NameOID.COUNTRY_NAME: "VN",
        NameOID.ORGANIZATION_NAME: "Bệnh viện Đa khoa Sông Mây",
        NameOID.COMMON_NAME: common,
    }
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in (*attributes.items(), *more)])


def _reaching_back(answer: asn1_ocsp.OCSPResponse, kept: datetime, by: Holder) -> asn1_ocsp.OCSPResponse:
    """The answer, signed anew with an extension about its certificate, which the library that made it writes none of."""
    basic = answer["response_bytes"]["response"].parsed
    said = {"extn_id": "archive_cutoff", "critical": False, "extn_value": core.GeneralizedTime(kept)}
    basic["tbs_response_data"]["responses"][0]["single_extensions"] = [said]
    basic["signature"] = by.key.sign(basic["tbs_response_data"].dump(force=True), ec.ECDSA(hashes.SHA256()))
    body = {"response_type": "basic_ocsp_response", "response": basic}
    return asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": body})


_CA = ("digital_signature", "key_cert_sign", "crl_sign")


class Authority:
    """A root, and below it what a trust centre has. `urls`: where its OCSP answers are had."""

    def __init__(self, name: str = "Sông Mây", urls: str = NOWHERE) -> None:
        self.urls = urls
        self.root = issue(
            Wish(f"{name} Root", ca=True, usages=_CA, start=BORN - timedelta(days=365), end=NOW + timedelta(days=9000))
        )
        self.ica = issue(Wish(f"{name} CA", ca=True, usages=_CA, end=NOW + timedelta(days=5000), urls=urls), self.root)
        self.responder = issue(
            Wish(f"{name} OCSP", usages=_CA[:1], extended=[ExtendedKeyUsageOID.OCSP_SIGNING], no_check=True), self.ica
        )
        self.tsa = self.new_tsa(f"{name} TSA")

    def new_tsa(self, name: str, **wishes: Any) -> Holder:
        """A time-stamp service below the root."""
        wish = {
            "kind": "rsa2048",
            "usages": _CA[:1],
            "extended": [ExtendedKeyUsageOID.TIME_STAMPING],
            "urls": self.urls,
            **wishes,
        }
        return issue(Wish(name, **wish), self.root)

    def signer(self, name: str = "BS. Nguyễn Thị Phương Thảo", **wishes: Any) -> Holder:
        """Somebody who signs."""
        return issue(Wish(name, **{"urls": self.urls, **wishes}), self.ica)

    def answer(self, about: Holder, at: datetime, **how: Any) -> asn1_ocsp.OCSPResponse:
        """An OCSP answer; `revoked` (since when), `unknown`, `by` (another responder), `issuer` (as whose), `kept` (who ended
        since then is still known: archiveCutoff).
        """
        revoked, by, issuer = how.get("revoked"), how.get("by", self.responder), how.get("issuer", about.issuer)
        assert issuer is not None
        status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
        if how.get("unknown"):
            status = ocsp.OCSPCertStatus.UNKNOWN
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about.certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),
            cert_status=status,
            this_update=at,
            next_update=at + timedelta(days=7),
            revocation_time=revoked,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate).certificates([by.certificate])
        answer = asn1_ocsp.OCSPResponse.load(builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER))
        return _reaching_back(answer, how["kept"], by) if how.get("kept") else answer

    def crl(
        self,
        issuer: Holder,
        at: datetime,
        revoked: Sequence[tuple[Holder, datetime]] = (),
        kept: datetime | None = None,
    ) -> asn1_crl.CertificateList:
        """A CRL, for a month; `kept` (expiredCertsOnCRL): who ended since then is still in it."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject).last_update(at)
        builder = builder.next_update(at + timedelta(days=30)).add_extension(x509.CRLNumber(1), critical=False)
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(known, critical=False)
        if kept:
            since_then = x509.UnrecognizedExtension(_EXPIRED_CERTS_ON_CRL, core.GeneralizedTime(kept).dump())
            builder = builder.add_extension(since_then, critical=False)
        for one, since in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number).revocation_date(since)
            builder = builder.add_revoked_certificate(entry.build())
        return asn1_crl.CertificateList.load(builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER))

    def stamper(self, at: datetime = SIGNED, tsa: Holder | None = None) -> DummyTimeStamper:
        """Time stamps of one moment."""
        tsa = tsa or self.tsa
        chain = SimpleCertificateStore.from_certs([one.asn1 for one in tsa.chain])
        return DummyTimeStamper(tsa.asn1, tsa.asn1_key, chain, fixed_dt=at)
