"""Every way in which a scanned page may be coded, in files of every kind, with what a viewer shows of it.

Each coding writes a file of one page, about `DPI` fine. `page(name)` is what the belt makes of it. What comes out of a bound file
is to differ from `shown` by at most `apart` grey levels in any channel of any pixel.
"""

from __future__ import annotations

import functools
import io
import struct
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from pikepdf import Name
from PIL import Image, ImageCms

from domain.pages import PageImage
from ingest.inspect import inspect
from ingest.pages import cut
from ingest.settings import IngestSettings
from pdfa.jbig2 import jbig2_picture
from tests.pdfa import made_jbig2, made_pdf, made_tiff, sheets
from tests.pdfa.made_pdf import Piece, picture_page
from tests.pdfa.sheets import DPI

SETTINGS = IngestSettings()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
EXACT, ROUNDED, LIKE = 0, 2, 255
"""Levels: where nothing is lost; where decoders round (ITU-T T.83); where colours are looked at on the whole only."""


@dataclass(frozen=True)
class Coding:
    """`write` makes the file; `shown` is what it shows; `own`: whether the coded picture goes through untouched; `by_poppler`:
    whether that decoder can be asked.
    """

    write: Callable[[Path], object]
    shown: Callable[[], Image.Image]
    apart: int = EXACT
    own: bool = True
    by_poppler: bool = True


@functools.cache
def colour() -> Image.Image:
    """The page all these files hold: print in black, and something in colour."""
    picture = sheets.page().image.convert("RGB").resize((416, 592))
    picture.paste((178, 34, 60), (250, 400, 330, 440))
    picture.paste((20, 60, 190), (60, 410, 160, 430))
    return picture


@functools.cache
def grey() -> Image.Image:
    return colour().convert("L")


@functools.cache
def bitonal() -> Image.Image:
    return grey().point(lambda value: 255 * (value > 140)).convert("1", dither=Image.Dither.NONE)


@functools.cache
def indexed() -> Image.Image:
    return colour().quantize(16, dither=Image.Dither.NONE)


def sixteen() -> np.ndarray:
    """Grey of sixteen bits that are not twice the same eight."""
    return np.asarray(grey()).astype(np.uint16) * 256 + 77


@functools.cache
def coded(picture: Callable[[], Image.Image], form: str, **options: object) -> bytes:
    """A picture as Pillow writes it."""
    out = io.BytesIO()
    picture().save(out, form, **{"dpi": (DPI, DPI), **options})
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    """As Pillow reads it."""
    return Image.open(io.BytesIO(data))


def _file(picture: Callable[[], Image.Image], form: str, apart: int = EXACT, *, own: bool = True, **options: object) -> Coding:
    """A file as Pillow writes and reads it."""

    def data() -> bytes:
        return coded(picture, form, **options)

    return Coding(lambda path: path.write_bytes(data()), lambda: decoded(data()), apart, own)


def _tiff(picture: Callable[[], Image.Image], compression: str, rows: int = 0, *, own: bool = True, **options: object) -> Coding:
    more = {"tiffinfo": {278: rows or picture().height}, **options}

    def write(path: Path) -> None:
        picture().save(path, "TIFF", compression=compression, dpi=(DPI, DPI), **more)

    def shown() -> Image.Image:
        out = io.BytesIO()
        picture().save(out, "TIFF", compression=compression, **more)
        return decoded(out.getvalue())

    return Coding(write, shown, ROUNDED if compression == "jpeg" else EXACT, own)


