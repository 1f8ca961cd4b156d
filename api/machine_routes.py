"""The machine's doors, gathered: what anybody may ask, what needs a session, what the agents ask."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.machine import agent, arranging, documents, search, verifications, words
from api.machine.forms import Alive
from api.sessions import services

open_router = APIRouter()
router = APIRouter()
router.include_router(documents.router, tags=["documents"])
router.include_router(words.router, tags=["words"])
router.include_router(arranging.router, tags=["pages"])
router.include_router(verifications.router, tags=["verifications"])
router.include_router(search.router, tags=["search"])
agent_router = agent.router


@open_router.get("/healthz")
def healthz(request: Request) -> Alive:
    """Alive and able to read the database. Raises PartAway if it does not answer."""
    with services(request).store.read() as tx:
        tx.events.last()
    return Alive(status="ok")
