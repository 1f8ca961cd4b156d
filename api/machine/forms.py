"""The JSON of `/api/v1`: stable, versioned, unknown is null."""

from __future__ import annotations

from pydantic import BaseModel

from domain.documents import Document


class Reason(BaseModel):
    """Why a person is asked, or why it was refused."""

    code: str
    vi: str
    en: str


class DocumentForm(BaseModel):
    """One document."""

    document: str
    source_name: str
    sha256: str
    state: str
    findable: bool
    kind: str | None
    patient: str | None
    pages: int | None
    reasons: list[Reason]


class Hit(BaseModel):
    """One page that answers; boxes in pixels of the upright scan."""

    document: str
    title: str | None
    kind: str | None
    patient: str | None
    page: int
    score: float
    snippet: str
    boxes: list[list[float]]


class SearchForm(BaseModel):
    """An answer; `total` counts pages within the asker's rights."""

    version: int = 1
    query: str
    total: int
    took_ms: float
    hits: list[Hit]


class Alive(BaseModel):
    """The web process answers and reaches its database."""

    status: str


class Rule(BaseModel):
    """One numbered check of a signature."""

    number: int
    name: str
    verdict: str
    evidence: str


class SignatureForm(BaseModel):
    """What was found about one signature."""

    field: str
    signer: str | None
    level: str | None
    verdict: str
    signing_time: str | None
    best_time: str | None
    rules: list[Rule]


class Verification(BaseModel):
    """What was found about a document's file."""

    version: int = 1
    file: str
    sha256: str | None
    verdict: str
    signatures: list[SignatureForm]


def document_form(document: Document) -> DocumentForm:
    """A document as JSON."""
    return DocumentForm(
        document=document.id,
        source_name=document.origin.name,
        sha256=document.original,
        state=document.state,
        findable=document.findable,
        kind=document.kind_code,
        patient=document.patient_id,
        pages=document.pages,
        reasons=[Reason(code=one.code, vi=one.vi, en=one.en) for one in document.reasons],
    )
