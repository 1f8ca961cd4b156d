"""Scans with layers that can be switched off: only what a viewer shows goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from ingest.pages import cut
from ingest.settings import IngestSettings
from tests.generator import files
from tests.generator.sheet import Page
from tests.ingest import samples
from tests.ingest.test_pages import difference, shown, viewed

SETTINGS = IngestSettings(drawing_dpi=120)
UNDER, OVER = b"q 595.2 0 0 842.4 0 0 cm /Im Do Q ", b"q 595.2 0 0 842.4 0 0 cm /Over Do Q "
MARKED = UNDER + b"/OC /Layer BDC /Artifact BMC " + OVER + b"EMC 0 0 500 500 re f EMC"


def cover() -> Page:
    return samples.form("giay_ra_vien", 6).pages(60)[0]


class Scan:
    """Two scans, one over the other, and the layers `on` and `off`."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf, self.page = pdf, pdf.pages[0]
        self.over = pdf.pages[1].Resources.XObject.Im
        self.page.Resources.XObject.Over = self.over
        self.on, self.off = (self.layer(Type=Name.OCG, Name=pikepdf.String(name)) for name in ("on", "off"))
        groups = Array([self.on, self.off])
        pdf.Root.OCProperties = Dictionary(OCGs=groups, D=Dictionary(OFF=Array([self.off])), Configs=Array())
        del pdf.pages[1]

    def layer(self, **entries: object) -> Object:
        return self.pdf.make_indirect(Dictionary({f"/{key}": value for key, value in entries.items()}))

    def members(self, *groups: Object | None, **entries: object) -> Object:
        return self.layer(Type=Name.OCMD, OCGs=Array(groups), **entries)

    def put(self, layer: Object, content: bytes = UNDER + OVER) -> None:
        """The upper picture onto a layer."""
        self.page.Contents = Stream(self.pdf, content)
        if b"BDC" in content:
            self.page.Resources.Properties = Dictionary(Layer=layer)
        else:
            self.over.OC = layer

    def in_a_form(self, layer: Object) -> None:
        form = Stream(self.pdf, OVER + b"0 0 500 500 re f")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 600, 850])
        form.Resources, form.OC = Dictionary(XObject=Dictionary(Over=self.over)), layer
        self.page.Resources.XObject.Form = form
        self.page.Contents = Stream(self.pdf, UNDER + b"/Form Do")


