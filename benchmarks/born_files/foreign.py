"""Files that libraries of other languages make: Java and JavaScript. They are fetched into the cache when first needed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.born_files import papers, shell
from benchmarks.born_files.libraries import SANS, SERIF
from benchmarks.born_files.papers import Paper

_HERE = Path(__file__).parent
_JARS = ("org.apache.pdfbox:pdfbox:3.0.5", "com.github.librepdf:openpdf:2.0.3")
_PACKAGES = ("pdf-lib@1.17.1", "@pdf-lib/fontkit@1.1.1", "pdfmake@0.2.20", "jspdf@3.0.1", "pdfkit@0.17.1")


def _cache(name: str) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "luuky" / "born" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _given(folder: Path, given: list[Paper]) -> Path:
    """What the makers are told, as JSON."""
    seal = folder / "seal.png"
    seal.write_bytes(papers.picture_bytes())
    photo = folder / "seal.jpg"
    photo.write_bytes(papers.picture_bytes("JPEG", "RGB"))
    texts = [{"name": paper.name, "title": paper.title, "lines": paper.text.splitlines()} for paper in given]
    path = folder / "given.json"
    path.write_text(
        json.dumps({"papers": texts, "sans": SANS, "serif": SERIF, "seal": str(seal), "photo": str(photo)}), encoding="utf-8"
    )
    return path


def node(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """pdf-lib, pdfmake, PDFKit and jsPDF."""
    home = _cache("node")
    if not (home / "node_modules" / "pdfkit").is_dir():
        shell.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *_PACKAGES], home)
    script = home / "make.cjs"
    script.write_bytes((_HERE / "make.cjs").read_bytes())
    shell.run(["node", script, _given(folder, given), folder], home)
    yield from sorted(folder.glob("*.pdf"))


def java(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """PDFBox and OpenPDF."""
    home = _cache("java")
    for jar in _JARS:
        if not list(home.glob(f"{jar.split(':')[1]}-*.jar")):
            shell.run(["mvn", "-q", "-B", "dependency:get", f"-Dartifact={jar}", f"-Dmaven.repo.local={home}/repo"], home)
            for found in home.glob("repo/**/*.jar"):
                (home / found.name).write_bytes(found.read_bytes())
    lines = folder / "lines.txt"
    for paper in given:
        lines.write_text(paper.text, encoding="utf-8")
        shell.run(
            [
                "java",
                "-cp",
                f"{home}/*",
                _HERE / "Make.java",
                lines,
                folder / paper.name,
                SANS,
                _given(folder, given).with_name("seal.png"),
            ],
            folder,
        )
    yield from sorted(folder.glob("*.pdf"))
