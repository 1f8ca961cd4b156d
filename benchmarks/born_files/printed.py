"""Files that programs print: office suites, browsers, typesetters. Each maker yields what it could make."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from benchmarks.born_files import papers, shell
from benchmarks.born_files.papers import Paper

_CSV = "44,34,76,1,,0,false,true"
_WRITER_WAYS = {
    "plain": "",
    "a1b": '{"SelectPdfVersion":{"type":"long","value":"1"}}',
    "a2b": '{"SelectPdfVersion":{"type":"long","value":"2"}}',
    "a3b": '{"SelectPdfVersion":{"type":"long","value":"3"}}',
    "tagged": '{"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"}}',
    "lossless": '{"UseLosslessCompression":{"type":"boolean","value":"true"}}',
    "watermark": '{"Watermark":{"type":"string","value":"BẢN SAO"}}',
    "pdf16": '{"SelectPdfVersion":{"type":"long","value":"16"}}',
    "hybrid": '{"IsAddStream":{"type":"boolean","value":"true"}}',
}


def libreoffice(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Writer, Calc and Draw, with different ways to export."""
    sources = []
    for paper in given:
        sources.append((_write(folder / f"{paper.name}.html", papers.rich_html(paper)), "writer_web_pdf_Export", "plain"))
        sources.append((_write(folder / f"{paper.name}.fodt", _odt(paper)), "writer_pdf_Export", "all"))
        rows = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (*((line,) for line in paper.lines), *paper.rows))
        sources.append((_write(folder / f"{paper.name}.csv", rows), "calc_pdf_Export", "plain"))
        sources.append((_write(folder / f"{paper.name}.svg", svg(paper)), "draw_pdf_Export", "plain"))
        sources.append((_write(folder / f"{paper.name}.fodp", _odp(paper)), "impress_pdf_Export", "plain"))
    for source, export, ways in sources:
        for way in _WRITER_WAYS if ways == "all" and source.stem != "book" else ("plain",):
            options = _WRITER_WAYS[way]
            target = f"pdf:{export}:{options}" if options else f"pdf:{export}"
            infilter = [f"--infilter=CSV:{_CSV}"] if source.suffix == ".csv" else []
            home = f"-env:UserInstallation=file://{folder}/profile"
            command: list[str | Path] = [
                "soffice",
                home,
                "--headless",
                *infilter,
                "--convert-to",
                target,
                "--outdir",
                folder,
                source,
            ]
            made = source.with_suffix(".pdf")
            if shell.run(command, folder) and made.exists():
                yield made.rename(folder / f"{source.suffix[1:]}-{source.stem}-{way}.pdf")


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


_OFFICE = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:body>'
)


def _odt(paper: Paper) -> str:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in paper.lines)
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in paper.rows
    )
    columns = len(paper.rows[0]) if paper.rows else 0
    table = f'<table:table><table:table-column table:number-columns-repeated="{columns}"/>{rows}</table:table>' if columns else ""
    link = '<text:p><text:a xlink:type="simple" xlink:href="https://example.invalid/">Tra cứu</text:a></text:p>'
    head = f'<text:h text:outline-level="1">{escape(paper.title)}</text:h>'
    body = f"<office:text>{head}{lines}{link}{table}</office:text></office:body></office:document>"
    return _OFFICE.replace("{kind}", "text") + body


def _odp(paper: Paper) -> str:
    boxes = "".join(
        f'<draw:frame svg:width="22cm" svg:height="1.5cm" svg:x="1cm" svg:y="{2 * n + 1}cm"><draw:text-box><text:p>{escape(line)}'
        "</text:p></draw:text-box></draw:frame>"
        for n, line in enumerate((paper.title, *paper.lines[:5]))
    )
    pages = f'<draw:page draw:name="Trang 1">{boxes}</draw:page><draw:page draw:name="Trang 2">{boxes}</draw:page>'
    return (
        _OFFICE.replace("{kind}", "presentation")
        + f"<office:presentation>{pages}</office:presentation></office:body></office:document>"
    )


def svg(paper: Paper) -> str:
    """The head of a paper as a drawing with a gradient, half clear shapes and a dashed line."""
    rows = "".join(f'<text x="30" y="{90 + 24 * n}" font-size="12">{escape(line)}</text>' for n, line in enumerate(paper.lines))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="595" height="842" font-family="Noto Serif"><defs><linearGradient id="g">'
        '<stop offset="0" stop-color="#036"/><stop offset="1" stop-color="#9cf" stop-opacity=".2"/></linearGradient></defs>'
        f'<rect x="20" y="20" width="555" height="40" fill="url(#g)"/>'
        f'<text x="30" y="48" font-size="20">{escape(paper.title)}</text>'
        f'{rows}<circle cx="450" cy="600" r="80" fill="#c00" fill-opacity=".3" stroke="#c00" stroke-width="6"/>'
        '<path d="M30 500 L560 700" stroke="#080" stroke-dasharray="6 3" fill="none"/></svg>'
    )


