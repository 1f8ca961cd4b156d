"""Files that Python's libraries make; one that is not installed makes none."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image

from benchmarks.born_files import papers, shell
from benchmarks.born_files.papers import Paper

SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SERIF = "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf"


def module(name: str) -> ModuleType | None:
    """A library, if it is there."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):
        return None


def reportlab(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """TrueType, base fonts, CMYK, spot colours, forms, links, bookmarks, alpha."""
    if module("reportlab") is None:
        return
    canvas, metrics, truetype = (
        importlib.import_module(f"reportlab.{name}") for name in ("pdfgen.canvas", "pdfbase.pdfmetrics", "pdfbase.ttfonts")
    )
    metrics.registerFont(truetype.TTFont("Sans", SANS))
    metrics.registerFont(truetype.TTFont("Serif", SERIF))
    for paper in given:
        for way, draw in _REPORTLAB.items():
            out = folder / f"{paper.name}-{way}.pdf"
            sheet = canvas.Canvas(str(out), invariant=True, pageCompression=way != "cmyk")
            sheet.setTitle(paper.title)
            sheet.setFont("Helvetica" if way == "base14" else "Sans" if way != "serif" else "Serif", 9)
            for start in range(0, len(paper.text.splitlines()), 60):
                _reportlab_page(sheet, paper, start, way)
                draw(sheet)
                sheet.showPage()
            sheet.save()
            yield out


def _reportlab_page(sheet: Any, paper: Paper, start: int, way: str) -> None:
    sheet.setFont("Helvetica" if way == "base14" else "Sans" if way != "serif" else "Serif", 9)
    for number, line in enumerate(paper.text.splitlines()[start : start + 60]):
        shown = line.encode("latin-1", "ignore").decode("latin-1") if way == "base14" else line
        sheet.drawString(40, 800 - 12 * number, shown)


def _reportlab_cmyk(sheet: Any) -> None:
    sheet.setFillColorCMYK(0.1, 0.8, 0.9, 0.05)
    sheet.rect(300, 60, 80, 40, fill=1)
    sheet.setStrokeColorCMYK(0.9, 0.3, 0, 0.1)
    sheet.line(300, 50, 500, 55)


def _reportlab_spot(sheet: Any) -> None:
    colors = importlib.import_module("reportlab.lib.colors")
    sheet.setFillColor(colors.CMYKColorSep(0.1, 0.9, 0.2, 0, spotName="PANTONE 200 C", density=0.8))
    sheet.rect(300, 60, 80, 40, fill=1)


def _reportlab_form(sheet: Any) -> None:
    form = sheet.acroForm
    place = len(sheet.getAvailableFonts()) + sheet.getPageNumber()
    form.textfield(name=f"ten{place}", x=60, y=60, width=120, height=18, value="Nguyen Van A")
    form.checkbox(name=f"dong_y{place}", x=200, y=60, checked=True)
    form.choice(name=f"khoa{place}", x=240, y=60, width=80, height=18, value="Noi", options=["Noi", "Ngoai"])


def _reportlab_links(sheet: Any) -> None:
    sheet.linkURL("https://example.invalid/", (40, 40, 140, 60), relative=0)
    sheet.bookmarkPage(f"trang{sheet.getPageNumber()}")
    sheet.addOutlineEntry(f"Trang {sheet.getPageNumber()}", f"trang{sheet.getPageNumber()}")


def _reportlab_alpha(sheet: Any) -> None:
    reader = importlib.import_module("reportlab.lib.utils").ImageReader
    sheet.drawImage(reader(papers.seal()), 400, 80, 90, 90, mask="auto")
    sheet.setFillAlpha(0.4)
    sheet.setFillColorRGB(0, 0.4, 0.8)
    sheet.circle(480, 200, 60, fill=1)
    sheet.linearGradient(40, 40, 140, 60, (importlib.import_module("reportlab.lib.colors").red, "#00f"))


_REPORTLAB: dict[str, Callable[[Any], None]] = {
    "serif": lambda _sheet: None,
    "base14": lambda _sheet: None,
    "cmyk": _reportlab_cmyk,
    "spot": _reportlab_spot,
    "form": _reportlab_form,
    "links": _reportlab_links,
    "alpha": _reportlab_alpha,
}


def fpdf2(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """What our tests have anyway: TrueType subsets, pictures, links, base fonts, its own encryption left out."""
    maker = importlib.import_module("fpdf")
    for paper in given:
        for way in ("plain", "picture", "links", "base14", "tagged"):
            out = folder / f"{paper.name}-{way}.pdf"
            sheet = maker.FPDF()
            sheet.add_font("a", "", SANS)
            sheet.set_title(paper.title)
            sheet.add_page()
            if way == "base14":
                sheet.set_font("Times", size=9)
                sheet.multi_cell(0, 5, paper.text.encode("latin-1", "ignore").decode("latin-1"))
            else:
                sheet.set_font("a", size=9)
                sheet.multi_cell(0, 5, paper.text)
            if way == "picture":
                sheet.image(papers.seal(), w=30)
                sheet.image(papers.seal("CMYK"), w=30)
                sheet.image(papers.seal("LA"), w=30, alt_text="con dấu")
            if way == "links":
                sheet.cell(0, 8, "Tra cứu", link="https://example.invalid/")
                sheet.start_section("Kết quả")
                sheet.text_annotation(50, 50, "Ghi chú của bác sĩ")
                sheet.highlight("đã xem", modification_time=None)
            sheet.output(str(out))
            yield out


def weasyprint(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Pango's shapes; PDF/A variants of its own; forms."""
    html = module("weasyprint")
    if html is None:
        return
    ways: dict[str, dict[str, Any]] = {
        "plain": {},
        "a2b": {"pdf_variant": "pdf/a-2b"},
        "a2u": {"pdf_variant": "pdf/a-2u"},
        "a3b": {"pdf_variant": "pdf/a-3b"},
        "a3u": {"pdf_variant": "pdf/a-3u"},
        "ua": {"pdf_variant": "pdf/ua-1"},
        "pdf20": {"pdf_version": "2.0"},
        "whole-fonts": {"full_fonts": True},
    }
    for paper in given:
        for way, options in ways.items():
            out = folder / f"{paper.name}-{way}.pdf"
            html.HTML(string=papers.rich_html(paper)).write_pdf(out, **options)
            yield out


def cairo(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Cairo alone: TrueType, groups, alpha, meshes; restricted to PDF 1.4, and not."""
    made = module("cairocffi")
    if made is None:
        return
    for paper in given:
        for way in ("text", "groups", "mesh"):
            out = folder / f"{paper.name}-{way}.pdf"
            surface = made.PDFSurface(str(out), 595, 842)
            pen = made.Context(surface)
            pen.select_font_face("Noto Serif")
            pen.set_font_size(9)
            for number, line in enumerate(paper.text.splitlines()[:65]):
                pen.move_to(40, 40 + 12 * number)
                pen.show_text(line)
            if way == "groups":
                pen.push_group()
                pen.set_source_rgba(1, 0, 0, 0.5)
                pen.arc(300, 600, 80, 0, 6.3)
                pen.fill()
                pen.pop_group_to_source()
                pen.paint_with_alpha(0.6)
            if way == "mesh":
                shade = made.RadialGradient(300, 600, 10, 300, 600, 90)
                shade.add_color_stop_rgba(0, 1, 1, 0, 1)
                shade.add_color_stop_rgba(1, 0, 0.3, 0, 0.2)
                pen.set_source(shade)
                pen.paint()
            surface.finish()
            yield out


def pymupdf(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """MuPDF: stories, annotations of every kind, layers, widgets; never part of the product."""
    library = module("pymupdf")
    if library is None:
        return
    for paper in given:
        for way in ("text", "font", "annotations", "layers", "widgets"):
            out = folder / f"{paper.name}-{way}.pdf"
            document = library.open()
            for start in range(0, len(paper.text.splitlines()), 60):
                page = document.new_page()
                face = {"fontname": "helv"} if way == "text" else {"fontname": "F0", "fontfile": SANS}
                page.insert_text((40, 40), paper.text.splitlines()[start : start + 60], fontsize=9, **face)
            _MUPDF.get(way, lambda _document, _library: None)(document, library)
            document.save(str(out))
            yield out


def _mupdf_annotations(document: Any, library: Any) -> None:
    page, rect = document[0], library.Rect
    page.add_highlight_annot(rect(40, 30, 200, 44))
    page.add_underline_annot(rect(40, 44, 200, 56))
    page.add_strikeout_annot(rect(40, 56, 200, 68))
    page.add_squiggly_annot(rect(40, 68, 200, 80))
    page.add_text_annot((300, 300), "Ghi chú")
    page.add_freetext_annot(rect(300, 320, 500, 340), "Da kiem tra")
    page.add_rect_annot(rect(300, 350, 360, 380))
    page.add_circle_annot(rect(370, 350, 430, 380))
    page.add_line_annot((300, 400), (500, 420))
    page.add_ink_annot([[(300, 430), (320, 450), (340, 430)]])
    page.add_stamp_annot(rect(300, 460, 480, 500), stamp=0)
    page.add_file_annot((500, 500), b"dinh kem", "a.txt")
    page.add_polygon_annot([(300, 520), (340, 560), (380, 520)])


def _mupdf_layers(document: Any, library: Any) -> None:
    shown = document.add_ocg("Con dấu", on=True)
    hidden = document.add_ocg("Nháp", on=False)
    document[0].draw_rect(library.Rect(300, 300, 400, 340), fill=(1, 0, 0), oc=shown)
    document[0].draw_rect(library.Rect(300, 400, 400, 440), fill=(0, 0, 1), oc=hidden)


def _mupdf_widgets(document: Any, library: Any) -> None:
    for number, (kind, value) in enumerate(((7, "Nguyen Van A"), (2, True), (3, "Noi"))):
        widget = library.Widget()
        widget.rect = library.Rect(300, 300 + 40 * number, 420, 320 + 40 * number)
        widget.field_type, widget.field_name, widget.field_value = kind, f"o{number}", value
        if kind == 3:
            widget.choice_values = ["Noi", "Ngoai"]
        document[0].add_widget(widget)


_MUPDF: dict[str, Callable[[Any, Any], None]] = {
    "annotations": _mupdf_annotations,
    "layers": _mupdf_layers,
    "widgets": _mupdf_widgets,
}


def img2pdf(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Pictures alone: PNG, JPEG of three colour spaces, JPEG 2000, bitonal."""
    library = module("img2pdf")
    if library is None:
        return
    kinds = [("PNG", "RGB"), ("PNG", "1"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK")]
    for number, (kind, mode) in enumerate((*kinds, ("JPEG2000", "RGB"))):
        out = folder / f"{number}-{kind}-{mode}.pdf"
        out.write_bytes(library.convert(papers.picture_bytes(kind, mode)))
        yield out
    out = folder / f"all-{len(given)}.pdf"
    out.write_bytes(library.convert([papers.picture_bytes(kind, mode) for kind, mode in kinds]))
    yield out


def pillow(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Pictures alone, as Pillow writes them."""
    for mode in ("1", "L", "RGB", "CMYK", "P", "LA", "RGBA"):
        out = folder / f"{mode}-{len(given)}.pdf"
        seal = papers.seal().convert("RGBA" if mode == "RGBA" else "RGB").convert(mode)
        seal.save(out, "PDF", save_all=True, append_images=[Image.new(mode, (30, 30))])
        yield out


def qt(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """What Qt programs print."""
    command = (
        "import sys;from PySide6.QtGui import QGuiApplication,QTextDocument,QPdfWriter,QPagedPaintDevice;"
        "a=QGuiApplication([]);d=QTextDocument();d.setHtml(open(sys.argv[1],encoding='utf-8').read());w=QPdfWriter(sys.argv[2]);"
        "w.setPdfVersion({'1.4':QPagedPaintDevice.PdfVersion_1_4,'A1b':QPagedPaintDevice.PdfVersion_A1b,"
        "'1.6':QPagedPaintDevice.PdfVersion_1_6}[sys.argv[3]]);d.print_(w)"
    )
    for paper in given:
        source = folder / f"{paper.name}.html"
        source.write_text(papers.rich_html(paper), encoding="utf-8")
        for way in ("1.4", "A1b", "1.6"):
            out = folder / f"{paper.name}-{way}.pdf"
            shell.run([sys.executable, "-c", command, source, out, way], folder)
            if out.exists():
                yield out


def xhtml2pdf(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """HTML on ReportLab."""
    library = module("xhtml2pdf.pisa")
    if library is None:
        return
    for paper in given[:3]:
        out = folder / f"{paper.name}.pdf"
        buffer = BytesIO()
        library.CreatePDF(papers.plain_html(paper), dest=buffer)
        out.write_bytes(buffer.getvalue())
        yield out


def matplotlib(folder: Path, given: list[Paper]) -> Iterator[Path]:
    """Curves: Type 3 fonts, or TrueType ones."""
    library = module("matplotlib")
    if library is None:
        return
    library.use("pdf")
    plot = importlib.import_module("matplotlib.pyplot")
    for paper in given:
        for kind in (3, 42):
            library.rcParams["pdf.fonttype"] = kind
            figure, axes = plot.subplots()
            axes.plot([len(row[1]) for row in paper.rows[:20]] or [0, 1], alpha=0.5)
            axes.set_title(paper.title + " — nhiệt độ")
            out = folder / f"{paper.name}-{kind}.pdf"
            figure.savefig(out, metadata={"CreationDate": None})
            plot.close(figure)
            yield out
