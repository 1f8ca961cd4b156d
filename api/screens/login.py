"""Đăng nhập: in and out, and the choice of a language. No patient's data before login."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import render, sessions
from api.language import known
from domain.people import Person, Role
from storage.people import SESSION_LASTS

router = APIRouter()
_HOME = {Role.ADMINISTRATOR: "/admin", Role.AUDITOR: "/admin/audit", Role.CLINICIAN: "/find"}


@router.get("/login")
def show(request: Request, target: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form."""
    return _form(request, target, None)


@router.post("/login", dependencies=[Depends(sessions.gate_guarded)])
def enter(
    request: Request,
    login: Annotated[str, Form()],
    password: Annotated[str, Form()],
    target: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Check the password and open a session."""
    with sessions.services(request).store.write() as tx:
        who = tx.people.log_in(login.strip(), password)
        if who is None:
            fault = "login.locked" if tx.people.locked(login.strip()) else "login.wrong"
            known = tx.people.by_login(
                login.strip()
            )  # an unknown name is not written down: it may be a password in the wrong box
            tx.audit.add(known.login if known else "unknown", "login_failed", None, locked=fault == "login.locked")
        else:
            token, _ = tx.people.open_session(who)
            tx.audit.add(who.login, "login")
    if who is None:
        return _form(request, target, fault, login)
    response = RedirectResponse(_safe(target) if _safe(target) != "/" else home(who), 303)
    sessions.give_cookie(request, response, sessions.SESSION_COOKIE, token)
    response.delete_cookie(sessions.GATE_COOKIE, path="/")
    return response


@router.post("/logout", dependencies=[Depends(sessions.guarded)])
def leave(request: Request, who: Annotated[Person, Depends(sessions.person)]) -> Response:
    """End the session."""
    with sessions.services(request).store.write() as tx:
        tx.people.close_session(request.cookies.get(sessions.SESSION_COOKIE, ""))
        tx.audit.add(who.login, "logout")
    response = RedirectResponse("/login", 303)
    response.delete_cookie(sessions.SESSION_COOKIE, path="/")
    return response


@router.get("/language/{code}")
def choose_language(request: Request, code: str, back: str = "/") -> Response:
    """Remember a language in this browser."""
    response = RedirectResponse(_safe(back), 303)
    lasts = int(SESSION_LASTS.total_seconds()) * 700
    secure = sessions.services(request).settings.secure_cookies
    response.set_cookie(render.LANGUAGE_COOKIE, known(code), max_age=lasts, httponly=True, samesite="lax", secure=secure)
    return response


def home(who: Person) -> str:
    """Where a person's day begins."""
    return _HOME.get(who.role, "/")


def _form(request: Request, target: str, fault: str | None, login: str = "") -> Response:
    token = request.cookies.get(sessions.GATE_COOKIE) or secrets.token_urlsafe(24)
    context = {"gate": token, "next": _safe(target), "fault": fault, "login": login}
    response = render.page(request, "login.html", context, 200 if fault is None else 401)
    sessions.give_cookie(request, response, sessions.GATE_COOKIE, token)
    return response


def _safe(target: str) -> str:
    """A path on this server, whatever was asked for."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
