"""All makers of files, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.born_files import foreign, libraries, printed, rewritten
from benchmarks.born_files.papers import Paper, papers

SEED = 20
Maker = Callable[[Path, list[Paper]], Iterator[Path]]

PRODUCERS: dict[str, Maker] = {
    "LibreOffice": printed.libreoffice,
    "Chromium": printed.chromium,
    "wkhtmltopdf": printed.wkhtmltopdf,
    "TeX": printed.tex,
    "groff": printed.groff,
    "FOP": printed.fop,
    "Inkscape": printed.inkscape,
    "rsvg": printed.rsvg,
    "ReportLab": libraries.reportlab,
    "fpdf2": libraries.fpdf2,
    "WeasyPrint": libraries.weasyprint,
    "Cairo": libraries.cairo,
    "MuPDF": libraries.pymupdf,
    "img2pdf": libraries.img2pdf,
    "Pillow": libraries.pillow,
    "Qt": libraries.qt,
    "xhtml2pdf": libraries.xhtml2pdf,
    "matplotlib": libraries.matplotlib,
    "JavaScript": foreign.node,
    "Java": foreign.java,
    "Ghostscript": rewritten.ghostscript,
    "PostScript": rewritten.postscript,
    "Poppler": rewritten.poppler,
    "qpdf": rewritten.qpdf,
    "mutool": rewritten.mutool,
    "ImageMagick": rewritten.imagemagick,
    "PDF/A": rewritten.archival,
    "long": rewritten.long_files,
    "oddities": rewritten.oddities,
    "damaged": rewritten.damaged,
}


def make(folder: Path, names: list[str]) -> dict[str, list[Path]]:
    """The files of each producer that is named, in a folder of its own; those that are there from an earlier run are kept."""
    made: dict[str, list[Path]] = {}
    given = papers(SEED)
    for name in names:
        place = folder / name.replace("/", "-")
        done = place / "done"
        if not done.exists():
            place.mkdir(parents=True, exist_ok=True)
            done.write_text("\n".join(str(path.relative_to(place)) for path in PRODUCERS[name](place, given)), encoding="utf-8")
        made[name] = [place / line for line in done.read_text(encoding="utf-8").splitlines()]
    return made
