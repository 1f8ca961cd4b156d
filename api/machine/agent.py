"""What the agent on a doctor's desk asks: pairing, its jobs, their documents, its results (`docs/reference/agent.md`).

No cookie and no session: after pairing, each request is signed with the device's own key.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import Response

from api.services import Services
from api.sessions import services
from storage.signing import Device

router = APIRouter(tags=["agent"])
Given = Annotated[Services, Depends(services)]


async def sent(request: Request) -> bytes:
    """The body as it came: the device signed these bytes."""
    return await request.body()


def device(request: Request, given: Given, body: Annotated[bytes, Depends(sent)]) -> Device:
    """The paired device that signed this request. Raises Refused."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return given.signer.device(request.method, path, dict(request.headers), body)


Asking = Annotated[Device, Depends(device)]


@router.post("/pair")
def pair(given: Given, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Show a pairing code and a public key; answers with the device's id and the server's key."""
    return given.signer.pair(body)


@router.get("/jobs")
def jobs(given: Given, asking: Asking, mechanisms: str = "") -> dict[str, Any]:
    """What waits for this device. `mechanisms`: in which ways its key can sign, with commas between, where it knows."""
    return given.signer.jobs(asking, [one for one in mechanisms.split(",") if one])


@router.get("/documents/{job}/{item}", response_class=Response)
def document(given: Given, asking: Asking, job: str, item: str) -> Response:
    """The bytes of one document of a job."""
    return Response(given.signer.document(asking, job, item), media_type="application/pdf")


@router.post("/results/{job}")
def results(given: Given, asking: Asking, job: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """What was signed; answers with the outcome of each item."""
    return given.signer.complete(asking, job, body)
