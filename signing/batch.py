"""A batch of prepared halves with one approval: what is ordered, and what becomes of the values that come back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import LuukyError, PartAway, Refused
from signing.keys import Order, Transaction
from signing.prepared import PreparedSignature
from signing.second_half import complete_revision
from signing.timestamps import Timestamps


@dataclass(frozen=True, slots=True)
class Waiting:
    """A prepared half and the file with its hole, under the caller's id of the signature."""

    item: str
    path: Path
    prepared: PreparedSignature


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` None: the file is signed. With a PartAway keep the `value`: the time stamp was not to be had, nothing else."""

    value: bytes
    problem: LuukyError | None = None


def order_for(name: str, user: str, waiting: Sequence[Waiting], *, again: bool = False) -> Order:
    """The order of id `name` for halves that were all prepared with one certificate, for one way to make values. Raises Refused
    `too_many` for none.
    """
    keys = {(one.prepared.certificate, one.prepared.scheme) for one in waiting}
    if len(keys) != 1:
        raise Refused(
            "too_many",
            "Mỗi lượt ký cần ít nhất một tài liệu và đúng một chứng thư số.",
            "One turn of signing needs a document at least, and one certificate.",
        )
    certificate, scheme = keys.pop()
    return Order(
        name, user, certificate, {one.item: hashlib.sha256(one.prepared.attributes).digest() for one in waiting}, scheme, again
    )


def complete_all(waiting: Sequence[Waiting], transaction: Transaction, timestamps: Timestamps) -> Mapping[str, Outcome]:
    """Fill the holes with the values of a signed transaction; by item. A service of time that is away is asked once."""
    outcomes: dict[str, Outcome] = {}
    away: PartAway | None = None
    for one in waiting:
        value = transaction.values[one.item]
        problem: LuukyError | None = away
        if away is None:
            try:
                complete_revision(one.path, one.prepared, value, timestamps)
            except PartAway as error:
                problem = away = error
            except LuukyError as error:
                problem = error
        outcomes[one.item] = Outcome(value, problem)
    return outcomes
