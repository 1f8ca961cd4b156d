"""The verdict in plain words, Vietnamese or English, a sentence a line: what a clinician or a judge reads first."""

from __future__ import annotations

from collections.abc import Iterator

from domain.signatures import FileVerdict, RuleVerdict, SignatureVerdict, Verdict
from signing.plain_rows import local

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

_OUTCOMES = {
    Verdict.PASSED: ("đạt", "passed"),
    Verdict.FAILED: ("KHÔNG đạt", "FAILED"),
    Verdict.UNDETERMINED: ("chưa kết luận", "undecided"),
}
_SUMMARY = 11
"""The rule that sums up others, so that it says nothing new against a signature."""


def sentences(verdict: FileVerdict, language: str = "vi") -> list[str]:
    """The verdict, the worst first; `language` is `vi` or `en`."""
    column = 0 if language == "vi" else 1
    return [_FILE[verdict.verdict][column], *(line for one in _worst_first(verdict) for line in _about(one, column))]


def in_full(verdict: FileVerdict, language: str = "vi") -> list[str]:
    """The same, and under each signature, further in, what each rule saw of it."""
    column = 0 if language == "vi" else 1
    lines = [_FILE[verdict.verdict][column]]
    for one in _worst_first(verdict):
        lines += [*_about(one, column), *(f"  {line}" for line in rule_sentences(one, language))]
    return lines


def signature_sentences(signature: SignatureVerdict, language: str = "vi") -> list[str]:
    """What there is to say about one signature."""
    return list(_about(signature, 0 if language == "vi" else 1))


def rule_sentences(signature: SignatureVerdict, language: str = "vi") -> list[str]:
    """Each rule of one signature, what came out, and what it saw."""
    word, column = ("Quy tắc", 0) if language == "vi" else ("Rule", 1)
    return [f"{word} {rule.number}, {_OUTCOMES[rule.verdict][column]}: {_said(rule, column)}" for rule in signature.rules]


def _worst_first(verdict: FileVerdict) -> list[SignatureVerdict]:
    order = [Verdict.FAILED, Verdict.UNDETERMINED, Verdict.PASSED]
    return sorted(verdict.signatures, key=lambda one: order.index(one.verdict))


def _about(signature: SignatureVerdict, column: int) -> Iterator[str]:
    yield _ONE[signature.verdict][column].format(who=signature.signer or signature.field)
    if signature.verdict is not Verdict.PASSED:
        against = [rule for rule in signature.rules if rule.verdict is not Verdict.PASSED and rule.number != _SUMMARY]
        causes = [rule for rule in against if rule.number <= 7 or rule.verdict is Verdict.FAILED]
        yield from dict.fromkeys(_said(rule, column) for rule in causes or against)
        return
    if signature.best_time is not None:
        moment = local(signature.best_time)
        yield (
            f"Đã ký trước {moment} (giờ Việt Nam), theo dấu thời gian.",
            f"Signed before {moment} (Vietnam), says a timestamp.",
        )[column]
    if signature.certifies in _PERMITS:
        yield _PERMITS[signature.certifies][column]
    if signature.level is not None:
        yield _LEVELS[signature.level][column]


def _said(rule: RuleVerdict, column: int) -> str:
    return (rule.words.vi, rule.words.en)[column]
