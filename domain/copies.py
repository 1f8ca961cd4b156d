"""Certified copies (bản sao y điện tử, NĐ 30/2020/NĐ-CP, Điều 25 and Phụ lục I, Phần II): forms, and what a request must say."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from domain import order
from domain.errors import Refused
from domain.text import squeeze

LONGEST = 300
"""Letters of a recipient or a reason."""


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


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """`pages`: which ones, as `1-3,5`; empty: all. `recipient`: who gets the copy. `reason`: for what."""

    form: CopyForm
    recipient: str
    reason: str
    pages: str = ""

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
class CertifiedCopy:
    """An entry of the register. `number`: running, in this house; `source` and `sha256` (hex): of what was copied, of the copy.

    `asked_by`: a login.
    """

    id: str
    number: int
    document_id: str
    source: str
    form: CopyForm
    pages: str
    recipient: str
    reason: str
    asked_by: str
    signed_at: datetime
    sha256: str


def checked_request(form: str, recipient: str, reason: str, pages: str = "") -> CopyRequest:
    """What a person typed. Raises Refused `copy`."""
    to, why, wanted = squeeze(recipient), squeeze(reason), "".join(pages.split())
    part = form == CopyForm.PART
    if form not in list(CopyForm) or not to or not why or max(len(to), len(why)) > LONGEST or part != bool(wanted):
        raise Refused(
            "copy",
            "Bản sao cần hình thức sao, nơi nhận và lý do; trích sao cần số trang, các hình thức khác lấy cả tài liệu.",
            "A certified copy needs its form, a recipient and a reason; an extract needs pages, other forms take all of them.",
        )
    return CopyRequest(CopyForm(form), to, why, wanted)
