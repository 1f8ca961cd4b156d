"""VNPT SmartCA as a `Provider`: its own JSON, approval in the phone's app. After public descriptions; not tried against the live
service.

1. The transaction's id is ours, so that an order whose answer was lost is found again and the phone asks once.
2. One transaction holds several files, each with our id (`doc_id`); what travels is the hex of a digest.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from asn1crypto.x509 import Certificate

from domain.errors import LuukyError, Refused
from signing import outcomes
from signing.keys import Asks, Credential, Health, Order, Scheme, Stage, Told, Transaction, health_of
from signing.service import Answer, Service, Unanswered
from signing.values import checked, schemes_of, valid_until

MOST = 50
"""Files in one transaction: assumed."""
OK = "200"
LOGIN = frozenset({"401", "403"})
UNKNOWN = frozenset({"404", "62000"})
"""A transaction nobody began."""
MESSAGES = {
    "SUCCESS": Stage.SIGNED,
    "REJECTED": Stage.REFUSED,
    "SIGNER_REJECTED": Stage.REFUSED,
    "USER_REJECTED": Stage.REFUSED,
    "EXPIRED": Stage.EXPIRED,
    "TIMEOUT": Stage.EXPIRED,
}
"""What is said of a transaction that is over."""
FAILED = frozenset({"AUTHORIZE_KEY_FAILED", "SIGN_FAILED", "FAILED"})


class SmartCa:
    """A `Provider`. `secret`: our `sp_password`."""

    name = "smartca"

    def __init__(self, service: Service, sp: str, secret: str) -> None:
        self._service, self._known = service, {"sp_id": sp, "sp_password": secret}

    def certificates(self, user: str) -> tuple[Credential, ...]:
        """See `Provider`."""
        data = self._taken(self._certificates(user))
        found = tuple(filter(None, (_credential(one) for one in _objects(data, "user_certificates"))))
        if not found:
            raise outcomes.no_credential(self.name)
        return found

    def send_otp(self, user: str, certificate: bytes) -> None:
        """See `Provider`: there is none."""

    def begin(self, order: Order, told: Told) -> Transaction:
        """See `Provider`."""
        keys = {key.certificate: key for key in self.certificates(order.user)}
        key = keys.get(order.certificate)
        if key is None:
            raise outcomes.other_certificate()
        outcomes.settled(order, MOST, key.schemes)
        transaction = outcomes.opened(self.name, order, key.id, reference={"transaction": order.id})
        if order.again and (found := self._looked_up(transaction)) is not None:
            return found
        try:
            return self._asked(transaction, told)
        except (Unanswered, Refused):  # an id that is taken is ours, begun while we no longer listened
            if (found := self._looked_up(transaction)) is not None:
                return found
            raise

    def poll(self, transaction: Transaction, told: Told) -> Transaction:  # noqa: ARG002 - all is said on the phone
        """See `Provider`."""
        if transaction.stage is not Stage.PENDING:
            return transaction
        found = self._looked_up(transaction)
        return outcomes.expired(transaction) if found is None else outcomes.in_time(found)

    def cancel(self, transaction: Transaction) -> bool:
        """See `Provider`: no way is known."""
        return transaction.stage is not Stage.PENDING

    def check(self, user: str = "") -> Health:
        """See `Provider`. Without a user the service is asked for one it cannot know."""
        try:
            answer = self._certificates(user or "0")
        except LuukyError as error:
            return health_of(error, reachable=False)
        try:
            self._admitted(answer)
            ends = max(valid_until(one.certificate) for one in self.certificates(user)) if user else None
        except LuukyError as error:
            return health_of(error, reachable=True, authenticated=error.message.code != "provider_login")
        return Health(reachable=True, authenticated=True, valid_until=ends)

    def _asked(self, transaction: Transaction, told: Told) -> Transaction:
        """Rule 2."""
        files = [
            {"doc_id": item, "data_to_be_signed": digest.hex(), "file_type": "pdf", "sign_type": "hash"}
            for item, digest in transaction.digests.items()
        ]
        body = {
            "user_id": transaction.user,
            "serial_number": transaction.credential,
            "transaction_id": transaction.order,
            "transaction_desc": told.description,
            "time_stamp": f"{datetime.now(UTC):%Y%m%d%H%M%SZ}",
            "sign_files": files,
        }
        data = self._taken(self._service.post("/v1/signatures/sign", {**self._known, **body}))
        reference = {"transaction": str(data.get("transaction_id") or transaction.order)}
        return replace(transaction, reference=reference, expires=_ends(data))

    def _looked_up(self, transaction: Transaction) -> Transaction | None:
        """Where a transaction stands; None if the service knows none of this id."""
        name = quote(transaction.reference["transaction"], safe="")
        answer = self._service.post(f"/v1/signatures/sign/{name}/status", {})
        code, message, data = _code(answer), answer.text("message").upper(), answer.inner("data")
        if code in UNKNOWN:
            return None
        stage = MESSAGES.get(message, Stage.PENDING)
        if stage is Stage.SIGNED:
            values = checked(transaction.certificate, transaction.scheme, transaction.digests, _values(data))
            return replace(transaction, stage=stage, values=values)
        if stage is Stage.REFUSED:
            return outcomes.declined(transaction)
        if stage is Stage.EXPIRED:
            return outcomes.expired(transaction)
        if message in FAILED:
            return outcomes.failed(transaction, self.name, message)
        if code != OK:
            raise outcomes.refusal(self.name, _code(answer))
        return replace(transaction, expires=transaction.expires or _ends(data))

    def _certificates(self, user: str) -> Answer:
        body = {**self._known, "user_id": user, "serial_number": "", "transaction_id": ""}
        return self._service.post("/v1/credentials/get_certificate", body)

    def _admitted(self, answer: Answer) -> None:
        if _code(answer) in LOGIN:
            raise Refused(
                "provider_login",
                "Dịch vụ ký smartca không chấp nhận tài khoản kết nối; hãy kiểm tra sp_id và mật khẩu trong cài đặt.",
                "The signing service smartca does not accept our account; check sp_id and password in the settings.",
            )

    def _taken(self, answer: Answer) -> Mapping[str, Any]:
        self._admitted(answer)
        if _code(answer) in UNKNOWN:
            raise outcomes.no_credential(self.name)
        if _code(answer) != OK:
            raise outcomes.refusal(self.name, _code(answer))
        return answer.inner("data")


def _code(answer: Answer) -> str:
    """The service's own code, which may stand in an answer of status 200."""
    return answer.text("status_code") or str(answer.status)


