"""Kiểm tra: anybody with a document in hand asks whether this house holds it. No login, no patient's data (`views/check.py`)."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api import render, sessions, turnstile
from api.limits import CHECKED
from api.services import Services
from api.verdicts import Verdicts
from api.views.check import Paper, Place, Stray, compared, paper

router = APIRouter(dependencies=[Depends(turnstile.passed)])
_SHA256 = re.compile(r"[0-9a-f]{64}")


@router.get("/verify/{code}")
def in_english(code: str) -> Response:
    """The same page under an English address."""
    return RedirectResponse(f"/kiem-tra/{quote(code, safe='')}", 307)


@router.get("/kiem-tra")
def ask(request: Request, code: Annotated[str, Query(alias="ma")] = "") -> Response:
    """A code typed by hand."""
    typed = code.strip().rsplit("/", 1)[-1]
    if typed:
        return RedirectResponse(f"/kiem-tra/{quote(typed, safe='')}", 303)
    return render.page(request, "check.html", {"held": None, "code": None, "match": None, "verdict": None, "limit": CHECKED})


@router.get("/kiem-tra/{code}")
def show(request: Request, code: str, sha256: str = "") -> Response:
    """What is known of a document; with `sha256`, what a file with that hash is."""
    return _answer(request, code, sha256.strip().lower())


@router.post("/kiem-tra/{code}")
async def compare(request: Request, code: str) -> Response:
    """The same for browsers that cannot hash: the file is hashed here and kept nowhere."""
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        digest = await run_in_threadpool(_digest, file) if isinstance(file, UploadFile) and file.filename else ""
    return await run_in_threadpool(_answer, request, code, digest)


def _digest(file: UploadFile) -> str:
    return hashlib.file_digest(file.file, "sha256").hexdigest()  # type: ignore[arg-type]  # a temporary file that Starlette wraps


def _answer(request: Request, code: str, sha256: str) -> Response:
    services = sessions.services(request)
    with services.store.read() as tx:
        held = paper(tx, code, _kinds(services))
        match = compared(tx, held, sha256) if held and _SHA256.fullmatch(sha256) else None
    return _page(request, code, held, match)


def _page(request: Request, code: str, held: Paper | None, match: Place | Stray | None) -> Response:
    verdicts: Verdicts = request.app.state.verdicts
    verdict = verdicts.of(held.document) if held else None
    context = {"held": held, "code": code, "match": match, "verdict": verdict, "limit": CHECKED}
    return render.page(request, "check.html", context, 200 if held else 404)


def _kinds(services: Services) -> dict[str, str]:
    return {kind.code: kind.title for kind in services.kinds()}
