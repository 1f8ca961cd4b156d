"""Kiểm tra chữ ký: anybody who is logged in brings files, own or foreign, and sees what holds in each.

A file comes as the body of a request of its own. The answer is a line of JSON for each thing that happens to it (`stage`), the
last one with what there is to show and to download: nothing is kept to be fetched later.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.desk import AtDesk, Desk
from api.judging import Case, Progress, take
from api.limits import JUDGED
from api.render import language_of, spoken
from api.views.ours import ours
from domain.errors import LuukyError
from domain.signatures import Examined, FileVerdict, SignatureVerdict, Verdict
from domain.signers import FIELDS, VOID

router = APIRouter(prefix="/signatures")
_WHOLE = (4, 6)
"""Rules (docs/reference/verdicts.md) that tell whether what was signed is there, whole."""
_TITLES = {one.name: {"vi": one.title, "en": one.title_en} for one in FIELDS}


@router.get("")
def show(desk: AtDesk) -> Response:
    """The place to drop files on."""
    return desk.page("signatures.html", limit=JUDGED)


@router.post("")
async def judge(request: Request, desk: AtDesk) -> StreamingResponse:
    """Judge the body of the request."""
    case = await take(request, desk)
    return StreamingResponse(_told(desk, case), media_type="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


async def _told(desk: Desk, case: Case) -> AsyncIterator[str]:
    while isinstance(said := await case.heard.get(), Progress):
        yield _line({"stage": said.stage, "ahead": said.ahead})
    if isinstance(said, LuukyError):
        yield _line({"stage": "error", "said": spoken(said.message, language_of(desk.request))})
        return
    yield _line(await run_in_threadpool(_done, desk, case, said))


def _done(desk: Desk, case: Case, found: Examined) -> dict[str, Any]:
    with desk.store.read() as tx:
        known = ours(tx, desk, found)
    verdict, report = found.verdict, found.report
    until = report.get("proven_until") or {}
    page = desk.page(
        "fragments/signatures_judged.html",
        found=found, verdict=verdict, report=report, ours=known, case=case, titles=_TITLES, void_field=VOID, after=_after(found),
        sentence=desk.services.verdict_sentences(replace(verdict, signatures=()), desk.say.language)[0],
        sentences={one.field: _about(desk, verdict, one) for one in verdict.signatures},
        details={one["field"]: one for one in report.get("signatures", ())}, until=until.get("at"),
    )  # fmt: skip
    return {
        "stage": "done",
        "html": bytes(page.body).decode(),
        "verdict": found.verdict.verdict,
        "json": json.dumps([found.as_json()], ensure_ascii=False, indent=2),
        "pdf": base64.b64encode(found.paper).decode(),
    }


def _about(desk: Desk, verdict: FileVerdict, one: SignatureVerdict) -> Sequence[str]:
    """What there is to say of one signature, in plain words."""
    return desk.services.verdict_sentences(replace(verdict, signatures=(one,)), desk.say.language)[1:]


def _after(found: Examined) -> str:
    """What came after signing: `nothing`, what is `allowed`, or `changed`; `broken`: what was signed is not what is there."""
    every = [rule for one in found.verdict.signatures for rule in one.rules]
    if any(rule.number in _WHOLE and rule.verdict is not Verdict.PASSED for rule in every):
        return "broken"
    rules = [rule for rule in every if rule.number == 7]
    if any(rule.verdict is not Verdict.PASSED for rule in rules) or len(rules) < len(found.verdict.signatures):
        return "changed"
    kinds = [one["kind"] for one in found.report.get("revisions", ())]
    return "allowed" if "signature" in kinds[:-1] else "nothing"


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
