"""The files that a document came from, inside it: associated files of PDF/A-3 (ISO 19005-3, 6.8), related as its source.

They wait in a spool on disk and are read from there when the document is saved, so that a large one is never held several times.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pdfa.pdf_date import pdf_date
from pdfa.record import BindRecord, Original
from pdfa.spool import Spool
from pdfa.xmp import clean

_CHUNK = 1 << 20


def embed(pdf: Pdf, record: BindRecord) -> None:
    """Puts the record's originals in, in the place of any that are there."""
    # Nameless, and closed once nothing reads it: the spool lives as long as the document that takes streams from it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    spool, poured = Spool(file), []
    for original in record.originals:
        digest = hashlib.md5(usedforsecurity=False)  # what the standard asks for (ISO 32000-1, table 46)
        poured.append((spool.pour(_read(original.path, digest)), digest.digest()))
    spool.finish()
    waiting = Pdf.open(file)
    names, specifications = list(_names(record.originals)), []
    for original, name, (number, checksum) in zip(record.originals, names, poured, strict=True):
        stream = pdf.copy_foreign(waiting.get_object(number, 0))
        stream.Type = Name.EmbeddedFile
        stream.Subtype = Name("/" + original.media_type)
        date = pikepdf.String(pdf_date(record.created))
        stream.Params = Dictionary(
            Size=original.path.stat().st_size, CheckSum=pikepdf.String(checksum), CreationDate=date, ModDate=date
        )
        specifications.append(pdf.make_indirect(_specification(name, stream)))
    tree = sorted(zip(names, specifications, strict=True), key=lambda pair: pair[0].encode("utf-16-be"))
    leaves = [one for name, specification in tree for one in (pikepdf.String(name), specification)]
    if Name.Names not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=Array(leaves)))
    pdf.Root.AF = Array(specifications)


def _specification(name: str, stream: Object) -> Dictionary:
    return Dictionary(
        Type=Name.Filespec,
        F=pikepdf.String(name),
        UF=pikepdf.String(name),
        AFRelationship=Name.Source,
        Desc=pikepdf.String("Tệp gốc"),
        EF=Dictionary(F=stream, UF=stream),
    )


def _read(path: Path, digest: hashlib._Hash) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            yield chunk


def _names(originals: tuple[Original, ...]) -> Iterator[str]:
    """Each its own: the second of a name gets a number."""
    taken: set[str] = set()
    for original in originals:
        name = clean(PurePath(original.name).name) or "original"
        stem, suffix, number = PurePath(name).stem, PurePath(name).suffix, 2
        while name in taken:
            name, number = f"{stem} ({number}){suffix}", number + 1
        taken.add(name)
        yield name