def chromium(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Printed from a browser."""
    for paper in given:
        for way, html in (("rich", papers.rich_html(paper)), ("plain", papers.plain_html(paper)), ("svg", svg(paper))):
            source = _write(folder / f"{paper.name}-{way}.{'svg' if way == 'svg' else 'html'}", html)
            for tags in ((), ("--disable-pdf-tagging",), ("--generate-pdf-document-outline",)):
                out = folder / f"{paper.name}-{way}{''.join(tags)}.pdf"
                shell.run(
                    [
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        *tags,
                        f"--print-to-pdf={out}",
                        f"file://{source}",
                    ],
                    folder,
                )
                if out.exists():
                    yield out


def wkhtmltopdf(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Of old, and still in many programs of hospitals."""
    for paper in given:
        for way, html in (("rich", papers.rich_html(paper)), ("plain", papers.plain_html(paper))):
            source = _write(folder / f"{paper.name}-{way}.html", html)
            for name, options in (("", ()), ("-grey", ("--grayscale",)), ("-forms", ("--enable-forms",))):
                out = folder / f"{paper.name}-{way}{name}.pdf"
                command = ["xvfb-run", "-a", "wkhtmltopdf", "-q", *options, source, out]
                shell.run(command, folder)
                if out.exists():
                    yield out


_T5 = r"\usepackage[utf8]{inputenc}\usepackage[T5]{fontenc}"
_TEX = {
    "pdflatex": _T5,
    "pdflatex-lm": _T5 + r"\usepackage{lmodern}",
    "pdflatex-links": _T5 + r"\usepackage{lmodern}\usepackage{hyperref}",
    "pdflatex-mapped": _T5 + r"\usepackage{lmodern}\input{glyphtounicode}\pdfgentounicode=1",
    "xelatex": r"\usepackage{fontspec}\setmainfont{Noto Serif}",
    "xelatex-links": r"\usepackage{fontspec}\setmainfont{DejaVu Sans}\usepackage{hyperref}",
    "lualatex": r"\usepackage{fontspec}\setmainfont{Noto Serif}",
    "lualatex-links": r"\usepackage{fontspec}\setmainfont{Liberation Serif}\usepackage{hyperref}",
}


def tex(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """pdfTeX (Type 1, and bitmaps where there is no outline), XeTeX, LuaTeX."""
    for paper in given:
        for way, head in _TEX.items():
            name = f"{way}-{paper.name}"
            _write(folder / f"{name}.tex", _latex(paper, head))
            shell.run([way.partition("-")[0], "-interaction=nonstopmode", f"{name}.tex"], folder)
            if (folder / f"{name}.pdf").exists():
                yield folder / f"{name}.pdf"


def _latex(paper: Paper, head: str) -> str:
    def plain(text: str) -> str:
        for sign, written in (("\\", r"\textbackslash "), ("%", r"\%"), ("≤", r"$\leq$"), ("≥", r"$\geq$"), ("µ", r"$\mu$")):
            text = text.replace(sign, written)
        return text.replace("°", r"$^\circ$").replace("–", "--").replace("→", "").replace("_", r"\_")

    lines = "\n\n".join(plain(line) for line in paper.lines)
    rows = "\n\n".join(plain(" \\quad ".join(row)).replace(r"\textbackslash quad", r"\quad") for row in paper.rows[:120])
    links = r"\href{https://example.invalid/}{Tra cứu}" if "hyperref" in head else ""
    maths = r"$\int_0^1 x^2\,dx = \frac13$, $\alpha\beta \leq \sum_i \sqrt{x_i}$"
    body = f"\\section{{{plain(paper.title)}}}\n{lines}\n\n{maths}\n\n{links}\n\n{rows}\n"
    return f"\\documentclass{{article}}\n{head}\n\\begin{{document}}\n{body}\\end{{document}}\n"


def groff(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """PostScript's base fonts, and letters built of two."""
    for paper in given:
        source = paper.text.encode()
        for device in ("pdf", "ps"):
            out = folder / f"{paper.name}-{device}.pdf"
            tail = ["ps2pdf", "-", str(out)] if device == "ps" else ["tee", str(out)]
            shell.run(["sh", "-c", 'groff -k -T "$0" | "$@"', device, *tail], folder, b".nf\n" + source)
            if out.exists() and out.stat().st_size:
                yield out


def fop(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Base fonts left outside the file, and its own PDF/A."""
    for paper in given:
        rows = "".join(f'<fo:block font-family="Times">{escape(line)}</fo:block>' for line in (paper.title, *paper.lines))
        source = _write(
            folder / f"{paper.name}.fo",
            '<fo:root xmlns:fo="http://www.w3.org/1999/XSL/Format"><fo:layout-master-set><fo:simple-page-master master-name="a" '
            'page-height="297mm" page-width="210mm" margin="2cm"><fo:region-body/></fo:simple-page-master></fo:layout-master-set>'
            f'<fo:page-sequence master-reference="a"><fo:flow flow-name="xsl-region-body">{rows}</fo:flow>'
            "</fo:page-sequence></fo:root>",
        )
        out = folder / f"{paper.name}.pdf"
        shell.run(["fop", source, out], folder)
        if out.exists():
            yield out


def inkscape(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Drawings."""
    for paper in given:
        source = _write(folder / f"{paper.name}.svg", svg(paper))
        for way in ("1.4", "1.5"):
            out = folder / f"{paper.name}-{way}.pdf"
            shell.run(["inkscape", source, f"--export-filename={out}", f"--export-pdf-version={way}"], folder)
            if out.exists():
                yield out


def rsvg(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Cairo and Pango."""
    for paper in given:
        source = _write(folder / f"{paper.name}.svg", svg(paper))
        for way in ("pdf", "pdf1.4", "pdf1.7"):
            out = folder / f"{paper.name}-{way}.pdf"
            shell.run(["rsvg-convert", "-f", way, "-o", out, source], folder)
            if out.exists() and out.stat().st_size:
                yield out
