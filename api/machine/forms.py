"""The JSON of `/api/v1`: stable, versioned, unknown is null."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from domain.documents import Document


class Said(BaseModel):
    """A sentence in both languages."""

    vi: str
    en: str


class Reason(Said):
    """Why a person is asked, or why it was refused."""

    code: str


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
    void: bool
    reasons: list[Reason]


class Hit(BaseModel):
    """One page that answers; boxes in pixels of the upright scan."""

    document: str
    title: str | None
    kind: str | None
    patient: str | None
    page: int
    void: bool
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


class ChangedForm(BaseModel):
    """Why a word does not say what was read at first: a rule of numbers and dates, or a person (a login) at a time (UTC)."""

    read: str
    rule: str | None
    by: str | None
    at: str | None


class WordForm(BaseModel):
    """A word as in the sidecar; `doubtful`: nobody vouched for it, and the reader was not sure."""

    text: str
    box: list[float]
    confidence: float
    line: int
    doubtful: bool
    changed: ChangedForm | None


class DeedForm(BaseModel):
    """A correction, or what takes one back (`takes_back`, `text` null). `stands`: it was not taken back; `holds`: the words it
    was made over are still there, else it is kept and changes nothing.
    """

    number: int
    box: list[float]
    read: str
    text: str | None
    by: str
    at: str
    takes_back: int | None
    stands: bool
    holds: bool


class PageWordsForm(BaseModel):
    """A page: pixels of the upright scan, its words in reading order, the spans of words that make a line (from, to; from 0), all
    deeds in order, `seen` (what the next deed must name), and the names of the logins among them.
    """

    version: int = 1
    document: str
    page: int
    width: int
    height: int
    seen: int
    words: list[WordForm]
    lines: list[tuple[int, int]]
    corrections: list[DeedForm]
    people: dict[str, str]


class CorrectForm(BaseModel):
    """What stands in the place of `words` (from, to; from 0); `seen` as it was shown."""

    words: tuple[int, int]
    text: str = Field(max_length=2000)
    seen: int


class TakeBackForm(BaseModel):
    """Which correction to take back; `seen` as it was shown."""

    number: int
    seen: int


class OriginalForm(BaseModel):
    """A file that a document has pages of."""

    name: str
    sha256: str
    bytes: int
    nature: str | None


class LeafForm(BaseModel):
    """A page: its number, which page of which original (an index), a person's turn, how it is shown, whether it is read."""

    number: int
    original: int
    page: int
    turn: int | None
    rotation: int
    read: bool


class AsideForm(BaseModel):
    """A page that was set aside, by whom, when and why."""

    number: int
    original: int
    page: int
    by: str
    at: str
    reason: str | None


class VersionForm(BaseModel):
    """Bytes that came to be; `reason` and `by` of what was signed or kept and then replaced."""

    kind: str
    sha256: str
    at: str
    reason: str | None = None
    by: str | None = None


class ArrangementForm(BaseModel):
    """The pages of a document; `seen` is what a deed names."""

    version: int
    document: str
    seen: int
    state: str
    needs_reason: bool
    originals: list[OriginalForm]
    pages: list[LeafForm]
    aside: list[AsideForm]
    versions: list[VersionForm]


class _Arranging(BaseModel):
    seen: dict[str, int] = Field(max_length=50)
    reason: str | None = Field(default=None, max_length=500)


class ArrangeForm(_Arranging):
    """The pages of a document in their new order; `seen` of every document concerned."""

    order: str = Field(max_length=20_000)


class SplitForm(_Arranging):
    """The pages of each document."""

    parts: list[str] = Field(max_length=50)


class JoinForm(_Arranging):
    """The documents whose pages are appended."""

    documents: list[str] = Field(max_length=50)


class Concerned(BaseModel):
    """A document after a deed."""

    document: str
    state: str
    seen: int
    pages: int | None


class ArrangedForm(BaseModel):
    """What became of the documents concerned."""

    version: int = 1
    documents: list[Concerned]


class Alive(BaseModel):
    """The web process answers and reaches its database."""

    status: str


class Rule(BaseModel):
    """One numbered check of a signature; what it saw, in technical terms and in plain words."""

    number: int
    name: str
    verdict: str
    evidence: str
    words: Said


class SignatureForm(BaseModel):
    """What was found about one signature."""

    field: str
    signer: str | None
    level: str | None
    verdict: str
    signing_time: str | None
    best_time: str | None
    rules: list[Rule]


class PdfaForm(BaseModel):
    """Which PDF/A the file says it is, and whether an independent judge agrees (null: none has said)."""

    claimed: str | None
    valid: bool | None


class Verification(BaseModel):
    """What was found about a document's file."""

    version: int = 1
    file: str
    sha256: str | None
    verdict: str
    signatures: list[SignatureForm]
    pdfa: PdfaForm


class FileVerification(Verification):
    """What was found about a file that was sent; `report` as `docs/reference/verdicts.md` describes it, null for one that could
    not be read.
    """

    report: dict[str, Any] | None


def document_form(document: Document, *, void: bool = False) -> DocumentForm:
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
        void=void,
        reasons=[Reason(code=one.code, vi=one.vi, en=one.en) for one in document.reasons],
    )
