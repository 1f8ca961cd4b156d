"""Which files that come in are kept byte for byte, be their pages scans or not: those that are PDF/A already.

1. A file says that it is PDF/A, and the first judge that reaches a verdict says so too.
2. Where nobody reaches a verdict: one that Lưu Ký has bound, in which nothing is doubtful. It went out on no other terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf

from pdfa import active, forms, proof
from pdfa.annotated import settle_annotations
from pdfa.claim import claimed, is_pdf
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.validator import Judgement, Validator, first_verdict
from pdfa.xmp import NAMESPACE

KEPT = "kept_as_it_was"
"""The note of a file that was."""
_WITH_FILES = "3b"


def approved(path: Path, judges: Sequence[Validator] = ()) -> Judgement | None:
    """What was said of a file that is to be kept as it is; None for any other. `judges` are asked before pikepdf's own."""
    claim = claimed(path) if is_pdf(path) else None
    if claim is None:
        return None
    verdict = first_verdict([*judges, PikepdfCheck()], path)
    if verdict.compliant is None:
        return verdict if _is_ours(path, claim) and not proof.doubts(path, flavour(claim)) else None
    return verdict if verdict.compliant else None


def flavour(claim: str | None) -> str:
    """The part of the standard at level B, as pikepdf's checker names it: that is all it knows."""
    return _WITH_FILES if (claim or "").startswith("PDF/A-3") else "2b"


def _is_ours(path: Path, claim: str) -> bool:
    """Whether its metadata is a record of Lưu Ký's and there is nothing in it that binding would have taken out."""
    with pikepdf.open(path) as pdf:
        packet = pdf.Root.get("/Metadata")
        if not isinstance(packet, pikepdf.Stream) or NAMESPACE.encode() not in packet.read_bytes():
            return False
        gone = {*active.defuse(pdf), *forms.flatten_form(pdf), *settle_annotations(pdf)}
        return gone <= ({"attachments_removed"} if flavour(claim) == _WITH_FILES else set())
