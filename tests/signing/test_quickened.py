"""What is read at once, and what is prepared once, comes out as the libraries have it."""

from __future__ import annotations

import io

import pytest
from asn1crypto.x509 import Name
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStreamError

from signing import quickened


@pytest.mark.parametrize("text", [b"<>", b"<4e>", b"<4E6>", b"<4e 6f\n>", b"<" + b"0a" * 9000 + b">", b"<FEFF0041>"])
def test_a_string_of_digits_is_read_as_the_library_reads_it_and_the_place_after_it_is_kept(text: bytes) -> None:
    mine, theirs = io.BytesIO(text + b" /Next"), io.BytesIO(text + b" /Next")
    found, expected = quickened._read(mine), quickened._by_the_byte(theirs)
    assert (type(found), found) == (type(expected), expected)
    assert mine.tell() == theirs.tell()


@pytest.mark.parametrize("text", [b"<4g>", b"<4e"])
def test_what_is_no_string_of_digits_is_refused_as_the_library_refuses_it(text: bytes) -> None:
    with pytest.raises(PdfStreamError):
        quickened._read(io.BytesIO(text))


def test_both_are_in_use_once_asked_for() -> None:
    quickened.quicken()
    quickened._once.cache_clear()
    assert generic.read_hex_string_from_stream is quickened._read
    one, other = (Name.build({"common_name": name}) for name in ("Bệnh  viện X", "bệnh viện x"))
    assert one == other
    assert quickened._once.cache_info().currsize
