"""A signer's certificate that had ended by the moment at which its signature is judged: what its authority still says of it.

An authority may forget whom it certified once the certificate has ended, so what it says of revocation later says nothing. It
may also say since when it forgets nobody (`Evidence.since_end`): then the signature is judged by that (EN 319 102-1, 5.2.6 and
5.5.4). The library asks for no revocation of what has ended; that is done here, as is what it left out when it found the end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from asn1crypto.x509 import Certificate
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec, bootstrap_validation_data_handlers
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import CRLValidationError, OCSPValidationError, RevokedError, ValidationError
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response
from pyhanko_certvalidator.validate import async_validate_path

from signing.evidence import Evidence, entries


async def outlived(
    certificate: Certificate,
    path: ValidationPath,
    made: datetime,
    *,
    said: Evidence,
    specification: SignatureValidationSpec,
    timing: ValidationTimingInfo,
) -> AdESSubIndic:
    """What is found of a signature that was `made` before its certificate ended, which it had by `timing`. `said`: what is said
    of the certificate since. Whoever stands above it in the path was found to hold as of `timing`.
    """
    handlers = bootstrap_validation_data_handlers(specification, timing_info=timing)
    now = specification.cert_validation_policy.build_validation_context(timing_info=timing, handlers=handlers)
    good = not any(since <= made for since in _revocations(certificate, said))
    try:
        good = await _spoken_of(certificate, path, now) and good
    except RevokedError as told:
        if told.revocation_dt <= made:
            return AdESIndeterminate.REVOKED_NO_POE
    if not good:
        return AdESIndeterminate.OUT_OF_BOUNDS_NO_POE
    may = await _may_sign(certificate, path, specification)
    return AdESPassed.OK if may else AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE


def _revocations(certificate: Certificate, said: Evidence) -> Iterator[datetime]:
    """Since when it was revoked, whoever says so."""
    for answer in said.answers_about(certificate):
        if answer["cert_status"].name == "revoked":
            yield answer["cert_status"].chosen["revocation_time"].native
    for one in said.lists_about(certificate):
        yield from (each["revocation_date"].native for each in entries(one, certificate))


async def _may_sign(certificate: Certificate, path: ValidationPath, specification: SignatureValidationSpec) -> bool:
    """All that is asked of a chain but revocation, as of the end."""
    end = ValidationTimingInfo(certificate.not_valid_after, certificate.not_valid_after, point_in_time_validation=True)
    policy = replace(specification.cert_validation_policy, revinfo_policy=CertRevTrustPolicy(NO_REVOCATION))
    try:
        await async_validate_path(policy.build_validation_context(timing_info=end, handlers=None), path)
        specification.key_usage_settings.validate(certificate)
    except ValidationError:
        return False
    return True


async def _spoken_of(certificate: Certificate, path: ValidationPath, now: ValidationContext) -> bool:
    """Whether an answer or a list that holds says that it is good. Raises RevokedError."""
    for verify in (verify_ocsp_response, verify_crl):
        with contextlib.suppress(OCSPValidationError, CRLValidationError):
            await verify(certificate, path, now)
            return True
    return False
