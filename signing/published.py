"""What authorities have published about a certificate just now: when each answer was given, and whether they know it at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, slots=True)
class Answer:
    """An OCSP answer, or a list of revoked certificates: given at `at`, the next one to come at `next_at`."""

    at: datetime
    next_at: datetime | None
    unknown: bool = False


def answers(certificate: Certificate, context: ValidationContext) -> list[Answer]:
    """What was fetched into `context` about a certificate."""
    lists = (one["tbs_cert_list"] for one in context.crls if one.issuer.hashable == certificate.issuer.hashable)
    told = (one for answer in context.ocsps for one in _told(answer) if _about(one, certificate))
    return [
        *(Answer(one["this_update"].native, one["next_update"].native, one["cert_status"].name == "unknown") for one in told),
        *(Answer(one["this_update"].native, one["next_update"].native) for one in lists),
    ]


def _told(answer: OCSPResponse) -> Iterator[Any]:
    if answer["response_status"].native == "successful":
        yield from answer.response_data["responses"]


def _about(told: Any, certificate: Certificate) -> bool:
    return bool(told["cert_id"]["serial_number"].native == certificate.serial_number)
