"""The desk agent's protocol, as pure functions: codes, signed requests, signed jobs (`docs/reference/agent.md`).

1. A pairing code is eight characters, for one use within five minutes; it binds a device's P-256 key to a person.
2. Each request of a device is signed over method, path, time, nonce and the hash of its body.
3. A request older or younger than the window is refused; within it, a nonce is taken once (the caller remembers them).
4. A job is signed by the server over its canonical JSON, for one device, and ends at a given time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from domain.errors import Refused

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O 1 I L U: they are misread."""
CODE_LENGTH = 8
WINDOW = timedelta(seconds=60)
DEVICE, TIME, NONCE, SIGNATURE = "x-luuky-device", "x-luuky-time", "x-luuky-nonce", "x-luuky-signature"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a device says of itself in its headers, not yet believed."""

    device: str
    time: datetime
    nonce: str
    signature: bytes


def new_code() -> str:
    """A pairing code (rule 1), 39 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """A device's key from base64 DER. Raises Refused `device_key` unless it is on P-256."""
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, TypeError) as error:
        raise _no_key() from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key()
    return key


def read_request(headers: Mapping[str, str]) -> SignedRequest:
    """What the headers claim (names in lower case). Raises Refused `device` if one is missing or malformed."""
    try:
        return SignedRequest(
            headers[DEVICE],
            datetime.fromtimestamp(int(headers[TIME]), UTC),
            headers[NONCE],
            base64.b64decode(headers[SIGNATURE], validate=True),
        )
    except (KeyError, ValueError, OverflowError, OSError) as error:
        raise not_this_device() from error


def check_request(request: SignedRequest, key: str, line: tuple[str, str, bytes], now: datetime) -> None:
    """Rules 2 and 3, but for the nonce. `key`: base64 DER; `line`: method, path with query, body. Raises Refused `device`."""
    method, path, body = line
    if abs(now - request.time) > WINDOW or not 16 <= len(request.nonce) <= 80:
        raise not_this_device()
    said = to_sign(method, path, int(request.time.timestamp()), request.nonce, body)
    try:
        public_key(key).verify(request.signature, said, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise not_this_device() from error


def to_sign(method: str, path: str, time: int, nonce: str, body: bytes) -> bytes:
    """The bytes that a device signs for a request (rule 2)."""
    return "|".join([method.upper(), path, str(time), nonce, hashlib.sha256(body).hexdigest()]).encode()


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the same bytes on both sides."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign_job(payload: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """`{"payload", "signature"}` (rule 4)."""
    return {"payload": payload, "signature": encoded(key.sign(canonical(payload)))}


def encoded(data: bytes) -> str:
    """Base64."""
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """The inverse. Raises Refused `result` for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _no_result() from error


def fingerprint(text: str) -> str:
    """SHA-256 (hex) of what a base64 text holds."""
    return hashlib.sha256(decoded(text)).hexdigest()


def values_of(body: Mapping[str, Any]) -> dict[str, bytes]:
    """The signature values in a result, by item. Raises Refused `result` for anything malformed."""
    values = body.get("signatures")
    if not isinstance(values, dict):
        raise _no_result()
    return {str(item): decoded(str(text)) for item, text in values.items()}


def not_this_device() -> Refused:
    """Said for every doubt alike: a stranger learns nothing."""
    return Refused(
        "device",
        "Không nhận ra thiết bị này. Kiểm tra đồng hồ của máy, hoặc ghép lại bàn ký bằng mã mới.",
        "This device is not recognised. Check the computer's clock, or pair the agent again with a new code.",
    )


def wrong_code() -> Refused:
    """A pairing code that is unknown, used, or too old."""
    return Refused(
        "pairing_code",
        "Mã ghép không đúng, đã dùng hoặc đã quá 5 phút. Lấy mã mới ở màn hình Ký.",
        "The pairing code is wrong, used or older than 5 minutes. Get a new one on the screen “Ký”.",
    )


def _no_key() -> Refused:
    return Refused("device_key", "Khóa của thiết bị không hợp lệ.", "The device's key is not a P-256 key.")


def _no_result() -> Refused:
    return Refused(
        "result",
        "Dữ liệu từ bàn ký không đọc được. Hãy cập nhật bàn ký.",
        "What the agent sent cannot be read. Update the agent.",
    )
