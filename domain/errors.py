"""Every error the product raises on purpose, in one tree.

    LuukyError
    ├── Refused            the input cannot be taken; a person must change something        never retried
    │   └── Unreadable     no page can be made of it (corrupt, empty, foreign)
    ├── PartMissing        a needed part is not installed or not configured                 retried slowly
    ├── PartAway           a needed part does not answer just now                           retried, waits for it
    ├── Stale              somebody else moved the document meanwhile                       dropped, never shown
    └── Broken             an invariant does not hold: stop and call a person               never retried

Each carries a stable code and one sentence in each language that says what happened and what to do next. The sentences
never hold a patient's data: they go into logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for a person, in Vietnamese and English, under a stable code such as `encrypted`."""

    code: str
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


class LuukyError(Exception):
    """The root. `message` is fit for a screen and for a log."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        self.message = Message(code, vi, en)
        super().__init__(f"{code}: {en}")

    def __reduce__(self) -> tuple[type[LuukyError], tuple[object, ...]]:
        return type(self), (self.message.code, self.message.vi, self.message.en)


class Refused(LuukyError):
    """The input cannot be taken as it is."""


class Unreadable(Refused):
    """No page can be made of the input."""


class PartMissing(LuukyError):
    """A part this work needs is not installed or not configured."""


class PartAway(LuukyError):
    """A part this work needs does not answer at the moment; nothing is lost, the work waits, `until` then if it is known."""

    def __init__(self, code: str, vi: str, en: str, until: datetime | None = None) -> None:
        super().__init__(code, vi, en)
        self.until = until

    def __reduce__(self) -> tuple[type[PartAway], tuple[object, ...]]:
        return type(self), (self.message.code, self.message.vi, self.message.en, self.until)


class Stale(LuukyError):
    """The document moved while the work was done; the result is dropped."""

    def __init__(self) -> None:
        super().__init__("stale", "Tài liệu đã được xử lý ở nơi khác.", "The document was moved on elsewhere.")


class Broken(LuukyError):
    """Something that must always hold does not."""
