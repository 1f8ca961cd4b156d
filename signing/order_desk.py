"""What screens do about orders: who signs with which provider, what is typed, visits to a provider's pages, and the seal."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import LuukyError, Message, PartMissing, Refused
from domain.people import Person
from domain.signers import Sealing
from signing import sealing
from signing.certificates import load
from signing.csc_authorization import CodeLogin
from signing.identity import common_name
from signing.ordering import Ordering, named
from signing.providers import Providers, csc_login
from signing.settings import CscLogin
from signing.values import valid_until
from storage.orders import SEAL, Orders, Way
from storage.store import Transaction

LONGEST = 200
"""Letters of an account's or a key's name."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a provider has of a person: the name in the certificate and its end; or what went wrong."""

    name: str = ""
    until: datetime | None = None
    problem: Message | None = None


@dataclass(frozen=True)
class OrderDesk:
    """`sealing`: how the hospital's seal is put here."""

    ordering: Ordering
    asked: Providers
    sealing: Sealing

    @property
    def providers(self) -> Sequence[str]:
        """With which providers people may sign here."""
        return [name for name in self.asked.names if name != SEAL]

    @property
    def visits(self) -> Sequence[str]:
        """At which of them a person must log in once."""
        return ["csc"] if "csc" in self.providers and self.asked.settings.csc_login is CscLogin.CODE else []

    def set_way(self, tx: Transaction, person: Person, chosen: tuple[str, str, str], actor: str) -> None:
        """With what a person signs from now on: provider (empty: the desk agent), account, key. Raises Refused `way`."""
        provider, account, credential = (part.strip()[:LONGEST] for part in chosen)
        orders = Orders(tx.connection)
        if provider and (provider not in self.providers or not account):
            raise Refused(
                "way",
                "Chọn dịch vụ ký đã cấu hình và ghi mã của người này ở dịch vụ đó (thường là số CCCD).",
                "Choose a signing service that is configured, and the person's id there (often their citizen id).",
            )
        if provider:
            orders.set_way(Way(person.id, provider, account, credential))
        else:
            orders.drop_way(person.id)
        tx.audit.add(actor, "set_signing_way", person.login, provider=provider or "agent")

    def look_up(self, way: Way) -> Found:
        """What the provider has of a person. Nobody's phone rings."""
        try:
            found = named(self.asked(way.provider).certificates(way.account), way)
        except LuukyError as error:
            return Found(problem=error.message)
        if not found:
            return Found(problem=no_key(way).message)
        return Found(common_name(load(found[0].certificate)), valid_until(found[0].certificate))

    def give(self, person: Person, pin: str, otp: str) -> None:
        """See `Ordering.give`."""
        self.ordering.give(person, pin, otp)

    def send_otp(self, person: Person) -> None:
        """See `Ordering.send_otp`."""
        self.ordering.send_otp(person)

    def stop(self, person: Person, order_id: str) -> None:
        """See `Ordering.stop`."""
        self.ordering.stop(person, order_id)

    def visit(self, person: Person) -> str:
        """Where a person logs in at their provider, once. Raises PartMissing where they need not."""
        login = self._login()
        state = secrets.token_urlsafe(24)
        with self.ordering.store.write() as tx:
            way = Orders(tx.connection).way(person.id)
            if way is None or way.provider not in self.visits:
                raise _no_visit()
            Orders(tx.connection).set_way(replace(way, login_state=state))
        return login.visit(state)

    def arrive(self, person: Person, state: str, code: str) -> None:
        """The browser is back from a provider's page, with a code unless the person said no there. Raises Refused."""
        if self.ordering.arrive(person, state, code):
            return
        with self.ordering.store.write() as tx:
            way = Orders(tx.connection).way(person.id)
            if way is None or not state or way.login_state is None or not secrets.compare_digest(way.login_state, state):
                raise _unknown_visit()
            Orders(tx.connection).set_way(replace(way, login_state=None))
        if not code:
            raise _not_logged_in()
        self._login().arrive(way.account, state, code)
        with self.ordering.store.write() as tx:
            tx.audit.add(person.login, "login_at_provider", person.login, provider=way.provider)

    def press(self, person: Person, signature_ids: Sequence[str] | None = None) -> int:
        """See `sealing.press`. Raises PartMissing where there is no seal."""
        if self.sealing is Sealing.NONE:
            raise PartMissing("seal", "Chưa cấu hình con dấu số.", "No seal is configured.")
        return sealing.press(self.ordering.store, person, signature_ids)

    def _login(self) -> CodeLogin:
        login = csc_login(self.asked.settings) if self.visits else None
        if not isinstance(login, CodeLogin):
            raise _no_visit()
        return login


def no_key(way: Way) -> Refused:
    """The person has no key of that name."""
    return Refused(
        "no_credential",
        f"Không có chứng thư số nào tên như vậy của người này ở dịch vụ ký {way.provider}.",
        f"This person has no key of that name at the signing service {way.provider}.",
    )


def _no_visit() -> PartMissing:
    return PartMissing(
        "no_visit", "Dịch vụ ký của bạn không cần đăng nhập trước.", "Your signing service needs no logging in beforehand."
    )


def _unknown_visit() -> Refused:
    return Refused(
        "unknown_visit",
        "Lượt ký hoặc lượt đăng nhập này không còn. Mở trang Ký rồi gửi lại.",
        "This turn of signing or logging in is over. Open the page Ký and send again.",
    )


def _not_logged_in() -> Refused:
    return Refused(
        "not_logged_in",
        "Bạn chưa đăng nhập ở dịch vụ ký. Mở trang Ký và bấm đăng nhập lần nữa.",
        "You did not log in at the signing service. Open the page Ký and press log in again.",
    )
