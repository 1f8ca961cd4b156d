"""`luuky custody judge`: judge later what was not judged, once a judge is installed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import console, environment, exits
from domain.errors import LuukyError, PartMissing
from domain.proof import Standing
from pipeline import worker
from pipeline.judged import Judge, Judged

STATUS = {Standing.PASSED: exits.DONE, Standing.FAILED: exits.BAD, Standing.UNCHECKED: exits.UNDETERMINED}


def judge(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> int:
    """Judge every bound, signed or proven version that has not passed yet."""
    settings = environment.with_judge(environment.settings())
    if settings.pdfa.verapdf is None:
        raise PartMissing(
            "no_judge",
            "Chưa cài bộ kiểm định PDF/A (veraPDF). Hãy cài rồi đặt LUUKY_PDFA_VERAPDF là thư mục của nó.",
            "No judge of PDF/A (veraPDF) is installed. Install it and let LUUKY_PDFA_VERAPDF name its folder.",
        )
    with worker.judge(settings) as who:
        found, statuses = _all(who)
    if as_json:
        console.print_json({"version": 1, "judged": [_as_json(one) for one in found]})
    else:
        console.out.print(f"đã kiểm định / judged {len(found)}")
        for one in found:
            if one.proof.standing is not Standing.PASSED:
                console.out.print(f"✗ {one.version.document_id} {one.version.kind}: {one.proof.said()}", markup=False)
    return exits.of_several(statuses)


def _all(who: Judge) -> tuple[list[Judged], list[int]]:
    """What was judged, and the exit statuses; a version whose bytes are gone is told and left out."""
    found: list[Judged] = []
    statuses: list[int] = []
    versions = who.open()
    with console.progress() as bar:
        line = bar.add_task("kiểm định / judging", total=len(versions))
        for version in versions:
            try:
                found.append(who.judge_late(version, environment.actor()))
                statuses.append(STATUS[found[-1].proof.standing])
            except LuukyError as error:
                console.fail(error, version.document_id)
                statuses.append(exits.of_error(error))
            bar.advance(line)
    return found, statuses


def _as_json(one: Judged) -> dict[str, Any]:
    proof = one.proof
    return {
        "document": one.version.document_id, "kind": one.version.kind, "sha256": one.version.sha256, "standing": proof.standing,
        "judge": proof.judge, "profile": proof.profile, "failed": list(proof.failed),
    }  # fmt: skip
