"""What a court asks of a verdict, in the terms of ETSI TS 119 102-2: indications, times, chains, evidence, algorithms and hashes.

Everything is read from the file and the trust list anew; what holds and what does not is for `verify.py` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms
from asn1crypto.crl import TbsCertList
from asn1crypto.ocsp import SingleResponse
from asn1crypto.x509 import Certificate
from pyhanko.sign.general import extract_certificate_info

from domain.signatures import SignatureVerdict, Verdict
from signing.evidence import Evidence, evidence_by_revision, lists, own_timestamps, stamped_at, together
from signing.identity import called, distinguished
from signing.reading import BAD, Signature, opened, parsed, signed_fields, stamps_of
from signing.trust import TrustList

INDICATIONS = {Verdict.PASSED: "TOTAL-PASSED", Verdict.FAILED: "TOTAL-FAILED", Verdict.UNDETERMINED: "INDETERMINATE"}
_SUB = {
    1: "HASH_FAILURE", 2: "FORMAT_FAILURE", 3: "FORMAT_FAILURE", 6: "FORMAT_FAILURE", 7: "FORMAT_FAILURE", 8: "NO_POE",
    9: "OUT_OF_BOUNDS_NO_POE", 10: "REVOCATION_OUT_OF_BOUNDS_NO_POE", 12: "FORMAT_FAILURE",
}  # fmt: skip
"""For rules of our own; rules 4, 5 and 11 say it themselves."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """All of one signature that can be read; dictionaries of plain values, times in ISO 8601."""

    field: str
    digest_algorithm: str
    digest: str
    signature_algorithm: str
    byte_range: tuple[int, ...]
    chain: tuple[dict[str, str], ...]
    timestamps: tuple[dict[str, str], ...]
    revocation: tuple[dict[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The same, for `json`."""
        return {key: value for key, value in asdict(self).items() if key != "field"}


def indications(one: SignatureVerdict) -> tuple[str, str | None]:
    """Indication and sub-indication (EN 319 102-1, table 5 and 6) of a verdict."""
    against = next((rule for rule in one.rules if rule.verdict is one.verdict and one.verdict is not Verdict.PASSED), None)
    if against is None:
        return INDICATIONS[one.verdict], None
    own = against.evidence if against.evidence.isupper() and " " not in against.evidence else "HASH_FAILURE"
    return INDICATIONS[one.verdict], _SUB.get(against.number, own)


def particulars(path: Path, trust: TrustList) -> tuple[Particulars, ...]:
    """Of every signature that can be read; none of a file that cannot."""
    try:
        with path.open("rb") as file:
            reader = opened(file, strict=False)
            if reader is None:
                return ()
            found = [parsed(reader, field, name) for name, field in signed_fields(reader) or ()]
            readable = [one for one in found if isinstance(one, Signature)]
            evidence, stamps = together(evidence_by_revision(reader, readable).values()), stamps_of(readable)
            return tuple(_of(one, evidence, stamps, trust) for one in readable)
    except BAD:
        return ()


def _of(signature: Signature, evidence: Evidence, stamps: list[Signature], trust: TrustList) -> Particulars:
    own = own_timestamps(signature)
    later = [one.signed_data for one in stamps if one.signed_revision > signature.signed_revision]
    chain = _chain(signature.signer_cert, [*_within(signature.signed_data), *evidence.certificates, *trust.others, *trust.roots])
    timed = [("signature", one) for one in own] + [("document", one) for one in later]
    return Particulars(
        str(signature.field_name),
        signature.md_algorithm,
        signature.compute_digest().hex(),
        signature.signer_info["signature_algorithm"]["algorithm"].native,
        tuple(int(number) for number in signature.byte_range),
        tuple(_certificate(one, trust) for one in chain),
        tuple(_timestamp(kind, one) for kind, one in timed),
        tuple(entry for one in chain for entry in _revocation(one, evidence)),
    )


def _within(signed: cms.SignedData) -> list[Certificate]:
    return [one.chosen for one in signed["certificates"] if one.name == "certificate"]


def _chain(certificate: Certificate, known: list[Certificate]) -> list[Certificate]:
    """Upwards by name; who signed whom was judged before."""
    found = [certificate]
    while not found[-1].self_issued and len(found) < 10:
        above = next((one for one in known if one.subject.dump() == found[-1].issuer.dump()), None)
        if above is None:
            break
        found.append(above)
    return found


def _certificate(one: Certificate, trust: TrustList) -> dict[str, str]:
    return {
        "subject": distinguished(one.subject),
        "issuer": distinguished(one.issuer),
        "issued_by": called(one.issuer),
        "serial": f"{one.serial_number:x}",
        "not_before": one.not_valid_before.isoformat(),
        "not_after": one.not_valid_after.isoformat(),
        "sha256": one.sha256.hex(),
        "trusted": "yes" if one.dump() in {root.dump() for root in trust.roots} else "no",
    }


def _timestamp(kind: str, one: cms.SignedData) -> dict[str, str]:
    service = extract_certificate_info(one).signer_cert
    imprint = one["encap_content_info"]["content"].parsed["message_imprint"]
    return {
        "over": kind,
        "time": stamped_at(one).isoformat(),
        "by": distinguished(service.subject),
        "sha256": service.sha256.hex(),
        "digest_algorithm": imprint["hash_algorithm"]["algorithm"].native,
    }


def _revocation(about: Certificate, evidence: Evidence) -> Iterator[dict[str, str]]:
    for answer in evidence.answers_about(about):
        yield _said("OCSP", about, answer["cert_status"].name, answer)
    for one in evidence.lists_about(about):
        yield _said("CRL", about, "revoked" if lists(one, about) else "good", one)


def _said(kind: str, about: Certificate, status: str, dates: SingleResponse | TbsCertList) -> dict[str, str]:
    begin, end = dates["this_update"].native, dates["next_update"].native
    return {
        "kind": kind,
        "about": distinguished(about.subject),
        "status": status,
        "this_update": begin.isoformat(),
        "next_update": end.isoformat() if end else "",
    }
