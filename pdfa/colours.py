"""Colours that depend on a printer are said in colours that do not (ISO 19005-2, 6.2.4).

Rules
1. DeviceCMYK means our own profile, made of what viewers show: the numbers of the inks stay as they are.
2. A profile that is none gives way to the space that viewers use instead.
3. Overprinting is not simulated any more where a profile says what inks mean (6.2.4.2).
"""

from __future__ import annotations

import functools
from importlib.resources import files

from pikepdf import Array, ContentStreamInlineImage, ContentStreamInstruction, Dictionary, Name, Object, Pdf, Stream

from pdfa import spots
from pdfa.content import Scope
from pdfa.objects import everything

_CMYK = Name.DeviceCMYK
_DEVICE: dict[int, Object] = {1: Name.DeviceGray, 3: Name.DeviceRGB}
_SIGNATURES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
_CLASSES = {b"prtr", b"mntr", b"scnr", b"spac"}
_BASE_AT = {"/Indexed": 1, "/Pattern": 1, "/Separation": 2, "/DeviceN": 2}
"""Where the space stands that another one is built on (ISO 32000-1, 8.6.6)."""
_HOLDERS = ("/ColorSpace", "/CS")
_INK_OPERATORS = {"k", "K"}


class Inks:
    """The profile of DeviceCMYK in one file, put there when it is first needed."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._space: Object | None = None

    @property
    def used(self) -> bool:
        """Whether it was needed."""
        return self._space is not None

    @property
    def space(self) -> Object:
        """A colour space of four inks."""
        if self._space is None:
            profile = self._pdf.make_stream(_profile(), N=4)
            self._space = self._pdf.make_indirect(Array([Name.ICCBased, profile]))
        return self._space


def settle(pdf: Pdf, scopes: list[Scope]) -> None:
    """In place, see the rules above."""
    inks = Inks(pdf)
    for item in everything(pdf):
        if isinstance(item, Array):
            _settle_space(item, inks)
        else:
            _settle_holder(item, inks)
    spots.name_colorants(pdf)
    for scope in scopes:
        if any(map(_paints_inks, scope.instructions)):
            scope.category("/ColorSpace")[Name.DefaultCMYK] = inks.space
    if inks.used:
        _stop_overprinting(pdf)


@functools.cache
def _profile() -> bytes:
    return files("pdfa").joinpath("data/cmyk.icc").read_bytes()


def _settle_holder(holder: Object, inks: Inks) -> None:
    for key in _HOLDERS:
        if holder.get(key) == _CMYK and _CMYK is not None:
            holder[key] = inks.space
        elif key in holder and isinstance(holder[key], Array):
            _mend_profile(holder[key], holder, key, inks)
        elif isinstance(holder.get(key), Dictionary) and not isinstance(holder.get(key), Stream):
            _settle_named(holder[key], inks)


def _settle_named(spaces: Object, inks: Inks) -> None:
    """The colour spaces of a resource dictionary."""
    for name in list(spaces.keys()):
        if spaces[name] == _CMYK:
            spaces[name] = inks.space
        elif isinstance(spaces[name], Array):
            _mend_profile(spaces[name], spaces, name, inks)


def _settle_space(space: Array, inks: Inks) -> None:
    place = _BASE_AT.get(str(space[0]) if len(space) and isinstance(space[0], Name) else "")
    if place is None or len(space) <= place:
        return
    if space[place] == _CMYK:
        space[place] = inks.space
    elif isinstance(space[place], Array) and _is_broken(space[place]):
        space[place] = _instead(space[place], inks)


def _mend_profile(space: Object, holder: Object, key: str, inks: Inks) -> None:
    if _is_broken(space):
        holder[key] = _instead(space, inks)


def _is_broken(space: Object) -> bool:
    """Whether it is a profile that no viewer can use (ISO 19005-2, 6.2.4.2; ICC.1, 7.2)."""
    if len(space) < 2 or space[0] != Name.ICCBased:
        return False
    profile = space[1]
    if not isinstance(profile, Stream):
        return True
    data, count = profile.read_bytes(), int(profile.get(Name.N, 0))
    return data[36:40] != b"acsp" or data[8] > 4 or data[12:16] not in _CLASSES or data[16:20] != _SIGNATURES.get(count)


def _instead(space: Object, inks: Inks) -> Object:
    count = int(space[1].get(Name.N, 3)) if isinstance(space[1], Stream) else 3
    return _DEVICE.get(count) or inks.space


def _paints_inks(instruction: ContentStreamInstruction | ContentStreamInlineImage) -> bool:
    if isinstance(instruction, ContentStreamInlineImage):
        return str(instruction.iimage.obj.get("/ColorSpace", "")) in ("/DeviceCMYK", "/CMYK")
    operator = str(instruction.operator)
    named = operator in ("cs", "CS") and instruction.operands and instruction.operands[0] == _CMYK
    return operator in _INK_OPERATORS or bool(named)


def _stop_overprinting(pdf: Pdf) -> None:
    for item in everything(pdf):
        if isinstance(item, Dictionary) and item.get(Name.OPM, 0) == 1 and (Name.OP in item or Name.op in item):
            item.OPM = 0
