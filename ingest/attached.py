"""Files that travel inside a PDF, taken out to become documents of their own. Tool: pikepdf.

1. Only so many, so large, so deep: what is beyond the limits stays in the original, which is kept byte for byte.
2. A name is a name: no folder of it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from ingest import sniff
from ingest.pdf import MALFORMED
from ingest.settings import IngestSettings
from ingest.unpacked import is_longer

_LONGEST_NAME = 120
_UNNAMED = "dinh-kem"
_DEEPEST_TREE = 32


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was inside: its name as it was given there, and where it lies now."""

    name: str
    path: Path


def unpack(path: Path, folder: Path, settings: IngestSettings) -> tuple[Attached, ...]:
    """Writes what a file carries into an empty folder, in order, and what that carries. Never raises for what a file holds."""
    found: list[Attached] = []
    waiting = [(path, 0)]
    spent = 0
    while waiting and len(found) < settings.most_attachments:
        holder, depth = waiting.pop(0)
        for name, data in _inside(holder, settings.most_bytes - spent):
            if len(found) == settings.most_attachments:
                break
            spent += len(data)
            place = folder / f"{len(found):03}"
            place.write_bytes(data)
            found.append(Attached(name, place))
            if depth + 1 < settings.deepest_attachments:
                waiting.append((place, depth + 1))
    return tuple(found)


def _inside(path: Path, most: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files directly inside, none longer than `most` bytes, nor all together."""
    if sniff.media_type(path) != sniff.PDF:
        return
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            for name, stream in _streams(pdf):
                if is_longer(stream, most):
                    continue
                data = stream.read_bytes()
                most -= len(data)
                yield name, data
    except (pikepdf.PasswordError, *MALFORMED):
        return


def _streams(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Stream]]:
    """Every embedded file once: of the file as a whole, and of the notes on its pages (ISO 32000-1, 7.11.4)."""
    seen: set[tuple[int, int]] = set()
    for specification in _specifications(pdf):
        kept = specification.get("/EF")
        stream = kept.get("/UF", kept.get("/F")) if isinstance(kept, pikepdf.Dictionary) else None
        if isinstance(stream, pikepdf.Stream) and stream.objgen not in seen:
            seen.add(stream.objgen)
            yield _name(str(specification.get("/UF", specification.get("/F", "")))), stream


def _specifications(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    names = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    yield from _leaves(tree, 0)
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        for note in notes.as_list() if isinstance(notes, pikepdf.Array) else ():
            if isinstance(note, pikepdf.Dictionary) and isinstance(note.get("/FS"), pikepdf.Dictionary):
                yield note["/FS"]


def _leaves(node: object, depth: int) -> Iterator[pikepdf.Object]:
    """The values of a name tree (ISO 32000-1, 7.9.6)."""
    if not isinstance(node, pikepdf.Dictionary) or depth > _DEEPEST_TREE:
        return
    names, kids = (node.get(key) for key in ("/Names", "/Kids"))
    for value in (names.as_list() if isinstance(names, pikepdf.Array) else [])[1::2]:
        if isinstance(value, pikepdf.Dictionary):
            yield value
    for kid in kids.as_list() if isinstance(kids, pikepdf.Array) else ():
        yield from _leaves(kid, depth + 1)


def _name(stated: str) -> str:
    plain = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", stated)[-1]).strip(" .")
    return plain[-_LONGEST_NAME:] or _UNNAMED
