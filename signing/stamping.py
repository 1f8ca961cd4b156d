"""A time stamp over any bytes, by the same service that stamps signatures: what the daily head of the audit log gets."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import datetime

from asn1crypto import algos, tsp

from signing.timestamps import Timestamps, tsa_away

_GRANTED = frozenset({"granted", "granted_with_mods"})


def stamp(data: bytes, timestamps: Timestamps) -> bytes:
    """The DER of a time-stamp token (RFC 3161) over SHA-256 of `data`. Raises PartAway if the service gives none."""
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": _imprint(data),
            "nonce": secrets.randbits(63),
            "cert_req": True,
        }
    )
    try:
        answer = tsp.TimeStampResp.load(asyncio.run(timestamps.ask(request.dump())), strict=True)
        granted = answer["status"]["status"].native in _GRANTED
        token: bytes = answer["time_stamp_token"].dump()
    except ValueError as error:
        raise tsa_away() from error
    if not granted or stamped_at(token, data) is None:
        raise tsa_away()
    return token


def stamped_at(token: bytes, data: bytes) -> datetime | None:
    """When a token says that `data` existed; None if it is not a token over these bytes. Whose token it is is not judged here."""
    try:
        info = tsp.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]["content"].parsed
        imprint, moment = info["message_imprint"], info["gen_time"].native
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    same = (
        imprint["hashed_message"].native == hashlib.sha256(data).digest()
        and imprint["hash_algorithm"]["algorithm"].native == "sha256"
    )
    return moment if same and isinstance(moment, datetime) else None


def _imprint(data: bytes) -> tsp.MessageImprint:
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": hashlib.sha256(data).digest()})
