"""Certifying a document and locking it, by the rules of who signs (ISO 32000-1, 12.8.2).

1. A certification is the first signature of its document: the only one of the first step.
2. One that permits nothing is the only signature. One that permits signatures is followed by others in fields made before it.
3. A lock is put by the last signature, the only one of the last step. It locks all fields there are but the one that makes void.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from itertools import product

from domain.errors import Refused
from domain.signatures import SigningRule
from domain.signers import VOID, applying


class Permits(enum.IntEnum):
    """What may come after a certification: P of DocMDP (12.8.2.2). Evidence and time stamps always may."""

    NOTHING = 1
    SIGNATURES = 2


def checked_together(rules: Iterable[SigningRule]) -> list[SigningRule]:
    """Rules that keep 1 to 3 for every kind and department. Raises Refused `certifies`, `locks`."""
    listed = list(rules)
    kinds, departments = {"", *(one.kind_code for one in listed)}, {"", *(one.department for one in listed)}
    if any(one.certifies not in (None, *Permits) or (one.field == VOID and one.certifies) for one in listed):
        raise _not_first()
    for kind, department in product(sorted(kinds), sorted(departments)):
        _check([one for one in applying(listed, kind, department) if one.field != VOID])
    if any(one.locks and (one.field == VOID or one.certifies) for one in listed):
        raise _not_last()
    return listed


def leaves_room_to_void(rules: Iterable[SigningRule]) -> bool:
    """Whether the field that makes void must be made with the others, since none can be made later."""
    listed = list(rules)
    return any(one.certifies == Permits.SIGNATURES or one.locks for one in listed)


def _check(rules: list[SigningRule]) -> None:
    for one in rules:
        others = [other for other in rules if other is not one]
        if one.certifies and any(other.certifies or other.step <= one.step for other in others):
            raise _not_first()
        if one.certifies == Permits.NOTHING and others:
            raise Refused(
                "certifies",
                "Chứng nhận “không được thay đổi gì nữa” chỉ dùng khi tài liệu có một chữ ký duy nhất. Hãy chọn chứng nhận "
                "“còn được ký tiếp”.",
                "A certification that permits nothing is for a document with one signature only. Choose the one that permits "
                "signatures.",
            )
        if one.locks and any(other.locks or other.step >= one.step for other in others):
            raise _not_last()


def _not_first() -> Refused:
    return Refused(
        "certifies",
        "Chữ ký chứng nhận phải là chữ ký đầu tiên và duy nhất ở bước đầu, cho mọi loại giấy và khoa mà quy tắc này áp dụng.",
        "The signature that certifies must be the only one of the first step, for every kind and department that it is for.",
    )


def _not_last() -> Refused:
    return Refused(
        "locks",
        "Chữ ký khóa tài liệu phải là chữ ký cuối cùng và duy nhất ở bước cuối, và không phải chữ ký chứng nhận.",
        "The signature that locks must be the only one of the last step, and not the one that certifies.",
    )
