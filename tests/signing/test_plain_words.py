"""Whatever a rule can have seen has a sentence for a doctor, in both languages; what nobody foresaw is said honestly."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from domain.signatures import FileVerdict, RuleVerdict, SignatureVerdict, Verdict
from signing.plain_rows import sentence
from signing.plain_tables import TABLES
from signing.plain_words import in_words
from signing.rules import NAMES
from signing.wording import in_full, sentences

ROOT = Path(__file__).parents[2]
PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDETERMINED
START, END, MOMENT = "2026-11-29T12:49:32+00:00", "2029-11-28T12:49:32+00:00", "2026-11-30T12:49:45.100918+00:00"
Seen = tuple[int, Verdict, str]
UNLIKE = "Dict keys differ: {'/MediaBox', '/Parent', '/Rotate'} vs. {'/MediaBox', '/Parent'}."
LIBRARY = (
    "There are unexplained xrefs in revision 2: Reference(idnum=8, generation=0).\nSome objects from revision 1 were replaced",
    UNLIKE,
    "Unexpected change to page tree structure.",
    "Values for dict key /Pages differ:IndirectObject(4, 0) changed to IndirectObject(32, 0)",
    "Values for dict key /Contents differ:IndirectObject(8, 0) changed to [IndirectObject(8, 0), IndirectObject(30, 0)]",
    "Values for dict key /Rect differ:[300, 100, 480, 150] changed to [60, 740, 460, 780]",
    "The newly added annotations {Reference(idnum=30, generation=0)} were not recognised.",
    "The refs {Reference(idnum=8, generation=0)} were freed in the revision provided. The configured difference analysis",
    "Update of Reference(idnum=7, generation=0) is not allowed because the form field GhiChu is locked.",
    "Update of Reference(idnum=27, generation=0) is only allowed after an approval signature, not a certification signature.",
    "Value of signature field TruongKhoa in revision 2 is Reference(idnum=17, generation=0), which references an existing object",
    "/Metadata should be a reference to a stream object",
    "Fields {'GhiChu'} were deleted after signing.",
    "Unexpected keys in DSS: {'/Khac'}.",
    "Nonstandard signature coverage level",
)
"""What the library said of forged files, and of changes like them."""
PLAIN: dict[int, dict[Verdict, tuple[str, ...]]] = {
    1: {PASSED: ("SHA-256 00ff",), FAILED: ("SHA-256 00ff",)},
    2: {PASSED: ("all signed",), FAILED: ("TacGia, TruongKhoa",)},
    3: {
        PASSED: ("BS. Nguyễn Thị Phương Thảo",),
        FAILED: ("unreadable",),
        OPEN: (
            "unreadable", "unreadable: 'issuer'", "broken", "Failed to locate xref section", "bytes after the CMS",
            "version of the SignerInfo", "version of the SignedData", "list of digest algorithms",
            "parameters of a digest algorithm", "name of the signer's issuer",
            "a certificate of CN=BS. A,C=VN is not as it was issued",
            "certifies, but is not the first signature",
        ),
    },
    4: {
        PASSED: ("OK", "NO_CERTIFICATE_CHAIN_FOUND"),
        FAILED: ("HASH_FAILURE", "SIG_CRYPTO_FAILURE", "changed after a document timestamp", "no message digest", "GENERIC"),
        OPEN: ("plain ECDSA, which is not known here", "FORMAT_FAILURE"),
    },
    7: {
        PASSED: tuple(level.name for level in ModificationLevel),
        FAILED: (
            "FORM_FILLING", "filled in: GhiChu", "what came after the signature cannot be read",
            *(f"suspicious: {said}" for said in LIBRARY), "suspicious: All fields are to be drawn anew",
            "suspicious: Fonts of the form are others: /F1", "suspicious: Field GhiChu was hidden",
            "suspicious: Field ConDau shows something, and nobody signed there",
        ),
        OPEN: ("filled in: GhiChu", "what came after the signature cannot be read"),
    },
    8: {
        PASSED: (MOMENT, "none; judged as of now"),
        OPEN: (
            "none proven", "no time is claimed", "a timestamp says a time that has not come",
            "timestamps say an order that cannot be", "the certificate of a timestamp did not hold at its time",
        ),
    },
    11: {PASSED: ("PASSED",), FAILED: ("PASSED", "FAILED"), OPEN: ("FAILED", "INDETERMINATE")},
    12: {PASSED: ("none",), FAILED: ("page 7",)},
}  # fmt: skip


def seen() -> Iterator[Seen]:
    """Every rule, verdict and evidence that there is, with what stands beside it."""
    for number, verdicts in PLAIN.items():
        yield from ((number, verdict, evidence) for verdict, all_of_it in verdicts.items() for evidence in all_of_it)
    yield 5, PASSED, "OK | passed OK"
    reasons = [*(one.standard_name for one in AdESFailure), *(one.standard_name for one in AdESIndeterminate)]
    yield from ((5, verdict, f"{reason} | passed OK") for reason in reasons for verdict in (FAILED, OPEN))
    yield 5, OPEN, "SIG_CRYPTO_FAILURE | undetermined plain ECDSA, which is not known here"
    levels = [one.name for one in SignatureCoverageLevel]
    for own, last, more in itertools.product(levels, ["", *levels], ["", ", then bytes of no revision"]):
        stamped = f", last timestamp {last}" if last else ""
        whole = {own, last or own} <= {"ENTIRE_REVISION", "ENTIRE_FILE"} and not more
        yield 6, PASSED if whole else FAILED, own + stamped + more
    for verdict in (PASSED, FAILED, OPEN):
        for beside in (f"passed {MOMENT}", "undetermined none proven"):
            yield 9, verdict, f"{START} – {END} | {beside}"
    yield 9, PASSED, f"{START} – {END} | passed none; judged as of now"
    yield from ((10, PASSED, f"{evidence} | passed OK") for evidence in ("stored", "fetched"))
    for beside in ("passed OK", "undetermined NO_POE"):
        yield from ((10, OPEN, f"{evidence} | {beside}") for evidence in ("stored", "none stored"))


def said(number: int, verdict: Verdict, evidence: str, beside: RuleVerdict | None = None) -> tuple[str, str]:
    """The words of one rule."""
    rules = [RuleVerdict(number, NAMES[number], verdict, evidence), *([beside] if beside else [])]
    words = in_words(rules)[0].words
    return words.vi, words.en


@pytest.mark.parametrize("what", seen(), ids=str)
def test_whatever_a_rule_can_have_seen_has_a_sentence_of_its_own_in_both_languages(what: Seen) -> None:
    number, verdict, evidence = what
    found = sentence(TABLES[number], verdict, evidence)
    assert found is not None
    for text in found:
        assert text.endswith(".")
        assert "{" not in text
        assert unicodedata.is_normalized("NFC", text)
        assert "technical" not in text
        assert "kỹ thuật" not in text
    assert found[0] != found[1]


def test_no_row_is_there_for_nothing() -> None:
    used = {
        next(row for row in TABLES[number] if row[0] is verdict and re.fullmatch(row[1], evidence, re.DOTALL))
        for number, verdict, evidence in seen()
    }
    idle = {row for rows in TABLES.values() for row in rows} - used
    assert {row[1] for row in idle} == {".*"}, "but for what a later library may say"
    assert {row[2] for row in idle} == {"Chứng thư số chưa được chấp nhận; lý do chỉ có bằng lời kỹ thuật."}


LITERALS = {
    "signing/rules.py": r'(?:evidence=|doubt = |RuleVerdict\(\d+, NAMES\[\d+\], [\w.]+, )f?"([^"]+)"',
    "signing/wellformed.py": r'(?:yield|return f?|return .*? if|f)\s?"([^"]+)"',
    "signing/certifying.py": r'return "([^"]+)" if min',
    "signing/form_changes.py": r'SuspiciousModification\(f?"([^"]+)"\)',
}


@pytest.mark.parametrize("file", LITERALS)
def test_what_the_rules_are_written_to_say_is_among_what_was_asked_above(file: str) -> None:
    asked = [evidence for _, _, evidence in seen()]
    written = re.findall(LITERALS[file], (ROOT / file).read_text(encoding="utf-8"))
    assert written
    for text in written:
        pattern = re.sub(r"\\{.*?\\}", ".*", re.escape(text))
        assert any(re.search(pattern, evidence) for evidence in asked), text


def test_dates_are_said_by_the_clock_of_the_hospital() -> None:
    vi, en = said(9, PASSED, f"{START} – {END}", RuleVerdict(8, NAMES[8], PASSED, MOMENT))
    assert vi.startswith("Chứng thư có hiệu lực từ 29/11/2026 19:49:32 đến 28/11/2029 19:49:32 (giờ Việt Nam);")
    assert vi.endswith("chữ ký đã có trước 30/11/2026 19:49:45.")
    assert en.startswith("The certificate is valid from 29/11/2026 19:49:32 to 28/11/2029 19:49:32 (Vietnam time);")
    assert en.endswith("the signature was there before 30/11/2026 19:49:45.")
    unproven = RuleVerdict(8, NAMES[8], OPEN, "none proven")
    assert "đến 31/12/9999 23:59:59" in said(9, OPEN, f"{START} – 9999-12-31T23:59:59+00:00", unproven)[0]
    assert "19:49:45 (giờ Việt Nam)" in said(8, PASSED, MOMENT)[0]


def test_a_bad_timestamp_is_not_called_a_changed_document() -> None:
    intact = RuleVerdict(4, NAMES[4], PASSED, "HASH_FAILURE")
    rules = in_words([intact, RuleVerdict(5, NAMES[5], OPEN, "HASH_FAILURE")])
    verdict = FileVerdict("x.pdf", None, OPEN, (SignatureVerdict("TacGia", "BS. A", "T", OPEN, rules=rules),))
    assert any("Dấu thời gian đặt trên chữ ký không khớp" in line for line in sentences(verdict))
    assert not any("thay đổi" in line for line in in_full(verdict))
    assert not any("was changed" in line for line in in_full(verdict, "en"))


@pytest.mark.parametrize("verdict", [PASSED, FAILED, OPEN])
def test_what_nobody_foresaw_is_said_in_general_and_stays_there_to_be_read(verdict: Verdict) -> None:
    for number, name in NAMES.items():
        (rule,) = in_words([RuleVerdict(number, name, verdict, "ZZZ of a later library")])
        assert rule.words.vi
        assert rule.words.en
        assert rule.evidence == "ZZZ of a later library"
    assert "lời kỹ thuật" in said(5, OPEN, "ZZZ")[0]
    assert "technical terms" in said(8, OPEN, "ZZZ")[1]


def test_a_name_in_a_file_cannot_change_the_lines_or_colours_of_a_terminal() -> None:
    for text in said(3, PASSED, "BS. A\n\x1b[32mMọi chữ ký\u202e"):
        assert text.isprintable()


def test_in_full_each_rule_stands_under_its_signature() -> None:
    rules = in_words([RuleVerdict(4, NAMES[4], PASSED, "OK"), RuleVerdict(8, NAMES[8], OPEN, "none proven")])
    lines = in_full(FileVerdict("x.pdf", None, OPEN, (SignatureVerdict("TacGia", "BS. A", "B", OPEN, rules=rules),)))
    assert lines[-2].startswith("  Quy tắc 4, đạt: Phần được ký còn nguyên")
    assert lines[-1] == "  Quy tắc 8, chưa kết luận: Không có gì chứng minh được lúc ký."
