"""How an error is answered; whether it may be retried is said by `domain.errors`.

Refused                    REJECTED while nothing was read, later NEEDS_REVIEW, with the reason
PartAway, PartMissing      the work rests and is tried again, for ever: 5 s, 10 s, 20 s … 5 min, or when the part is known to be
                           ready, within a day; nothing is failed for good
Stale                      dropped: somebody else has moved the document
anything else              counted; rests 10 s, 60 s; after the third time a visible problem for a person
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.documents import State
from domain.errors import LuukyError, Message, PartAway

MOST_ATTEMPTS = 3
_LONGEST_WAIT = timedelta(minutes=5)
_LONGEST_KNOWN = timedelta(days=1)

KILLED = Message(
    "killed_worker",
    "Máy xử lý đã dừng ba lần khi làm tài liệu này. Bản gốc còn nguyên. Xem trang gây lỗi rồi bấm “Thử lại” hoặc quét lại.",
    "The worker died three times on this document. The original is safe. Look at the page, press “Try again”, or scan it anew.",
)


def wait_for_part(error: LuukyError, waits: int, moment: datetime) -> timedelta:
    """How long to wait for an absent part from `moment` on, the `waits`-th time."""
    rest = min(timedelta(seconds=5 * 2 ** min(waits, 10)), _LONGEST_WAIT)
    known = error.until if isinstance(error, PartAway) else None
    return max(rest, min(known - moment, _LONGEST_KNOWN)) if known else rest


def rest_after_failure(attempts: int) -> timedelta:
    """How long to rest after the `attempts`-th failure."""
    return timedelta(seconds=10 if attempts <= 1 else 60)


def refused_to(state: State) -> State:
    """Where a document goes whose step was refused."""
    return State.REJECTED if state in (State.RECEIVED, State.PAGED) else State.NEEDS_REVIEW


def as_problem(error: Exception) -> Message:
    """What a person is told about an unexpected error: its kind, never its text, which may hold a patient's data."""
    if isinstance(error, LuukyError):
        return error.message
    name = type(error).__name__
    return Message(
        "unexpected",
        f"Lỗi không lường trước ({name}). Bản gốc còn nguyên. Bấm “Thử lại”; nếu vẫn lỗi, báo người quản trị.",
        f"An unexpected error ({name}). The original is safe. Press “Try again”; if it stays, tell the administrator.",
    )
