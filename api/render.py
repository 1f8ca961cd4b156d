"""Templates: Jinja2 with autoescape, our words, and a few ways to write dates and numbers as Vietnamese screens do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.language import WEB, Translator, known
from domain.errors import Message
from domain.here import HERE

LANGUAGE_COOKIE = "luuky_language"


def environment() -> Environment:
    """The template environment; one for each application."""
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "clock": clock,
        "clock_seconds": clock_seconds,
        "day": day,
        "instant": instant,
        "day_before": lambda value: value - timedelta(seconds=1),
        "moment": moment,
        "thousands": thousands,
        "iso_day": iso_day,
        "size": size,
    }
    return made


def page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """An HTML answer in the asker's language."""
    say = Translator(language_of(request))
    app = request.app.state
    shared = {
        "t": say, "language": say.language, "settings": app.services.settings, "path": request.url.path, "now": now_here(),
        "message": lambda value: spoken(value, say.language), "desk": None,
    }  # fmt: skip
    return HTMLResponse(app.templates.get_template(template).render({**shared, **context}), status)


def language_of(request: Request) -> str:
    """The language this browser chose."""
    return known(request.cookies.get(LANGUAGE_COOKIE))


def spoken(message: Message, language: str) -> str:
    """A message in one language."""
    return message.en if language == "en" else message.vi


def now_here() -> datetime:
    """The present moment on the wall clock of a Vietnamese hospital."""
    return datetime.now(HERE)


def clock(value: datetime) -> str:
    """`14:05`."""
    return value.astimezone(HERE).strftime("%H:%M")


def clock_seconds(value: datetime) -> str:
    """`14:05:07`."""
    return value.astimezone(HERE).strftime("%H:%M:%S")


def day(value: datetime | date) -> str:
    """`24/11/2026`."""
    return (value.astimezone(HERE) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


def instant(value: datetime | str) -> str:
    """`24/11/2026 14:05:07`; an ISO text too. What a stranger's file says may lie beyond all calendars: as it is written."""
    try:
        local = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(HERE)
    except (OverflowError, ValueError):
        return str(value)
    return local.strftime("%d/%m/%Y %H:%M:%S")


def moment(value: datetime) -> str:
    """`14:05` today, `24/11 14:05` this year, `24/11/2025` before."""
    local, today = value.astimezone(HERE), now_here()
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return local.strftime("%d/%m %H:%M") if local.year == today.year else local.strftime("%d/%m/%Y")


def iso_day(value: str | None) -> str:
    """An ISO date as people write it: `2009-11-12` → `12/11/2009`; anything else unchanged."""
    parts = (value or "").split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{parts[2]}/{parts[1]}/{parts[0]}"
    return value or ""


def thousands(value: int) -> str:
    """`48.213`, as Vietnamese groups digits."""
    return f"{value:,}".replace(",", ".")


def size(value: int) -> str:
    """A file size in MB or KB."""
    return f"{value / 1_000_000:.1f} MB".replace(".", ",") if value >= 1_000_000 else f"{max(1, value // 1000)} KB"
