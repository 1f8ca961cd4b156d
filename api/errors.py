"""What only a web can get wrong, as members of the error tree."""

from __future__ import annotations

from domain.errors import LuukyError


class LoginNeeded(LuukyError):
    """Nobody is logged in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(
            "login_needed", "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.", "The session has ended. Please log in again."
        )


class NotAllowed(LuukyError):
    """The person's role has no such right."""

    def __init__(self) -> None:
        super().__init__("not_allowed", "Tài khoản này không có quyền làm việc đó.", "This account may not do that.")


class FormExpired(LuukyError):
    """A deed came without the token of this session: a stale page, or another site tries to act in the person's name."""

    def __init__(self) -> None:
        super().__init__(
            "form_expired",
            "Trang này đã mở quá lâu nên việc vừa rồi chưa được thực hiện. Tải lại trang rồi làm lại.",
            "This page was open for too long, so nothing was done. Reload it and try again.",
        )


class NotThere(LuukyError):
    """No such thing, or none this person may know of: both answer alike."""

    def __init__(self) -> None:
        super().__init__(
            "not_found",
            "Không có tài liệu hay trang này, hoặc bạn không có quyền xem.",
            "There is no such document or page, or you may not see it.",
        )


class TooOften(LuukyError):
    """One address asks again and again."""

    def __init__(self) -> None:
        super().__init__(
            "too_often",
            "Địa chỉ này vừa hỏi quá nhiều lần. Hãy chờ một phút rồi thử lại.",
            "This address has asked too often. Wait a minute and try again.",
        )


class Busy(LuukyError):
    """Too many files are being judged, or too many of one person."""

    def __init__(self) -> None:
        super().__init__(
            "busy",
            "Đang có nhiều tệp chờ kiểm tra. Tệp này chưa được nhận; hãy chờ một phút rồi thử lại.",
            "Many files are waiting to be judged. This one was not taken; wait a minute and try again.",
        )


class TooLarge(LuukyError):
    """An upload above the limit."""

    def __init__(self, limit: int) -> None:
        size = f"{limit // 1_000_000} MB"
        super().__init__("too_large", f"Tệp lớn hơn {size}. Hãy chia nhỏ rồi gửi lại.", f"The file is larger than {size}.")
