"""A Cloud Signature Consortium service, version 1.0.4 or 2, as a `Provider`. Not tried against a live service.

1. A key is found by the certificate the halves were prepared with, whatever the service calls it.
2. Approval is one of three: PIN and one-time password typed on our screen; the person's phone, for which version 1 lets the call
   wait and version 2 gives a handle; the service's own page.
3. The approval's secret (SAD) is used at once and never kept. Are values lost after it, the person is told and approves anew.
4. The service knows no ids of ours: a question whose answer was lost is not put a second time unless a person says so.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.errors import LuukyError, PartAway, Refused
from signing import csc_wire as wire
from signing import outcomes
from signing.csc_authorization import Login, Pages, Spoken
from signing.csc_wire import Described
from signing.keys import Asks, Credential, Health, Order, Stage, Told, Transaction, health_of
from signing.service import Answer, Service, Unanswered
from signing.settings import CscVersion
from signing.values import checked, in_order, valid_until

TRIES = 3
"""How often approved hashes are handed in, if the answer is lost."""
PAGES = 10
"""Of a list of keys."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a service is spoken to. `name` of the provider; `personal`: its tokens are a person's own; `tells`: it has the method
    `info`; `door`: where it logs in, if it knows nobody but persons; `lists`: documents are listed beside their hashes, which
    the interface does not know; `approval`: seconds that a person has; `chunk`: hashes in one call; `pause`: seconds before a
    lost call is repeated.
    """

    name: str = "csc"
    version: CscVersion = CscVersion.V1
    personal: bool = False
    tells: bool = True
    door: str = ""
    lists: bool = False
    approval: float = 180.0
    chunk: int = 100
    pause: float = 1.0

    def path(self, method: str) -> str:
        """Of a method of the interface."""
        return f"/csc/{self.version}/{method}"


class Csc:
    """A `Provider`."""

    def __init__(self, service: Service, login: Login, manner: Manner, pages: Pages | None = None) -> None:
        self._service, self._login, self._manner = service, login, manner
        self._pages = pages or Pages(service)
        self.name = manner.name
        self._info: Answer | None = None

    def certificates(self, user: str) -> tuple[Credential, ...]:
        """See `Provider`."""
        found = tuple(key.credential for key in self._keys(user))
        if not found:
            raise outcomes.no_credential(self.name)
        return found

    def send_otp(self, user: str, certificate: bytes) -> None:
        """See `Provider`."""
        method, body = wire.challenge(self._manner.version, self._key(user, certificate))
        self._taken(self._ask(user, method, body))

    def begin(self, order: Order, told: Told) -> Transaction:
        """See `Provider`."""
        key = self._key(order.user, order.certificate)
        outcomes.settled(order, key.credential.most, key.credential.schemes)
        if Asks.VISIT in key.credential.asks:
            return self._sent_off(order, key, told)
        self._about()  # now, and not when an approval could be lost by it
        phone = Asks.PHONE in key.credential.asks
        if phone and order.again:
            raise outcomes.unsure(self.name)
        body = wire.authorize(self._manner.version, key, order.digests.values(), told, order.id) | self._listed(order.digests)
        try:
            answer = self._ask(order.user, "credentials/authorize", body, self._manner.approval if phone else None)
        except Unanswered as error:
            if phone:
                raise outcomes.unsure(self.name) from error
            raise
        begun = outcomes.opened(self.name, order, key.credential.id, expires=self._until())
        return self._approved(begun, key, answer)

    def poll(self, transaction: Transaction, told: Told) -> Transaction:
        """See `Provider`."""
        if transaction.stage is not Stage.PENDING:
            return transaction
        return outcomes.in_time(self._looked_at(transaction, told))

    def cancel(self, transaction: Transaction) -> bool:
        """See `Provider`: the interface has no word for it."""
        return transaction.stage is not Stage.PENDING or bool(transaction.visit)

    def check(self, user: str = "") -> Health:
        """See `Provider`."""
        self._login.forget(user)
        try:
            if self._manner.door and not user:
                self._service.knock(self._manner.door)
                return Health(reachable=True, authenticated=False)
            self._about(afresh=True)
        except LuukyError as error:
            return health_of(error, reachable=False)
        try:
            self._login.token(user)
            ends = max(valid_until(one.certificate) for one in self.certificates(user)) if user else None
        except LuukyError as error:
            away = isinstance(error, PartAway)
            return health_of(error, reachable=not away, authenticated=error.message.code == "no_credential")
        return Health(reachable=True, authenticated=True, valid_until=ends)

    # ---- keys

    def _keys(self, user: str) -> list[Described]:
        asked: dict[str, Any] = {"maxResults": 100} if self._manner.version is CscVersion.V1 else {}
        asked |= {} if self._manner.personal else {"userID": user}
        names: list[str] = []
        answer = Answer(200, {})
        for _ in range(PAGES):
            answer = self._taken(self._ask(user, "credentials/list", asked))
            names += answer.texts("credentialIDs")
            if not answer.text("nextPageToken"):
                break
            asked = {**asked, "pageToken": answer.text("nextPageToken")}
        found = (self._described(user, name) for name in names[:100])
        return [one for one in found if one is not None]

    def _described(self, user: str, name: str) -> Described | None:
        body = {"credentialID": name, "certificates": "chain", "certInfo": True, "authInfo": True}
        return wire.described(self._manner.version, name, self._taken(self._ask(user, "credentials/info", body)).body)

    def _key(self, user: str, certificate: bytes) -> Described:
        """Rule 1."""
        keys = self._keys(user)
        if not keys:
            raise outcomes.no_credential(self.name)
        for key in keys:
            if key.credential.certificate == certificate:
                return key
        raise outcomes.other_certificate()

    def _known(self, transaction: Transaction) -> Described:
        key = self._described(transaction.user, transaction.credential)
        if key is None or key.credential.certificate != transaction.certificate:
            raise outcomes.other_certificate()
        return key

    # ---- approval

    def _looked_at(self, transaction: Transaction, told: Told) -> Transaction:
        reference = transaction.reference
        if "response" in reference:
            return self._fetched(transaction)
        if "handle" not in reference and not told.code:
            return transaction
        self._about()
        key = self._known(transaction)
        if "handle" in reference:
            answer = self._ask(transaction.user, "credentials/authorizeCheck", {"handle": reference["handle"]})
            return self._approved(transaction, key, answer)
        return self._signed(transaction, key, self._redeemed(transaction, told.code))

    def _until(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._manner.approval)

    def _approved(self, transaction: Transaction, key: Described, answer: Answer) -> Transaction:
        if answer.status == 202 and answer.text("handle"):
            return replace(transaction, reference={"handle": answer.text("handle")})
        if answer.status == 200 and answer.text("SAD"):
            return self._signed(transaction, key, answer.text("SAD"))
        return self._not_approved(transaction, answer)

    def _not_approved(self, transaction: Transaction, answer: Answer) -> Transaction:
        code, text = answer.text("error"), answer.text("error_description").casefold()
        match code:
            case "invalid_pin" | "invalid_otp":
                raise outcomes.wrong(code.removeprefix("invalid_"))
            case "invalid_authentication_data":
                raise outcomes.wrong("pin_or_otp")
            case "access_denied" | "authorization_declined":
                return outcomes.declined(transaction)
        if "locked" in text:
            raise outcomes.locked(self.name)
        if "expired" in text or "expired" in code or "timeout" in code or "time out" in text:
            return outcomes.expired(transaction)
        return outcomes.failed(transaction, self.name, code)

    def _sent_off(self, order: Order, key: Described, told: Told) -> Transaction:
        state = secrets.token_urlsafe(24)
        visit = self._pages.visit(state, wire.visit(self._manner.version, key, order.digests.values(), told))
        return outcomes.opened(
            self.name, order, key.credential.id, visit=visit, reference={"state": state}, expires=self._until()
        )

    def _redeemed(self, transaction: Transaction, code: str) -> str:
        answer = self._pages.redeem(transaction.reference["state"], code)
        if answer.status != 200 or not answer.text("access_token"):
            raise outcomes.refusal(self.name, answer.text("error"))
        return answer.text("access_token")

    # ---- values

    def _signed(self, transaction: Transaction, key: Described, sad: str) -> Transaction:
        """Rule 3: from here on nothing may be tried again by itself that would ask the person."""
        try:
            found = self._values(transaction, key, sad)
        except (PartAway, Refused):
            return outcomes.spent(transaction)
        if isinstance(found, str):
            return replace(transaction, visit="", reference={"response": found}, expires=self._until())
        return self._verified(transaction, found)

    def _values(self, transaction: Transaction, key: Described, sad: str) -> dict[str, str | bytes] | str:
        """The values by item, or where to ask for them later."""
        items = list(transaction.digests)
        values: dict[str, str | bytes] = {}
        size = len(items) if self._waits() else self._manner.chunk
        for start in range(0, len(items), size):
            part = {item: transaction.digests[item] for item in items[start : start + size]}
            if start:
                sad = self._extended(transaction.user, key, part, sad)
            answer = self._handed_in(transaction, key, part, sad)
            if answer.text("responseID"):
                return answer.text("responseID")
            values |= in_order(list(part), answer.body.get("signatures"))
        return values

    def _handed_in(self, transaction: Transaction, key: Described, part: Mapping[str, bytes], sad: str) -> Answer:
        body = wire.sign(self._manner.version, key, part.values(), sad, transaction.scheme)
        body |= {"clientData": transaction.order, **self._listed(part), **({"operationMode": "A"} if self._waits() else {})}
        for _ in range(TRIES - 1):
            try:
                return self._taken(self._ask(transaction.user, "signatures/signHash", body))
            except PartAway:
                time.sleep(self._manner.pause)
        return self._taken(self._ask(transaction.user, "signatures/signHash", body))

    def _extended(self, user: str, key: Described, part: Mapping[str, bytes], sad: str) -> str:
        if "credentials/extendTransaction" not in self._about().texts("methods"):
            return sad
        body = wire.extend(self._manner.version, key, part.values(), sad)
        return self._taken(self._ask(user, "credentials/extendTransaction", body)).text("SAD") or sad

    def _fetched(self, transaction: Transaction) -> Transaction:
        answer = self._ask(transaction.user, "signatures/signPolling", {"requestID": transaction.reference["response"]})
        if answer.status == 202:
            return transaction
        if answer.status != 200:
            return self._not_approved(transaction, answer)
        return self._verified(transaction, in_order(list(transaction.digests), answer.body.get("signatures")))

    def _verified(self, transaction: Transaction, values: Mapping[str, str | bytes]) -> Transaction:
        good = checked(transaction.certificate, transaction.scheme, transaction.digests, values)
        return replace(transaction, stage=Stage.SIGNED, values=good, visit="", reference={})

    # ---- talk

    def _listed(self, digests: Mapping[str, bytes]) -> dict[str, Any]:
        if not self._manner.lists:
            return {}
        return {"documents": [{"document_id": item, "document_name": f"Tài liệu {n}"} for n, item in enumerate(digests, 1)]}

    def _waits(self) -> bool:
        """Whether the service signs behind our back (`operationMode` A)."""
        return self._manner.version is CscVersion.V2 and self._about().body.get("asynchronousOperationMode") is True

    def _about(self, *, afresh: bool = False) -> Answer:
        if not self._manner.tells:
            return Answer(200, {})
        if self._info is None or afresh:
            self._info = self._taken(self._service.post(self._manner.path("info"), {}))
        return self._info

    def _ask(self, user: str, method: str, body: Mapping[str, Any], seconds: float | None = None) -> Answer:
        return Spoken(self._service, self._login, user).post(self._manner.path(method), body, seconds)

    def _taken(self, answer: Answer) -> Answer:
        if answer.status >= 300:
            raise outcomes.refusal(self.name, answer.text("error"))
        return answer
