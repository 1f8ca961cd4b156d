"""The one place that turns errors into answers: RFC 9457 problem details for machines, a page with a next step for people.

Refused, Unreadable  422    PartMissing, PartAway  503    Stale  409    Broken `no_…`  404    Broken  500
LoginNeeded          401    NotAllowed, FormExpired  403    NotThere  404    TooLarge  413    TooOften, Busy  429
"""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.errors import Busy, FormExpired, LoginNeeded, NotAllowed, NotThere, TooLarge, TooOften
from api.render import language_of, page
from domain.errors import Broken, LuukyError, Message, PartAway, PartMissing, Refused, Stale

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
_STATUS: dict[type[LuukyError], int] = {
    Refused: 422,
    PartMissing: 503,
    PartAway: 503,
    Stale: 409,
    Broken: 500,
    LoginNeeded: 401,
    NotAllowed: 403,
    FormExpired: 403,
    NotThere: 404,
    TooLarge: 413,
    TooOften: 429,
    Busy: 429,
}
_HTTP = {
    404: NotThere().message,
    405: Message("method", "Địa chỉ này không nhận cách gọi đó.", "This address does not take that method."),
    413: Message(
        "too_large", "Dữ liệu gửi lên quá lớn. Hãy chia nhỏ rồi gửi lại.", "Too much was sent at once. Divide it and try again."
    ),
}
_INVALID = Message("invalid", "Dữ liệu gửi lên thiếu hoặc sai dạng.", "What was sent is incomplete or malformed.")
_UNEXPECTED = Message(
    "unexpected",
    "Máy chủ gặp lỗi ngoài dự kiến. Việc đang làm dở chưa được ghi; những gì đã lưu vẫn nguyên.",
    "The server met an unexpected error. What you were doing was not saved; everything stored is untouched.",
)


def status_of(error: LuukyError) -> int:
    """The status code of an error of the tree."""
    if isinstance(error, Broken) and error.message.code.startswith("no_"):
        return 404
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def install(app: FastAPI) -> None:
    """Answer every error in the asker's form: JSON under `/api/`, a page elsewhere."""
    app.add_exception_handler(LuukyError, _on_luuky)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_unexpected)


def problem(status: int, message: Message, language: str) -> JSONResponse:
    """Problem details (RFC 9457). `code` is stable; `title` and `detail` are for people."""
    title, detail = (message.en, message.vi) if language == "en" else (message.vi, message.en)
    body = {
        "type": f"urn:luuky:problem:{message.code}", "title": title, "status": status, "detail": detail, "code": message.code,
    }  # fmt: skip
    return JSONResponse(body, status, media_type=PROBLEM)


def _on_luuky(request: Request, error: Exception) -> Response:
    if not isinstance(error, LuukyError):
        raise error
    if isinstance(error, LoginNeeded) and not _machine(request):
        return _to_login(request)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.scope["route"].path if "route" in request.scope else "", error)
    return _answer(request, status, _HTTP[404] if status == 404 else error.message)


def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _answer(request, status, _HTTP.get(status, _INVALID))


def _on_invalid(request: Request, _: Exception) -> Response:
    return _answer(request, 422, _INVALID)


def _on_unexpected(request: Request, _: Exception) -> Response:
    return _answer(request, 500, _UNEXPECTED)


def _answer(request: Request, status: int, message: Message) -> Response:
    language = language_of(request)
    if _machine(request):
        return problem(status, message, language)
    said = message.en if language == "en" else message.vi
    name = "fragments/error.html" if request.headers.get("HX-Request") else "error.html"
    return page(request, name, {"said": said, "back": _back(request)}, status)


def _back(request: Request) -> str | None:
    """The page of ours that the person came from."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.url.netloc or came.path == "/login":
        return None
    return came.path + (f"?{came.query}" if came.query else "")


def _to_login(request: Request) -> Response:
    path = request.url.path if request.method == "GET" and not request.headers.get("HX-Request") else "/"
    address = f"/login?next={quote(path)}" if path != "/" else "/login"
    if request.headers.get("HX-Request"):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _machine(request: Request) -> bool:
    return request.url.path.startswith("/api/")
