"""Files of people's programs, judged: the body is the PDF, the answer is what `luuky verify --json` says of it, or the report."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response

from api.desk import AtDesk
from api.judging import take
from api.machine.forms import FileVerification

router = APIRouter()
PDF = "application/pdf"
_BODY = {"required": True, "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}


@router.post("/verifications", response_model=FileVerification, openapi_extra={"requestBody": _BODY})
async def judge(request: Request, desk: AtDesk, accept: Annotated[str, Header()] = "") -> Response:
    """What a check of a file's signatures finds; with `Accept: application/pdf` the report for a court. The file is not kept."""
    found = await (await take(request, desk)).outcome()
    if accept.startswith(PDF) and found.paper:
        return Response(found.paper, media_type=PDF)
    return JSONResponse(found.as_json())
