"""The AdES judgement of signatures (ETSI EN 319 102-1): each as of the moment to which the timestamps over the document lead back
(`sliding.py`), by the library's function for a signature with a time, or without one.

The library's own function for archived signatures is not used: it judges every timestamp again for each signature, gives up where
the certificate of an authority has ended, and forgets what an earlier revision knew.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.sign.ades.report import AdESIndeterminate, AdESStatus, AdESSubIndic
from pyhanko.sign.validation.ades import ades_basic_validation, ades_with_time_validation
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
    bootstrap_validation_data_handlers,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.fetchers.api import FetcherBackend
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
    NonRevokedStatusAssertion,
)

from signing.anchors import Anchors, of_signature, of_stamp, withdrawn
from signing.certificates import KEY_USAGE, extended
from signing.changes import OnlySignatures
from signing.ended import outlived
from signing.evidence import Evidence
from signing.network import AWAY
from signing.sliding import Known, Slide
from signing.trust import TrustList

OLDEST_EVIDENCE = timedelta(days=3650)
"""How old revocation data may be while its certificate lasts. Offline nothing younger than what the file holds can be had, and
the library's own choice fails a good signature for the weeks in which one of several OCSP answers is stale and a CRL is not. That
the data about a signer still held when the signature was made is asked by a rule of our own (`verify.py`). For a certificate of a
time-stamp service that lasts still, and about which the file holds data that says nothing bad, the library is told that it holds.
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds, and what was found out about it: it serves for all of its signatures, and for several moments.

    `parts` is the evidence that each revision brought, `supplied` the last revision that changed the DSS; `stamps` are the
    timestamps over the document, oldest first.
    """

    parts: Mapping[int, Evidence]
    evidence: Evidence
    supplied: int
    stamps: Sequence[EmbeddedPdfSignature]
    changes: OnlySignatures
    found: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)


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


class Judge:
    """Judges the signatures of a file, newest first, as of `moment` (None: now); online where it is given a `backend`."""

    def __init__(self, trust: TrustList, held: Held, backend: FetcherBackend | None, moment: datetime | None) -> None:
        self._trust = trust
        self._held = held
        self._backend = backend
        self._timed = moment is not None
        self.now = moment or datetime.now(UTC)
        self._slide = Slide(held.stamps, held.parts, self.now, self._holds)

    @property
    def roots(self) -> tuple[Certificate, ...]:
        """Whom it trusts."""
        return self._trust.roots

    async def of(self, signature: EmbeddedPdfSignature, level: str) -> Judgement:
        """One signature, whose integrity was computed before. If the network is silent, by what the file holds."""
        known = await self._slide.back_to(signature.signed_revision)
        if self._held.supplied <= signature.signed_revision:  # what was there before it says nothing of it
            known = replace(known, evidence=self._held.parts.get(signature.signed_revision + 1, Evidence()))
        found = await self._once(signature, known, functools.partial(self._signature, signature, level, known, None))
        made = (found.best_signature_time if level != "B" else None) or known.moment
        if withdrawn(self._trust, signature, made, (*self._trust.others, *known.evidence.certificates)):
            found = await self._once(signature, known, functools.partial(self._signature, signature, level, known, made), made)
        status, indication = found.api_status, found.ades_subindic
        if indication.status is AdESStatus.PASSED and known.broken:
            indication = AdESIndeterminate.NO_POE
        elif indication.status is AdESStatus.PASSED and signature.signer_cert.not_valid_after < known.moment:
            indication = await self._ended(signature, known, made, status.validation_path)
        passed = indication.status is AdESStatus.PASSED
        proven = found.best_signature_time if level != "B" else known.moment if known.since is not None else None
        return Judgement(
            indication.status.name,
            indication.standard_name,
            None if status is None else bool(status.intact and status.valid),
            bool(passed and status and status.bottom_line),
            proven if passed else None,
            self.now,
        )

    async def _ended(self, signature: EmbeddedPdfSignature, known: Known, made: datetime, path: ValidationPath) -> AdESSubIndic:
        """The library looks at no revocation of what has ended: what is said of it since then decides."""
        said = known.evidence.since_end(signature.signer_cert)
        anchors = of_signature(self._trust, signature, made)
        specification = self._specification(signature, replace(known, evidence=said), None, anchors)
        timing = self._timing(known)
        return await outlived(signature.signer_cert, path, made, said=said, specification=specification, timing=timing)

    async def _holds(self, stamp: EmbeddedPdfSignature, known: Known) -> bool:
        """Whether a timestamp over the document holds by what is known, and covers its whole revision."""
        if stamp.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
            return False
        return bool(await self._once(stamp, known, functools.partial(self._stamp, stamp, known)))

    async def _once(
        self,
        signature: EmbeddedPdfSignature,
        known: Known,
        work: Callable[[FetcherBackend | None], Any],
        made: datetime | None = None,
    ) -> Any:
        """What was found as of a proven moment stays found, whatever the moment of judging; online the network is asked once."""
        key = (signature.fq_name, known.moment, known.since, made)
        if key not in self._held.found:
            try:
                self._held.found[key] = await work(self._backend)
            except AWAY:
                self._held.found[key] = await work(None)
        return self._held.found[key]

    async def _stamp(self, stamp: EmbeddedPdfSignature, known: Known, backend: FetcherBackend | None) -> bool:
        """What the library's `ades_timestamp_validation` asks, without the list of all it looked at, which takes as long."""
        specification, timing = self._specification(stamp, known, backend, of_stamp(self._trust, stamp)), self._timing(known)
        handlers = bootstrap_validation_data_handlers(specification, timing_info=timing)
        context = specification.cert_validation_policy.build_validation_context(timing_info=timing, handlers=handlers)
        try:
            found = await validate_tst_signed_data(stamp.signed_data, context, lambda _: stamp.compute_digest())
        except SignatureValidationError:
            return False
        return bool(found["intact"] and found["valid"] and found["trust_problem_indic"] is None)

    async def _signature(
        self, signature: EmbeddedPdfSignature, level: str, known: Known, made: datetime | None, backend: FetcherBackend | None
    ) -> Any:
        anchors = of_signature(self._trust, signature, made)
        specification, timing = self._specification(signature, known, backend, anchors), self._timing(known)
        if level == "B":  # no PdfSignatureStatus: the library makes another kind of what it is given for that one, and fails
            return await ades_basic_validation(
                signature.signed_data, specification, timing_info=timing, raw_digest=signature.compute_digest()
            )
        validate: Any = ades_with_time_validation
        return await validate(
            signed_data=signature.signed_data,
            validation_spec=specification,
            timing_info=timing,
            raw_digest=signature.compute_digest(),
            extra_status_kwargs=signature.summarise_integrity_info(),
            status_cls=PdfSignatureStatus,
        )

    def _specification(
        self, signature: EmbeddedPdfSignature, known: Known, backend: FetcherBackend | None, anchors: Anchors
    ) -> SignatureValidationSpec:
        signers, stamps = anchors.managers()
        evidence = known.evidence.while_lasting(signature.signer_cert)
        offline = backend is None or known.since is not None
        holding = self._holding(known) if offline and known.since is None and self._held.stamps else []
        fetching = RevinfoOnlineFetchingRule.LOCAL_ONLY if offline else RevinfoOnlineFetchingRule.NO_HISTORICAL_FETCH
        certificates = [*self._trust.roots, *self._trust.others, *evidence.certificates]
        return SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(signers, _EVIDENCE),
            ts_cert_validation_policy=CertValidationPolicySpec(stamps, _EVIDENCE),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(fetching, None if offline else backend),
            local_knowledge=LocalKnowledge(
                list(evidence.ocsps), list(evidence.crls), certificates, nonrevoked_assertions=holding
            ),
            key_usage_settings=KeyUsageConstraints(key_usage=set(KEY_USAGE)),
        )

    def _holding(self, known: Known) -> list[NonRevokedStatusAssertion]:
        """The certificates of time-stamp services that hold as far as the file tells."""
        evidence = self._held.evidence
        stamps = [one.signer_cert for one in self._held.stamps]
        stamps += [one for one in evidence.certificates if "time_stamping" in extended(one)]
        return [
            NonRevokedStatusAssertion(one.sha256, known.moment)
            for one in stamps
            if one.not_valid_after > known.moment and evidence.covers(one) and not evidence.revoked(one)
        ]

    def _timing(self, known: Known) -> ValidationTimingInfo:
        at = known.moment
        past = self._timed or known.since is not None
        return ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=past)


_EVIDENCE = CertRevTrustPolicy(
    REQUIRE_REVINFO, freshness=OLDEST_EVIDENCE, freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
)
