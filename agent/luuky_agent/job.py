"""A job as it travels, signed by the server: parsed strictly, so that nothing is shown or signed which was not understood."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from luuky_agent.errors import AgentError

MOST = 200


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


def read_job(answer: dict[str, Any], server_key: str, device: str, now: float) -> Job | None:
    """The job in an answer, None if nothing waits. Raises AgentError `job` unless the pinned key signed it for this device."""
    try:
        payload = answer["payload"]
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(server_key))
        key.verify(base64.b64decode(answer["signature"]), canonical(payload))
        if payload["version"] != 1 or payload["device"] != device:
            raise _not_ours()
        if payload["job"] is None:
            return None
        job = Job(str(payload["job"]), str(payload["person"]), int(payload["expires"]), tuple(map(_item, payload["items"])))
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise _not_ours() from error
    if len({item.certificate for item in job.items}) > 1:
        raise _not_ours()
    if job.expires < now or not 0 < len(job.items) <= MOST:
        raise AgentError("expired", "Lượt ký này đã hết hạn. Hãy gửi lại từ màn hình Ký.", "This job has expired. Send it again.")
    return job


def _item(value: dict[str, Any]) -> Item:
    raw = {name: base64.b64decode(value[name], validate=True) for name in ("digest", "attributes", "certificate")}
    patient = value["patient"]
    return Item(
        id=str(value["id"]),
        title=str(value["title"]),
        patient=None if patient is None else str(patient),
        pages=int(value["pages"]),
        role=str(value["role"]),
        field=str(value["field"]),
        start=int(value["start"]),
        end=int(value["end"]),
        **raw,
    )


def _not_ours() -> AgentError:
    return AgentError(
        "job",
        "Máy chủ gửi một lượt ký không đúng chữ ký của nó. Không ký gì cả. Hãy báo người quản trị.",
        "The server sent a job that its own key did not sign. Nothing will be signed. Tell the administrator.",
    )
