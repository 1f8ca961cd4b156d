"""Pictures that wait in the spool until there is a PDF to put them into; with them what stands outside their streams."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pdfa.layers import Layer, attributes
from pdfa.pictures import Colours, Picture
from pdfa.spool import Spool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Its number in the spool, its colours (a stencil has none), symbols that it shares with others, and its mask."""

    number: int
    colours: Colours | None
    shared: bytes | None
    mask: Waiting | None
    soft: bool


class WaitingPictures:
    """Pictures, colour profiles and symbols that pages share are kept once, and written once."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._colours: dict[Colours, Colours] = {}
        self._symbols: dict[bytes, bytes] = {}
        self._known: dict[tuple[object, ...], Waiting] = {}
        self._made: dict[Colours | bytes, Object] = {}

    def add(self, layer: Layer) -> Waiting:
        """One more."""
        return self._add(layer.picture, is_stencil=layer.ink is not None)

    def _add(self, picture: Picture, *, is_stencil: bool) -> Waiting:
        mask = self._add(picture.mask.picture, is_stencil=not picture.mask.soft) if picture.mask else None
        soft = picture.mask is not None and picture.mask.soft
        colours = None if is_stencil else self._colours.setdefault(picture.colours, picture.colours)
        shared = picture.shared and self._symbols.setdefault(picture.shared, picture.shared)
        said = attributes(picture, is_stencil=is_stencil)
        key = hashlib.sha256(picture.data).digest(), said.unparse(), colours, shared, mask, soft
        if key not in self._known:
            self._known[key] = Waiting(self._spool.add(said, picture.data), colours, shared, mask, soft)
        return self._known[key]

    def placed(self, pdf: Pdf, waiting: Waiting) -> Object:
        """The image itself, in the spool opened as a PDF."""
        picture = pdf.get_object(waiting.number, 0)
        if waiting.colours is not None:
            picture.ColorSpace = self._colour_space(pdf, waiting.colours)
        if waiting.shared is not None:
            if waiting.shared not in self._made:
                self._made[waiting.shared] = pdf.make_stream(waiting.shared)
            picture.DecodeParms = Dictionary(JBIG2Globals=self._made[waiting.shared])
        if waiting.mask is not None:
            picture[Name.SMask if waiting.soft else Name.Mask] = self.placed(pdf, waiting.mask)
        return picture

    def _colour_space(self, pdf: Pdf, colours: Colours) -> Object:
        if colours not in self._made:
            self._made[colours] = _colour_space(pdf, colours)
        return self._made[colours]


def _colour_space(pdf: Pdf, colours: Colours) -> Object:
    """The picture's own profile, else the channels of the output intent (ISO 32000-1, 8.6)."""
    space: Object = Name.DeviceRGB if colours.channels == 3 else Name.DeviceGray
    if colours.written is not None:
        space = Object.parse(colours.written)
    if colours.icc is not None:
        space = Array([Name.ICCBased, pdf.make_stream(colours.icc, N=colours.channels)])
    if colours.palette is not None:
        space = Array([Name.Indexed, space, len(colours.palette) // colours.channels - 1, pikepdf.String(colours.palette)])
    return space if isinstance(space, Name) else pdf.make_indirect(space)
