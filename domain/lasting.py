"""How long the proof in a document lasts, and what ends it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import Message

LONGER = 1.25
"""A new time stamp is worth having where it holds longer than what is left of the old one by this factor."""
MONTH = timedelta(days=30.44)
"""What settings in months mean."""
UNPROVEN_FOR = timedelta(days=7)
"""How long a signed document may wait for its proof before a person is told."""


@dataclass(frozen=True, slots=True)
class Ends:
    """When the last time stamp of a document proves nothing any more.

    `at` is the sooner of `dates`, when the first certificate of its chain ends, and of the day on which the first of its
    algorithms is trusted no more; `what` names that certificate or algorithm. `authority` names who stamped, `chain` is SHA-256
    of its certificate (hex).
    """

    at: datetime
    what: str
    dates: datetime
    authority: str
    chain: str

    def longer_than(self, old: Ends, moment: datetime, soon: datetime) -> bool:
        """Whether a stamp that ends thus is worth having in place of `old`.

        Where its certificates end by `soon` it is enough that the new ones do not: an algorithm that nobody offers better
        than is no reason to let the dates run out.
        """
        if _left(self.at, moment) > LONGER * max(0.0, _left(old.at, moment)):
            return True
        return old.dates <= soon and _left(self.dates, moment) > LONGER * _left(old.dates, moment)


@dataclass(frozen=True, slots=True)
class ChainCount:
    """Documents whose last time stamps are by one certificate: how many, when the first of them ends and by what, how many are
    due, how many wait and for what (codes), how many need a person.
    """

    authority: str
    chain: str
    documents: int
    ends_at: datetime
    what: str
    due: int
    waiting: dict[str, int]
    problems: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ends when: by chain, the first to end at the head; how many signed documents are not proven yet, since when the first
    of them; the ids of those whose proof could not be renewed.
    """

    chains: tuple[ChainCount, ...] = ()
    unproven: int = 0
    unproven_since: datetime | None = None
    troubled: tuple[str, ...] = ()

    def alarms(self, moment: datetime, soon: datetime) -> list[Message]:
        """What a person must see to, the worst first; `soon`: what ends by then should have been renewed already."""
        late = [one for one in self.chains if one.ends_at <= soon]
        found = [_troubled(len(self.troubled))] if self.troubled else []
        found += [_ends_soon(one) for one in late]
        if self.unproven_since and moment - self.unproven_since > UNPROVEN_FOR:
            found.append(_unproven(self.unproven, self.unproven_since))
        return found


def _troubled(number: int) -> Message:
    return Message(
        "renewal_impossible",
        f"Không gia hạn được bằng chứng của {number} tài liệu. Xem từng tài liệu rồi cho làm lại.",
        f"The proofs of {number} documents could not be renewed. Look at each, then have it tried again.",
    )


def _ends_soon(chain: ChainCount) -> Message:
    waits = f" ({', '.join(sorted(chain.waiting))})" if chain.waiting else ""
    return Message(
        "proof_ends_soon",
        f"Dấu thời gian của {chain.authority} trên {chain.documents} tài liệu hết giá trị từ {chain.ends_at:%d/%m/%Y} "
        f"({chain.what}) mà chưa gia hạn được{waits}. Hãy hỏi nhà cung cấp dịch vụ cấp dấu thời gian.",
        f"The time stamps of {chain.authority} on {chain.documents} documents end from {chain.ends_at:%Y-%m-%d} on "
        f"({chain.what}) and are not renewed yet{waits}. Ask the provider of the time-stamp service.",
    )


def _unproven(number: int, since: datetime) -> Message:
    return Message(
        "unproven",
        f"{number} tài liệu đã ký chưa được niêm lâu dài, lâu nhất từ {since:%d/%m/%Y}. Xem dịch vụ cấp dấu thời gian và OCSP.",
        f"{number} signed documents have no long-term proof yet, the first since {since:%Y-%m-%d}. Look at the time-stamp and "
        "OCSP services.",
    )


def _left(end: datetime, moment: datetime) -> float:
    """Seconds."""
    return (end - moment).total_seconds()
