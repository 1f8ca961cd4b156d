"""Files made of other files: by Ghostscript, qpdf, MuPDF and pikepdf; with oddities; and damaged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pikepdf

from benchmarks.born_files import libraries, papers, shell
from benchmarks.born_files.papers import Paper
from tests.generator import unusual


def _bases(folder: Path, given: list[Paper]) -> list[Path]:
    """Files to start from: of fpdf2, which is always there, and of ReportLab."""
    start = folder / "base"
    start.mkdir(exist_ok=True)
    made = [*libraries.fpdf2(start, given[:2]), *libraries.reportlab(start, given[1:2])]
    return [path for path in made if path.stem in {"lab-plain", "letter-picture", "letter-alpha", "letter-serif", "letter-links"}]


_GHOSTSCRIPT = {
    "screen": ("-dPDFSETTINGS=/screen",),
    "prepress": ("-dPDFSETTINGS=/prepress",),
    "pdf13": ("-dCompatibilityLevel=1.3",),
    "cmyk": ("-sColorConversionStrategy=CMYK", "-sProcessColorModel=DeviceCMYK"),
    "grey": ("-sColorConversionStrategy=Gray", "-sProcessColorModel=DeviceGray"),
    "whole-fonts": ("-dSubsetFonts=false",),
    "outside": ("-dEmbedAllFonts=false",),
    "pdfa": ("-dPDFA=2", "-dPDFACompatibilityPolicy=1", "-sColorConversionStrategy=RGB"),
}


def ghostscript(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Distilled with several settings."""
    for base in _bases(folder, given):
        for way, options in _GHOSTSCRIPT.items():
            out = folder / f"{base.stem}-{way}.pdf"
            shell.run(["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", *options, f"-sOutputFile={out}", base], folder)
            if out.exists():
                yield out


