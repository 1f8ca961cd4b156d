"""`luuky pages`, `luuky arrange`, `luuky split`, `luuky join`: which pages a document has, and putting them together anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from cli import console, environment, exits
from cli.documents import row
from cli.ingest import until_at_rest
from domain.arrangement import Deed
from domain.documents import Document
from domain.errors import Refused
from domain.order import Span, parse
from filing.arrange import PageDesk, Sheaf
from pipeline import wiring
from pipeline.settings import Settings
from storage.store import Store

Id = Annotated[str, typer.Argument(help="A document's id as `luuky documents` shows it.")]
Reason = Annotated[
    str | None, typer.Option(help="Why, needed once it is signed or kept: a code of the reference, `code: words`, or words.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Carry the documents along the belt and wait until each is at rest.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON to stdout.")]


def pages(document: Id, as_json: AsJson = False) -> None:
    """List the pages of a document, those set aside, and its versions."""
    store = wiring.store(environment.settings())
    _seen(store, [document])
    sheaf = PageDesk(store).sheaf(document)
    with store.write() as tx:
        tx.audit.add(environment.actor(), "view_document", document)
    if as_json:
        console.print_json(sheaf.as_json())
    else:
        _print(sheaf)


def arrange(
    document: Id,
    order: Annotated[str, typer.Argument(help="Pages in their new order: 1-3,5,4r90,DOCUMENT:2-4,x1.")],
    reason: Reason = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> int:
    """Give a document exactly these pages. What is not named is set aside."""
    others = [span.document for span in _understood(order) if span.document]
    settings, store = _opened()
    deed = _deed(store, [document, *others], reason)
    PageDesk(store).arrange(document, order, deed)
    return _told(store, settings, dict.fromkeys([document, *others]), wait=wait, as_json=as_json)


def split(
    document: Id,
    parts: Annotated[list[str], typer.Argument(help="The pages of each document: 1-3 4-7. The first stays the document it is.")],
    reason: Reason = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> int:
    """Make several documents of one."""
    for part in parts:
        _understood(part)
    settings, store = _opened()
    made = PageDesk(store).split(document, parts, _deed(store, [document], reason))
    return _told(store, settings, (one.id for one in made), wait=wait, as_json=as_json)


def join(
    document: Id,
    others: Annotated[list[str], typer.Argument(help="Documents whose pages are appended, in this order. They are withdrawn.")],
    reason: Reason = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> int:
    """Append the pages of other documents."""
    settings, store = _opened()
    PageDesk(store).join(document, others, _deed(store, [document, *others], reason))
    return _told(store, settings, dict.fromkeys([document, *others]), wait=wait, as_json=as_json)


def _understood(order: str) -> list[Span]:
    with console.usage():
        return parse(order)


def _opened() -> tuple[Settings, Store]:
    settings = environment.settings()
    return settings, wiring.store(settings)


def _deed(store: Store, ids: Iterable[str], reason: str | None) -> Deed:
    return Deed(environment.actor(), _seen(store, ids), reason)


def _seen(store: Store, ids: Iterable[str]) -> dict[str, int]:
    """As they are now. Raises Refused `no_document`."""
    seen = {}
    with store.read() as tx:
        for name in dict.fromkeys(ids):
            found = tx.documents.find(name)
            if found is None:
                raise Refused("no_document", f"Không có tài liệu {name[:40]!r}.", f"There is no document {name[:40]!r}.")
            seen[name] = found.version
    return seen


def _told(store: Store, settings: Settings, ids: Iterable[str], *, wait: bool, as_json: bool) -> int:
    """What became of the documents, in the order of `ids`."""
    names = list(ids)
    statuses = until_at_rest(store, settings, names) if wait else []
    with store.read() as tx:
        made = [tx.documents.get(name) for name in names]
    if as_json:
        console.print_json([row(document) for document in made])
    for document in () if as_json else made:
        console.out.print(_line(document), markup=False)
    return exits.of_several(statuses)


def _line(document: Document) -> str:
    went = "; ".join(reason.vi for reason in document.reasons)
    return f"{document.id}  {document.state:<18} {document.pages or 0} trang / pages  {document.origin.name}  {went}".rstrip()


def _print(sheaf: Sheaf) -> None:
    names = {one.sha256: one.name for one in sheaf.originals}
    rows = [
        (str(page.number), names[page.original], page.original_page, _state(page.fingerprint is not None, page.turn))
        for page in sheaf.pages
    ]
    rows += [
        (
            f"x{one.number}",
            names[one.original],
            one.page,
            f"để riêng / set aside: {one.by} {one.at:%Y-%m-%d %H:%M} {one.reason or ''}",
        )
        for one in sheaf.aside
    ]
    console.out.print(_line(sheaf.document), markup=False)
    for number, name, page, told in rows:
        console.out.print(f"{number:>5}  {name}  trang / page {page}  {told}".rstrip(), markup=False)


def _state(read: bool, turn: int | None) -> str:
    turned = "" if turn is None else f"xoay / turned {turn}° "
    return turned + ("" if read else "chưa đọc / not read yet")