def _ends(data: Mapping[str, Any]) -> datetime | None:
    seconds = data.get("expired_in")
    known = isinstance(seconds, int) and 0 < seconds < 86_400
    return datetime.now(UTC) + timedelta(seconds=seconds) if known else None  # type: ignore[arg-type]


def _values(data: Mapping[str, Any]) -> dict[str, str | bytes]:
    listed = [one for one in _objects(data, "signatures") if isinstance(one.get("signature_value"), str)]
    return {str(one.get("doc_id")): one["signature_value"] for one in listed}


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = data.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _credential(told: Mapping[str, Any]) -> Credential | None:
    certificate, chain = _der(told.get("cert_data")), told.get("chain_data")
    if not certificate or not told.get("serial_number"):
        return None
    others = (_der(chain.get(name)) for name in ("ca_cert", "root_cert")) if isinstance(chain, dict) else ()
    try:
        schemes = tuple(one for one in schemes_of(certificate) if one is not Scheme.PSS)
    except Refused:
        return None
    return Credential(
        str(told["serial_number"]), certificate, tuple(filter(None, others)), MOST, schemes, frozenset({Asks.PHONE})
    )


def _der(text: object) -> bytes:
    """A certificate as text, in PEM's dress or without; nothing for one that cannot be read."""
    bare = "".join(line for line in str(text or "").splitlines() if not line.startswith("-----"))
    try:
        der = base64.b64decode("".join(bare.split()), validate=True)
        Certificate.load(der, strict=True).subject.native  # noqa: B018 - parses lazily
    except (binascii.Error, ValueError, TypeError):
        return b""
    return der
