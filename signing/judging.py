"""The AdES judgement of one signature (ETSI EN 319 102-1) by the library, with the function that fits its level.

The function for LTA finds no proof of existence in B-T and LT files; the one for B-T takes no account of document timestamps.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.sign.ades.report import AdESStatus
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_lta_validation,
    ades_timestamp_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.fetchers.api import FetcherBackend
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
    NonRevokedStatusAssertion,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from signing.certificates import KEY_USAGE
from signing.changes import OnlySignatures
from signing.evidence import Evidence, stored_evidence
from signing.network import AWAY
from signing.tokens import token_of
from signing.trust import TrustList

OLDEST_EVIDENCE = timedelta(days=3650)
"""How old revocation data may be while its certificate lasts. Offline nothing younger than what the file holds can be had, and
the library's own choice fails a good signature for the weeks in which one of several OCSP answers is stale and a CRL is not. That
the data about a signer still held when the signature was made is asked by a rule of our own (`verify.py`).

Once a certificate has ended, the data about it is as old as its authority says: the library then judges it as of the last moment
at which that held (EN 319 102-1, 5.6.2.2), and a later one would lie beyond the certificate's end; data that outlives the
certificate counts until that end. For a certificate of a time-stamp service that lasts still, and about which the file holds data
that says nothing bad, it is told that it holds.
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom to trust, with what evidence, online or not (`backend` None), as of when (None: now), what may follow a signature."""

    trust: TrustList
    evidence: Evidence
    backend: FetcherBackend | None
    moment: datetime | None
    changes: OnlySignatures


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the library found: `status` is `PASSED`, `INDETERMINATE` or `FAILED`, `reason` its sub-indication.

    `intact`: whether content and signature value are unchanged; None where that could not be computed.
    `best_time`: the earliest moment at which the signature is proven to have been there; None where nothing proves it.
    `now`: the moment at which it was judged.
    """

    status: str
    reason: str
    intact: bool | None
    bottom_line: bool
    best_time: datetime | None
    now: datetime


async def judge(signature: EmbeddedPdfSignature, level: str, rules: Rules) -> Judgement:
    """Judges one signature, whose integrity was computed before. If the network is silent, by what the file holds."""
    try:
        found = await _validation(signature, level, _specification(signature, level, rules), _timing(rules.moment))
    except AWAY:
        offline = _specification(signature, level, replace(rules, backend=None))
        found = await _validation(signature, level, offline, _timing(rules.moment))
    if level == "LTA" and found.ades_subindic.status is AdESStatus.INDETERMINATE and _authority_ended(rules):
        found = await _as_of_its_stamp(signature, rules) or found
    status = found.api_status
    return Judgement(
        found.ades_subindic.status.name,
        found.ades_subindic.standard_name,
        None if status is None else bool(status.intact and status.valid),
        bool(status and _summary(found, status)),
        found.best_signature_time if level != "B" and found.ades_subindic.status.name == "PASSED" else None,
        rules.moment or datetime.now(UTC),
    )


def _authority_ended(rules: Rules) -> bool:
    """The library gives up on what it may still judge by stamps: the certificate of an authority on the way has ended."""
    return any(one.ca and one.not_valid_after < _latest(rules) for one in rules.evidence.certificates)


async def _as_of_its_stamp(signature: EmbeddedPdfSignature, rules: Rules) -> Any | None:
    """The judgement as of the first stamp over the signature; None unless each stamp held when the next was made, and the last
    one holds still, by what the last one covers.
    """
    reader = signature.reader
    stamps = [one for one in reader.embedded_timestamp_signatures if one.signed_revision > signature.signed_revision]
    covered = stored_evidence(reader.get_historical_resolver(stamps[-1].signed_revision))
    times = [token_of(one.signed_data).time for one in stamps]
    for stamp, at in zip(stamps, [*times[1:], rules.moment or datetime.now(UTC)], strict=True):
        then = Rules(rules.trust, covered, None, at, rules.changes)
        level = "LTA" if stamp is stamps[-1] else "LT"
        digest = stamp.compute_digest()
        held = await ades_timestamp_validation(
            stamp.signed_data,
            _specification(stamp, level, then).signature_validation_spec,
            lambda _, digest=digest: digest,
            timing_info=_timing(at),
        )
        whole = stamp.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
        if held.ades_subindic.status is not AdESStatus.PASSED or not whole:
            return None
    first = Rules(rules.trust, covered, None, times[0], rules.changes)
    return await _validation(signature, "LT", _specification(signature, "LT", first), _timing(times[0]))


