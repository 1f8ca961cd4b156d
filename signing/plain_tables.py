"""What the rules of a verdict saw, a table for each: which evidence, which sentence (`plain_words.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from signing.plain_changes import CHANGES
from signing.plain_reasons import REASONS
from signing.plain_rows import FAILED, OPEN, PASSED, Rows

_REGISTER: Final[Rows] = (
    (PASSED, "SHA-256 .*", "Tệp giống từng byte với bản trong sổ lưu trữ.", "The file is byte for byte the one in the register."),
    (FAILED, "SHA-256 .*", "Tệp khác với tệp trong sổ lưu trữ.", "The file differs from the one in the register."),
)
_EXPECTED: Final[Rows] = (
    (PASSED, "all signed", "Đủ các chữ ký mà sổ lưu trữ ghi là phải có.", "All signatures that the register asks for are there."),
    (
        FAILED,
        "(?P<fields>.+)",
        "Thiếu chữ ký mà sổ lưu trữ ghi là phải có, ở ô “{fields}”.",
        "A signature that the register asks for is missing, in “{fields}”.",
    ),
)
_CMS_ODD = (
    "Dữ liệu của chữ ký hoặc của dấu thời gian có chỗ không đúng chuẩn, không gì bảo vệ chỗ đó khỏi bị sửa.",
    "The data of the signature or of its timestamp breaks the standard in a place that nothing protects from being changed.",
)
_READABLE: Final[Rows] = (
    (
        PASSED,
        "(?P<who>.*)",
        "Tệp và chữ ký đúng chuẩn; theo chứng thư, người ký là {who}.",
        "File and signature are as their standards have them; the certificate names {who} as the signer.",
    ),
    (
        FAILED,
        ".*",
        "Dữ liệu của chữ ký phải nói rõ đúng một người ký, và ở đây không như vậy.",
        "The data of the signature must name exactly one signer, and does not.",
    ),
    (
        OPEN,
        "certifies, but is not the first signature",
        "Chữ ký này chứng nhận tài liệu, nhưng trước nó đã có chữ ký khác: chữ ký chứng nhận phải là chữ ký đầu tiên.",
        "This signature certifies the document, but another was there before it: a certification must be the first.",
    ),
    (
        OPEN,
        "a certificate of (?P<who>.*) is not as it was issued",
        "Một chứng thư đi kèm trong tệp ({who}) không giống bản do nơi cấp đã cấp.",
        "A certificate in the file ({who}) is not as its authority issued it.",
    ),
    (
        OPEN,
        "bytes after the CMS",
        "Sau dữ liệu của chữ ký còn dữ liệu thừa, không gì bảo vệ chỗ đó khỏi bị sửa.",
        "Behind the data of the signature stands something more, which nothing protects from being changed.",
    ),
    (OPEN, "(version|list|parameters|name) of .*", *_CMS_ODD),
    (
        OPEN,
        "unreadable",
        "Không đọc được chữ ký, hoặc phần tệp cần để xét nó: bị để trống, bị hỏng hoặc không đúng chuẩn.",
        "The signature, or what of the file it takes to judge it, cannot be read: it is empty, damaged or breaks its standard.",
    ),
    (
        OPEN,
        "unreadable: .*",
        "Không đọc được hết dữ liệu của chữ ký hoặc của dấu thời gian.",
        "The data of the signature or of its timestamp cannot be read as a whole.",
    ),
    (
        OPEN,
        ".*",
        "Tệp không đúng chuẩn PDF, nên hai phần mềm có thể đọc nó thành hai tài liệu khác nhau.",
        "The file breaks the rules of PDF, so that two programs may read it as two different documents.",
    ),
)
_UNCHANGED: Final[Rows] = (
    (
        PASSED,
        ".*",
        "Phần được ký còn nguyên từng byte như lúc ký, và chữ ký do đúng khóa của chứng thư này tạo ra.",
        "What was signed is unchanged, byte for byte, and the signature was made by this certificate's key.",
    ),
    (FAILED, "HASH_FAILURE", *REASONS["HASH_FAILURE"]),
    (FAILED, "SIG_CRYPTO_FAILURE", *REASONS["SIG_CRYPTO_FAILURE"]),
    (
        FAILED,
        "changed after a document timestamp",
        "Tệp đã bị sửa sau khi đóng dấu thời gian: dấu thời gian trên tài liệu không còn khớp.",
        "The file was changed after it was timestamped: the timestamp over the document no longer fits.",
    ),
    (
        FAILED,
        "no message digest",
        "Chữ ký không ghi mã băm của nội dung, nên không gắn được với tài liệu này.",
        "The signature holds no digest of the content, so that nothing ties it to this document.",
    ),
    (
        FAILED,
        ".*",
        "Nội dung hoặc chữ ký đã bị thay đổi sau khi ký.",
        "The content or the signature was changed after signing.",
    ),
    (
        OPEN,
        "plain ECDSA, which is not known here",
        "Chữ ký viết theo một dạng ECDSA mà chương trình này không kiểm được, nên chưa biết nội dung còn nguyên không.",
        "The signature is written in a form of ECDSA that cannot be checked here: whether the content is unchanged is not known.",
    ),
    (
        OPEN,
        ".*",
        "Chưa kiểm được nội dung còn nguyên như lúc ký hay không.",
        "Whether the content is as it was when it was signed could not be checked.",
    ),
)
_TAMPERED = frozenset({"HASH_FAILURE", "SIG_CRYPTO_FAILURE"})
_CERTIFICATE: Final[Rows] = (
    (
        PASSED,
        ".*",
        "Chứng thư do nơi được tin cậy cấp, được phép ký tài liệu và chưa bị thu hồi khi ký.",
        "A trusted authority issued the certificate, it may sign documents, and it was not revoked at that time.",
    ),
    (
        OPEN,
        r"(HASH|SIG_CRYPTO)_FAILURE \| passed .*",
        "Dấu thời gian đặt trên chữ ký không khớp với chữ ký, nên không chứng minh được lúc ký.",
        "The timestamp over the signature does not fit it, so that it proves no time.",
    ),
    (
        OPEN,
        r"(HASH|SIG_CRYPTO)_FAILURE \|.*",
        "Chưa kiểm được chữ ký có do khóa của chứng thư này tạo ra hay không.",
        "Whether this certificate's key made the signature could not be checked.",
    ),
    *((FAILED, rf"{code} \|.*", *said) for code, said in REASONS.items()),
    *((OPEN, rf"{code} \|.*", *said) for code, said in REASONS.items() if code not in _TAMPERED),
    *(
        (
            verdict,
            ".*",
            "Chứng thư số chưa được chấp nhận; lý do chỉ có bằng lời kỹ thuật.",
            "The certificate is not accepted; the reason is given in technical terms only.",
        )
        for verdict in (FAILED, OPEN)
    ),
)
_SIGNED, _STAMPED = "ENTIRE_(REVISION|FILE)", ", last timestamp ENTIRE_(REVISION|FILE)"
_COVERAGE: Final[Rows] = (
    (PASSED, "ENTIRE_FILE", "Chữ ký bao trùm toàn bộ tệp.", "The signature covers the whole file."),
    (
        PASSED,
        "ENTIRE_REVISION",
        "Chữ ký bao trùm toàn bộ tệp như lúc ký.",
        "The signature covers the whole file as it was when it was signed.",
    ),
    (
        PASSED,
        f"{_SIGNED}, last timestamp ENTIRE_FILE",
        "Chữ ký bao trùm toàn bộ tệp như lúc ký; dấu thời gian cuối cùng bao trùm toàn bộ tệp.",
        "The signature covers the whole file as it was when it was signed, the last timestamp all of it.",
    ),
    (
        PASSED,
        f"{_SIGNED}, last timestamp ENTIRE_REVISION",
        "Chữ ký bao trùm toàn bộ tệp như lúc ký; dấu thời gian cuối cùng bao trùm toàn bộ tệp như lúc đóng dấu.",
        "The signature covers the whole file as it was when it was signed, the last timestamp as it was when it was stamped.",
    ),
    (
        FAILED,
        f"{_SIGNED}({_STAMPED})?, then bytes of no revision",
        "Ở cuối tệp có dữ liệu thêm vào không đúng chuẩn, không chữ ký nào bao trùm.",
        "Something that breaks the format was added at the end of the file, and no signature covers it.",
    ),
    (
        FAILED,
        f"{_SIGNED}, last timestamp .*",
        "Dấu thời gian cuối cùng không bao trùm toàn bộ phần phải bảo vệ của tệp.",
        "The last timestamp does not cover all that it must protect.",
    ),
    (
        FAILED,
        ".*",
        "Chữ ký không bao trùm toàn bộ phần phải bảo vệ của tệp.",
        "The signature does not cover all that it must protect.",
    ),
)
_DATES = r"(?P<start>\S+) – (?P<end>\S+) \| "
_HELD = "Chứng thư có hiệu lực từ {start} đến {end} (giờ Việt Nam)"
_HELD_EN = "The certificate is valid from {start} to {end} (Vietnam time)"
_TRUSTED_TIME: Final[Rows] = (
    (
        PASSED,
        r"(?P<moment>\d.*)",
        "Dấu thời gian chứng minh chữ ký đã có trước {moment} (giờ Việt Nam).",
        "A timestamp proves that the signature was there before {moment} (Vietnam time).",
    ),
    (
        PASSED,
        "none; judged as of now",
        "Chữ ký không có dấu thời gian, nên được xét theo lúc kiểm tra; khi chứng thư hết hạn thì không còn xét như vậy được.",
        "The signature has no timestamp and is judged as of now; once its certificate has ended, that is no longer possible.",
    ),
    (OPEN, "none proven", "Không có gì chứng minh được lúc ký.", "Nothing proves when it was signed."),
    (OPEN, "no time is claimed", "Chữ ký không ghi giờ ký.", "The signature does not say when it was made."),
    (
        OPEN,
        "a timestamp says a time that has not come",
        "Có dấu thời gian ghi một giờ còn ở tương lai.",
        "A timestamp says a time that has not come yet.",
    ),
    (
        OPEN,
        "timestamps say an order that cannot be",
        "Giờ của các dấu thời gian trái thứ tự: dấu đóng sau lại ghi giờ sớm hơn dấu đóng trước.",
        "The timestamps contradict each other: one that was put later says an earlier time.",
    ),
    (
        OPEN,
        "the certificate of a timestamp did not hold at its time",
        "Chứng thư của nơi cấp dấu thời gian chưa có hoặc đã hết hiệu lực vào giờ ghi trên dấu.",
        "The certificate of the time-stamp service had not begun, or had ended, at the time that its timestamp says.",
    ),
)
_CERTIFICATE_DATES: Final[Rows] = (
    (
        PASSED,
        _DATES + r"passed (?P<moment>\d.*)",
        _HELD + "; chữ ký đã có trước {moment}.",
        _HELD_EN + "; the signature was there before {moment}.",
    ),
    (
        PASSED,
        _DATES + "passed .*",
        _HELD + ", và lúc kiểm tra vẫn còn hiệu lực.",
        _HELD_EN + ", and is so now.",
    ),
    (
        PASSED,
        _DATES + ".*",
        _HELD + "; thời điểm dùng để xét chữ ký nằm trong thời hạn đó.",
        _HELD_EN + "; the time as of which the signature is judged lies within.",
    ),
    (
        FAILED,
        _DATES + r"passed (?P<moment>\d.*)",
        _HELD + ", nhưng chữ ký đã có trước {moment}, khi chứng thư chưa có hiệu lực.",
        _HELD_EN + ", but the signature was there before {moment}, when the certificate had not begun.",
    ),
    (
        FAILED,
        _DATES + ".*",
        _HELD + "; lúc ký, chứng thư chưa có hiệu lực.",
        _HELD_EN + "; when it signed, it had not begun.",
    ),
    (
        OPEN,
        _DATES + r"passed (?P<moment>\d.*)",
        _HELD + "; chỉ chứng minh được chữ ký đã có trước {moment}, khi chứng thư đã hết hạn.",
        _HELD_EN + "; all that is proven is that the signature was there before {moment}, when the certificate had ended.",
    ),
    (
        OPEN,
        _DATES + ".*",
        _HELD + "; không chứng minh được lúc ký, nên không biết lúc đó chứng thư còn hiệu lực không.",
        _HELD_EN + "; nothing proves when it signed, so that nobody can say whether it was valid then.",
    ),
)
_EVIDENCE_CURRENT: Final[Rows] = (
    (
        PASSED,
        "stored .*",
        "Trong tệp có xác nhận của nơi cấp rằng chứng thư không bị thu hồi, và xác nhận đó đủ mới so với lúc ký.",
        "The file holds the authority's word that the certificate was not revoked, recent enough for the time of signing.",
    ),
    (
        PASSED,
        "fetched .*",
        "Lúc kiểm tra có xác nhận của nơi cấp rằng chứng thư không bị thu hồi.",
        "When it was checked, the authority's word was at hand that the certificate is not revoked.",
    ),
    (
        OPEN,
        r"stored \| passed .*",
        "Xác nhận về thu hồi trong tệp cũ hơn chữ ký, nên không nói được chứng thư còn hiệu lực lúc ký hay không.",
        "What the file holds about revocation is older than the signature: it cannot say whether the certificate still held.",
    ),
    (
        OPEN,
        "stored .*",
        "Trong tệp có xác nhận về thu hồi, nhưng chứng thư chưa được chấp nhận nên chưa dùng được.",
        "The file holds something about revocation, which serves nothing while the certificate is not accepted.",
    ),
    (
        OPEN,
        r"none stored \| passed .*",
        "Trong tệp không có xác nhận về thu hồi, và chứng thư nay đã hết hạn: nơi cấp có thể không còn giữ thông tin về nó.",
        "The file holds nothing about revocation, and the certificate has ended: its authority may have forgotten it.",
    ),
    (
        OPEN,
        "none stored .*",
        "Trong tệp không có xác nhận của nơi cấp về việc chứng thư có bị thu hồi hay không.",
        "The file does not hold the authority's word on whether the certificate was revoked.",
    ),
)
_SUMMARY: Final[Rows] = (
    (PASSED, "PASSED", "Thư viện kiểm tra (pyHanko) cũng kết luận là đạt.", "The library (pyHanko) passes the signature too."),
    (
        FAILED,
        "PASSED",
        "Thư viện kiểm tra (pyHanko) chấp nhận chứng thư nhưng không chấp nhận chữ ký.",
        "The library (pyHanko) accepts the certificate, but not the signature.",
    ),
    (FAILED, ".*", "Thư viện kiểm tra (pyHanko) cũng kết luận là không đạt.", "The library (pyHanko) fails the signature too."),
    (
        OPEN,
        "FAILED",
        "Thư viện kiểm tra (pyHanko) không chấp nhận, nhưng lý do của nó chưa đủ để nói chữ ký sai.",
        "The library (pyHanko) says no, but for a reason that does not make the signature a bad one.",
    ),
    (OPEN, ".*", "Thư viện kiểm tra (pyHanko) cũng chưa kết luận được.", "The library (pyHanko) cannot decide either."),
)
_OVERLAP: Final[Rows] = (
    (
        PASSED,
        "none",
        "Trên trang không có chữ ký hay chú thích nào che lên nhau.",
        "No signature or annotation lies over another on a page.",
    ),
    (
        FAILED,
        r"page (?P<page>\d+)",
        "Trên trang {page} có chữ ký hoặc chú thích che lên nhau.",
        "On page {page} a signature or an annotation lies over another.",
    ),
)
TABLES: Final[Mapping[int, Rows]] = {
    1: _REGISTER, 2: _EXPECTED, 3: _READABLE, 4: _UNCHANGED, 5: _CERTIFICATE, 6: _COVERAGE, 7: CHANGES, 8: _TRUSTED_TIME,
    9: _CERTIFICATE_DATES, 10: _EVIDENCE_CURRENT, 11: _SUMMARY, 12: _OVERLAP,
}  # fmt: skip