def _pdf(
    shown: Callable[[], Image.Image], data: Callable[[], bytes], apart: int = EXACT, *, own: bool = True, poppler: bool = True,
    **entries: object,
) -> Coding:  # fmt: skip
    """A PDF page of one picture; entries that can be called are called."""

    def write(path: Path) -> Path:
        made = {name: value() if callable(value) else value for name, value in entries.items()}
        return picture_page(path, shown().size, DPI, data(), **{"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8, **made})

    return Coding(write, shown, apart, own, poppler)


def _strip(compression: str, photometric: int = 0, options: int = 0) -> Callable[[], bytes]:
    """The one strip of the page in black and white; `options` are T.4's."""

    def strip() -> bytes:
        tiffinfo = {262: photometric, **({292: options} if options else {})}
        return made_tiff.strips_of(bitonal(), bitonal().height, compression, tiffinfo=tiffinfo)[1][0]

    return strip


def _fax(strip: Callable[[], bytes], **parms: object) -> Coding:
    every = {"Columns": bitonal().width, **parms}
    return _pdf(bitonal, strip, BitsPerComponent=1, Filter=Name.CCITTFaxDecode, DecodeParms=every)


def _jbig2() -> bytes:
    return jbig2_picture(~np.asarray(bitonal())).data


def _heic(path: Path) -> None:
    pillow_heif.from_pillow(colour()).save(path, quality=90)


def _inks() -> Image.Image:
    return colour().convert("CMYK")


def _without_jfif(data: bytes) -> bytes:
    """A JPEG without its first marker."""
    return data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]


def _rgb() -> bytes:
    return _without_jfif(coded(colour, "JPEG", quality=92, keep_rgb=True))


@functools.cache
def inks_profile() -> bytes:
    """A small profile of inks, as printers have them: a coarse table to Lab and back (ICC.1, 10.10)."""
    return _lut_profile()


def _lut_profile() -> bytes:
    corners = [(c, m, y, k) for c in (0, 255) for m in (0, 255) for y in (0, 255) for k in (0, 255)]
    picture = Image.new("CMYK", (16, 1))
    picture.putdata(corners)
    lab = ImageCms.createProfile("LAB")
    turned = ImageCms.profileToProfile(picture.convert("RGB"), ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    table = b"".join(bytes((light, a, b)) for light, a, b in np.asarray(turned).astype(np.uint8).reshape(-1, 3) ^ (0, 128, 128))
    straight = bytes(range(256))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    forth = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + straight * 4 + table + straight * 3
    back = b"mft1" + bytes(4) + bytes((3, 4, 2, 0)) + identity + straight * 3 + bytes(range(32)) + straight * 4
    text = b"text" + bytes(4) + b"Made for tests\0"
    named = b"desc" + bytes(4) + struct.pack(">I", 6) + b"inks1\0" + bytes(78)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    tags = {b"desc": named, b"cprt": text, b"wtpt": white, b"A2B0": forth, b"B2A0": back}
    head, body = 128 + 4 + 12 * len(tags), b""
    directory = struct.pack(">I", len(tags))
    for name, value in tags.items():
        directory += struct.pack(">4sII", name, head + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    size = head + len(body)
    header = struct.pack(">I4sI4s4s4s12s4s4s", size, b"lcms", 0x02400000, b"prtr", b"CMYK", b"Lab ", bytes(12), b"acsp", b"MSFT")
    return (header.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)).ljust(128, b"\0") + directory + body


def _seen(picture: Callable[[], Image.Image], profile: Callable[[], bytes]) -> Callable[[], Image.Image]:
    """Through a profile, on an sRGB screen."""

    def seen() -> Image.Image:
        meant = ImageCms.getOpenProfile(io.BytesIO(profile()))
        turned = ImageCms.profileToProfile(picture(), meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
        assert turned is not None
        return turned

    return seen


def _packed(picture: Callable[[], Image.Image]) -> Callable[[], bytes]:
    return lambda: zlib.compress(picture().tobytes())


def _table() -> list[object]:
    return [Name.Indexed, Name.DeviceRGB, 15, bytes(indexed().getpalette() or ())[:48]]


def _eight_bits() -> Image.Image:
    return Image.fromarray((sixteen() >> 8).astype(np.uint8))


STRIP = 48
"""Rows of a strip."""
EDGE = 16
"""Pixels."""


def _strips(
    picture: Callable[[], Image.Image], coded_as: Callable[[Image.Image], tuple[bytes, dict[str, object]]]
) -> list[Piece]:
    """The page cut into strips, as some scanners deliver it."""
    whole = picture()
    found = []
    for top in range(0, whole.height, STRIP):
        strip = whole.crop((0, top, whole.width, min(top + STRIP, whole.height)))
        data, entries = coded_as(strip)
        found.append(Piece(data, strip.size, (0, top), entries))
    return found


def _as_jpeg(strip: Image.Image) -> tuple[bytes, dict[str, object]]:
    out = io.BytesIO()
    strip.save(out, "JPEG", quality=85)
    return out.getvalue(), {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8, "Filter": Name.DCTDecode}


def _as_g4(strip: Image.Image) -> tuple[bytes, dict[str, object]]:
    _, strips = made_tiff.strips_of(strip, strip.height, "group4", tiffinfo={262: 0})
    parms = {"K": -1, "Columns": strip.width, "Rows": strip.height}
    return strips[0], {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 1, "Filter": Name.CCITTFaxDecode, "DecodeParms": parms}


def _beyond_the_edge() -> list[Piece]:
    """The page as one JPEG into which the edge of the sheet cuts on all sides."""
    data, entries = _as_jpeg(grey())
    return [Piece(data, grey().size, (-EDGE, -2 * EDGE), entries)]


def _cut_jpeg() -> Image.Image:
    (piece,) = _beyond_the_edge()
    return decoded(piece.data).crop((EDGE, 2 * EDGE, piece.size[0] - 3 * EDGE, piece.size[1] - EDGE))


def _striped_jpeg() -> Image.Image:
    shown = Image.new("L", grey().size)
    for piece in _strips(grey, _as_jpeg):
        shown.paste(decoded(piece.data), piece.corner)
    return shown


def _paper() -> Image.Image:
    """What is left of the page without its ink."""
    return Image.new("RGB", colour().size, (244, 236, 214))


def _over_paper(ink: Image.Image) -> list[Piece]:
    """A stencil of ink over paper, as programs lay them that make PDFs small."""
    flat = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Filter": Name.FlateDecode}
    data, entries = _as_g4(ink)
    stencil = {**entries, "ImageMask": True}
    del stencil["ColorSpace"]
    return [
        Piece(zlib.compress(_paper().tobytes()), _paper().size, (0, 0), flat),
        Piece(data, ink.size, (0, 0), stencil, ink="0.2 0.4 0.8 rg"),
    ]


def _inked() -> Image.Image:
    shown = _paper()
    shown.paste((51, 102, 204), (0, 0), Image.fromarray(~np.asarray(bitonal())))
    return shown


def _masked(kind: str, mask: dict[str, object], data: bytes) -> list[Piece]:
    """Paper, and over it the page, of which only what a mask lets through is seen."""
    size = {"Type": Name.XObject, "Subtype": Name.Image, "Width": colour().width, "Height": colour().height}
    flat = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Filter": Name.FlateDecode}
    over = {**flat, kind: (data, {**size, **mask})}
    return [
        Piece(zlib.compress(_paper().tobytes()), _paper().size, (0, 0), flat),
        Piece(zlib.compress(colour().tobytes()), colour().size, (0, 0), over),
    ]


def _through() -> Image.Image:
    shown = _paper()
    shown.paste(colour(), (0, 0), Image.fromarray(~np.asarray(bitonal())))
    return shown


def _pieces(
    shown: Callable[[], Image.Image], pieces: Callable[[], list[Piece]], apart: int = EXACT, *, own: bool = True
) -> Coding:  # fmt: skip
    return Coding(lambda path: made_pdf.page_of(path, shown().size, DPI, pieces()), shown, apart, own)


CODINGS: dict[str, Coding] = {
    "JPEG in colour": _file(colour, "JPEG", ROUNDED, quality=80),
    "JPEG in grey": _file(grey, "JPEG", ROUNDED),
    "JPEG of all colours of each pixel": _file(colour, "JPEG", ROUNDED, subsampling=0),
    "progressive JPEG": _file(colour, "JPEG", ROUNDED, progressive=True),
    "JPEG with a colour profile": _file(colour, "JPEG", ROUNDED, icc_profile=SRGB),
    "JPEG with the profile of another kind of picture": _file(grey, "JPEG", ROUNDED, icc_profile=SRGB),
    "JPEG with something behind its end": Coding(
        lambda path: path.write_bytes(coded(colour, "JPEG") + b"made by a telephone" * 9),
        lambda: decoded(coded(colour, "JPEG")), ROUNDED,
    ),
    "JPEG of red, green and blue": Coding(lambda path: path.write_bytes(_rgb()), lambda: decoded(_rgb()), ROUNDED),
    "JPEG that says two things about its colours": Coding(
        lambda path: path.write_bytes(coded(colour, "JPEG", quality=92, keep_rgb=True)),
        lambda: decoded(_rgb()), ROUNDED, own=False,
    ),
    "CMYK JPEG": _file(_inks, "JPEG", LIKE, own=False),
    "CMYK JPEG with a profile": Coding(
        lambda path: path.write_bytes(coded(_inks, "JPEG", quality=95, icc_profile=inks_profile())),
        _seen(lambda: decoded(coded(_inks, "JPEG", quality=95)), inks_profile),
        LIKE,
    ),
    "PNG in colour": _file(colour, "PNG"),
    "PNG in grey": _file(grey, "PNG"),
    "PNG of one bit": _file(bitonal, "PNG"),
    "PNG with a palette": _file(indexed, "PNG"),
    "PNG with a colour profile": _file(colour, "PNG", icc_profile=SRGB),
    "PNG of sixteen bits": Coding(
        lambda path: Image.fromarray(sixteen()).save(path, "PNG", dpi=(DPI, DPI)), _eight_bits, 1
    ),
    "PNG with transparency": Coding(lambda path: colour().convert("RGBA").save(path, "PNG"), colour, own=False),
    "BMP": _file(colour, "BMP", own=False),
    "WebP without loss": _file(colour, "WEBP", own=False, lossless=True),
    "WebP": _file(colour, "WEBP", LIKE, own=False, quality=80),
    "AVIF": _file(colour, "AVIF", LIKE, own=False, quality=80),
    "HEIC": Coding(_heic, colour, LIKE, own=False),
    "JPEG 2000": _file(colour, "JPEG2000"),
    "JPEG 2000 in grey": _file(grey, "JPEG2000"),
    "JPEG 2000 with loss": _file(colour, "JPEG2000", ROUNDED, irreversible=True, quality_layers=(20,)),
    "JPEG 2000 without boxes": _file(colour, "JPEG2000", no_jp2=True),
    "TIFF of Group 4": _tiff(bitonal, "group4"),
    "TIFF of Group 4 in strips": _tiff(bitonal, "group4", 100, own=False),
    "TIFF of Group 3 in one dimension": _tiff(bitonal, "group3"),
    "TIFF of Group 3 in two dimensions": _tiff(bitonal, "group3", tiffinfo={278: 592, 292: 5}),
    "TIFF of Group 3 without ends of rows": _tiff(bitonal, "tiff_ccitt"),
    "TIFF of Group 4, black is nought": _tiff(bitonal, "group4", tiffinfo={278: 592, 262: 1}),
    "TIFF of JPEG": _tiff(colour, "jpeg", own=False, quality=80),
    "TIFF of JPEG in strips": _tiff(colour, "jpeg", 64, own=False, quality=80),
    "TIFF of JPEG in grey and strips": _tiff(grey, "jpeg", 64, own=False, quality=80),
    "TIFF of an older JPEG": Coding(
        lambda path: made_tiff.old_jpeg(path, coded(colour, "JPEG", quality=85), colour(), DPI),
        lambda: decoded(coded(colour, "JPEG", quality=85)), ROUNDED,
    ),
    "TIFF of Deflate": _tiff(colour, "tiff_adobe_deflate"),
    "TIFF of Deflate with a predictor": _tiff(colour, "tiff_adobe_deflate", tiffinfo={278: 592, 317: 2}),
    "TIFF of Deflate in grey": _tiff(grey, "tiff_adobe_deflate"),
    "TIFF of Deflate with a palette": _tiff(indexed, "tiff_adobe_deflate"),
    "TIFF of Deflate with a profile": _tiff(colour, "tiff_adobe_deflate", icc_profile=SRGB),
    "TIFF of Deflate, white is nought": Coding(
        lambda path: made_tiff.deflated(path, np.asarray(grey()), DPI, bits=8, _262=(3, (0,))),
        lambda: Image.fromarray(255 - np.asarray(grey())),
    ),
    "TIFF of Deflate, sixteen bits": Coding(
        lambda path: made_tiff.deflated(path, sixteen(), DPI, bits=16), _eight_bits, 1,
    ),
    "TIFF of Deflate in strips": _tiff(colour, "tiff_adobe_deflate", 50, own=False),
    "TIFF in tiles": Coding(lambda path: made_tiff.tiled(path, colour(), DPI), colour, own=False),
    "TIFF of LZW": _tiff(colour, "tiff_lzw", own=False),
    "TIFF of PackBits": _tiff(bitonal, "packbits", own=False),
    "TIFF without packing": _tiff(grey, "raw", own=False),
    "TIFF of sixteen bits": Coding(
        lambda path: Image.fromarray(sixteen()).save(path, "TIFF", compression="tiff_lzw", dpi=(DPI, DPI)),
        _eight_bits, 1, own=False,
    ),
    "BigTIFF": _tiff(bitonal, "group4", big_tiff=True),
    "TIFF of inks": _tiff(_inks, "tiff_lzw", own=False),
    "PDF of JPEG": _pdf(lambda: decoded(coded(colour, "JPEG")), lambda: coded(colour, "JPEG"), ROUNDED, ColorSpace=Name.DeviceRGB,
                        Filter=Name.DCTDecode),
    "PDF of JPEG with a profile": _pdf(lambda: decoded(coded(colour, "JPEG")), lambda: coded(colour, "JPEG"),
                                       ROUNDED, ColorSpace=made_pdf.profile(SRGB, 3), Filter=Name.DCTDecode),
    "PDF of packed JPEG": _pdf(lambda: decoded(coded(grey, "JPEG")), lambda: zlib.compress(coded(grey, "JPEG")), ROUNDED,
                               own=False, Filter=[Name.FlateDecode, Name.DCTDecode]),
    "PDF of JPEG in negative": _pdf(lambda: Image.fromarray(255 - np.asarray(decoded(coded(grey, "JPEG")))),
                                    lambda: coded(grey, "JPEG"), ROUNDED, Filter=Name.DCTDecode, Decode=[1, 0]),
    "PDF of CMYK JPEG": _pdf(lambda: decoded(coded(_inks, "JPEG")), lambda: coded(_inks, "JPEG"), LIKE, own=False,
                             ColorSpace=Name.DeviceCMYK, Filter=Name.DCTDecode, Decode=[1, 0] * 4),
    "PDF of CMYK JPEG with a profile": _pdf(
        _seen(lambda: decoded(coded(_inks, "JPEG")), inks_profile), lambda: coded(_inks, "JPEG"), LIKE,
        ColorSpace=lambda: made_pdf.profile(inks_profile(), 4), Filter=Name.DCTDecode, Decode=[1, 0] * 4,
    ),
    "PDF of JPEG 2000": _pdf(colour, lambda: coded(colour, "JPEG2000"), ColorSpace=Name.DeviceRGB, Filter=Name.JPXDecode),
    "PDF of JPEG 2000 without boxes": _pdf(colour, lambda: coded(colour, "JPEG2000", no_jp2=True), own=False,
                                           ColorSpace=Name.DeviceRGB, Filter=Name.JPXDecode),
    "PDF of JPEG 2000 with a profile": _pdf(colour, lambda: coded(colour, "JPEG2000"), ROUNDED,
                                            ColorSpace=made_pdf.profile(SRGB, 3), Filter=Name.JPXDecode),
    "PDF of Group 4": _fax(_strip("group4"), K=-1, Rows=592),
    "PDF of Group 4 without its rows": _fax(_strip("group4"), K=-1),
    "PDF of Group 4, black is one": _fax(_strip("group4", 1), K=-1, BlackIs1=True),
    "PDF of Group 4 in negative": _pdf(lambda: Image.fromarray(~np.asarray(bitonal())), _strip("group4"), BitsPerComponent=1,
                                       Filter=Name.CCITTFaxDecode, DecodeParms={"K": -1, "Columns": 416}, Decode=[1, 0]),
    "PDF of Group 3": _fax(_strip("group3"), K=0, EndOfLine=True, EndOfBlock=False, Rows=592),
    "PDF of Group 3 in two dimensions": _fax(_strip("group3", options=5), K=4, EndOfLine=True, EndOfBlock=False, Rows=592),
    "PDF of Group 3, rows of whole bytes": _fax(_strip("tiff_ccitt"), K=0, EncodedByteAlign=True, EndOfBlock=False, Rows=592),
    "PDF of JBIG2": _pdf(bitonal, _jbig2, BitsPerComponent=1, Filter=Name.JBIG2Decode),
    "PDF of JBIG2 with shared symbols": _pdf(
        bitonal, lambda: made_jbig2.halftone(bitonal())[0], BitsPerComponent=1, Filter=Name.JBIG2Decode, poppler=False,
        DecodeParms=lambda: {"JBIG2Globals": (made_jbig2.halftone(bitonal())[1], {})},
    ),
    "PDF of Flate": _pdf(colour, _packed(colour), ColorSpace=Name.DeviceRGB, Filter=Name.FlateDecode),
    "PDF of Flate with PNG's predictor": _pdf(
        colour, lambda: made_pdf.predicted(colour()), ColorSpace=Name.DeviceRGB, Filter=Name.FlateDecode,
        DecodeParms={"Predictor": 15, "Colors": 3, "Columns": 416},
    ),
    "PDF of Flate and one bit": _pdf(bitonal, _packed(bitonal), BitsPerComponent=1, Filter=Name.FlateDecode),
    "PDF of Flate and sixteen bits": _pdf(_eight_bits, lambda: zlib.compress(sixteen().astype(">u2").tobytes()), 1,
                                          BitsPerComponent=16, Filter=Name.FlateDecode),
    "PDF of LZW": _pdf(grey, lambda: made_pdf.lzw(grey().tobytes()), own=False, Filter=Name.LZWDecode),
    "PDF of runs": _pdf(bitonal, lambda: made_pdf.run_lengths(bitonal().tobytes()), BitsPerComponent=1,
                        Filter=Name.RunLengthDecode),
    "PDF without packing": _pdf(grey, lambda: grey().tobytes(), own=False),
    "PDF with a palette": _pdf(indexed, _packed(indexed), ColorSpace=_table, Filter=Name.FlateDecode),
    "PDF of calibrated colours": _pdf(
        colour, _packed(colour), LIKE, Filter=Name.FlateDecode,
        ColorSpace=[Name.CalRGB, {"WhitePoint": [0.9505, 1, 1.089], "Gamma": [2.2, 2.2, 2.2],
                                  "Matrix": [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505]}],
    ),
    "PDF of strips of JPEG in grey": _pieces(_striped_jpeg, lambda: _strips(grey, _as_jpeg), ROUNDED, own=False),
    "PDF of a JPEG into which the edge cuts": _pieces(_cut_jpeg, _beyond_the_edge, ROUNDED),
    "PDF of strips of Group 4": _pieces(bitonal, lambda: _strips(bitonal, _as_g4), LIKE),
    "PDF of ink over paper": _pieces(_inked, lambda: _over_paper(bitonal())),
    "PDF of a picture with a mask": _pieces(_through, lambda: _masked(
        "Mask", {"ImageMask": True, "BitsPerComponent": 1, "Filter": Name.FlateDecode}, zlib.compress(bitonal().tobytes()))),
    "PDF of a picture with a soft mask": _pieces(_through, lambda: _masked(
        "SMask", {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8, "Filter": Name.FlateDecode},
        zlib.compress((255 * ~np.asarray(bitonal())).astype(np.uint8).tobytes()))),
    "PDF of inks": _pdf(_inks, _packed(_inks), LIKE, own=False, ColorSpace=Name.DeviceCMYK, Filter=Name.FlateDecode),
}  # fmt: skip


@functools.cache
def page(name: str) -> PageImage:
    """What the belt binds of a coding."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scan")
        CODINGS[name].write(path)
        assert inspect(path, SETTINGS).pages == 1
        return cut(path, 1, SETTINGS)
