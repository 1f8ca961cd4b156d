"""A person puts pages together: gives a document its pages by an order, joins documents, splits one.

Everything goes by `PageDesk`. A page is turned, moved, taken out, brought back, inserted or replaced by an order that says so
(`domain/order.py`). A deed names who does it, the version of each document that the person saw, and why where something
signed or kept is replaced (`domain/reasons.py`). Raises Stale if somebody was faster, Refused with what to do otherwise; then
nothing has changed. Readings, previews and corrections of words go with their pages; documents are filed, bound and signed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain import arrangement
from domain.arrangement import Arrangement, Deed, Leaf
from domain.documents import Document
from domain.errors import Refused
from domain.order import Span, numbers, parse, picks
from domain.reasons import why
from filing.arranged import REPLACED, Change, needs_reason, settle
from storage.arrangements import Aside, Original
from storage.pages import Page
from storage.store import Store, Transaction

All = dict[str, Arrangement]
MOST = 50
"""Documents in one deed, or made by one."""


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A document as it lies on the desk: `pages` go together with the leaves of `arrangement`, `aside` with those set aside."""

    document: Document
    arrangement: Arrangement
    pages: tuple[Page, ...]
    aside: tuple[Aside, ...]
    originals: tuple[Original, ...]
    versions: tuple[dict[str, Any], ...]
    needs_reason: bool

    def as_json(self) -> dict[str, Any]:
        """As `docs/reference/arranging.md` describes it; `original` is an index in `originals`."""
        places = {one.sha256: place for place, one in enumerate(self.originals)}
        return {
            "version": 1,
            "document": self.document.id,
            "seen": self.document.version,
            "state": str(self.document.state),
            "needs_reason": self.needs_reason,
            "originals": [
                {"name": one.name, "sha256": one.sha256, "bytes": one.bytes, "nature": one.nature} for one in self.originals
            ],
            "pages": [_page(page, leaf, places) for page, leaf in zip(self.pages, self.arrangement.leaves, strict=True)],
            "aside": [
                {
                    "number": one.number, "original": places[one.original], "page": one.page, "by": one.by,
                    "at": one.at.isoformat(timespec="seconds"), "reason": one.reason,
                }
                for one in self.aside
            ],
            "versions": [_version(one) for one in self.versions],
        }  # fmt: skip


class PageDesk:
    """The deeds, on one store. Page numbers count from 1 (`domain/arrangement.py`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sheaf(self, document_id: str) -> Sheaf:
        """A document with its pages and what is set aside. Raises Broken `no_document`."""
        with self._store.read() as tx:
            document = tx.documents.get(document_id)
            return Sheaf(
                document,
                tx.arrangements.of(document_id),
                tuple(tx.pages.of(document_id)),
                tuple(tx.arrangements.aside(document_id)),
                tx.arrangements.originals(document_id),
                tuple(tx.documents.versions(document_id)),
                needs_reason(tx, document),
            )

    def arrange(self, document_id: str, order: str, deed: Deed) -> Document:
        """Give a document exactly the pages of an order (`domain/order.py`). Pages of others come out of them; what is not named
        is set aside.
        """
        spans = parse(order)
        others = [span.document for span in spans if span.document]
        return self._done(document_id, others, deed, "arrange", lambda all_of_them: _ordered(all_of_them, document_id, spans))

    def join(self, document_id: str, others: Sequence[str], deed: Deed) -> Document:
        """Append all pages of others, and what is set aside in them. Those are withdrawn and say where their pages are."""

        def joined(all_of_them: All) -> All:
            ordered = [all_of_them[name] for name in dict.fromkeys((document_id, *others))]
            return {name: Arrangement() for name in all_of_them} | {document_id: arrangement.join(ordered)}

        return self._done(document_id, others, deed, "join", joined)

    def split(self, document_id: str, parts: Sequence[str], deed: Deed) -> list[Document]:
        """Make one document of each part, such as `1-3`: the first stays this document, the others are new, in order."""
        if not 2 <= len(parts) <= MOST:
            raise Refused("parts", f"Tách thành 2 đến {MOST} phần.", f"Split into 2 to {MOST} parts.")
        with self._store.write() as tx:
            before = _held(tx, [document_id], deed)
            one = before[document_id]
            after = arrangement.split(one, [numbers(part, len(one.leaves)) for part in parts])
            ids = [document_id, *(_new(tx, document_id, each, deed.actor) for each in after[1:])]
            before |= dict.fromkeys(ids[1:], Arrangement())
            made = settle(
                tx,
                before,
                dict(zip(ids, after, strict=True)),
                Change(deed.actor, "split", why(deed.reason), made=frozenset(ids[1:])),
            )
            return [made[name] for name in ids]

    def _done(
        self, document_id: str, others: Iterable[str], deed: Deed, act: str, arranged: Callable[[All], All]
    ) -> Document:  # fmt: skip
        with self._store.write() as tx:
            before = _held(tx, [document_id, *others], deed)
            after = arranged(before)
            arrangement.must_keep_all(before.values(), after.values())
            return settle(tx, before, after, Change(deed.actor, act, why(deed.reason), document_id))[document_id]


def _held(tx: Transaction, ids: Iterable[str], deed: Deed) -> All:
    """These documents as they are, held until the transaction ends."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise Refused("too_many", f"Mỗi lượt tối đa {MOST} tài liệu.", f"At most {MOST} documents at once.")
    for name in wanted:
        tx.documents.get(name)
        if name not in deed.seen:
            raise Refused("not_seen", "Hãy mở tài liệu ra xem trước khi xếp trang.", "Look at the document before arranging it.")
    tx.arrangements.hold({name: deed.seen[name] for name in wanted})
    return {name: tx.arrangements.of(name) for name in wanted}


def _ordered(all_of_them: All, document_id: str, spans: Sequence[Span]) -> All:
    def count(document: str | None, aside: bool) -> int:  # noqa: FBT001
        one = all_of_them[document or document_id]
        return len(one.aside if aside else one.leaves)

    return arrangement.arrange(all_of_them, document_id, picks(spans, count))


def _page(page: Page, leaf: Leaf, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "number": page.number, "original": places[page.original], "page": page.original_page, "turn": page.turn,
        "rotation": leaf.rotation, "read": page.fingerprint is not None,
    }  # fmt: skip


def _version(one: Mapping[str, Any]) -> dict[str, Any]:
    """`reason` and `by` only of what was replaced."""
    told = {"kind": one["kind"], "sha256": one["sha256"], "at": one["at"].isoformat(timespec="seconds")}
    report = one["report"] or {}
    return {**told, "reason": report["reason"], "by": report["by"]} if one["kind"] == REPLACED else told


def _new(tx: Transaction, source: str, part: Arrangement, actor: str) -> str:
    """A document without pages yet, beside the one it comes out of. Returns its id."""
    document = tx.documents.get(source)
    original = next(one for one in tx.arrangements.originals(source) if one.sha256 == part.leaves[0].original)
    made = tx.documents.add(
        document.origin, original.sha256, original.bytes, nature=original.nature, urgent=document.urgent,
        batch_id=document.batch_id, actor=actor,
    )  # fmt: skip
    return made.id
