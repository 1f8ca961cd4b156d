"""The application: what it is made of, in the order a request meets it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from api import machine_routes, problems, sessions
from api.judging import Bench
from api.language import WEB
from api.limits import BodyLimit
from api.live import Live
from api.render import environment
from api.screens import (
    admin,
    arranging,
    batches,
    blocks,
    check,
    copies,
    find,
    lasting,
    login,
    orders,
    papers,
    records,
    regulations,
    review,
    sign,
    signatures,
    today,
    trust,
    ways,
    words,
)
from api.security import SecurityHeaders
from api.services import Services
from api.turnstile import Turnstile
from api.verdicts import Verdicts

GUARDED = (
    today, arranging, batches, review, sign, find, records, copies, words, papers, admin,
    lasting, regulations, blocks, trust, signatures, orders, ways,
)  # fmt: skip


def create_app(services: Services) -> FastAPI:
    """A web application over what it is handed. Its OpenAPI description (3.1) covers `/api/v1`."""
    app = FastAPI(
        title="Lưu Ký",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_living,
        summary="Scanned charts made signed, findable documents",
    )
    app.state.services = services
    app.state.templates = environment()
    app.state.presence = sessions.Presence()
    app.state.live = Live(services.store)
    app.state.turnstile = Turnstile()
    app.state.bench = Bench(services.examiner.seats)
    app.state.verdicts = Verdicts(services.verify_document, services.trust.edition)
    app.add_middleware(BodyLimit, upload=services.settings.max_upload)
    app.add_middleware(SecurityHeaders, secure=services.settings.secure_cookies)
    problems.install(app)
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    app.include_router(machine_routes.open_router)
    app.include_router(login.router, include_in_schema=False)
    app.include_router(check.router, include_in_schema=False)
    for screen in GUARDED:
        app.include_router(screen.router, dependencies=[Depends(sessions.guarded)], include_in_schema=False)
    app.include_router(machine_routes.router, prefix="/api/v1", dependencies=[Depends(sessions.guarded)])
    app.include_router(machine_routes.agent_router, prefix="/api/v1/agent")
    return app


@contextlib.asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    reader = asyncio.create_task(app.state.live.run())
    try:
        yield
    finally:
        app.state.live.close()
        reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reader
