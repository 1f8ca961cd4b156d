"""What a page's picture is made of: one picture, or paper with stencils on it."""

from __future__ import annotations

from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name

from pdfa.geometry import Matrix
from pdfa.pictures import Picture

_HARDLY = 0.001


@dataclass(frozen=True, slots=True)
class Part:
    """An upright rectangle of a stored scan: its edges as shares of the scan's width and height, y downwards. Those below 0 or
    above 1 are beyond the scan's own, and not to be seen.
    """

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def matrix(self) -> Matrix:
        """From the unit square of an image to that of the whole scan, y upwards (ISO 32000-1, 8.9.5.1)."""
        return Matrix(a=self.right - self.left, d=self.bottom - self.top, e=self.left, f=1 - self.bottom)

    def clip(self) -> bytes:
        """The operators behind that matrix that hide what is beyond the scan: a page that is turned or grows would show it."""
        if min(self.left, self.top, 1 - self.right, 1 - self.bottom) > -_HARDLY:
            return b""
        scan = self.matrix().inverse()
        return b"%.5f %.5f %.5f %.5f re W n " % (scan.e, scan.f, scan.a, scan.d)


@dataclass(frozen=True, slots=True)
class Layer:
    """An image and the part of the scan that it covers; with an `ink` (sRGB, 0 to 255) it is a stencil, painted where black."""

    picture: Picture
    part: Part = Part()
    ink: tuple[int, int, int] | None = None

    def paint(self) -> bytes:
        """The operators before `Do` that set a stencil's ink; a picture needs none."""
        return b"" if self.ink is None else b"%b rg " % " ".join(f"{value / 255:.3g}" for value in self.ink).encode()


def attributes(picture: Picture, *, is_stencil: bool) -> Dictionary:
    """The image dictionary, but for its colour space and what stands outside it (ISO 32000-1, 8.9.5 and 8.9.6.2)."""
    made = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=picture.bits,
        Filter=Name("/" + picture.filter),
    )
    if picture.parms:
        made.DecodeParms = Dictionary({f"/{name}": value for name, value in picture.parms.items()})
    if picture.decode:
        made.Decode = Array(picture.decode)
    if is_stencil:
        made.ImageMask = True
    return made
