"""What can go wrong at the desk: a code, a sentence in each language, and the exit status it leads to."""

from __future__ import annotations

REFUSED = 1
AWAY = 5


class AgentError(Exception):
    """Something a person must know. `status` is the exit status of the command."""

    def __init__(self, code: str, vi: str, en: str, status: int = REFUSED) -> None:
        self.code, self.vi, self.en, self.status = code, vi, en, status
        super().__init__(f"{vi} / {en}")


def away(code: str, vi: str, en: str) -> AgentError:
    """A part that is missing or does not answer."""
    return AgentError(code, vi, en, AWAY)


def unexpected(error: Exception) -> AgentError:
    """What nobody foresaw: its kind only, since its words could hold anything."""
    name = type(error).__name__
    return AgentError(
        "unexpected",
        f"Lỗi không lường trước ({name}). Không có mã PIN nào được lưu.",
        f"An unexpected error ({name}). No PIN was kept.",
    )
