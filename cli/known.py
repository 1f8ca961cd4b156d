"""What a file may name: its own members, kinds of documents, which are the catalogues' alone, and departments, which are every
house's own.

A member that nobody knows would silently count for nothing, and a kind that no catalogue has could never match a paper, so both
are refused. Departments are whatever stays and accounts write; one that none of them has written yet may come, so it is told and
not refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from cli import console
from domain.errors import Message, Refused
from domain.text import fold
from filing.catalogue import forms

NEAREST = 3
ALIKE = 0.6
"""How much of two names must be the same (`difflib`), without tones and capitals, to be offered."""


def check_members(named: Iterable[str], known: Iterable[str], code: str) -> None:
    """Raises Refused `code` for the first member that nobody knows, with those that look most like it."""
    known = sorted(known)
    for member in named:
        if member not in known:
            near = nearest(member, known)
            vi, en = ("Gần giống nhất", "Nearest") if near else ("Các mục dùng được", "Known")
            listed = ", ".join(near or known)
            raise Refused(
                code,
                f"Tệp loại này không có mục “{member}”. {_near(listed, vi)}Sửa tên mục trong tệp rồi nạp lại; chưa nạp gì.",
                f"Such a file has no member “{member}”. {_near(listed, en)}Correct its name in the file and load it again; "
                "nothing was loaded.",
            )


def check_kinds(codes: Iterable[str], code: str) -> None:
    """Raises Refused `code` for the first kind that no catalogue has, with those that look most like it."""
    titles = {form.code: form.title for form in forms() if form.code}
    for kind in codes:
        if kind and kind not in titles:
            by_title = {title: known for known, title in titles.items()}
            found = [*nearest(kind, titles), *(by_title[title] for title in nearest(kind, by_title))]
            listed = ", ".join(f"{known} ({titles[known]})" for known in list(dict.fromkeys(found))[:NEAREST])
            raise Refused(
                code,
                f"Không có loại giấy “{kind}” trong danh mục. {_near(listed, 'Gần giống nhất')}Sửa mã trong tệp rồi nạp lại; "
                "chưa nạp gì.",
                f"No catalogue has a kind of document “{kind}”. {_near(listed, 'Nearest')}Correct the code in the file and load "
                "it again; nothing was loaded.",
            )


def tell_departments(named: Iterable[str], known: Iterable[str]) -> None:
    """Say which departments nobody has written yet, with those that look most like them."""
    known = sorted(set(known))
    for department in sorted({one for one in named if one} - set(known)):
        listed = ", ".join(nearest(department, known))
        message = Message(
            "department_unknown",
            f"Chưa có lượt điều trị hay tài khoản nào ghi khoa “{department}”. {_near(listed, 'Gần giống nhất')}Đã nạp, nhưng "
            "chỉ có tác dụng với khoa viết đúng y như vậy.",
            f"No stay and no account has a department “{department}” yet. {_near(listed, 'Nearest')}It was loaded, but counts "
            "only for a department written exactly so.",
        )
        console.tell(message)


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Those that look most like a word, the best first."""
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(fold(one), one)
    return [folded[one] for one in difflib.get_close_matches(fold(word), folded, NEAREST, ALIKE)]


def _near(listed: str, said: str) -> str:
    return f"{said}: {listed}. " if listed else ""
