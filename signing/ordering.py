"""Orders: what a person signs with a provider of keys (`keys.py`) and not with the agent on the desk.

1. A worker prepares what was sent, as for the desk, with the certificate that the provider has of the person: it bears their name
   and may sign now. The job then becomes an order, with its id: both are in the database before anything is asked.
2. `begun` is written before the provider is asked, and the answer after it. Killed in between, the question is put `again`: the
   provider finds it, or says that it is unsure, and then nothing is repeated by itself.
3. What the person types goes to the provider in that very request and is kept nowhere. What is wrong may be typed again.
4. A provider that is away is asked again for a while. Whatever else goes wrong ends the order: what it held waits again, with the
   reason.
5. What somebody has ended meanwhile stays ended: an answer that comes later is dropped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.errors import LuukyError, Message, PartAway, PartMissing, Refused, Stale
from domain.people import Person
from signing import outcomes, prepare
from signing.admission import admitted, noted, paired
from signing.batch import Waiting, order_for
from signing.certificates import Signatory
from signing.finish import Signer, give_back
from signing.keys import Asks, Credential, Provider, Stage, Told, Transaction
from signing.prepared import PreparedSignature
from signing.settings import SigningSettings
from signing.values import chosen
from storage import orders as kept
from storage.clock import now
from storage.orders import Orders, SignOrder, Way
from storage.signing import Job, Signature
from storage.store import Store
from storage.store import Transaction as Memory

LOOK_EVERY = timedelta(seconds=2)
"""How often a provider is asked whether the person has decided."""
PATIENCE = timedelta(minutes=15)
"""How long a provider that is away, or a person who must type, is waited for."""
LONGEST = timedelta(hours=2)
"""How long an order that a provider was asked for is looked after, however long it is away."""
TRIES, PAUSE = 20, 0.1
"""How often, and after how many seconds, an order is claimed again that somebody is looking at."""
TYPED = frozenset({Asks.PIN, Asks.OTP})
MISTYPED = frozenset({"pin", "otp", "pin_or_otp"})
"""Errors after which the person may type again."""


def hand_over(tx: Memory, job: Job) -> bool:
    """Rule 1: a job whose halves are made becomes an order, if its person signs with a provider."""
    way = Orders(tx.connection).way(job.person_id)
    if way is not None:
        Orders(tx.connection).open(job, way)
    return way is not None


def end(tx: Memory, order: SignOrder, why: Message, actor: str = "signing") -> None:
    """Nothing more comes of an order: what is not signed waits again, with the reason."""
    for one in Orders(tx.connection).items(order.id):
        give_back(tx, one, why)
    if tx.signing.job(order.id):
        tx.signing.end_job(order.id, "stopped")
    Orders(tx.connection).put(order.id, kept.ENDED, problem=asdict(why), kept=None, begun=False)
    tx.audit.add(actor, "end_order", order.id, code=why.code, provider=order.provider)
    tell(tx, order, kept.ENDED)


def tell(tx: Memory, order: SignOrder, state: str) -> None:
    """The screens hear of it."""
    tx.events.add("signing", person_id=order.person_id, job=order.id, state=state)


def waiting_of(signatures: Sequence[Signature]) -> list[Waiting]:
    """The prepared halves of signatures; where their files lie is not said."""
    halves = [(one.id, one.prepared) for one in signatures if one.prepared]
    return [Waiting(item, Path(), PreparedSignature.from_json(half)) for item, half in halves]


def signatory_of(store: Store, settings: SigningSettings, providers: Callable[[str], Provider], person: Person) -> Signatory:
    """Rule 1: the certificate that a person signs with, here or at their provider. Raises Refused, PartAway, PartMissing."""
    with store.read() as tx:
        way = Orders(tx.connection).way(person.id)
    if way is None:
        return prepare.signatory_of(store, settings, person)
    problem: Refused | None = None
    for one in named(providers(way.provider).certificates(way.account), way):
        try:
            with noted(store, [person], one.certificate), store.write() as tx:
                paired(tx, person, one.certificate)
            return admitted(store, settings, person, one.certificate)
        except Refused as error:
            problem = problem or error
    raise problem or outcomes.no_credential(way.provider)


@dataclass(frozen=True)
class Ordering:
    """`providers` by name, as `signing.providers.Providers` opens them. `owner`: this process, as leases name it."""

    store: Store
    settings: SigningSettings
    providers: Callable[[str], Provider]
    owner: str

    # ---- what the dispatcher does

    def ask(self, order: SignOrder) -> None:
        """Put the question of a claimed order, or first find out what the person must type for it. Raises as providers do."""
        with self.store.read() as tx:
            waiting = waiting_of(Orders(tx.connection).items(order.id, ("prepared",)))
        if not waiting:
            raise nothing_left()
        provider = self.providers(order.provider)
        certificate = waiting[0].prepared.certificate
        credential = next((one for one in provider.certificates(order.account) if one.certificate == certificate), None)
        if credential is None:
            raise outcomes.other_certificate()
        self._agree(order, credential, waiting)
        if not credential.asks & TYPED:
            self.begin(order, Told())

    def begin(self, order: SignOrder, told: Told) -> None:
        """Rule 2. Raises as providers do, Stale if somebody ended it meanwhile."""
        with self.store.write() as tx:
            waiting = waiting_of(Orders(tx.connection).items(order.id, ("prepared",)))
            if not waiting:
                raise nothing_left()
            if not Orders(tx.connection).note(order.id, self.owner, begun=True):
                raise Stale
            who = Signer(tx.people.get(order.person_id or ""), order.provider)
            tx.audit.add(who.login, "order_signatures", order.id, provider=order.provider, documents=len(waiting))
        question = order_for(order.id, order.account, waiting, again=order.begun)
        try:
            transaction = self.providers(order.provider).begin(question, _described(told, len(waiting)))
        except (PartAway, Refused):
            with self.store.write() as tx:
                Orders(tx.connection).note(order.id, self.owner, begun=False)
            raise
        self._settle(order, transaction)

    def look(self, order: SignOrder, told: Told = Told()) -> None:  # noqa: B008 - frozen
        """Whether the person has decided. Raises as providers do."""
        transaction = Transaction.from_json(order.kept or {})
        self._settle(order, self.providers(order.provider).poll(transaction, told))

    def fail(self, order: SignOrder, error: LuukyError, rest: timedelta) -> None:
        """Rule 4. `rest`: after which time an absent provider is asked again."""
        away = isinstance(error, PartAway)
        begun = order.state == kept.OPEN
        late = now() - order.created_at > (LONGEST if begun else PATIENCE)
        with self.store.write() as tx:
            orders = Orders(tx.connection)
            if not orders.holds(order.id, self.owner):
                return
            if away and not late:
                orders.rest(order.id, now() + rest, error.message, counts=False)
                tell(tx, order, "waiting")
            elif isinstance(error, Refused) and error.message.code in MISTYPED:
                _await(orders, order, error.message)
                tell(tx, order, kept.ASKS)
            else:
                end(tx, order, error.message)

    def expire(self) -> int:
        """End what a person should have typed, and did not; returns how many."""
        with self.store.read() as tx:
            late = Orders(tx.connection).forgotten()
        for order in late:
            with self.store.write() as tx:
                end(tx, order, _not_typed())
        return len(late)

    # ---- what a person does

    def give(self, person: Person, pin: str, otp: str) -> None:
        """Rule 3: what a person typed for their order. A second click while the first is answered does nothing."""
        order = self._claimed(person, kept.ASKS)
        if order is None:
            return
        try:
            self.begin(order, Told(pin=pin, otp=otp))
        except PartAway as error:
            with self.store.write() as tx:
                _await(Orders(tx.connection), order, error.message)
        except (Refused, PartMissing) as error:
            self.fail(order, error, LOOK_EVERY)

    def send_otp(self, person: Person) -> None:
        """Have a one-time password sent for a person's order. Raises as providers do."""
        with self.store.read() as tx:
            order = next((one for one in Orders(tx.connection).of(person.id) if one.state == kept.ASKS), None)
            waiting = waiting_of(Orders(tx.connection).items(order.id)) if order else []
        if order and waiting:
            self.providers(order.provider).send_otp(order.account, waiting[0].prepared.certificate)

    def arrive(self, person: Person, state: str, code: str) -> bool:
        """The browser is back from a provider's page with a code, or without one where the person said no; False: nobody was sent
        there with this `state`.
        """
        with self.store.read() as tx:
            sent = [one for one in Orders(tx.connection).of(person.id) if _state(one) == state]
        if not sent or not state:
            return False
        order = self._claimed_soon(person, kept.OPEN)
        try:
            if code:
                self.look(order, Told(code=code))
            else:
                self._settle(order, outcomes.declined(Transaction.from_json(order.kept or {})))
        except (Refused, PartMissing, PartAway) as error:
            self.fail(order, error, LOOK_EVERY)
        return True

    def stop(self, person: Person, order_id: str) -> None:
        """Call an order off; what was not signed waits again. What a phone shows meanwhile must be declined there."""
        with self.store.read() as tx:
            order = next((one for one in Orders(tx.connection).of(person.id) if one.id == order_id), None)
        if order is None or order.state == kept.SIGNED:
            return
        with self.store.write() as tx:
            end(tx, order, _stopped(asked=order.state == kept.OPEN or order.begun), person.login)
        if order.kept and order.state == kept.OPEN:
            try:
                self.providers(order.provider).cancel(Transaction.from_json(order.kept))
            except LuukyError:
                return  # it is ended here; there it stands until it expires

    # ---- inside

    def _agree(self, order: SignOrder, credential: Credential, waiting: Sequence[Waiting]) -> None:
        """How values are made, how many in one approval (the others are another order), and what the person must do."""
        mechanism = chosen(credential.certificate, credential.schemes, self.settings.rsa_first).value
        with self.store.write() as tx:
            orders = Orders(tx.connection)
            if not orders.holds(order.id, self.owner):
                raise Stale
            for one in orders.items(order.id, ("prepared",)):
                tx.signing.set(one.id, prepared={**(one.prepared or {}), "mechanism": mechanism})
            rest = [one.item for one in waiting[credential.most :]]
            if rest:
                orders.part(order, rest)
            orders.note(order.id, self.owner, asks=sorted(credential.asks))
            if credential.asks & TYPED:
                _await(orders, order)
            tell(tx, order, kept.ASKS)

    def _settle(self, order: SignOrder, transaction: Transaction) -> None:
        with self.store.write() as tx:
            orders = Orders(tx.connection)
            if not orders.holds(order.id, self.owner):
                raise Stale
            value = transaction.as_json()
            match transaction.stage:
                case Stage.SIGNED:
                    orders.put(order.id, kept.SIGNED, kept=value, begun=False)
                    tell(tx, order, kept.SIGNED)
                case Stage.PENDING:
                    orders.put(order.id, kept.OPEN, kept=value, begun=False, retry_at=now() + LOOK_EVERY)
                    if order.state != kept.OPEN or order.problem:
                        tell(tx, order, kept.OPEN)
                case Stage.REFUSED | Stage.EXPIRED:
                    end(tx, order, transaction.why or outcomes.EXPIRED)

    def _claimed(self, person: Person, state: str) -> SignOrder | None:
        with self.store.write() as tx:
            orders = Orders(tx.connection)
            mine = next((one for one in orders.of(person.id) if one.state == state), None)
            return orders.claim(mine.id, "person", self.owner) if mine else None

    def _claimed_soon(self, person: Person, state: str) -> SignOrder:
        """The same; the dispatcher may just be looking at it. Raises Refused."""
        for _ in range(TRIES):
            order = self._claimed(person, state)
            if order is not None:
                return order
            time.sleep(PAUSE)
        raise outcomes.busy()


