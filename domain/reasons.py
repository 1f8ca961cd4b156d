"""Why a signed or kept document is replaced by a new version: a code that travels in the new file, and words that do not.

A person's words may name a patient: they stay in the store, in the audit log and beside the version.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Message, Refused

OTHER = "other"
REASONS = {
    one.code: one
    for one in (
        Message("missing_page", "Thiếu trang", "A page was missing"),
        Message("bad_scan", "Quét lại trang xấu", "A bad page was scanned again"),
        Message("wrong_order", "Trang sai thứ tự hoặc sai chiều", "Pages stood in the wrong order or the wrong way up"),
        Message("wrong_document", "Trang của tài liệu khác", "Pages of another document were among them"),
        Message("wrong_patient", "Trang của người bệnh khác", "Pages of another patient were among them"),
        Message(OTHER, "Lý do khác", "Another reason"),
    )
}
LONGEST = 500
"""Characters of a person's words."""


@dataclass(frozen=True, slots=True)
class Why:
    """A code of `REASONS`, and what the person wrote."""

    code: str
    text: str


def why(text: str | None) -> Why | None:
    """`bad_scan: trang 2 mờ`, `bad_scan`, or words alone (`other`); None for nothing. Raises Refused `bad_reason`."""
    said = " ".join((text or "").split())
    if not said:
        return None
    if len(said) > LONGEST or not said.isprintable():
        raise Refused("bad_reason", f"Lý do dài tối đa {LONGEST} ký tự.", f"A reason has at most {LONGEST} printable characters.")
    code, _, rest = said.partition(":")
    return Why(code, rest.strip()) if code in REASONS else Why(OTHER, said)
