"""Why a certificate does not pass, in plain words: the sub-indications of ETSI EN 319 102-1 (table 6), Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "FORMAT_FAILURE": (
        "Dữ liệu của chữ ký không theo chuẩn PAdES.",
        "The data of the signature is not as the PAdES standard has it.",
    ),
    "HASH_FAILURE": ("Nội dung đã bị thay đổi sau khi ký.", "The content was changed after it was signed."),
    "SIG_CRYPTO_FAILURE": (
        "Chữ ký không phải do khóa của chứng thư này tạo ra.",
        "The signature was not made by this certificate's key.",
    ),
    "SIG_CONSTRAINTS_FAILURE": (
        "Chữ ký thiếu thông tin mà chuẩn PAdES đòi hỏi.",
        "The signature lacks what the PAdES standard asks for.",
    ),
    "CHAIN_CONSTRAINTS_FAILURE": (
        "Chứng thư của người ký (hoặc của dấu thời gian) không phải loại được dùng vào việc đó.",
        "The certificate of the signer (or of a timestamp) is not of the kind that may do so.",
    ),
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": (
        "Thiếu thông tin cho biết chứng thư có bị thu hồi không. Hãy kiểm tra lại khi có mạng (--online).",
        "Nothing says whether the certificate was revoked. Check again with a network (--online).",
    ),
    "CRYPTO_CONSTRAINTS_FAILURE": (
        "Chữ ký (hoặc dấu thời gian) dùng thuật toán không còn an toàn.",
        "The signature (or a timestamp) uses an algorithm that is no longer safe.",
    ),
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": (
        "Chữ ký (hoặc dấu thời gian) dùng thuật toán nay không còn an toàn, và không có gì chứng minh nó có từ trước đó.",
        "The signature (or a timestamp) uses an algorithm that is no longer safe, and nothing proves that it is older.",
    ),
    "EXPIRED": (
        "Chứng thư của người ký (hoặc của dấu thời gian) đã hết hạn.",
        "The certificate of the signer (or of a timestamp) has ended.",
    ),
    "NOT_YET_VALID": (
        "Chứng thư của người ký (hoặc của dấu thời gian) chưa có hiệu lực.",
        "The certificate of the signer (or of a timestamp) is not valid yet.",
    ),
    "OUT_OF_BOUNDS_NO_POE": (
        "Chứng thư của người ký (hoặc của dấu thời gian) đã hết hạn, và không có gì chứng minh chữ ký có trước lúc đó.",
        "The certificate of the signer (or of a timestamp) has ended, and nothing proves that the signature was made before.",
    ),
    "OUT_OF_BOUNDS_NOT_REVOKED": (
        "Chứng thư đã hết hạn; nó không bị thu hồi, nhưng không có gì chứng minh chữ ký có trước khi hết hạn.",
        "The certificate has ended; it was not revoked, but nothing proves that the signature was made before its end.",
    ),
    "REVOKED": (
        "Chứng thư của người ký (hoặc của dấu thời gian) đã bị thu hồi.",
        "The certificate of the signer (or of a timestamp) was revoked.",
    ),
    "REVOKED_NO_POE": (
        "Chứng thư của người ký (hoặc của dấu thời gian) đã bị thu hồi, và không có gì chứng minh chữ ký có trước lúc đó.",
        "The certificate of the signer (or of a timestamp) was revoked, and nothing proves that the signature was made before.",
    ),
    "REVOKED_CA_NO_POE": (
        "Chứng thư của nơi cấp đã bị thu hồi, và không có gì chứng minh chữ ký có trước lúc đó.",
        "The certificate of the authority was revoked, and nothing proves that the signature was made before.",
    ),
    "REVOCATION_OUT_OF_BOUNDS_NO_POE": (
        "Xác nhận về thu hồi do một chứng thư đã hết hạn ký, và không có gì chứng minh nó có từ trước.",
        "What is known of revocation was signed by a certificate that has ended, and nothing proves that it was there before.",
    ),
    "NO_SIGNING_CERTIFICATE_FOUND": ("Không tìm thấy chứng thư của người ký.", "The signer's certificate was not found."),
    "NO_CERTIFICATE_CHAIN_FOUND": (
        "Chứng thư của người ký (hoặc của dấu thời gian) không do nơi được tin cậy cấp, hay danh sách tin cậy chưa có nơi đó.",
        "The certificate of the signer (or of a timestamp) leads to no trusted authority, or that is not in the trust list yet.",
    ),
    "NO_POE": (
        "Dấu thời gian lưu trữ không chứng minh được nữa: đã hết hạn mà không được gia hạn, hoặc bị hỏng.",
        "The archive timestamp proves nothing any more: it ended without being renewed, or it is damaged.",
    ),
    "TIMESTAMP_ORDER_FAILURE": (
        "Giờ của các dấu thời gian trái thứ tự.",
        "The timestamps say an order that cannot be.",
    ),
    "TRY_LATER": (
        "Nơi cấp chứng thư chưa trả lời. Hãy kiểm tra lại sau.",
        "The authority does not answer yet. Check again later.",
    ),
    "SIGNED_DATA_NOT_FOUND": ("Không tìm thấy nội dung đã ký.", "What was signed was not found."),
    "SIGNATURE_POLICY_NOT_AVAILABLE": (
        "Chữ ký dẫn tới một quy chế ký mà chương trình này không có.",
        "The signature refers to a signature policy that is not at hand here.",
    ),
    "POLICY_PROCESSING_ERROR": (
        "Không đọc được quy chế ký mà chữ ký dẫn tới.",
        "The signature policy that the signature refers to cannot be read.",
    ),
    "GENERIC": (
        "Thư viện kiểm tra không chấp nhận chứng thư hay chữ ký, và không nói vì sao.",
        "The library does not accept the certificate or the signature, and does not say why.",
    ),
}
