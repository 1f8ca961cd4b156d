"""What is read at once, and what is prepared once, comes out as the libraries have it."""

from __future__ import annotations

import io

import pytest
from asn1crypto.x509 import GeneralName, Name
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfReadError, PdfStreamError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import quickened
from signing.shared import shared
from tests.signing.fixtures import Hospital


@pytest.mark.parametrize("text", [b"<>", b"<4e>", b"<4E6>", b"<4e 6f\n>", b"<" + b"0a" * 9000 + b">", b"<FEFF0041>"])
def test_a_string_of_digits_is_read_as_the_library_reads_it_and_the_place_after_it_is_kept(text: bytes) -> None:
    mine, theirs = io.BytesIO(text + b" /Next"), io.BytesIO(text + b" /Next")
    found, expected = quickened._read(mine), quickened._by_the_byte(theirs)
    assert (type(found), found) == (type(expected), expected)
    assert mine.tell() == theirs.tell()


@pytest.mark.parametrize("text", [b"/", b"/Type", b"/A,B;_*.!^~", b"/A\"B'", b"/A#20B", b"/" + b"x" * 200, b"/X\\Y|Z@?="])
@pytest.mark.parametrize("after", [b" 1", b"/Next", b"(x)", b"<<", b">>", b"[", b"]", b"\r\n", b"%x", b"\0", b""])
def test_a_name_is_read_as_the_library_reads_it_and_the_place_after_it_is_kept(text: bytes, after: bytes) -> None:
    mine, theirs = io.BytesIO(text + after), io.BytesIO(text + after)
    found, expected = quickened._name(mine), quickened._name_by_the_byte(theirs)
    assert (type(found), found) == (type(expected), expected)
    assert mine.tell() == theirs.tell()


@pytest.mark.parametrize("text", [b"/A\x80 ", b"/A\x01 ", b"/A#2 ", b"/A#G0 ", b"A "])
def test_what_is_no_name_is_refused_as_the_library_refuses_it(text: bytes) -> None:
    with pytest.raises(PdfReadError) as mine:
        quickened._name(io.BytesIO(text))
    with pytest.raises(PdfReadError) as theirs:
        quickened._name_by_the_byte(io.BytesIO(text))
    assert str(mine.value) == str(theirs.value)


def test_names_of_authorities_are_written_and_compared_as_the_library_does_with_a_tag_or_without() -> None:
    quickened.quicken()
    names = [Name.build({"common_name": name}) for name in ("Bệnh  viện X", "bệnh viện x", "Bệnh viện Y")]
    tagged = [GeneralName("directory_name", Name.load(one.dump())).chosen for one in names]
    for one in (*names, *tagged):
        assert (one.dump(), one.hashable) == (quickened._written(one), quickened._hashable(one))
        assert [one == other for other in (*names, *tagged)] == [quickened._equal(one, other) for other in (*names, *tagged)]


def test_what_is_shared_is_found_by_its_exact_bytes_alone_and_writes_itself_as_it_was_read() -> None:
    first, second = (Name.build({"common_name": name}).dump() for name in ("A", "B"))
    assert shared(Name, first) is shared(Name, first)
    assert (shared(Name, first).native, shared(Name, second).native) == ({"common_name": "A"}, {"common_name": "B"})
    assert shared(Name, first + b"rest").dump() == first == shared(Name, first).dump(force=True)


@pytest.mark.parametrize("text", [b"<4g>", b"<4e"])
def test_what_is_no_string_of_digits_is_refused_as_the_library_refuses_it(text: bytes) -> None:
    with pytest.raises(PdfStreamError):
        quickened._read(io.BytesIO(text))


def test_both_are_in_use_once_asked_for() -> None:
    quickened.quicken()
    quickened._once.cache_clear()
    quickened._alike.cache_clear()
    assert generic.read_hex_string_from_stream is quickened._read
    one, other = (Name.build({"common_name": name}) for name in ("Bệnh  viện X", "bệnh viện x"))
    assert one == other
    assert quickened._once.cache_info().currsize


def test_what_a_file_was_like_leads_to_what_it_was_like_then_and_is_as_the_library_has_it(hospital: Hospital) -> None:
    quickened.quicken()
    with hospital.proven(2).open("rb") as file:
        reader = PdfFileReader(file)
        resolver = reader.get_historical_resolver(0)
        here = [reader.get_object(Reference(number, 0, reader)) for number in range(1, 12)]
        for mine, theirs in [(resolver._subsume_object(one), quickened._subsume(resolver, one)) for one in here]:
            assert (type(mine), repr(mine)) == (type(theirs), repr(theirs))
        assert resolver.root.raw_get("/Pages").get_pdf_handler() is resolver
        assert "/AcroForm" not in resolver.root
        assert "/AcroForm" in reader.root
