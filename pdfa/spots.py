"""Spot colours mixed with others say what each is alone (ISO 19005-2, 6.2.4.4; ISO 32000-1, 8.6.6.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from pdfa.objects import everything, part

_PROCESS = {"/Cyan", "/Magenta", "/Yellow", "/Black", "/None"}
_CALCULATOR = 4
"""A function of type 4 is a program, which can be told what all other inks are: none."""


def name_colorants(pdf: Pdf) -> None:
    """In place, where the mixture is a program."""
    for space in mixtures(pdf):
        missing = _unnamed(space)
        program = space[3]
        if not missing or not isinstance(program, Stream) or int(program.get("/FunctionType", 0)) != _CALCULATOR:
            continue
        if len(space) < 5:
            space.append(Dictionary())
        if not isinstance(space[4].get("/Colorants"), Dictionary):
            space[4].Colorants = Dictionary()
        names = [str(name) for name in space[1].as_list()]
        for name in missing:
            tint = _alone(pdf, program, names.index(name), len(names))
            space[4].Colorants[name] = Array([Name.Separation, Name(name), space[2], tint])


def mixtures(pdf: Pdf) -> Iterator[Object]:
    """Every colour space of several inks."""
    for item in everything(pdf):
        if isinstance(item, Array) and len(item) > 3 and item[0] == Name.DeviceN and isinstance(item[1], Array):
            yield item


def are_named(pdf: Pdf) -> bool:
    """Whether every spot colour in a mixture says what it is alone."""
    return not any(map(_unnamed, mixtures(pdf)))


def _unnamed(space: Object) -> list[str]:
    told = part(space[4], "/Colorants") if len(space) > 4 and isinstance(space[4], Dictionary) else Dictionary()
    names = [str(name) for name in space[1].as_list()]
    return [name for name in names if name not in _PROCESS and name not in told]


def _alone(pdf: Pdf, program: Stream, place: int, count: int) -> Object:
    """The same program for one ink, with all others none."""
    body = program.read_bytes().strip()
    body = body[body.index(b"{") + 1 : body.rindex(b"}")]
    alone = b"{ " + b"0 exch " * place + b"0 " * (count - place - 1) + body + b"}"
    return pdf.make_indirect(Stream(pdf, alone, FunctionType=_CALCULATOR, Domain=[0, 1], Range=program.Range))