def named(credentials: Sequence[Credential], way: Way) -> list[Credential]:
    """The keys that a person may mean: the one that is named, or all, the best first."""
    return [one for one in credentials if way.credential in ("", one.id)]


def nothing_left() -> Refused:
    """Everything in an order was taken back meanwhile."""
    return Refused(
        "nothing_left",
        "Lượt ký này không còn tài liệu nào để ký. Chọn lại tài liệu rồi gửi ký.",
        "Nothing is left to sign in this turn. Choose documents again and send them.",
    )


def _state(order: SignOrder) -> str:
    reference: dict[str, Any] = (order.kept or {}).get("reference") or {}
    return str(reference.get("state") or "") if order.state == kept.OPEN else ""


def _await(orders: Orders, order: SignOrder, problem: Message | None = None) -> None:
    orders.put(order.id, kept.ASKS, retry_at=now() + PATIENCE, problem=asdict(problem) if problem else None)


def _described(told: Told, count: int) -> Told:
    return Told(f"Ký {count} tài liệu", told.pin, told.otp, told.code)


def _not_typed() -> Message:
    return Message(
        "not_typed",
        "Quá 15 phút chưa nhập mã. Chưa ký tài liệu nào; hãy gửi ký lại khi sẵn sàng.",
        "Nothing was typed for 15 minutes. Nothing was signed; send it again when you are ready.",
    )


def _stopped(*, asked: bool) -> Message:
    if asked:
        return Message(
            "stopped",
            "Bạn đã dừng lượt ký. Chưa ký tài liệu nào; nếu điện thoại còn hiện yêu cầu thì hãy từ chối.",
            "You stopped this turn. Nothing was signed; if the phone still shows a request, decline it.",
        )
    return Message(
        "stopped",
        "Bạn đã dừng lượt ký. Chưa ký tài liệu nào.",
        "You stopped this turn. Nothing was signed.",
    )
