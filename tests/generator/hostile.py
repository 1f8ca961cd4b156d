"""Files that no honest scanner made, or that were cut off on the way. `MAKERS` names them all; each takes the path to write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pikepdf
from PIL import Image

from tests.generator import files, forms, people
from tests.generator.sheet import Page

Maker = Callable[[Path], Path]


def page(dpi: int = 100) -> Page:
    """A small honest page."""
    rng = Random(1)
    person = people.invent(rng)
    return forms.giay_ra_vien(person, person.stays[0], rng).pages(dpi)[0]


def empty(path: Path) -> Path:
    """No byte at all."""
    path.write_bytes(b"")
    return path


def foreign(path: Path) -> Path:
    """A text that somebody renamed."""
    path.write_text("Đây không phải là bản quét.\n" * 20, encoding="utf-8")
    return path


def truncated_pdf(path: Path) -> Path:
    """Copied half-way."""
    files.pdf([page()], path)
    return _cut(path, 0.5)


def truncated_jpeg(path: Path) -> Path:
    """Copied half-way."""
    return _cut(files.jpeg(page(), path), 0.5)


def truncated_png(path: Path) -> Path:
    """Copied half-way."""
    return _cut(files.png(page(), path), 0.6)


def truncated_tiff(path: Path) -> Path:
    """Copied half-way."""
    return _cut(files.tiff([page(), page()], path), 0.5)


def truncated_webp(path: Path) -> Path:
    """Copied half-way."""
    return _cut(files.webp(page(), path), 0.5)


def _cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def _change(path: Path, change: Callable[[pikepdf.Pdf], None], encryption: pikepdf.Encryption | None = None) -> Path:
    files.pdf([page()], path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        change(document)
        document.save(path, encryption=encryption)
    return path


def _nothing(document: pikepdf.Pdf) -> None:
    assert document.pages


def encrypted(path: Path) -> Path:
    """Opens with a password only."""
    return _change(path, _nothing, encryption=pikepdf.Encryption(user="bi-mat", owner="chu"))


def owner_password(path: Path) -> Path:
    """Opens for everyone, may be changed by its owner only."""
    rights = pikepdf.Permissions(modify_other=False, extract=False)
    return _change(path, _nothing, encryption=pikepdf.Encryption(user="", owner="chu", allow=rights))


def javascript(path: Path) -> Path:
    """Runs a script when opened."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('1')"))

    return _change(path, change)


def launch(path: Path) -> Path:
    """Starts a program when opened."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))

    return _change(path, change)


def attachment(path: Path) -> Path:
    """Carries another file."""

    def change(document: pikepdf.Pdf) -> None:
        document.attachments["ghi-chu.txt"] = b"dinh kem"

    return _change(path, change)


def xfa(path: Path) -> Path:
    """A dynamic form: what it shows is drawn by a program from XML, not by its pages."""

    def change(document: pikepdf.Pdf) -> None:
        parts = pikepdf.Stream(document, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA=parts)
        document.Root.NeedsRendering = True

    return _change(path, change)


def broken_xref(path: Path) -> Path:
    """Its table of objects points nowhere; a patient reader finds them all the same."""
    files.pdf([page()], path)
    data = path.read_bytes()
    head, _, _ = data.rpartition(b"startxref")
    path.write_bytes(head.replace(b"xref\n0", b"xref\n7") + b"startxref\n7\n%%EOF\n")
    return path


def hollow(path: Path) -> Path:
    """Says it is a PDF and holds nothing that could be one."""
    path.write_bytes(b"%PDF-1.7\n" + b"nothing here\n" * 30 + b"startxref\n0\n%%EOF\n")
    return path


def no_pages(path: Path) -> Path:
    """A sound PDF without a page."""
    with pikepdf.new() as document:
        document.save(path)
    return path


def many_pages(path: Path, count: int = 10_000) -> Path:
    """Ten thousand sheets in one file."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200))
        for _ in range(count - 1):
            document.pages.append(document.pages[0])
        document.save(path)
    return path


def png_bomb(path: Path, side: int = 60_000) -> Path:
    """A few kilobytes that say they are gigapixels."""
    return _png(path, side, zlib.compress(b"\x00" * 10_000))


def _png(path: Path, side: int, body: bytes) -> Path:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    return path


def pdf_bomb(path: Path, side: int = 60_000) -> Path:
    """A small PDF whose only picture says it is gigapixels."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        entries = {
            "Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": side, "Height": side,
            "ColorSpace": pikepdf.Name.DeviceGray, "BitsPerComponent": 8,
        }  # fmt: skip
        stream = pikepdf.Stream(document, b"\x00" * 100_000, **entries)
        name = document.pages[0].add_resource(stream, pikepdf.Name.XObject, pikepdf.Name.Im)
        document.pages[0].contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q".encode())
        document.save(path, compress_streams=True)
    return path


def huge_sheet(path: Path) -> Path:
    """A PDF page some kilometres wide."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(14_400, 14_400))
        document.pages[0].UserUnit = 10_000
        document.save(path)
    return path


def gif(path: Path) -> Path:
    """A picture of a kind that no scanner writes."""
    Image.new("P", (50, 50)).save(path, "GIF")
    return path


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        empty, foreign, gif, truncated_pdf, truncated_jpeg, truncated_png, truncated_tiff, truncated_webp,
        encrypted, owner_password,
        javascript, launch, attachment, xfa, broken_xref, hollow, no_pages, many_pages, png_bomb, pdf_bomb, huge_sheet,
    )
}  # fmt: skip
