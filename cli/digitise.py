"""`luuky digitise IN… -o OUT.pdf|DIR/`: scans become PDF/A with the words under the picture; needs no store, leaves no trace."""

from __future__ import annotations

import dataclasses
import json
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli import console, environment, exits, targets
from domain.errors import LuukyError, Message
from domain.sidecar import Sidecar
from ocr.settings import Level
from pdfa.kept import KEPT
from pdfa.profile import Profile
from pipeline.chosen import Asked, asked
from pipeline.digitise import Begun, Digitiser, Input, Leaf

AHEAD = 4
"""Documents whose pages are read while an earlier one is bound."""
_KEPT = Message(
    KEPT,
    "Tệp đã là PDF/A đúng chuẩn nên được giữ nguyên từng byte.",
    "The file is valid PDF/A already and was kept as it is.",
)


def digitise(
    inputs: Annotated[list[Path], typer.Argument(help="PDF, TIFF or picture files, or pages of them: scan.pdf/1-3,5r90.")],
    out: Annotated[str, typer.Option("-o", "--output", help="OUT.pdf joins all inputs; DIR/ makes NAME.pdf for each.")],
    sidecar: Annotated[str | None, typer.Option(help="Where the words and facts go: OUT.json, or DIR/ for NAME.json.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Pages read at once; 0: one a core.")] = 0,
    level: Annotated[Level, typer.Option(help="How much care a page gets.")] = Level.STANDARD,
    embed_original: Annotated[
        bool, typer.Option("--embed-original", help="Put the inputs inside: PDF/A-3u, as large as both.")
    ] = False,
    profile: Annotated[Profile | None, typer.Option(help="How small pictures of pages are made; as set, else faithful.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,
) -> int:
    """Read scans and write PDF/A."""
    settings = environment.with_judge(environment.settings())
    settings = dataclasses.replace(settings, ocr=dataclasses.replace(settings.ocr, level=level))
    if profile is not None:
        settings = dataclasses.replace(settings, pdfa=dataclasses.replace(settings.pdfa, profile=profile))
    if embed_original:
        settings = dataclasses.replace(settings, pdfa=dataclasses.replace(settings.pdfa, embed_original=True))
    tasks = _tasks(inputs, out, sidecar)
    targets.check_free([path for _, *paths in tasks for path in paths if path], overwrite=overwrite)
    with Digitiser(settings, jobs or settings.processes) as digitiser:
        return exits.of_several(_all(digitiser, tasks))


Task = tuple[list[Path], Path, Path | None]


def _tasks(inputs: list[Path], out: str, sidecar: str | None) -> list[Task]:
    folder = out.endswith("/") or Path(out).is_dir()
    names = [_asked(path).name for path in inputs]
    if not folder:
        if sidecar and (sidecar.endswith("/") or Path(sidecar).is_dir()):
            raise typer.BadParameter("--sidecar must be a file when -o is a file")
        if sidecar and Path(sidecar).resolve() == Path(out).resolve():
            raise typer.BadParameter("--sidecar must be another file than -o")
        return [(inputs, Path(out), Path(sidecar) if sidecar else None)]
    if len(set(names)) < len(names):
        raise typer.BadParameter("two inputs have the same name; digitise them into different folders")
    side = Path(sidecar) if sidecar else None
    if side and not (sidecar or "").endswith("/") and not side.is_dir():
        raise typer.BadParameter("--sidecar must be a folder (end it with /) when -o is a folder")
    return [([path], Path(out) / f"{name}.pdf", side and side / f"{name}.json") for path, name in zip(inputs, names, strict=True)]


def _asked(path: Path) -> Asked:
    with console.usage():
        return asked(path)


def _all(digitiser: Digitiser, tasks: list[Task]) -> Iterator[int]:
    """The statuses of all tasks; while one is finished, the pages of the next ones are being read."""
    ahead: deque[tuple[Task, Begun]] = deque()
    for task in tasks:
        begun = _begin(digitiser, task[0])
        if isinstance(begun, int):
            yield begun
        else:
            ahead.append((task, begun))
        if len(ahead) > AHEAD:
            yield _finish(digitiser, *ahead.popleft())
    while ahead:
        yield _finish(digitiser, *ahead.popleft())


def _begin(digitiser: Digitiser, paths: list[Path]) -> Begun | int:
    """Or the exit status of an input that cannot be taken."""
    inputs: list[Input] = []
    for path in paths:
        try:
            inputs.append(digitiser.look_at(path))
        except LuukyError as error:
            console.fail(error, str(path))
            return exits.of_error(error)
        except OSError as error:
            console.err.print(f"{path}: {error.strerror}", markup=False)
            return exits.REFUSED
    return digitiser.begin(inputs)


def _finish(digitiser: Digitiser, task: Task, begun: Begun) -> int:
    paths, out, side = task
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with console.progress() as bar:
            line = bar.add_task(out.name, total=None)
            made = digitiser.finish(begun, out, lambda done, of: bar.update(line, completed=done, total=of, refresh=True))
        for each in begun.inputs:
            for note in each.inspection.notes:
                console.tell(note, each.path.name)
        if KEPT in made.notes:
            console.tell(_KEPT, paths[0].name)
        _tell_unread(begun.leaves, made.sidecar)
        if side:
            targets.write(side, json.dumps(made.sidecar.as_json(), ensure_ascii=False) + "\n")  # indented takes ten times as long
    except LuukyError as error:
        console.fail(error, ", ".join(map(str, paths)))
        return exits.of_error(error)
    except OSError as error:
        console.err.print(f"{out}: {error.strerror}", markup=False)
        return exits.REFUSED
    return exits.DONE


def _tell_unread(leaves: Sequence[Leaf], made: Sidecar) -> None:
    for leaf, page in zip(leaves, made.pages, strict=True):
        if any(flag.code == "unread" for flag in page.flags):
            told = Message(
                "unread",
                f"Không đọc được trang {leaf.page}. Ảnh của trang vẫn có trong tệp, không kèm chữ. Hãy quét lại trang này.",
                f"Page {leaf.page} could not be read. Its picture is in the file, without words. Scan this page again.",
            )
            console.tell(told, leaf.path.name)
