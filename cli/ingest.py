"""`luuky ingest PATH… [--wait]`: take files into the archive."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli import console, environment, exits
from domain.documents import THE_END, Document, Origin, State
from domain.errors import Refused
from ingest.accept import Accepted, Arrival, Look, Outcome, Unpack, accept
from pipeline import belt, wiring
from pipeline.guard import Guard
from pipeline.settings import Settings
from storage.store import Store


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders whose files are taken.")],
    wait: Annotated[bool, typer.Option("--wait", help="Carry them along the belt and wait until each is at rest.")] = False,
    kind: Annotated[str | None, typer.Option(help="What kind of document they are, as a hint.")] = None,
    department: Annotated[str | None, typer.Option(help="The department they come from.")] = None,
) -> int:
    """Take files into the archive; the originals on disk stay where they are."""
    settings = environment.with_judge(environment.settings())
    origin = Origin("", "cli", department=department, kind_hint=kind, operator=environment.actor())
    statuses: list[int] = []
    ids: list[str] = []
    with Guard() as guard:
        store = wiring.store(settings)
        seconds = settings.ocr.work_seconds_a_page
        means = _Means(store, settings, partial(guard.inspect, seconds=seconds), partial(guard.unpack, seconds=seconds))
        for path in _files(paths):
            status, accepted = _take(means, path, origin)
            statuses.append(status)
            if accepted:
                ids += [document.id for document in (accepted.document, *accepted.attached)]
    if wait and ids:
        statuses += until_at_rest(store, settings, list(dict.fromkeys(ids)))
    return exits.of_several(statuses)


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")) if path.is_dir() else [path]
    return found


@dataclass(frozen=True, slots=True)
class _Means:
    """What files are taken in with."""

    store: Store
    settings: Settings
    look: Look
    take_out: Unpack


def _take(means: _Means, path: Path, origin: Origin) -> tuple[int, Accepted | None]:
    if not path.is_file():
        console.fail(Refused("no_file", "Không thấy tệp này.", "There is no such file."), str(path))
        return exits.REFUSED, None
    named = Origin(path.name, origin.folder, None, origin.department, origin.kind_hint, origin.operator)
    accepted = accept(means.store, Arrival(path, named, urgent=True), means.settings.ingest, means.look, means.take_out)
    _report(path, accepted)
    return (exits.REFUSED if accepted.outcome is Outcome.REFUSED else exits.DONE), accepted


def _report(path: Path, accepted: Accepted) -> None:
    if accepted.outcome is Outcome.REFUSED:
        for reason in accepted.document.reasons:
            console.tell(reason, path.name)
    else:
        word = "kept already as" if accepted.outcome is Outcome.DUPLICATE else "accepted as"
        console.err.print(f"{path.name}: {word} {accepted.document.id}", markup=False)
    for document in accepted.attached:
        console.err.print(f"{path.name} › {document.origin.name}: {document.id}", markup=False)
        for reason in document.reasons:
            console.tell(reason, document.origin.name)


def until_at_rest(store: Store, settings: Settings, ids: list[str]) -> list[int]:
    """Carry documents along the belt, or watch, until each is at rest; the exit status for each."""
    with console.progress() as bar:
        task = bar.add_task("trang / pages", total=None)

        def tell(documents: list[Document]) -> None:
            pages = sum(document.pages or 1 for document in documents)
            read = sum(document.pages_read if not belt.at_rest(document) else document.pages or 1 for document in documents)
            bar.update(task, total=pages, completed=read, refresh=True)

        documents = belt.carry(store, settings, ids, tell)
    for document in documents:
        console.err.print(f"{document.id}  {document.state}  {document.title or document.origin.name}", markup=False)
    return [_status(document) for document in documents]


def _status(document: Document) -> int:
    if document.state is State.REJECTED:
        return exits.REFUSED
    return exits.BAD if document.problem and document.state not in THE_END else exits.DONE
