"""What a signed file holds to be judged with: its level, its timestamps, and the evidence stored in it (DSS)."""

from __future__ import annotations

import contextlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import cms
from asn1crypto.core import GeneralizedTime
from asn1crypto.crl import CertificateList, RevokedCertificate, TbsCertList
from asn1crypto.ocsp import OCSPResponse, SingleResponse
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import IndirectObject, Reference, parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from signing.shared import shared

CLOCKS_DIFFER = timedelta(minutes=5)
"""By which a clock may be ahead of another one."""
_EXPIRED_CERTS_ON_CRL = "2.5.29.60"
_PURPOSES = {"/Certs": DecodePurpose.CERTIFICATE, "/OCSPs": DecodePurpose.OCSP_RESPONSE, "/CRLs": DecodePurpose.CRL}


@dataclass(frozen=True)
class Evidence:
    """Certificates and revocation data stored in the file itself."""

    certificates: tuple[Certificate, ...] = ()
    ocsps: tuple[OCSPContainer, ...] = ()
    crls: tuple[CRLContainer, ...] = ()

    def covers(self, certificate: Certificate, moment: datetime | None = None) -> bool:
        """Whether there is an OCSP answer for this certificate, or a CRL of its issuer, that held at `moment` or is newer."""
        return any(moment is None or end >= moment for end in self._ends(certificate))

    def revoked(self, certificate: Certificate) -> bool:
        """Whether any of it says that this certificate was revoked, or is not known."""
        listed = any(lists(one, certificate) for one in self.lists_about(certificate))
        return listed or any(one["cert_status"].name != "good" for one in self.answers_about(certificate))

    def answers_about(self, certificate: Certificate) -> Iterator[SingleResponse]:
        """What OCSP answers say of a certificate."""
        found = (one.extract_single_response() for one in self.ocsps)
        return (one for one in found if one is not None and one["cert_id"]["serial_number"].native == certificate.serial_number)

    def lists_about(self, certificate: Certificate) -> Iterator[TbsCertList]:
        """Lists of revoked certificates by a certificate's issuer, whether it is in them or not."""
        found = (one.crl_data for one in self.crls)
        return (one["tbs_cert_list"] for one in found if one.issuer.dump() == certificate.issuer.dump())

    def issued_by(self, moment: datetime) -> Evidence:
        """Without revocation data that says it is younger than `moment`."""
        latest = moment + CLOCKS_DIFFER
        return Evidence(
            self.certificates,
            tuple(one for one in self.ocsps if _made(one) <= latest),
            tuple(one for one in self.crls if _made(one) <= latest),
        )

    def while_lasting(self, certificate: Certificate) -> Evidence:
        """Without revocation data from after this certificate's end by an authority that may have forgotten it by then."""
        end = certificate.not_valid_after
        return self._of(certificate, lambda one: _made(one) <= end or _reaches_back_to(one, end))

    def since_end(self, certificate: Certificate) -> Evidence:
        """Of what is about this certificate only what is from after its end, by an authority that has not forgotten it."""
        end = certificate.not_valid_after
        return self._of(certificate, lambda one: _made(one) > end and _reaches_back_to(one, end))

    def proven_by(self, moment: datetime, ended: Collection[bytes]) -> Evidence:
        """Without revocation data whose issuer's certificate had `ended` before the data is proven to have been there: whoever
        found that key since could have made it (EN 319 102-1, 5.6.2.4).
        """
        return Evidence(
            self.certificates,
            tuple(one for one in self.ocsps if all(each.not_valid_after >= moment for each in _responders(one))),
            tuple(one for one in self.crls if one.crl_data.issuer.dump() not in ended),
        )

    def _of(self, certificate: Certificate, fits: Callable[[OCSPContainer | CRLContainer], bool]) -> Evidence:
        """All that is about others, and of what is about this certificate what fits."""
        number, issuer = certificate.serial_number, certificate.issuer.dump()
        return Evidence(
            self.certificates,
            tuple(one for one in self.ocsps if _about(one) != number or fits(one)),
            tuple(one for one in self.crls if one.crl_data.issuer.dump() != issuer or fits(one)),
        )

    def _ends(self, certificate: Certificate) -> Iterator[datetime]:
        """Until when each piece of revocation data about a certificate holds."""
        for one in itertools.chain(self.answers_about(certificate), self.lists_about(certificate)):
            yield one["next_update"].native or one["this_update"].native


def ended_by(moment: datetime, known: Iterable[Certificate]) -> frozenset[bytes]:
    """Names (DER) of those whose last certificate among these had ended by then."""
    last: dict[bytes, datetime] = {}
    for one in known:
        name = one.subject.dump()
        last[name] = max(one.not_valid_after, last.get(name, one.not_valid_after))
    return frozenset(name for name, end in last.items() if end < moment)


def lists(revoked: TbsCertList, certificate: Certificate) -> bool:
    """Whether a certificate is in the list."""
    return any(True for _ in entries(revoked, certificate))


def entries(revoked: TbsCertList, certificate: Certificate) -> Iterator[RevokedCertificate]:
    """What a list says of a certificate; nothing where it is not in it."""
    return (one for one in revoked["revoked_certificates"] if one["user_certificate"].native == certificate.serial_number)


def together(parts: Iterable[Evidence]) -> Evidence:
    """All of it."""
    found = list(parts)
    return Evidence(
        tuple(one for part in found for one in part.certificates),
        tuple(one for part in found for one in part.ocsps),
        tuple(one for part in found for one in part.crls),
    )


def _made(container: OCSPContainer | CRLContainer) -> datetime:
    found = container.issuance_date
    return found or datetime.max.replace(tzinfo=UTC)


