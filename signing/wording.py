"""The verdict in plain words, Vietnamese or English, a sentence a line: what a clinician or a judge reads first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.here import HERE
from domain.signatures import FileVerdict, RuleVerdict, SignatureVerdict, Verdict

_FILE = {
    Verdict.PASSED: ("Mọi chữ ký trong tệp đều hợp lệ.", "All signatures in the file are valid."),
    Verdict.FAILED: (
        "Có chữ ký KHÔNG hợp lệ. Đừng dùng tệp này làm bằng chứng.",
        "A signature is NOT valid. Do not rely on this file.",
    ),
    Verdict.UNDETERMINED: ("Chưa kết luận được về chữ ký.", "It could not be decided whether the signatures are valid."),
    Verdict.UNSIGNED: ("Tệp không có chữ ký số.", "The file has no digital signature."),
    Verdict.UNREADABLE: ("Tệp không đọc được như một PDF.", "The file cannot be read as a PDF."),
}

_ONE = {
    Verdict.PASSED: ("Chữ ký của {who} hợp lệ.", "The signature of {who} is valid."),
    Verdict.FAILED: ("Chữ ký của {who} KHÔNG hợp lệ.", "The signature of {who} is NOT valid."),
    Verdict.UNDETERMINED: ("Chưa kết luận được về chữ ký của {who}.", "It is undecided whether the signature of {who} is valid."),
}

_LEVELS = {
    "B": ("Chưa có dấu thời gian: không chứng minh được lúc ký.", "It has no timestamp: nothing proves when it was made."),
    "T": (
        "Có dấu thời gian, nhưng bằng chứng để kiểm tra lâu dài chưa nằm trong tệp.",
        "It has a timestamp; the evidence for checking it in years to come is not in the file yet.",
    ),
    "LT": (
        "Bằng chứng kiểm tra nằm trong tệp, nhưng chưa được đóng dấu thời gian lưu trữ.",
        "The evidence for checking it is in the file, but not yet under an archive timestamp.",
    ),
    "LTA": (
        "Bằng chứng kiểm tra và dấu thời gian lưu trữ nằm trong tệp: kiểm tra được lâu dài, không cần mạng.",
        "The evidence and an archive timestamp are in the file: it can be checked for decades, without any network.",
    ),
}

_PERMITS = {
    1: (
        "Chữ ký này chứng nhận tài liệu: sau đó không được thay đổi gì nữa, chỉ thêm bằng chứng và dấu thời gian.",
        "This signature certifies the document: nothing may come after it but evidence and timestamps.",
    ),
    2: (
        "Chữ ký này chứng nhận tài liệu: sau đó chỉ được ký thêm ở các ô có sẵn.",
        "This signature certifies the document: only signatures in fields that were there may come after it.",
    ),
    3: (
        "Chữ ký này chứng nhận tài liệu: sau đó chỉ được ký thêm và ghi chú thích.",
        "This signature certifies the document: only signatures and annotations may come after it.",
    ),
}

_RULES = {
    1: ("Tệp khác với tệp trong sổ lưu trữ.", "The file differs from the one in the register."),
    2: ("Thiếu chữ ký mà sổ lưu trữ ghi là phải có.", "A signature that the register asks for is missing."),
    3: (
        "Tệp hoặc dữ liệu chữ ký không đúng chuẩn, nên không đọc được chắc chắn.",
        "The file or the data of the signature breaks its standard and cannot be read with certainty.",
    ),
    4: ("Nội dung đã bị thay đổi sau khi ký.", "The content was changed after it was signed."),
    6: ("Chữ ký không bao trùm toàn bộ phần phải bảo vệ của tệp.", "The signature does not cover all that it must protect."),
    7: ("Sau khi ký, tệp bị thêm hoặc sửa nội dung.", "Something was added to the file or changed after signing."),
    8: ("Không chứng minh được thời điểm ký.", "Nothing proves when it was signed."),
    9: (
        "Chứng thư số chưa có hiệu lực hoặc đã hết hạn vào lúc ký.",
        "The certificate had not begun, or had ended, when it signed.",
    ),
    10: (
        "Bằng chứng trong tệp cũ hơn chữ ký, nên không nói được chứng thư còn hiệu lực lúc ký hay không.",
        "The stored evidence is older than the signature, so it cannot say whether the certificate still held.",
    ),
    12: (
        "Trên một trang có chữ ký hoặc chú thích che lên nhau.",
        "On a page a signature or an annotation lies over another.",
    ),
}

_REASONS = {
    "HASH_FAILURE": _RULES[4],
    "SIG_CRYPTO_FAILURE": (
        "Chữ ký không phải do khóa của chứng thư này tạo ra.",
        "The signature was not made by this certificate's key.",
    ),
    "NO_SIGNING_CERTIFICATE_FOUND": ("Không tìm thấy chứng thư của người ký.", "The signer's certificate was not found."),
    "NO_CERTIFICATE_CHAIN_FOUND": (
        "Chứng thư số không do nơi được tin cậy cấp, hoặc danh sách tin cậy chưa có nơi đó.",
        "The certificate was not issued by a trusted authority, or that authority is not in the trust list.",
    ),
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": (
        "Thiếu thông tin cho biết chứng thư có bị thu hồi không. Hãy kiểm tra lại khi có mạng (--online).",
        "Nothing says whether the certificate was revoked. Check again with a network (--online).",
    ),
    "TRY_LATER": (
        "Nơi cấp chứng thư chưa trả lời. Hãy kiểm tra lại sau.",
        "The authority does not answer yet. Check again later.",
    ),
    "REVOKED": ("Chứng thư số đã bị thu hồi.", "The certificate was revoked."),
    "REVOKED_NO_POE": (
        "Chứng thư số đã bị thu hồi, và không có gì chứng minh chữ ký có trước lúc đó.",
        "The certificate was revoked, and nothing proves that the signature was made before.",
    ),
    "OUT_OF_BOUNDS_NO_POE": (
        "Chứng thư số đã hết hạn, và không có gì chứng minh chữ ký có trước lúc đó.",
        "The certificate has ended, and nothing proves that the signature was made before.",
    ),
    "NOT_YET_VALID": ("Chứng thư số chưa có hiệu lực.", "The certificate is not valid yet."),
    "CHAIN_CONSTRAINTS_FAILURE": (
        "Chứng thư số không phải loại dùng để ký tài liệu.",
        "The certificate is not of the kind that signs documents.",
    ),
    "SIG_CONSTRAINTS_FAILURE": (
        "Chữ ký thiếu thông tin mà chuẩn PAdES đòi hỏi.",
        "The signature lacks what the PAdES standard asks for.",
    ),
    "CRYPTO_CONSTRAINTS_FAILURE": (
        "Chữ ký dùng thuật toán không còn an toàn.",
        "The signature uses an algorithm that is no longer safe.",
    ),
    "NO_POE": (
        "Dấu thời gian lưu trữ không chứng minh được nữa: đã hết hạn mà không được gia hạn, hoặc bị hỏng.",
        "The archive timestamp proves nothing any more: it ended without being renewed, or it is damaged.",
    ),
}


def sentences(verdict: FileVerdict, language: str = "vi") -> list[str]:
    """The verdict, the worst first; `language` is `vi` or `en`."""
    column = 0 if language == "vi" else 1
    order = [Verdict.FAILED, Verdict.UNDETERMINED, Verdict.PASSED]
    signatures = sorted(verdict.signatures, key=lambda one: order.index(one.verdict))
    return [_FILE[verdict.verdict][column], *(line for one in signatures for line in _about(one, column))]


def signature_sentences(signature: SignatureVerdict, language: str = "vi") -> list[str]:
    """What there is to say about one signature."""
    return list(_about(signature, 0 if language == "vi" else 1))


def _about(signature: SignatureVerdict, column: int) -> Iterator[str]:
    yield _ONE[signature.verdict][column].format(who=signature.signer or signature.field)
    if signature.verdict is not Verdict.PASSED:
        lines = dict.fromkeys(line for rule in signature.rules for line in _against(rule, column))
        doubts = (
            _RULES[rule.number][column] for rule in signature.rules if rule.verdict is signature.verdict and rule.number in _RULES
        )
        yield from lines or dict.fromkeys(doubts)
        return
    if signature.best_time is not None:
        moment = _local(signature.best_time)
        yield (
            f"Đã ký trước {moment} (giờ Việt Nam), theo dấu thời gian.",
            f"Signed before {moment} (Vietnam), says a timestamp.",
        )[column]
    if signature.certifies in _PERMITS:
        yield _PERMITS[signature.certifies][column]
    if signature.level is not None:
        yield _LEVELS[signature.level][column]


def _against(rule: RuleVerdict, column: int) -> Iterator[str]:
    if rule.verdict is Verdict.PASSED:
        return
    if rule.number == 5:
        yield _REASONS.get(rule.evidence, ("Chứng thư số không đạt.", "The certificate does not pass."))[column]
    elif rule.number in _RULES and not (rule.number > 7 and rule.verdict is Verdict.UNDETERMINED):
        yield _RULES[rule.number][column]


def _local(moment: datetime) -> str:
    return moment.astimezone(HERE).strftime("%d/%m/%Y %H:%M:%S")
