"""How a person signs with a provider, and what waits for the hospital's seal, as the screens show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.views.cards import Card, cards, cells
from domain.errors import Message
from domain.people import Person, Sight
from storage import orders as kept
from storage.clock import now
from storage.orders import Orders, SealWait, SignOrder, Way
from storage.signing import Progress, Signature
from storage.store import Transaction

RECENT = timedelta(hours=1)
"""How long it is said why the last turn ended."""
SHOWN = 50

CELLS = 24
"""Of the row that shows how far a batch is: there is no room for more beside the words."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A person's provider, their order under way, how many documents are in orders after it, and how the last one ended."""

    way: Way
    order: SignOrder | None
    progress: Progress
    later: int
    ended: Message | None

    @property
    def stage(self) -> str:
        """What is happening: `typing`, `visiting`, `approving`, `finishing`, `asking`, or `away` while the provider is."""
        order = self.order
        if order is None:
            return ""
        if order.state == kept.ASKS:
            return "typing"
        if order.state == kept.SIGNED:
            return "finishing"
        if order.problem is not None:
            return "away"
        return "visiting" if self.visit else "approving" if order.state == kept.OPEN or order.begun else "asking"

    @property
    def visit(self) -> str:
        """The provider's page on which the person approves."""
        order = self.order
        return str((order.kept or {}).get("visit") or "") if order and order.state == kept.OPEN else ""

    @property
    def row(self) -> Sequence[str]:
        """One cell a document."""
        return cells(self.progress.done, self.progress.total, now=1, most=CELLS)


def cloud(tx: Transaction, person: Person) -> Cloud | None:
    """None for a person who signs with the agent on the desk."""
    orders = Orders(tx.connection)
    way = orders.way(person.id)
    under_way = orders.of(person.id)
    if way is None and not under_way:
        return None
    order, last = next(iter(under_way), None), orders.last(person.id)
    recent = last is not None and last.state == kept.ENDED and last.created_at > now() - RECENT
    return Cloud(
        way=way or Way(person.id, order.provider if order else "", order.account if order else ""),
        order=order,
        progress=tx.signing.progress(order.id) if order else Progress(0, 0),
        later=sum(tx.signing.progress(one.id).total for one in under_way[1:]),
        ended=last.problem if last and recent and not order else None,
    )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signature of the seal, with its document."""

    signature: Signature
    card: Card


@dataclass(frozen=True, slots=True)
class SealRoom:
    """What waits for the seal, what was sealed last, and whether this person may have it put."""

    wait: SealWait
    waiting: Sequence[Sealed]
    sealed: Sequence[Sealed]
    lately: int
    """How many were sealed within a day, whoever may see them."""
    keeper: bool


def seal_room(tx: Transaction, sight: Sight | None) -> SealRoom:
    """Everything on the screen of the seal; None: for somebody who keeps it, and sees all that waits for it. Others see those
    documents that they see anyway.
    """
    orders = Orders(tx.connection)
    sealing = orders.sealing()
    waiting = orders.to_seal(SHOWN)
    under_way = [one for order in sealing for one in orders.items(order.id)]
    return SealRoom(
        wait=orders.seal_wait(),
        waiting=_with_cards(tx, [*under_way, *waiting][:SHOWN], sight),
        sealed=_with_cards(tx, orders.sealed(12), sight),
        lately=orders.count_sealed(now() - timedelta(days=1)),
        keeper=sight is None,
    )


def _with_cards(tx: Transaction, signatures: Sequence[Signature], sight: Sight | None) -> list[Sealed]:
    ids = {one.document_id for one in signatures}
    found = {card.id: card for card in cards(tx, tx.documents.listed(ids=ids, sight=sight))} if ids else {}
    return [Sealed(one, found[one.document_id]) for one in signatures if one.document_id in found]
