"""All that a token or its driver may answer, in a help desk's words: what happened, whether anything was signed, what to do.

The table is `data/token_errors.csv`: by the error's class name in python-pkcs11, by its code (`0x…`) where that library has no
name for it, by a name of our own for what befalls the child process. Codes are those of PKCS#11 v3.1, section 6 (CKR_…).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from luuky_agent.errors import AgentError, away

Words = tuple[str, str]
"""Vietnamese, English."""

LOOKING: Words = ("Chưa ký tài liệu nào.", "Nothing was signed.")
LOGIN: Words = ("Lần này chưa ký tài liệu nào.", "Nothing was signed this time.")
SIGNING: Words = (
    "Tài liệu đang ký chưa được ký; các tài liệu ký xong trước đó vẫn còn.",
    "The document at hand was not signed; those signed before it are kept.",
)
REMEDIES: dict[str, Words] = {
    "check_pin": ("Xem lại rồi nhập mã PIN lần nữa.", "Check it, then enter the PIN once more."),
    "check_keyboard": ("Kiểm tra bộ gõ tiếng Việt và phím Caps Lock.", "Check the input method and Caps Lock."),
    "change_pin": (
        "Đổi mã PIN bằng phần mềm của nhà cung cấp rồi ký lại.",
        "Change it with the vendor's program, then sign again.",
    ),
    "unlock": ("Mang USB tới nơi cấp để mở khóa.", "Its issuer can unlock it."),
    "issuer": ("Liên hệ nơi cấp USB.", "Ask the token's issuer."),
    "again": ("Bấm Ký và nhập lại mã PIN.", "Press Sign and enter the PIN again."),
    "close_others": (
        "Đóng các chương trình khác đang dùng USB (kê khai thuế, bảo hiểm…), cắm lại USB rồi ký tiếp.",
        "Close other programs that use the token (tax, insurance…), plug it in again, go on signing.",
    ),
    "replug": ("Rút USB, đợi vài giây, cắm lại rồi ký tiếp.", "Unplug the token, wait a few seconds, plug it in, go on signing."),
    "right_token": (
        "Cắm đúng USB và cài đúng bộ cài của nhà cung cấp.",
        "Plug in the right token and install its vendor's software.",
    ),
    "one_token": ("Chỉ cắm một USB.", "Plug in one only."),
    "free_memory": ("Đóng bớt chương trình rồi ký tiếp.", "Close some programs, then go on signing."),
    "driver": (
        "Cập nhật bộ cài của nhà cung cấp USB; nếu vẫn lỗi, báo bộ phận CNTT kèm mã lỗi này.",
        "Update the token vendor's software; if it still fails, give this code to the IT department.",
    ),
}
PLAIN = frozenset({"wrong_pin", "pin_locked", "token_missing", "logged_out"})
"""What needs no code for the IT department."""
_TRIES: dict[str, Words] = {
    "locked": ("USB đã bị khóa. Mang tới nơi cấp để mở.", "The token is locked. Its issuer can unlock it."),
    "final": ("Chỉ còn MỘT lần thử; sai nữa USB sẽ bị khóa.", "ONE try is left; another wrong PIN locks the token."),
    "low": ("Đã có lần nhập sai PIN; số lần thử còn ít.", "A wrong PIN was entered before; few tries are left."),
    "change": (
        "USB yêu cầu đổi mã PIN bằng phần mềm của nhà cung cấp.",
        "The token wants its PIN changed with the vendor's program.",
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of error: its stable code, what happened, what to do, and the command's exit status."""

    code: str
    what: Words
    remedy: Words
    status: int


@cache
def table() -> dict[str, Trouble]:
    """The whole table, by name."""
    text = files("luuky_agent").joinpath("data/token_errors.csv").read_text(encoding="utf-8")
    return {
        name: Trouble(row["code"], (row["vi"], row["en"]), REMEDIES[row["remedy"]], int(row["exit"]))
        for row in csv.DictReader(text.splitlines())
        for name in row["names"].split()
    }


def tries(flags: Iterable[str]) -> Words | None:
    """What the token says about its PIN before one is typed (PKCS#11 tells no number)."""
    there = set(flags)
    return next((_TRIES[flag] for flag in _TRIES if flag in there), None)


def spoken(answer: dict[str, Any], when: Words) -> AgentError:
    """The sentence for an answer `{"error", "flags"}` of the child process. `when`: LOOKING, LOGIN or SIGNING."""
    name = str(answer.get("error"))
    trouble = table().get(name, table()["PKCS11Error"])
    left = tries(answer.get("flags", ())) if trouble.code == "wrong_pin" else None
    said = [trouble.what, when, *([left] if left else []), trouble.remedy]
    tail = "" if trouble.code in PLAIN else f" ({name})"
    vi, en = (" ".join(words[side] for words in said) + tail for side in (0, 1))
    return AgentError(trouble.code, vi, en, trouble.status)


def no_module(module: str) -> AgentError:
    """A driver that cannot be loaded."""
    return away(
        "module",
        f"Không nạp được trình điều khiển USB ký số: {module}",
        f"The token's driver could not be loaded: {module}",
    )