def _reaches_back_to(container: OCSPContainer | CRLContainer, end: datetime) -> bool:
    """Whether who made it says that nobody is forgotten who ended then or later: archiveCutoff of an answer (RFC 6960, 4.4.4),
    expiredCertsOnCRL of a list (X.509).
    """
    if isinstance(container, OCSPContainer):
        answer = container.extract_single_response()
        extensions, name = () if answer is None else answer["single_extensions"], "archive_cutoff"
    else:
        extensions, name = container.crl_data["tbs_cert_list"]["crl_extensions"], _EXPIRED_CERTS_ON_CRL
    said = [_moment(one["extn_value"].contents) for one in extensions if one["extn_id"].native == name]
    return any(since is not None and since <= end for since in said)


def _moment(der: bytes) -> datetime | None:
    """A GeneralizedTime; None where it is none, or says no time zone."""
    with contextlib.suppress(ValueError):
        found: datetime = GeneralizedTime.load(der, strict=True).native
        return found if found.tzinfo else None
    return None


def _about(container: OCSPContainer) -> int | None:
    answer = container.extract_single_response()
    return None if answer is None else answer["cert_id"]["serial_number"].native


def _responders(container: OCSPContainer) -> list[Certificate]:
    """The certificate that an answer brings of the one who signed it: the first (RFC 6960, 4.2.1, leaves the order open)."""
    basic = container.extract_basic_ocsp_response()
    return list(basic["certs"])[:1] if basic is not None and basic["certs"] else []


def stored_evidence(reader: PdfFileReader) -> Evidence:
    """All that a file holds, of whatever revision; empty where there is none."""
    return together(evidence_by_revision(reader, reader.embedded_signatures).values())


def stored_certificates(reader: PdfFileReader) -> list[Certificate]:
    """Those that the newest DSS names."""
    data = (reader.get_object(one).read_data(_PURPOSES["/Certs"]) for one in _references(reader, "/Certs"))
    return [shared(Certificate, one) for one in data]


def evidence_by_revision(reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]) -> dict[int, Evidence]:
    """What each revision brought: in its DSS, even where a later one does not name it any more, and in signatures."""
    found: defaultdict[int, list[Evidence]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    for number in sorted({*(one.signed_revision for one in signatures), reader.xrefs.total_revisions - 1}):
        for key, kind in (("/Certs", Certificate), ("/OCSPs", OCSPResponse), ("/CRLs", CertificateList)):
            for reference in _references(reader.get_historical_resolver(number), key):
                revision = reader.xrefs.get_last_change(reference)
                if (reference.idnum, revision) not in seen:
                    seen.add((reference.idnum, revision))
                    data = reader.get_historical_resolver(number)(reference).read_data(_PURPOSES[key])
                    found[revision].append(_evidence(shared(kind, data)))
    for one in signatures:
        found[one.signed_revision + 1].append(_carried(one))  # what comes later covers it
    return {revision: together(parts) for revision, parts in sorted(found.items())}


def supplied(reader: PdfFileReader) -> int:
    """The last revision that changed the DSS; -1 where there is none."""
    if "/DSS" not in reader.root:
        return -1
    store = reader.root["/DSS"]
    values = [reader.root.raw_get("/DSS"), *(store.raw_get(key) for key in _PURPOSES if key in store)]
    own = [one.reference for one in values if isinstance(one, IndirectObject)]
    listed = [one for key in _PURPOSES for one in _references(reader, key)]
    return max((reader.xrefs.get_last_change(one) for one in (*own, *listed)), default=-1)


def _references(revision: HistoricalResolver | PdfFileReader, key: str) -> list[Reference]:
    """Objects of a DSS."""
    if "/DSS" not in revision.root or key not in revision.root["/DSS"]:
        return []
    array = revision.root["/DSS"][key]
    return [array.raw_get(index).reference for index in range(len(array))]


def _evidence(value: Certificate | OCSPResponse | CertificateList) -> Evidence:
    if isinstance(value, Certificate):
        return Evidence((value,))
    if isinstance(value, OCSPResponse):
        return Evidence(ocsps=tuple(OCSPContainer.load_multi(value)))
    return Evidence(crls=(CRLContainer(value),))


def _carried(signature: EmbeddedPdfSignature) -> Evidence:
    """What the CMS of a signature and its timestamps bring: an attribute of Adobe's, lists of revoked certificates."""
    parts = []
    for signed in (signature.signed_data, *own_timestamps(signature)):
        lists = [one.chosen for one in signed["crls"] or () if one.name == "certificate_list"]
        parts += [_evidence(one) for one in lists if isinstance(one, CertificateList)]
        parts += [Evidence(tuple(one.chosen for one in signed["certificates"] if one.name == "certificate"))]
    for attribute in signature.signer_info["signed_attrs"]:
        if attribute["type"].native == "adobe_revocation_info_archival":
            archive = attribute["values"][0]
            parts += [_evidence(one) for key in ("ocsp", "crl") for one in archive[key] or ()]
    return together(parts)


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


def level(signature: EmbeddedPdfSignature, evidence: Evidence, timestamps: Sequence[EmbeddedPdfSignature]) -> str:
    """`B`, `T`, `LT` or `LTA` (ETSI EN 319 142-1, clause 6), by what is there; whether it holds is another question."""
    if not own_timestamps(signature):
        return "B"
    if not evidence.covers(signature.signer_cert):
        return "T"
    return "LTA" if any(one.signed_revision > signature.signed_revision for one in timestamps) else "LT"


def claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """When the signer's computer said it was; None where that cannot be read. LibreOffice writes an apostrophe after the Z."""
    try:
        return signature.self_reported_timestamp
    except PdfReadError:
        said = str(signature.sig_object["/M"])
        with contextlib.suppress(PdfReadError):
            return parse_pdf_date(said.removesuffix("'"))
        return None
