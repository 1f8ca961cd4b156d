"""The AdES judgement of one signature (ETSI EN 319 102-1) by the library, with the function that fits its level.

The function for LTA finds no proof of existence in B-T and LT files; the one for B-T takes no account of document timestamps.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pyhanko.sign.validation.ades import ades_basic_validation, ades_lta_validation, ades_with_time_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.fetchers.api import FetcherBackend
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager

from signing.certificates import KEY_USAGE
from signing.evidence import Evidence
from signing.network import AWAY
from signing.revision import STRICT
from signing.trust import TrustList

OLDEST_EVIDENCE = timedelta(days=3650)
"""How old revocation data may be. Offline nothing younger than what the file holds can be had, and the library's own choice
fails a good signature for the weeks in which one of several OCSP answers is stale and a CRL is not. That the data about a signer
still held when the signature was made is asked by a rule of our own (`verify.py`); the end of each certificate bounds the rest.
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom to trust, with what evidence, going online or not (`backend` None), judged as of `moment` (None: now)."""

    trust: TrustList
    evidence: Evidence
    backend: FetcherBackend | None
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the library found: `status` is `PASSED`, `INDETERMINATE` or `FAILED`, `reason` its sub-indication.

    `intact`: whether content and signature value are unchanged; None where that could not be computed.
    `best_time`: the earliest moment at which the signature is proven to have been there; None where nothing proves it.
    """

    status: str
    reason: str
    intact: bool | None
    bottom_line: bool
    best_time: datetime | None


async def judge(signature: EmbeddedPdfSignature, level: str, rules: Rules) -> Judgement:
    """Judges one signature, whose integrity was computed before. If the network is silent, by what the file holds."""
    try:
        found = await _validation(signature, level, _specification(rules), _timing(rules.moment))
    except AWAY:
        offline = _specification(replace(rules, backend=None))
        found = await _validation(signature, level, offline, _timing(rules.moment))
    status = found.api_status
    return Judgement(
        found.ades_subindic.status.name,
        found.ades_subindic.standard_name,
        None if status is None else bool(status.intact and status.valid),
        bool(status and status.bottom_line),
        found.best_signature_time if level != "B" and found.ades_subindic.status.name == "PASSED" else None,
    )


def _validation(
    signature: EmbeddedPdfSignature, level: str, spec: PdfSignatureValidationSpec, timing: ValidationTimingInfo | None
) -> Awaitable[Any]:
    if level == "LTA":
        return ades_lta_validation(signature, spec, timing_info=timing)
    validate: Any = ades_basic_validation if level == "B" else ades_with_time_validation
    coming: Awaitable[Any] = validate(
        signed_data=signature.signed_data,
        validation_spec=spec.signature_validation_spec,
        timing_info=timing,
        raw_digest=signature.compute_digest(),
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )
    return coming


def _specification(rules: Rules) -> PdfSignatureValidationSpec:
    manager = SimpleTrustManager.build(trust_roots=list(rules.trust.roots))
    stored = CertRevTrustPolicy(
        REQUIRE_REVINFO,
        freshness=OLDEST_EVIDENCE,
        freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
    )
    fetching = RevinfoOnlineFetchingRule.NO_HISTORICAL_FETCH if rules.backend else RevinfoOnlineFetchingRule.LOCAL_ONLY
    known = (*rules.trust.roots, *rules.trust.others, *rules.evidence.certificates)
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(manager, stored),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(fetching, rules.backend),
            local_knowledge=LocalKnowledge(list(rules.evidence.ocsps), list(rules.evidence.crls), list(known)),
            key_usage_settings=KeyUsageConstraints(key_usage=set(KEY_USAGE)),
        ),
        diff_policy=STRICT,
    )


def _timing(moment: datetime | None) -> ValidationTimingInfo | None:
    if moment is None:
        return None
    return ValidationTimingInfo(validation_time=moment, best_signature_time=moment, point_in_time_validation=True)