def _summary(found: Any, status: PdfSignatureStatus) -> bool:
    """The library's own summary. Of a signature's time stamp that holds by what is known of the past it still has the words of
    before, which say that its certificate has ended.
    """
    stamp = getattr(found, "signature_timestamp_status", None)
    if stamp is not None and stamp.ades_subindic.status is AdESStatus.PASSED:
        return replace(status, timestamp_validity=None).bottom_line
    return bool(status.bottom_line)


def _validation(
    signature: EmbeddedPdfSignature, level: str, spec: PdfSignatureValidationSpec, timing: ValidationTimingInfo | None
) -> Awaitable[Any]:
    if level == "LTA":
        return ades_lta_validation(signature, spec, timing_info=timing)
    if level == "B":  # no PdfSignatureStatus: the library makes another kind of what it is given for that one, and fails
        return ades_basic_validation(
            signature.signed_data,
            spec.signature_validation_spec,
            timing_info=timing,
            raw_digest=signature.compute_digest(),
        )
    validate: Any = ades_with_time_validation
    coming: Awaitable[Any] = validate(
        signed_data=signature.signed_data,
        validation_spec=spec.signature_validation_spec,
        timing_info=timing,
        raw_digest=signature.compute_digest(),
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )
    return coming


def _specification(signature: EmbeddedPdfSignature, level: str, rules: Rules) -> PdfSignatureValidationSpec:
    manager = SimpleTrustManager.build(trust_roots=list(rules.trust.roots))
    lasting = level == "LTA"
    over = lasting and signature.signer_cert.not_valid_after < _latest(rules)
    age = rules.evidence.age_to_its_end(signature.signer_cert) if over else OLDEST_EVIDENCE
    holding = _holding(signature, rules) if lasting and not rules.backend else []
    fetching = RevinfoOnlineFetchingRule.NO_HISTORICAL_FETCH if rules.backend else RevinfoOnlineFetchingRule.LOCAL_ONLY
    known = (*rules.trust.roots, *rules.trust.others, *rules.evidence.certificates)
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(manager, _evidence_within(age)),
            ts_cert_validation_policy=CertValidationPolicySpec(manager, _evidence_within(None if lasting else OLDEST_EVIDENCE)),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(fetching, rules.backend),
            local_knowledge=LocalKnowledge(
                list(rules.evidence.ocsps), list(rules.evidence.crls), list(known), nonrevoked_assertions=holding
            ),
            key_usage_settings=KeyUsageConstraints(key_usage=set(KEY_USAGE)),
        ),
        diff_policy=rules.changes,
    )


def _evidence_within(age: timedelta | None) -> CertRevTrustPolicy:
    """Revocation data may be so old; None: as old as its authority says."""
    return CertRevTrustPolicy(REQUIRE_REVINFO, freshness=age, freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION)


def _latest(rules: Rules) -> datetime:
    """The moment, or now where that is later: the library asks this machine's clock what is known of the past."""
    now = datetime.now(UTC)
    return max(rules.moment or now, now)


def _holding(signature: EmbeddedPdfSignature, rules: Rules) -> list[NonRevokedStatusAssertion]:
    """The certificates of time-stamp services that hold as far as the file tells."""
    stamps = [one.signer_cert for one in signature.reader.embedded_timestamp_signatures]
    stamps += [one for one in rules.evidence.certificates if "time_stamping" in (_usage(one) or ())]
    at = rules.moment or datetime.now(UTC)
    return [
        NonRevokedStatusAssertion(one.sha256, at)
        for one in stamps
        if one.not_valid_after > at and rules.evidence.covers(one) and not rules.evidence.revoked(one)
    ]


def _usage(certificate: Certificate) -> list[str] | None:
    value = certificate.extended_key_usage_value
    return None if value is None else list(value.native)


def _timing(moment: datetime | None) -> ValidationTimingInfo | None:
    if moment is None:
        return None
    return ValidationTimingInfo(validation_time=moment, best_signature_time=moment, point_in_time_validation=True)
