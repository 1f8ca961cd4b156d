"""The hospital's seal (con dấu) puts itself where the rules name it next, or where a person who keeps it says so.

1. What waits for the seal is taken in batches; the order of steps is the queue's: a signature waits only when its turn has come.
2. The seal's certificate may sign now, or the batch rests. Each document gets a revision with an empty hole, as for a person.
3. The order with its halves is in the database before the token is asked; asked again, the token signs again, which does no harm.
4. A document that cannot be sealed becomes a problem for a person, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from domain.errors import LuukyError, Message, PartAway, PartMissing, Refused, Stale
from domain.people import Person
from domain.signers import Capacity
from signing.certificates import Signatory, for_seal, may_sign
from signing.finish import SEAL_ACTOR, give_back
from signing.keys import Credential, Provider, Scheme
from signing.network import network_of
from signing.ordering import tell
from signing.prepare import Asked, free, half_of
from signing.settings import SigningSettings
from signing.trust import TrustList
from signing.trusted import trust_of
from signing.values import chosen
from storage import orders as kept
from storage.orders import Orders, SignOrder
from storage.signing import PREPARING, Signature
from storage.store import Store, Transaction

AT_ONCE = 50
"""Documents of one order."""


def keepers(tx: Transaction) -> list[Person]:
    """Who keeps the seal: they may have it put."""
    given = {one.person_id for one in tx.signers.offices() if one.capacity == Capacity.SEAL}
    return [one for one in tx.people.listed() if one.active and one.id in given]


def keeps(tx: Transaction, person: Person) -> bool:
    """Whether a person is one of them."""
    return person.active and tx.signers.holds(person.id, Capacity.SEAL)


def take_waiting(store: Store) -> int:
    """Rule 1, where the seal puts itself; returns how many documents were taken. While an order waits for the token, none."""
    with store.read() as tx:
        orders = Orders(tx.connection)
        if not orders.to_seal(1) or any(one.problem for one in orders.sealing()):
            return 0
    with store.write() as tx:
        orders = Orders(tx.connection)
        taken = orders.to_seal(AT_ONCE)
        if taken:
            tell(tx, orders.open_seal([one.id for one in taken]), kept.NEW)
        return len(taken)


def press(store: Store, person: Person, signature_ids: Sequence[str] | None = None) -> int:
    """A person who keeps the seal has it put on what they chose, or on all that waits; returns on how many documents.

    Raises Refused `not_keeper`.
    """
    with store.write() as tx:
        if not keeps(tx, person):
            raise _not_keeper()
        orders = Orders(tx.connection)
        waiting = orders.to_seal(among=signature_ids)
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            order = orders.open_seal([one.id for one in some], person.id)
            for one in some:
                tx.audit.add(person.login, "press_seal", one.document_id, order=order.id)
            tell(tx, order, kept.NEW)
        return len(waiting)


def in_trouble(tx: Transaction, signature: Signature, why: Message) -> None:
    """Rule 4."""
    give_back(tx, signature, why)
    tx.documents.give_up(tx.documents.get(signature.document_id), why)


def prepare_seal(
    store: Store, settings: SigningSettings, providers: Callable[[str], Provider], order: SignOrder, owner: str
) -> None:  # fmt: skip
    """Rule 2, for a claimed order. Raises PartAway, PartMissing, Refused: then the whole order waits."""
    with store.read() as tx:
        titles, trust = tx.signers.titles(), trust_of(tx, settings.trust)
        signatures = Orders(tx.connection).items(order.id, (PREPARING,))
        asked = [_asked(tx, one, titles) for one in signatures]
    credential, signatory, scheme = seal_with(providers(order.provider), order.account, trust, settings)
    made = [(one, _half(store, one, signatory, scheme.value)) for one in asked]
    with store.write() as tx:
        if not Orders(tx.connection).holds(order.id, owner):
            raise Stale
        for one, half in made:
            _keep(tx, one, half, order)
        Orders(tx.connection).put(order.id, kept.READY, credential=credential.id)


def seal_with(
    provider: Provider, account: str, trust: TrustList, settings: SigningSettings
) -> tuple[Credential, Signatory, Scheme]:
    """The seal's key, whose certificate is no person's and may sign now, and how it signs. Raises as providers do, Refused
    `certificate_…`.
    """
    credential = provider.certificates(account)[0]
    for_seal(credential.certificate)
    signatory = may_sign(credential.certificate, trust, network_of(settings))
    return credential, signatory, chosen(credential.certificate, credential.schemes, settings.rsa_first)


def _asked(tx: Transaction, signature: Signature, titles: dict[str, str]) -> Asked:
    document = tx.documents.get(signature.document_id)
    look = tx.blocks.look(document.kind_code, None)
    return Asked(signature, document, titles.get(signature.field, signature.field), None, look=look)


def _half(store: Store, asked: Asked, signatory: Signatory, mechanism: str) -> dict[str, Any] | Message:
    """Or why there is none."""
    try:
        return {**half_of(store.objects, asked, signatory), "mechanism": mechanism}
    except (PartAway, PartMissing):
        raise
    except LuukyError as error:
        return error.message


def _keep(tx: Transaction, asked: Asked, half: dict[str, Any] | Message, order: SignOrder) -> None:
    signature = tx.signing.get(asked.signature.id)
    if signature is None or signature.job_id != order.id or signature.state != PREPARING:
        return  # recalled or refused below it meanwhile
    if isinstance(half, Message):
        in_trouble(tx, signature, half)
        return
    now = replace(asked, signature=signature, document=tx.documents.get(signature.document_id))
    if not free(tx, now, PREPARING) or now.source != asked.source:
        tx.signing.set(signature.id, state="waiting", job_id=None)  # it is taken again as it is now
        return
    tx.signing.set(signature.id, state="prepared", prepared=half, problem=None)
    tx.audit.add(SEAL_ACTOR, "prepare_signature", signature.document_id, field=signature.field, job=order.id)


def _not_keeper() -> Refused:
    return Refused(
        "not_keeper",
        "Chỉ người giữ con dấu mới được đóng dấu. Người quản trị giao việc này ở Quản trị · Tư cách ký.",
        "Only who keeps the seal may put it. An administrator gives that capacity on Quản trị · Tư cách ký.",
    )