def postscript(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """PDF to PostScript and back, as printer drivers do."""
    for base in _bases(folder, given):
        for way in ("pdftops", "pdf2ps"):
            middle, out = folder / f"{base.stem}-{way}.ps", folder / f"{base.stem}-{way}.pdf"
            shell.run([way, base, middle], folder)
            shell.run(["ps2pdf", middle, out], folder)
            if out.exists():
                yield out


def poppler(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Cairo through Poppler."""
    for base in _bases(folder, given):
        out = folder / f"{base.stem}.pdf"
        shell.run(["pdftocairo", "-pdf", base, out], folder)
        if out.exists():
            yield out


_QPDF = {
    "object-streams": ("--object-streams=generate",),
    "linear": ("--linearize",),
    "qdf": ("--qdf",),
    "locked-against-change": ("--encrypt", "", "chu", "256", "--print=none", "--"),
    "old-lock": ("--allow-weak-crypto", "--encrypt", "", "chu", "40", "--"),
    "pdf20": ("--force-version=2.0",),
    "pages-twice": ("--pages", ".", "1,1", "--"),
}


def qpdf(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Written anew by qpdf."""
    for base in _bases(folder, given):
        for way, options in _QPDF.items():
            out = folder / f"{base.stem}-{way}.pdf"
            shell.run(["qpdf", base, *options, out], folder)
            if out.exists():
                yield out


def mutool(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Written anew by MuPDF."""
    for base in _bases(folder, given):
        for way, options in (("clean", ("-gggg", "-z")), ("bare", ("-d",)), ("sanitised", ("-s",))):
            out = folder / f"{base.stem}-{way}.pdf"
            shell.run(["mutool", "clean", *options, base, out], folder)
            if out.exists():
                yield out


def imagemagick(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Pictures alone. Debian forbids it `pdf:`; `epdf:` is the same writer."""
    source = folder / "seal.png"
    source.write_bytes(papers.picture_bytes())
    program = "/usr/bin/convert" if Path("/usr/bin/convert").exists() else "magick"
    for way in ("", "cmyk", "gray", "lzw", "jpeg2000", "group4"):
        out = folder / f"seal-{way}-{len(given)}.pdf"
        options = {"cmyk": ["-colorspace", "CMYK"], "gray": ["-colorspace", "Gray"], "": []}.get(way, ["-compress", way])
        shell.run([program, source, *options, f"epdf:{out}"], folder)
        if out.exists():
            yield out


def oddities(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Everything of `tests/generator/unusual.py`."""
    for base in _bases(folder, given)[:2]:
        for name, change in unusual.CHANGES.items():
            out = folder / f"{name}-{base.stem}.pdf"
            with pikepdf.open(base) as pdf:
                change(pdf)
                pdf.save(out, deterministic_id=True)
            yield out


def archival(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """PDF/A already, by pikepdf; and files that merely say so."""
    for base in _bases(folder, given):
        for flavour in ("1b", "2b", "3b"):
            out = folder / f"{base.stem}-{flavour}.pdf"
            with pikepdf.open(base) as pdf:
                pikepdf.pdfa.prepare(pdf, flavour, output_intent="sRGB")
                pdf.save(out, **pikepdf.pdfa.resolve_save_kwargs(flavour, deterministic_id=True))
            yield out
            with pikepdf.open(out) as pdf:
                unusual.scripts(pdf)
                pdf.save(folder / f"{base.stem}-{flavour}-claimed.pdf", deterministic_id=True)
            yield folder / f"{base.stem}-{flavour}-claimed.pdf"


def long_files(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Three hundred pages."""
    for base in _bases(folder, given)[:1]:
        out = folder / "three-hundred.pdf"
        with pikepdf.open(base) as pdf, pikepdf.new() as made:
            for _ in range(300):
                made.pages.append(pdf.pages[0])
            made.save(out, deterministic_id=True)
        yield out


def _cut(data: bytes, _rng: Random) -> bytes:
    return data[: int(len(data) * 0.7)]


def _no_table(data: bytes, _rng: Random) -> bytes:
    return re.sub(rb"startxref\s+\d+", b"startxref\n7", data)


def _no_endobj(data: bytes, rng: Random) -> bytes:
    places = [found.start() for found in re.finditer(rb"endobj", data)]
    at = rng.choice(places)
    return data[:at] + b"      " + data[at + 6 :]


def _wrong_lengths(data: bytes, _rng: Random) -> bytes:
    return re.sub(rb"/Length (\d+)", lambda found: b"/Length " + b"1" * len(found[1]), data)


def _junk_before(data: bytes, _rng: Random) -> bytes:
    return b"HTTP/1.1 200 OK\r\n\r\n" + data


def _junk_after(data: bytes, _rng: Random) -> bytes:
    return data + b"\n<html>xong</html>\n" * 3


def _flipped(data: bytes, rng: Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(12):
        spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)


def _old_update(data: bytes, _rng: Random) -> bytes:
    size = max(int(found) for found in re.findall(rb"/Size (\d+)", data))
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    root = re.findall(rb"/Root \d+ \d+ R", data)[-1]
    at = len(data) + 1
    update = b"\n%d 0 obj\n<</Moi true>>\nendobj\n" % size
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Prev %d %b>>\nstartxref\n%d\n%%%%EOF\n"
    return data + update + table % (size, at, size + 1, start, root, len(data) + len(update))


_DAMAGE: dict[str, Callable[[bytes, Random], bytes]] = {
    "cut": _cut,
    "no-table": _no_table,
    "no-endobj": _no_endobj,
    "wrong-lengths": _wrong_lengths,
    "junk-before": _junk_before,
    "junk-after": _junk_after,
    "flipped-1": _flipped,
    "flipped-2": _flipped,
    "flipped-3": _flipped,
    "update": _old_update,
}


def damaged(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Cut, overwritten, appended to."""
    rng = Random(7)
    for base in _bases(folder, given):
        plain = folder / f"{base.stem}-whole.pdf"
        with pikepdf.open(base) as pdf:
            pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
        for name, spoil in _DAMAGE.items():
            out = folder / f"{base.stem}-{name}.pdf"
            out.write_bytes(spoil(plain.read_bytes(), rng))
            yield out
