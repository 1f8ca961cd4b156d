"""Makes `pdfa/data/cmyk.icc`: python -m benchmarks.inks

What the inks of DeviceCMYK look like on a screen, as PDFium draws them (and so every Chrome), on a grid of six steps an ink; an
ICC profile of version 2.4 (ICC.1:2001-04, input device, one lut16 table). No profile of anybody else goes into it.
"""

from __future__ import annotations

import itertools
import struct
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Name, Stream

_STEPS = 6
_WIDE = 36
_WHITE = np.array((0.9642, 1.0, 0.8249))
_TO_D50 = np.array(((0.43607, 0.38515, 0.14307), (0.22249, 0.71687, 0.06061), (0.01392, 0.09708, 0.71410)))
"""Linear sRGB to XYZ adapted to D50 (IEC 61966-2-1, Bradford)."""


def main() -> int:
    """Command line."""
    path = Path(__file__).parents[1] / "pdfa" / "data" / "cmyk.icc"
    path.write_bytes(_profile(_lab(_drawn())))
    print(path.name, path.stat().st_size)
    return 0


def _drawn() -> np.ndarray:
    """The colours of the grid, one a row, 0 to 255; the last ink runs fastest."""
    steps = [round(255 * step / (_STEPS - 1)) for step in range(_STEPS)]
    inks = bytes(itertools.chain.from_iterable(itertools.product(steps, repeat=4)))
    high = len(inks) // 4 // _WIDE
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(_WIDE, high))
        picture = Stream(pdf, inks, Type=Name.XObject, Subtype=Name.Image, Width=_WIDE, Height=high, BitsPerComponent=8)
        picture.ColorSpace = Name.DeviceCMYK
        page.add_resource(picture, Name.XObject, Name.Im0)
        page.contents_add(f"{_WIDE} 0 0 {high} 0 0 cm /Im0 Do".encode())
        out = BytesIO()
        pdf.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as drawing:
        return np.asarray(drawing[0].render(scale=1).to_pil().convert("RGB"), np.float64).reshape(-1, 3)


def _lab(colours: np.ndarray) -> np.ndarray:
    """CIE Lab under D50, as lut16 holds it: L 0 to 100 is 0 to FF00, a and b are offset by 128."""
    signal = colours / 255
    linear = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    share = linear @ _TO_D50.T / _WHITE
    root = np.where(share > 216 / 24389, np.cbrt(share), (share * 24389 / 27 + 16) / 116)
    lightness = 116 * root[:, 1] - 16
    lab = np.stack(
        (lightness * 652.8, (500 * (root[:, 0] - root[:, 1]) + 128) * 256, (200 * (root[:, 1] - root[:, 2]) + 128) * 256)
    )
    return np.clip(np.round(lab.T), 0, 65535).astype(">u2")


def _profile(lab: np.ndarray) -> bytes:
    straight = struct.pack(">HH", 0, 65535)
    table = b"mft2" + bytes(4) + bytes((4, 3, _STEPS, 0)) + struct.pack(">9i", *(65536 * (n % 4 == 0) for n in range(9)))
    table += struct.pack(">HH", 2, 2) + straight * 4 + lab.tobytes() + straight * 3
    name = b"Inks as on screen"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name + b"\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"CC0\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", *(round(65536 * part) for part in _WHITE)),
        b"A2B0": table,
    }
    start, directory, data = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for tag, value in tags.items():
        directory += tag + struct.pack(">II", start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(data), bytes(4), 0x02400000, b"scnr", b"CMYK", b"Lab ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3i", *(round(65536 * part) for part in _WHITE))
    return head.ljust(128, b"\0") + directory + data


if __name__ == "__main__":
    sys.exit(main())