def made(path: Path, change: Callable[[Scan], None]) -> Path:
    files.pdf([samples.page(), cover()], path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(Scan(pdf))
        pdf.save(path)
    return path


def based(scan: Scan, state: Name) -> None:
    """With groups that are not told apart but by the state that all have."""
    scan.pdf.Root.OCProperties.D = Dictionary(BaseState=state, ON=Array([scan.on]))
    scan.put(scan.off)


HIDDEN: dict[str, Callable[[Scan], None]] = {
    "the picture": lambda scan: scan.put(scan.off),
    "marked content": lambda scan: scan.put(scan.off, MARKED),
    "a form": lambda scan: scan.in_a_form(scan.off),
    "by the base state": lambda scan: based(scan, Name.OFF),
    "all on": lambda scan: scan.put(scan.members(scan.on, scan.off, P=Name.AllOn)),
    "any on": lambda scan: scan.put(scan.members(scan.off, None)),
    "all off": lambda scan: scan.put(scan.members(scan.on, scan.off, P=Name.AllOff), MARKED),
    "any off": lambda scan: scan.put(scan.members(scan.on, P=Name.AnyOff)),
    "one group": lambda scan: scan.put(scan.layer(Type=Name.OCMD, OCGs=scan.off)),
    "not": lambda scan: scan.put(scan.members(scan.on, VE=Array([Name.Not, scan.on]))),
    "and": lambda scan: scan.put(scan.members(scan.on, VE=Array([Name.And, scan.on, Array([Name.Not, scan.on])])), MARKED),
    "or": lambda scan: scan.put(scan.members(VE=Array([Name.Or, scan.off, Array([Name.And, scan.on, scan.off])]))),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_layer_that_is_switched_off_does_not_cover_the_page(how: str, tmp_path: Path) -> None:
    path = made(tmp_path / "a", HIDDEN[how])
    page = cut(path, 1, SETTINGS)
    assert page.data == files.jpeg_bytes(samples.page())
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 4


SHOWN: dict[str, Callable[[Scan], None]] = {
    "the picture": lambda scan: scan.put(scan.on),
    "by the base state": lambda scan: based(scan, Name.ON),
    "all on": lambda scan: scan.put(scan.members(scan.on, P=Name.AllOn)),
    "any on": lambda scan: scan.put(scan.members(scan.on, scan.off, P=Name.AnyOn)),
    "all off": lambda scan: scan.put(scan.members(scan.off, P=Name.AllOff)),
    "any off": lambda scan: scan.put(scan.members(scan.on, scan.off, P=Name.AnyOff)),
    "no group": lambda scan: scan.put(scan.members(None)),
    "or": lambda scan: scan.put(scan.members(scan.off, VE=Array([Name.Or, scan.off, Array([Name.Not, scan.off])]))),
}


@pytest.mark.parametrize("how", SHOWN)
def test_a_layer_that_is_shown_goes_on_with_what_is_under_it(how: str, tmp_path: Path) -> None:
    path = made(tmp_path / "a", SHOWN[how])
    page = cut(path, 1, SETTINGS)
    assert page.native
    assert files.jpeg_bytes(cover()) in page.data


def used(scan: Scan) -> None:
    scan.off.Usage = Dictionary(View=Dictionary(ViewState=Name.ON))
    scan.put(scan.off)


def automatic(scan: Scan) -> None:
    rule = Dictionary(Event=Name.View, OCGs=Array([scan.on]), Category=Array([Name.Zoom]))
    scan.pdf.Root.OCProperties.D.AS = Array([rule])
    scan.put(scan.on)


UNDECIDED: dict[str, Callable[[Scan], None]] = {
    "a group that is not listed": lambda scan: scan.put(scan.layer(Type=Name.OCG)),
    "something else": lambda scan: scan.put(scan.layer(Type=Name.Page), MARKED),
    "a name that stands for nothing": lambda scan: scan.put(scan.off, MARKED.replace(b"/Layer", b"/Other")),
    "a state by its use": used,
    "a state by how near it is looked at": automatic,
    "another intent": lambda scan: scan.put(scan.layer(Type=Name.OCG, Intent=Name.Design)),
    "a policy over one group": lambda scan: scan.put(scan.layer(Type=Name.OCMD, OCGs=scan.off, P=Name.AllOff)),
    "an operator that there is not": lambda scan: scan.put(scan.members(VE=Array([Name.Xor, scan.on, scan.off]))),
    "an unknown member": lambda scan: scan.put(scan.members(scan.layer(Type=Name.OCG), scan.off, P=Name.AllOn)),
}


@pytest.mark.parametrize("how", UNDECIDED)
def test_a_page_of_layers_that_viewers_see_otherwise_is_drawn(how: str, tmp_path: Path) -> None:
    path = made(tmp_path / "a", UNDECIDED[how])
    page = cut(path, 1, SETTINGS)
    assert not page.native
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 3


def test_a_page_whose_only_picture_is_switched_off_is_blank(tmp_path: Path) -> None:
    page = cut(made(tmp_path / "a", lambda scan: scan.put(scan.off, OVER)), 1, SETTINGS)
    assert shown(page).getextrema() == (255, 255)


def test_what_is_on_a_layer_ends_with_it(tmp_path: Path) -> None:
    content = b"EMC /OC /Layer BDC " + OVER + b"EMC EMC " + UNDER
    page = cut(made(tmp_path / "a", lambda scan: scan.put(scan.off, content)), 1, SETTINGS)
    assert page.data == files.jpeg_bytes(samples.page())
