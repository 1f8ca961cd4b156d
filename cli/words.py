"""`luuky words SIDECAR.json… --as alto|hocr|text -o DIR/`: what was read, in the forms that other programs take."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli import console, exits, targets
from domain.alto import alto
from domain.errors import LuukyError, Refused
from domain.hocr import hocr
from domain.sidecar import Sidecar, sidecar_from_json


class Form(enum.StrEnum):
    """What can be written."""

    ALTO = "alto"
    """ALTO 4.4, words with boxes and confidence."""
    HOCR = "hocr"
    """hOCR 1.2, the same."""
    TEXT = "text"
    """Plain text in reading order, a form feed between pages."""


def _text(made: Sidecar) -> str:
    return "\n\f".join(page.text for page in made.pages) + "\n"


_WRITERS: dict[Form, tuple[str, Callable[[Sidecar], str]]] = {
    Form.ALTO: (".alto.xml", alto),
    Form.HOCR: (".hocr", hocr),
    Form.TEXT: (".txt", _text),
}


def words(
    sidecars: Annotated[list[Path], typer.Argument(help="Sidecars of `luuky digitise` or `luuky export`.")],
    form: Annotated[Form, typer.Option("--as", help="ALTO 4, hOCR, or plain text in reading order.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The folder to write to.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,
) -> int:
    """Write the words of sidecars as ALTO, hOCR or plain text."""
    ending, write = _WRITERS[form]
    made = [out / f"{path.stem}{ending}" for path in sidecars]
    if len(set(made)) < len(made):
        raise typer.BadParameter("two sidecars have the same name; write them to different folders")
    targets.check_free(made, overwrite=overwrite)
    statuses = []
    for path, target in zip(sidecars, made, strict=True):
        try:
            targets.write(target, write(_sidecar(path)))
            statuses.append(exits.DONE)
        except LuukyError as error:
            console.fail(error, str(path))
            statuses.append(exits.of_error(error))
    return exits.of_several(statuses)


def _sidecar(path: Path) -> Sidecar:
    try:
        return sidecar_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(
            "not_a_sidecar",
            "Đây không phải tệp JSON do `luuky digitise` hay `luuky export` ghi ra.",
            "This is no JSON file that `luuky digitise` or `luuky export` wrote.",
        ) from error
