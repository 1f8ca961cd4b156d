"""The report on a verdict: JSON for machines, and a PDF/A for a court that a doctor can read from the top."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.signatures import FileVerdict, SignatureVerdict, worst
from pdfa.lines import Line, write_lines
from pdfa.record import BindRecord
from signing.identity import distinguished
from signing.plain_rows import local
from signing.report import INDICATIONS, Particulars, indications
from signing.trust import TrustList
from signing.wording import rule_sentences, sentences, signature_sentences

_KINDS = {
    "first": "tệp ban đầu",
    "signature": "chữ ký",
    "timestamp": "dấu thời gian",
    "evidence": "bằng chứng (DSS)",
    "other": "phần thêm khác",
}
_OVER = {"signature": "trên chữ ký", "document": "trên tài liệu"}
_STATUS = {"good": "chưa bị thu hồi", "revoked": "đã bị thu hồi", "unknown": "không biết chứng thư này"}
_SMALL = 7.0
"""Points: technical terms, below what they mean."""


def report_of(verdict: FileVerdict, found: Sequence[Particulars], trust: TrustList, *, online: bool) -> dict[str, Any]:
    """Everything in plain values; times in ISO 8601, hashes in hexadecimal."""
    known = {one.field: one for one in found}
    return {
        "standard": "ETSI EN 319 102-1, ETSI TS 119 102-2",
        "software": f"Lưu Ký {importlib.metadata.version('luuky')}",
        "judged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "online": online,
        "indication": INDICATIONS.get(worst([one.verdict for one in verdict.signatures])),
        "trusted_roots": [{"subject": distinguished(one.subject), "sha256": one.sha256.hex()} for one in trust.roots],
        "signatures": [_signature(one, known.get(one.field)) for one in verdict.signatures],
    }


def _signature(one: SignatureVerdict, found: Particulars | None) -> dict[str, Any]:
    indication, reason = indications(one)
    return {"field": one.field, "indication": indication, "sub_indication": reason, **(found.as_json() if found else {})}


def write_report(verdict: FileVerdict, report: dict[str, Any], out: Path) -> None:
    """Writes the PDF/A. Raises Unreadable, OSError."""
    record = BindRecord(
        f"Báo cáo kiểm tra chữ ký số: {Path(verdict.file).name}",
        (verdict.sha256 or "")[:12],
        datetime.now(UTC),
        (verdict.sha256 or "",),
    )
    write_lines(list(_lines(verdict, report)), record, out)


def _lines(verdict: FileVerdict, report: dict[str, Any]) -> Iterator[Line]:
    yield Line("Báo cáo kiểm tra chữ ký số", 16)
    yield Line("")
    for sentence in sentences(verdict):
        yield Line(sentence, 11)
    yield Line("")
    yield Line("Chi tiết", 13)
    yield Line(f"Tệp: {Path(verdict.file).name}")
    yield Line(f"SHA-256: {verdict.sha256}")
    yield Line(f"Kết luận: {report['indication'] or verdict.verdict} ({report['standard']})")
    asked = "có" if report["online"] else "không"
    yield Line(f"Kiểm tra lúc {local(report['judged_at'])} bằng {report['software']}, {asked} hỏi qua mạng")
    yield Line("Mọi giờ trong báo cáo này là giờ Việt Nam (UTC+7).")
    yield Line("Nơi được tin cậy:")
    for root in report["trusted_roots"]:
        yield Line(f"{root['subject']} – SHA-256 {root['sha256']}", indent=12)
    yield from _history(report)
    for one, details in zip(verdict.signatures, report["signatures"], strict=True):
        yield from _about(one, details)


def _history(report: dict[str, Any]) -> Iterator[Line]:
    until = report.get("proven_until")
    if until:
        yield Line(f"Chứng minh được đến {local(until['at'])}, khi {until['what']} hết giá trị")
    if report.get("revisions"):
        yield Line("Các lần ghi vào tệp:")
    for one in report.get("revisions", ()):
        named = " ".join(filter(None, (_KINDS[one["kind"]], one["field"], _clock(one["at"]))))
        yield Line(f"{one['number']}. {named}, đến byte {one['bytes']}", indent=12)


def _about(one: SignatureVerdict, details: dict[str, Any]) -> Iterator[Line]:
    yield Line("")
    yield Line(f"Chữ ký {one.field}: {one.signer or '?'}", 13)
    for sentence in signature_sentences(one):
        yield Line(sentence)
    reason = f" / {details['sub_indication']}" if details["sub_indication"] else ""
    yield Line(f"Kết luận theo chuẩn: {details['indication']}{reason}; mức PAdES B-{one.level or '?'}")
    yield Line(f"Giờ người ký khai: {_clock(one.signing_time) or '–'}; giờ chứng minh được: {_clock(one.best_time) or '–'}")
    for rule, said in zip(one.rules, rule_sentences(one), strict=True):
        yield Line(said, indent=12)
        yield Line(f"{rule.name}: {' '.join(rule.evidence.split())}", _SMALL, 24)
    if "digest" in details:
        yield from _evidence(details)


def _evidence(details: dict[str, Any]) -> Iterator[Line]:
    yield Line(f"Băm {details['digest_algorithm']} của phần được ký: {details['digest']}")
    yield Line(f"Thuật toán ký: {details['signature_algorithm']}; ByteRange {list(details['byte_range'])}")
    yield Line("Chuỗi chứng thư:")
    for one in details["chain"]:
        mark = " (được tin cậy)" if one["trusted"] == "yes" else ""
        yield Line(f"{one['subject']}{mark}", indent=12)
        yield Line(f"số {one['serial']}, từ {local(one['not_before'])} đến {local(one['not_after'])}", 8, 24)
        yield Line(f"SHA-256 {one['sha256']}", _SMALL, 24)
    yield Line("Dấu thời gian:" if details["timestamps"] else "Dấu thời gian: không có")
    for one in details["timestamps"]:
        yield Line(f"{_OVER[one['over']]}: {local(one['time'])}, {one['digest_algorithm']}", indent=12)
        yield Line(f"do {one['by']}", 8, 24)
    yield Line("Xác nhận về thu hồi:" if details["revocation"] else "Xác nhận về thu hồi: không có trong tệp")
    for one in details["revocation"]:
        until = f" đến {local(one['next_update'])}" if one["next_update"] else ""
        yield Line(f"{_STATUS[one['status']]} ({one['kind']}, từ {local(one['this_update'])}{until})", indent=12)
        yield Line(f"về {one['about']}", 8, 24)


def _clock(moment: datetime | str | None) -> str:
    return local(moment) if moment else ""
