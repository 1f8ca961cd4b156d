"""How a question to a signing service can end other than signed, in words for the person who asked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from domain.errors import Message, Refused
from signing.keys import Order, Scheme, Stage, Transaction

EXPIRED = Message(
    "approval_expired",
    "Quá thời gian mà chưa ai duyệt. Chưa ký tài liệu nào; hãy gửi ký lại và duyệt trên điện thoại.",
    "Nobody approved in time. Nothing was signed; send it again and approve on the phone.",
)
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def opened(provider: str, order: Order, credential: str, **more: object) -> Transaction:
    """The transaction of an order that was taken."""
    known = Transaction(provider, order.id, order.user, credential, order.certificate, order.digests, order.scheme)
    return replace(known, **more)  # type: ignore[arg-type]


def declined(transaction: Transaction) -> Transaction:
    """The person said no."""
    return replace(
        transaction,
        stage=Stage.REFUSED,
        why=Message(
            "declined",
            "Người ký đã từ chối trên ứng dụng của dịch vụ ký. Chưa ký tài liệu nào; có thể gửi ký lại.",
            "The signer declined in the signing service's app. Nothing was signed; it can be sent again.",
        ),
    )


def expired(transaction: Transaction) -> Transaction:
    """Nobody approved in time."""
    return replace(transaction, stage=Stage.EXPIRED, why=EXPIRED)


def in_time(transaction: Transaction) -> Transaction:
    """The same, or expired, if it still waits after its time."""
    late = transaction.expires is not None and datetime.now(UTC) > transaction.expires
    return expired(transaction) if late and transaction.stage is Stage.PENDING else transaction


def spent(transaction: Transaction) -> Transaction:
    """It was approved, and the values were lost on their way."""
    return replace(
        transaction,
        stage=Stage.EXPIRED,
        why=Message(
            "approval_spent",
            "Đã duyệt nhưng dịch vụ ký không trả được chữ ký. Chưa ký tài liệu nào; hãy gửi ký lại và duyệt lần nữa.",
            "It was approved, but the signing service lost the values. Nothing was signed; send and approve again.",
        ),
    )


def failed(transaction: Transaction, name: str, code: str) -> Transaction:
    """The service could not sign, and says why with a code."""
    return replace(transaction, stage=Stage.REFUSED, why=refusal(name, code).message)


def refusal(name: str, code: str) -> Refused:
    """The service does not take a question. Only a short code of its own is repeated."""
    shown = code if _CODE.fullmatch(code) else "?"
    return Refused(
        "provider_refused",
        f"Dịch vụ ký {name} từ chối (mã {shown}). Chưa ký tài liệu nào; hãy báo cho bộ phận CNTT.",
        f"The signing service {name} refuses (code {shown}). Nothing was signed; tell IT.",
    )


def unsure(name: str) -> Refused:
    """The question may stand on the person's phone."""
    return Refused(
        "provider_unsure",
        f"Không rõ dịch vụ ký {name} đã nhận yêu cầu hay chưa. Hãy từ chối mọi yêu cầu trên điện thoại, rồi gửi ký lại.",
        f"It is not known whether the signing service {name} took the request. Decline what the phone shows, then send again.",
    )


def wrong(what: str) -> Refused:
    """A PIN or one-time password was wrong: `pin`, `otp`, or `pin_or_otp` where the service does not say which."""
    name = {"pin": "Mã PIN", "otp": "Mã OTP"}.get(what, "Mã PIN hoặc mã OTP")
    english = {"pin": "The PIN", "otp": "The one-time password"}.get(what, "The PIN or the one-time password")
    return Refused(
        what,
        f"{name} không đúng. Chưa ký tài liệu nào; nhập sai nhiều lần sẽ bị khóa.",
        f"{english} is wrong. Nothing was signed; several wrong ones lock the key.",
    )


def locked(name: str) -> Refused:
    """Too many wrong ones."""
    return Refused(
        "credential_locked",
        f"Khóa ký ở dịch vụ {name} đã bị khóa. Hãy liên hệ nhà cung cấp chứng thư số để mở.",
        f"The key at the signing service {name} is locked. Ask the certificate's provider to unlock it.",
    )


def no_credential(name: str) -> Refused:
    """The person has no key that can sign now."""
    return Refused(
        "no_credential",
        f"Không có chứng thư số nào dùng được của người này ở dịch vụ ký {name}. Kiểm tra mã người dùng và hạn chứng thư.",
        f"This person has no usable certificate at the signing service {name}. Check the user's id there and the certificate.",
    )


def too_many(most: int) -> Refused:
    """More than one approval covers."""
    return Refused(
        "too_many",
        f"Dịch vụ ký chỉ nhận từ 1 đến {most} tài liệu trong một lần duyệt.",
        f"The signing service takes 1 to {most} documents with one approval.",
    )


def other_certificate() -> Refused:
    """The halves were prepared with another certificate than the provider signs with now."""
    return Refused(
        "other_certificate",
        "Chứng thư số ở dịch vụ ký không còn là chứng thư đã chuẩn bị. Hãy gửi tài liệu đi ký lại.",
        "The certificate at the signing service is no longer the one prepared for. Send the documents for signing again.",
    )


def busy() -> Refused:
    """The provider is just being asked about the same transaction."""
    return Refused(
        "provider_asked",
        "Lượt ký này đang được xử lý. Mở lại trang Ký sau vài giây để xem kết quả.",
        "This turn is being worked at. Open the page Ký again in a few seconds to see what became of it.",
    )


def settled(order: Order, most: int, schemes: tuple[Scheme, ...]) -> None:
    """Raises Refused for an order that a key cannot fulfil."""
    if not 0 < len(order.digests) <= most:
        raise too_many(most)
    if order.scheme not in schemes:
        raise other_certificate()
