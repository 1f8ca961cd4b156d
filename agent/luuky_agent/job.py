"""A job as it travels, signed by the server: parsed strictly, so that nothing is shown or signed which was not understood."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from luuky_agent.errors import AgentError
from luuky_agent.keys import ECDSA, RSA_PKCS1, RSA_PSS
from luuky_agent.settings import Desk

MOST = 200
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Item:
    """One document to sign. `digest`: SHA-256 of the file without the hole from `start` to `end`; `attributes` are signed."""

    id: str
    title: str
    patient: str | None
    pages: int
    role: str
    field: str
    digest: bytes
    start: int
    end: int
    attributes: bytes
    certificate: bytes
    mechanism: str | None = None
    """`rsa-pkcs1`, `rsa-pss` or `ecdsa`; None: as the key is, RSA with PKCS #1 v1.5."""

    @property
    def check(self) -> str:
        """Eight letters that the screen shows too: `7f3a 91c2`."""
        return f"{self.digest[:2].hex()} {self.digest[2:4].hex()}"


@dataclass(frozen=True, slots=True)
class Job:
    """A batch. `expires`: seconds since 1970."""

    id: str
    person: str
    expires: int
    items: tuple[Item, ...]


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the same bytes on both sides."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_job(answer: dict[str, Any], desk: Desk, now: float) -> Job | None:
    """The job in an answer, None if nothing waits. Raises AgentError `job` unless the pinned key signed it for this device and
    its doctor; `expired`.
    """
    try:
        payload = answer["payload"]
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(desk.server_key))
        key.verify(base64.b64decode(answer["signature"]), canonical(payload))
        if payload["version"] != 1 or payload["device"] != desk.device:
            raise _not_ours()
        if payload["person"] != desk.person:
            raise _other_person(str(payload["person"]))
        if payload["job"] is None:
            return None
        job = Job(_name(payload["job"]), str(payload["person"]), int(payload["expires"]), tuple(map(_item, payload["items"])))
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise _not_ours() from error
    if not job.items:
        return None
    if len({item.certificate for item in job.items}) > 1 or len(job.items) > MOST:
        raise _not_ours()
    if job.expires < now:
        raise expired()
    return job


def _item(value: dict[str, Any]) -> Item:
    raw = {name: base64.b64decode(value[name], validate=True) for name in ("digest", "attributes", "certificate")}
    patient = value["patient"]
    return Item(
        id=_name(value["id"]),
        title=str(value["title"]),
        patient=None if patient is None else str(patient),
        pages=int(value["pages"]),
        role=str(value["role"]),
        field=str(value["field"]),
        mechanism=_mechanism(value.get("mechanism")),
        start=int(value["start"]),
        end=int(value["end"]),
        **raw,
    )


def _name(value: object) -> str:
    """A name that becomes part of a file's name here."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _not_ours()
    return value


def _mechanism(value: object) -> str | None:
    if value is not None and value not in (RSA_PKCS1, RSA_PSS, ECDSA):
        raise AgentError(
            "update",
            "Máy chủ yêu cầu một kiểu ký mà bàn ký này chưa biết. Hãy cập nhật bàn ký.",
            "The server asks for a kind of signature that this agent does not know. Update the agent.",
        )
    return None if value is None else str(value)


def expired() -> AgentError:
    """A job whose time is over."""
    return AgentError("expired", "Lượt ký này đã hết hạn. Hãy gửi lại từ màn hình Ký.", "This job has expired. Send it again.")


def _other_person(name: str) -> AgentError:
    return AgentError(
        "other_person",
        f"Lượt ký này là của {name}, không phải của người đã ghép máy này. Không ký gì cả. Nếu tài khoản đổi tên, hãy ghép lại.",
        f"This job is for {name}, not for the person this desk was paired with. Nothing will be signed. Pair again if renamed.",
    )


def _not_ours() -> AgentError:
    return AgentError(
        "job",
        "Máy chủ gửi một lượt ký không đúng chữ ký của nó. Không ký gì cả. Hãy báo người quản trị.",
        "The server sent a job that its own key did not sign. Nothing will be signed. Tell the administrator.",
    )
