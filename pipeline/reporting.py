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
from signing.report import INDICATIONS, Particulars, indications
from signing.trust import TrustList
from signing.wording import sentences, signature_sentences

_WORDS = {"passed": "đạt", "failed": "KHÔNG đạt", "undetermined": "chưa kết luận"}
_KINDS = {
    "first": "tệp ban đầu",
    "signature": "chữ ký",
    "timestamp": "dấu thời gian",
    "evidence": "bằng chứng (DSS)",
    "other": "phần thêm khác",
}
_OVER = {"signature": "trên chữ ký", "document": "trên tài liệu"}


def report_of(verdict: FileVerdict, found: Sequence[Particulars], trust: TrustList, *, online: bool) -> dict[str, Any]:
    """Everything in plain values; times in ISO 8601, hashes in hexadecimal."""
    known = {one.field: one for one in found}
    return {
        "standard": "ETSI EN 319 102-1, ETSI TS 119 102-2",
        "software": f"Lưu Ký {importlib.metadata.version('luuky')}",
        "judged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "online": online,
        "indication": INDICATIONS.get(worst([one.verdict for one in verdict.signatures])),
        "trusted_roots": [{"subject": one.subject.human_friendly, "sha256": one.sha256.hex()} for one in trust.roots],
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
    yield Line(
        f"Kiểm tra lúc: {report['judged_at']} bằng {report['software']}, {'có' if report['online'] else 'không'} hỏi qua mạng"
    )
    yield Line("Nơi được tin cậy:")
    for root in report["trusted_roots"]:
        yield Line(f"{root['subject']} – SHA-256 {root['sha256']}", indent=12)
    yield from _history(report)
    for one, details in zip(verdict.signatures, report["signatures"], strict=True):
        yield from _about(one, details)


def _history(report: dict[str, Any]) -> Iterator[Line]:
    until = report.get("proven_until")
    if until:
        yield Line(f"Chứng minh được đến: {until['at']}, khi {until['what']} hết giá trị")
    if report.get("revisions"):
        yield Line("Các lần ghi vào tệp:")
    for one in report.get("revisions", ()):
        named = " ".join(filter(None, (_KINDS[one["kind"]], one["field"], one["at"])))
        yield Line(f"{one['number']}. {named}, đến byte {one['bytes']}", indent=12)


def _about(one: SignatureVerdict, details: dict[str, Any]) -> Iterator[Line]:
    yield Line("")
    yield Line(f"Chữ ký {one.field}: {one.signer or '?'}", 13)
    for sentence in signature_sentences(one):
        yield Line(sentence)
    reason = f" / {details['sub_indication']}" if details["sub_indication"] else ""
    yield Line(f"{details['indication']}{reason}; mức PAdES B-{one.level or '?'}")
    yield Line(f"Giờ người ký khai: {one.signing_time or '–'}; giờ chứng minh được: {one.best_time or '–'}")
    for rule in one.rules:
        yield Line(f"Quy tắc {rule.number} ({rule.name}): {_WORDS[rule.verdict]} – {rule.evidence}", indent=12)
    if "digest" in details:
        yield from _evidence(details)


def _evidence(details: dict[str, Any]) -> Iterator[Line]:
    yield Line(f"Băm {details['digest_algorithm']} của phần được ký: {details['digest']}")
    yield Line(f"Thuật toán ký: {details['signature_algorithm']}; ByteRange {list(details['byte_range'])}")
    yield Line("Chuỗi chứng thư:")
    for one in details["chain"]:
        mark = " (được tin cậy)" if one["trusted"] == "yes" else ""
        yield Line(f"{one['subject']}{mark}", indent=12)
        yield Line(f"số {one['serial']}, từ {one['not_before']} đến {one['not_after']}, SHA-256 {one['sha256']}", 8, 24)
    for one in details["timestamps"]:
        yield Line(f"Dấu thời gian {_OVER[one['over']]}: {one['time']}, {one['digest_algorithm']}, do {one['by']}", indent=12)
    for one in details["revocation"]:
        yield Line(f"{one['kind']} về {one['about']}: {one['status']}, {one['this_update']} – {one['next_update']}", indent=12)
