"""The faces a made-up page may be set in: free fonts that can write Vietnamese, fetched, tested and rebuilt.

`python -m ocr.training.fonts FOLDER` fetches what the catalogue names, rebuilds into FOLDER every face that can write all the
recogniser knows, and lists them in FOLDER/fonts.json, which `load` reads. It needs npm, apt and, for the web packages, the
module brotli. The fonts keep their own licences.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ocr.training import fontfetch
from ocr.training.fontbuild import Source, complaints, gather, lend, write
from ocr.training.fontcompose import compose
from ocr.training.fontlist import Entry, refuse_reserved, table

SUBSETS = ("latin", "latin-ext", "vietnamese", "greek", "math", "symbols")
LENDER = ("fonts-dejavu-core", "DejaVuSans.ttf")
"""The Debian package and the face that lends signs."""


@dataclass(frozen=True, slots=True)
class Font:
    """One font file."""

    path: Path
    family: str
    style: str
    """One of serif, sans, condensed, slab, mono, typewriter, dot-matrix, receipt, display, hand (as a pen writes), script."""
    weight: float
    """How often it is drawn, measured against the others of its style."""
    part: str
    """`train`, or `test`: no family has files in both."""
    licence: str


def load(path: Path) -> list[Font]:
    """Read a fonts.json; paths in it are relative to its folder."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    return [
        Font(path.parent / font["path"], font["family"], font["style"], font["weight"], font["part"], font["licence"])
        for font in listed
    ]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the fetched packages lie and where the faces go."""

    packages: Path
    faces: Path

    def build(self, entry: Entry) -> list[dict[str, Any]]:
        """Write the faces of `entry` that can write and give their lines of fonts.json; the others are told of on stderr."""
        built = []
        for face in entry.faces:
            files = self.files(entry, face)
            if not files:
                continue
            found = self._face(entry, face, files)
            if found:
                print(f"{entry.family} {face}: {'; '.join(found)}", file=sys.stderr)
            else:
                built.append(self._line(entry, face))
        return built

    def _face(self, entry: Entry, face: str, files: Sequence[Path]) -> list[str]:
        source = gather(files, settings(face))
        refuse_reserved(source.family)
        if entry.composed:
            source.drawings.update(compose(source.drawings))
        lend(source, _lender(*self._debian(*LENDER)))
        found = complaints(source.drawings)
        if not found:
            target = self.faces / file_name(entry, face)
            write(source, target.with_suffix(".new"))
            target.with_suffix(".new").replace(target)
        return found

    def files(self, entry: Entry, face: str) -> list[Path]:
        """The fetched files of one face, the plain letters first; none where the package lacks it."""
        if entry.source == "debian":
            return self._debian(entry.package, face)
        kind = "full-normal" if settings(face) else face if "-" in face else f"{face}-normal"
        folder = self.packages / "npm" / "node_modules" / entry.package / "files"
        return [file for subset in SUBSETS if (file := folder / f"{entry.name}-{subset}-{kind}.woff2").exists()]

    def _debian(self, package: str, file: str) -> list[Path]:
        return sorted((self.packages / "debian" / package).rglob(file))[:1]

    def _line(self, entry: Entry, face: str) -> dict[str, Any]:
        where, version = {
            "npm": (self.packages / "npm", fontfetch.npm_version),
            "debian": (self.packages / "debian", fontfetch.debian_version),
        }[entry.source]
        return {
            "path": file_name(entry, face),
            "family": entry.family,
            "package": entry.package,
            "version": version(entry.package, where),
            "licence": entry.licence,
            "style": entry.style,
            "weight": round(entry.weight * share(face), 3),
            "part": entry.part,
            "composed": entry.composed,
        }


@cache
def _lender(file: Path) -> Source:
    return gather([file])


def settings(face: str) -> dict[str, float]:
    """The axes of a variable face, `wght=400,…`; none for any other."""
    return {axis: float(value) for axis, value in (pair.split("=") for pair in face.split(",") if "=" in pair)}


def share(face: str) -> float:
    """How often a face is drawn, measured against the upright one of its family."""
    if "italic" in face.lower() or "oblique" in face.lower():
        return 0.4
    return 0.6 if "700" in face or "bold" in face.lower() else 1.0


def file_name(entry: Entry, face: str) -> str:
    """The name of a rebuilt face."""
    return f"{entry.name}-{re.sub(r'[^A-Za-z0-9-]', '', re.sub(r'[.][ot]tf$', '', face))}.ttf"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fetch, build and list the fonts."""
    ask = argparse.ArgumentParser(description="Fetch the fonts that made-up pages are set in")
    ask.add_argument("folder", type=Path, help="where the fonts and fonts.json go")
    ask.add_argument("--packages", type=Path, help="where the fetched packages are kept (default: FOLDER/packages)")
    given = ask.parse_args(arguments)
    shelf = Shelf((given.packages or given.folder / "packages").resolve(), given.folder)
    shelf.faces.mkdir(parents=True, exist_ok=True)
    entries = table()
    fontfetch.npm(sorted(entry.package for entry in entries if entry.source == "npm"), shelf.packages / "npm")
    fontfetch.debian(
        sorted({LENDER[0], *(entry.package for entry in entries if entry.source == "debian")}), shelf.packages / "debian"
    )
    with ProcessPoolExecutor() as workers:
        fonts = [font for built in workers.map(shelf.build, entries) for font in built]
    listing = shelf.faces / "fonts.json"
    listing.with_suffix(".new").write_text(json.dumps(fonts, ensure_ascii=False, indent=1), encoding="utf-8")
    listing.with_suffix(".new").replace(listing)
    for (style, part), count in sorted(Counter((font["style"], font["part"]) for font in fonts).items()):
        print(f"{style:12} {part:6} {count}")


if __name__ == "__main__":
    main()
