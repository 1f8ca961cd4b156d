"""Trusted time: the idea. `rfc3161.py` asks a time-stamp service over HTTP.

A token is taken only if it is over the digest that was sent (the library compares nothing but the nonce), under the policy that
was asked for, and tells a time that this machine's clock can believe. Whose token it is, the proof's verdict says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

from domain.errors import PartAway


@dataclass(frozen=True, slots=True)
class Terms:
    """What a time stamp must keep to: the policy it is given under (OID; empty: any), how far its time may be from our clock's.

    `digest` is what a document is hashed with for it.
    """

    policy: str = ""
    clock: timedelta = timedelta(minutes=5)
    digest: str = "sha256"


class Timestamps(Protocol):
    """Somebody who says what existed when (RFC 3161), on certain terms."""

    terms: Terms

    async def ask(self, request: bytes) -> bytes:
        """The DER of a TimeStampResp for the DER of a TimeStampReq. Raises PartAway if nobody answers."""
        ...


class Stamper(TimeStamper):
    """Any `Timestamps` in the form that pyHanko asks for, at `moment` (None: now).

    A refusal of the service is an absence, and so is an answer that breaks the terms: the work waits, and says for what.
    """

    def __init__(self, timestamps: Timestamps, moment: datetime | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._timestamps = timestamps
        self._moment = moment

    def request_cms(self, message_digest: bytes, md_algorithm: str) -> tuple[Any, tsp.TimeStampReq]:
        """The library's request, under our policy."""
        nonce, request = super().request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        if self._timestamps.terms.policy:
            request["req_policy"] = self._timestamps.terms.policy
        return nonce, request

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over a digest. Raises PartAway."""
        nonce, request = self.request_cms(message_digest, md_algorithm)
        answer = await self._timestamps.ask(request.dump())
        try:
            token = handle_tsp_response(tsp.TimeStampResp.load(answer), nonce)
            said = token["content"]["encap_content_info"]["content"].parsed
            imprint = said["message_imprint"]
            over = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
            policy, time = said["policy"].native, said["gen_time"].native
        except (TimestampRequestError, ValueError, TypeError, AttributeError) as error:
            raise tsa_away() from error
        if over != (md_algorithm, message_digest):
            raise _wrong_imprint()
        self._hold_to_terms(policy, time)
        return token

    def _hold_to_terms(self, policy: str, time: Any) -> None:
        terms, moment = self._timestamps.terms, self._moment or datetime.now(UTC)
        if terms.policy and tsp.ObjectIdentifier(terms.policy).native != policy:
            raise _wrong_policy()
        if abs(time - moment) > terms.clock:
            raise _clock_off(time - moment)


def tsa_away() -> PartAway:
    """What is said when no time can be had."""
    return PartAway(
        "tsa_away",
        "Dịch vụ cấp dấu thời gian không trả lời; chữ ký sẽ được hoàn tất khi dịch vụ trở lại.",
        "The time-stamp service does not answer; the signature will be completed when it is back.",
    )


def _wrong_imprint() -> PartAway:
    return PartAway(
        "tsa_imprint",
        "Dịch vụ cấp dấu thời gian trả về dấu của dữ liệu khác nên không dùng được; công việc chờ. Hãy báo nhà cung cấp dịch vụ.",
        "The time-stamp service answered with a stamp over other data, of no use here; work waits. Tell the service's provider.",
    )


def _wrong_policy() -> PartAway:
    return PartAway(
        "tsa_policy",
        "Dịch vụ cấp dấu thời gian không theo chính sách đã đặt (LUUKY_SIGNING_TSA_POLICY); công việc chờ.",
        "The time-stamp service does not keep to the policy that is set (LUUKY_SIGNING_TSA_POLICY); work waits.",
    )


def _clock_off(ahead: timedelta) -> PartAway:
    minutes = round(abs(ahead.total_seconds()) / 60)
    return PartAway(
        "tsa_clock",
        f"Giờ của dịch vụ cấp dấu thời gian lệch {minutes} phút so với máy chủ này; công việc chờ. Hãy chỉnh giờ máy chủ; "
        "nếu giờ máy chủ đúng, hãy báo nhà cung cấp dịch vụ.",
        f"The time-stamp service's clock differs from this server's by {minutes} minutes; work waits. Set the server's clock; "
        "if it is right, tell the service's provider.",
    )
