"""The last page is found without reading the others, however the tree of pages is made."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.page import page_at


def tree(path: Path, shape: list[object]) -> Path:
    """A file whose page tree has a shape: a number is a page turned so far, a list a node."""
    with pikepdf.new() as pdf:
        pdf.Root.Pages = _node(pdf, shape)
        pdf.save(path)
    return path


def _node(pdf: pikepdf.Pdf, shape: list[object]) -> pikepdf.Object:
    node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(), Count=0))
    for one in shape:
        if isinstance(one, list):
            kid = _node(pdf, one)
        else:
            kid = pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 100, 200]), Rotate=one))
        kid.Parent = node
        node.Kids.append(kid)
        node.Count = int(node.Count) + int(kid.get("/Count", 1))
    return node


@pytest.mark.parametrize("shape", [[0, 90], [0, [0, 90]], [[0, 0], [[0], [90]]], [[0, 90], []], [[[90], []], [[]]]])
def test_the_last_page_is_the_last_leaf_that_there_is(tmp_path: Path, shape: list[object]) -> None:
    with tree(tmp_path / "x.pdf", shape).open("rb") as file:
        assert page_at(PdfFileReader(file)).rotation == 90


@pytest.mark.parametrize("shape", [[], [[], [[]]]])
def test_a_tree_without_pages_has_none(tmp_path: Path, shape: list[object]) -> None:
    with tree(tmp_path / "x.pdf", shape).open("rb") as file, pytest.raises(ValueError, match="last page"):
        page_at(PdfFileReader(file))
