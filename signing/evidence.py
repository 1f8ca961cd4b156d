"""What a signed file holds to be judged with: its level, its timestamps, and the evidence stored in it (DSS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

_BEFORE = timedelta(seconds=1)


@dataclass(frozen=True)
class Evidence:
    """Certificates and revocation data stored in the file itself."""

    certificates: tuple[Certificate, ...] = ()
    ocsps: tuple[OCSPContainer, ...] = ()
    crls: tuple[CRLContainer, ...] = ()

    def covers(self, certificate: Certificate, moment: datetime | None = None) -> bool:
        """Whether there is an OCSP answer for this certificate, or a CRL of its issuer, that held at `moment` or is newer."""
        return any(moment is None or end >= moment for _, end in self._spans(certificate))

    def age_to_its_end(self, certificate: Certificate) -> timedelta | None:
        """How old data about a certificate may be so that it does not hold beyond the certificate's end; None: it never does."""
        end = certificate.not_valid_after
        return min((end - start - _BEFORE for start, until in self._spans(certificate) if start <= end < until), default=None)

    def revoked(self, certificate: Certificate) -> bool:
        """Whether any of it says that this certificate was revoked, or is not known."""
        answers = (one.extract_single_response() for one in self.ocsps)
        own = (one for one in answers if one is not None and one["cert_id"]["serial_number"].native == certificate.serial_number)
        lists = (one.crl_data for one in self.crls if one.crl_data.issuer.hashable == certificate.issuer.hashable)
        entries = (entry for one in lists for entry in one["tbs_cert_list"]["revoked_certificates"])
        listed = any(entry["user_certificate"].native == certificate.serial_number for entry in entries)
        return listed or any(one["cert_status"].name != "good" for one in own)

    def _spans(self, certificate: Certificate) -> Iterator[tuple[datetime, datetime]]:
        """From when until when each piece of revocation data about a certificate holds."""
        for container in self.ocsps:
            answer = container.extract_single_response()
            if answer is not None and answer["cert_id"]["serial_number"].native == certificate.serial_number:
                yield answer["this_update"].native, answer["next_update"].native or answer["this_update"].native
        for one in self.crls:
            if one.crl_data.issuer.hashable == certificate.issuer.hashable:
                dates = one.crl_data["tbs_cert_list"]
                yield dates["this_update"].native, dates["next_update"].native or dates["this_update"].native


def stored_evidence(reader: PdfFileReader | HistoricalResolver) -> Evidence:
    """Reads the DSS, of a file or of a revision of it; empty where there is none."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Evidence()
    answers = [OCSPResponse.load(one.get_object().read_data(DecodePurpose.OCSP_RESPONSE)) for one in store.ocsps]
    lists = [CertificateList.load(one.get_object().read_data(DecodePurpose.CRL)) for one in store.crls]
    return Evidence(
        tuple(store.load_certs()),
        tuple(container for answer in answers for container in OCSPContainer.load_multi(answer)),
        tuple(CRLContainer(one) for one in lists),
    )


def own_timestamps(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    """The timestamps that a signature carries itself (as unsigned attributes)."""
    return list(extract_tst_data_iter(signature.signer_info, signed=False))


def stamped_at(timestamp: cms.SignedData) -> datetime:
    """What a timestamp says."""
    moment: datetime = timestamp["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def document_timestamps(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """Timestamps over the document, oldest first."""
    return list(reader.embedded_timestamp_signatures)


def stamps_these_bytes(timestamp: EmbeddedPdfSignature) -> bool:
    """Whether a document timestamp is over the bytes that stand before it now."""
    imprint = timestamp.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
    return bool(imprint["hashed_message"].native == timestamp.compute_digest())


def level(signature: EmbeddedPdfSignature, evidence: Evidence, timestamps: list[EmbeddedPdfSignature]) -> str:
    """`B`, `T`, `LT` or `LTA` (ETSI EN 319 142-1, clause 6), by what is there; whether it holds is another question."""
    if not own_timestamps(signature):
        return "B"
    if not evidence.covers(signature.signer_cert):
        return "T"
    return "LTA" if any(one.signed_revision > signature.signed_revision for one in timestamps) else "LT"


def claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """When the signer's computer said it was."""
    return signature.self_reported_timestamp
