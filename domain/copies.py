"""Certified copies (bản sao y điện tử, NĐ 30/2020/NĐ-CP, Điều 25 and Phụ lục I, Phần II): forms, and what a request must say."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import order
from domain.errors import Message, Refused
from domain.text import squeeze

LONGEST = 300
"""Letters of a recipient or a reason."""
MOST = 99
"""Copies for one recipient (số bản)."""
TOLD_FOR = timedelta(days=7)
"""How long it is told that a copy could not be made."""


class CopyForm(enum.StrEnum):
    """In which form something is copied (hình thức sao)."""

    FULL = "sao_y"
    """All of a document."""
    AGAIN = "sao_luc"
    """All of what is a certified copy itself."""
    PART = "trich_sao"
    """Some pages of it."""

    @property
    def words(self) -> str:
        """As the block says it: small letters, as Phụ lục I wants them."""
        return {"sao_y": "Sao y", "sao_luc": "Sao lục", "trich_sao": "Trích sao"}[self]


class CopyStage(enum.StrEnum):
    """How far a copy is."""

    ASKED = "asked"
    """A worker makes it, or waits for a part that is away."""
    ENDED = "ended"
    """It could not be made, or nobody wants it any more."""
    ISSUED = "issued"
    """It stands in the register."""
    STUCK = "stuck"
    """The same, but its proof cannot be renewed."""


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """`pages`: which ones, as `1-3,5`; empty: all. `recipient`: who gets the copy. `reason`: for what. `count`: how many."""

    form: CopyForm
    recipient: str
    reason: str
    pages: str = ""
    count: int = 1

    def numbers(self, count: int) -> tuple[int, ...]:
        """The pages meant, from 1, of a file that has `count`. Raises Refused."""
        try:
            return tuple(order.numbers(self.pages or "1-", count))
        except Refused as error:
            if error.message.code != "bad_order":
                raise
            raise Refused(
                "copy_pages",
                "Không hiểu số trang cần trích. Ghi như 1-3,5.",
                "The pages of the extract are not understood. Write them as 1-3,5.",
            ) from error


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """A copy that was asked for and is not in the register yet. `source`: SHA-256 (hex) of what the person saw; `asked_by`: a
    login; `problem`: what it waits for, or why it ended.
    """

    id: str
    document_id: str
    source: str
    request: CopyRequest
    asked_by: str
    asked_at: datetime
    stage: CopyStage
    problem: Message | None
    attempts: int
    waits: int


@dataclass(frozen=True, slots=True)
class CertifiedCopy:
    """An entry of the register. `number`: running, in this house; `source` and `sha256` (hex): of what was copied, of the copy as
    it was issued; `current`: of the copy with its newest proof, which holds until `ends_at` (None: not looked at yet).

    `asked_by`: a login; `problem`: why its proof is not renewed.
    """

    id: str
    number: int
    document_id: str
    source: str
    form: CopyForm
    pages: str
    recipient: str
    reason: str
    count: int
    asked_by: str
    signed_at: datetime
    sha256: str
    current: str
    ends_at: datetime | None = None
    problem: Message | None = None


def checked_request(form: str, recipient: str, reason: str, pages: str = "", count: int = 1) -> CopyRequest:
    """What a person typed. Raises Refused `copy`, `copy_count`."""
    to, why = checked_purpose(recipient, reason)
    wanted, part = "".join(pages.split()), form == CopyForm.PART
    if form not in list(CopyForm) or part != bool(wanted):
        raise _incomplete()
    if not 0 < count <= MOST:
        raise Refused(
            "copy_count",
            f"Số bản phải từ 1 đến {MOST}.",
            f"The number of copies must be 1 to {MOST}.",
        )
    return CopyRequest(CopyForm(form), to, why, wanted, count)


def checked_purpose(recipient: str, reason: str) -> tuple[str, str]:
    """Who gets a copy and for what, as it was typed. Raises Refused `copy`."""
    to, why = squeeze(recipient), squeeze(reason)
    if not to or not why or max(len(to), len(why)) > LONGEST:
        raise _incomplete()
    return to, why


def ending(number: int, first: datetime | None) -> Message:
    """What a person must see to: proofs of copies that ought to have been renewed; `first`: when the first of them ends."""
    vi = f", sớm nhất hết giá trị ngày {first:%d/%m/%Y}" if first else ""
    en = f", the first ends on {first:%Y-%m-%d}" if first else ""
    return Message(
        "copies_end",
        f"Bằng chứng của {number} bản sao y chưa gia hạn được{vi}. Người giữ con dấu xem lý do ở Sao y.",
        f"The proofs of {number} certified copies are not renewed{en}. Who keeps the seal sees why in Copies.",
    )


def _incomplete() -> Refused:
    return Refused(
        "copy",
        "Bản sao cần hình thức sao, nơi nhận và lý do; trích sao cần số trang, các hình thức khác lấy cả tài liệu.",
        "A certified copy needs its form, a recipient and a reason; an extract needs pages, other forms take all of them.",
    )
