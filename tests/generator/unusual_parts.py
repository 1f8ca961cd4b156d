"""What the oddities of `unusual.py` are built of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

Change = Callable[[Pdf], None]


def foot(pdf: Pdf, content: bytes, **resources: dict[str, Object]) -> None:
    page = pdf.pages[0]
    for kind, things in resources.items():
        for name, thing in things.items():
            page.add_resource(thing, Name(f"/{kind}"), Name(f"/{name}"))
    page.contents_add(b"q " + content + b" Q")


def all_fonts(pdf: Pdf) -> Iterator[Object]:
    return (item for item in pdf.objects if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Font)


def annotate(pdf: Pdf, *annotations: Dictionary) -> None:
    page = pdf.pages[0].obj
    there = list(page.get(Name.Annots, Array()).as_list())
    made = [
        pdf.make_indirect(Dictionary({"/Type": Name.Annot, "/Rect": Array([60, 60, 160, 90]), **each})) for each in annotations
    ]
    page.Annots = Array([*there, *made])


def an_image(pdf: Pdf, data: bytes, space: Object, **more: object) -> Stream:
    entries = {"Width": 8, "Height": 8, "BitsPerComponent": 8, "ColorSpace": space, **more}
    return Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, **entries)


def a_form(pdf: Pdf, content: bytes, **more: object) -> Stream:
    return Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 40]), **more)
