"""Trusted time: the idea. `rfc3161.py` asks a time-stamp service over HTTP."""

from __future__ import annotations

from typing import Protocol

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from domain.errors import PartAway


class Timestamps(Protocol):
    """Somebody who says what existed when (RFC 3161)."""

    async def ask(self, request: bytes) -> bytes:
        """The DER of a TimeStampResp for the DER of a TimeStampReq. Raises PartAway if nobody answers."""
        ...


class Stamper(TimeStamper):
    """Any `Timestamps` in the form that pyHanko asks for. A refusal of the service is an absence: the work waits."""

    def __init__(self, timestamps: Timestamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._timestamps = timestamps

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One question, one answer."""
        return tsp.TimeStampResp.load(await self._timestamps.ask(req.dump()))

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> object:
        """A token over a digest. Raises PartAway."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except (TimestampRequestError, ValueError) as error:
            raise tsa_away() from error


def tsa_away() -> PartAway:
    """What is said when no time can be had."""
    return PartAway(
        "tsa_away",
        "Dịch vụ cấp dấu thời gian không trả lời; chữ ký sẽ được hoàn tất khi dịch vụ trở lại.",
        "The time-stamp service does not answer; the signature will be completed when it is back.",
    )
