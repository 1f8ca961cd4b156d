"""What is taken, what is refused and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from domain.documents import Nature
from domain.errors import Refused, Unreadable
from ingest.inspect import inspect
from ingest.settings import IngestSettings
from tests.generator import files, hostile
from tests.ingest import samples

SETTINGS = IngestSettings()
UNREADABLE = {
    "empty": "empty",
    "foreign": "foreign",
    "gif": "foreign",
    "truncated_pdf": "truncated",
    "truncated_jpeg": "truncated",
    "truncated_png": "truncated",
    "truncated_tiff": "truncated",
    "truncated_webp": "truncated",
    "hollow": "broken",
    "no_pages": "no_pages",
}
REFUSED = {"encrypted": "encrypted", "owner_password": "encrypted", "xfa": "xfa", "png_bomb": "bomb", "pdf_bomb": "bomb"}
NOTED = {"javascript": "javascript", "launch": "launch", "attachment": "attachments", "broken_xref": "repaired"}


@pytest.mark.parametrize(("name", "code"), UNREADABLE.items())
def test_a_file_of_which_no_page_can_be_made_is_unreadable(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        inspect(hostile.MAKERS[name](tmp_path / "scan.pdf"), SETTINGS)
    assert caught.value.message.code == code
    assert caught.value.message.vi
    assert caught.value.message.en


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_file_that_a_person_must_change_is_refused(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        inspect(hostile.MAKERS[name](tmp_path / "scan.pdf"), SETTINGS)
    assert caught.value.message.code == code
    assert not isinstance(caught.value, Unreadable)


@pytest.mark.parametrize(("name", "code"), NOTED.items())
def test_what_is_strange_about_a_file_that_is_taken_is_noted(name: str, code: str, tmp_path: Path) -> None:
    found = inspect(hostile.MAKERS[name](tmp_path / "scan"), SETTINGS)
    assert [note.code for note in found.notes] == [code]
    assert found.pages == 1


def test_an_honest_scan_has_no_notes(tmp_path: Path) -> None:
    found = inspect(files.pdf([samples.page(), samples.bitonal()], tmp_path / "scan"), SETTINGS)
    assert (found.media_type, found.nature, found.pages, found.notes) == ("application/pdf", Nature.SCAN, 2, ())


def test_more_pages_than_the_limit_are_refused(tmp_path: Path) -> None:
    many = files.pdf([samples.bitonal()] * 4, tmp_path / "a")
    assert inspect(many, IngestSettings(most_pages=4)).pages == 4
    with pytest.raises(Refused, match="too_many_pages"):
        inspect(many, IngestSettings(most_pages=3))
    tiff = files.tiff([samples.bitonal()] * 4, tmp_path / "b")
    with pytest.raises(Refused, match="too_many_pages"):
        inspect(tiff, IngestSettings(most_pages=3))


def test_ten_thousand_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too_many_pages"):
        inspect(hostile.many_pages(tmp_path / "a"), SETTINGS)


def test_a_file_over_the_limit_of_bytes_is_refused_unread(tmp_path: Path) -> None:
    scan = files.jpeg(samples.page(), tmp_path / "a")
    with pytest.raises(Refused, match="too_large"):
        inspect(scan, IngestSettings(most_bytes=1000))


@pytest.mark.parametrize("write", [files.jpeg, files.png, files.webp])
def test_a_picture_over_the_limit_of_pixels_is_refused(write: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="bomb"):
        inspect(write(samples.page(), tmp_path / "a"), IngestSettings(most_pixels=10_000))


def test_the_kind_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    wanted = {
        "image/jpeg": files.jpeg(samples.page(), tmp_path / "a.pdf"),
        "image/png": files.png(samples.page(), tmp_path / "b.jpg"),
        "image/webp": files.webp(samples.page(), tmp_path / "c.png"),
        "image/tiff": files.tiff([samples.page()], tmp_path / "d"),
        "application/pdf": files.pdf([samples.page()], tmp_path / "e.tif"),
    }
    assert {media_type: inspect(path, SETTINGS).media_type for media_type, path in wanted.items()} == {m: m for m in wanted}


def test_a_born_digital_file_has_text(tmp_path: Path) -> None:
    assert inspect(files.born_digital(samples.form(), tmp_path / "a"), SETTINGS).nature is Nature.TEXT


def test_a_scan_among_pages_of_text_makes_a_file_of_text(tmp_path: Path) -> None:
    text = files.born_digital(samples.form(), tmp_path / "text")
    mixed = files.pdf([samples.page()], tmp_path / "mixed")
    with pikepdf.open(mixed, allow_overwriting_input=True) as document, pikepdf.open(text) as other:
        document.pages.extend(other.pages)
        document.save(mixed)
    assert inspect(mixed, SETTINGS).nature is Nature.TEXT


def test_hidden_text_of_a_scanner_leaves_a_scan_a_scan(tmp_path: Path) -> None:
    hidden = with_text(tmp_path / "a", mode=3)
    found = inspect(hidden, SETTINGS)
    assert found.nature is Nature.SCAN
    assert [note.code for note in found.notes] == ["scanner_text"]


def test_a_page_number_printed_on_a_scan_leaves_it_a_scan(tmp_path: Path) -> None:
    assert inspect(with_text(tmp_path / "a", mode=0), SETTINGS).nature is Nature.SCAN


def with_text(path: Path, mode: int) -> Path:
    content = f"q 595 0 0 842 0 0 cm /Im Do Q BT /F 10 Tf {mode} Tr 40 40 Td (Trang 1 cua 3, benh vien da khoa huyen) Tj ET"
    samples.changed(path, [samples.page()], content.encode())
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        document.pages[0].Resources.Font = pikepdf.Dictionary(F=font)
        document.save(path)
    return path


def signed(path: Path, *, value: bool, flags: int) -> Path:
    files.pdf([samples.page()], path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("ky"))
        if value:
            field.V = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig, Contents=pikepdf.String("x" * 40)))
        fields = pikepdf.Array([document.make_indirect(field)])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=fields, SigFlags=flags)
        document.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "flags", "nature"),
    [(True, 3, Nature.SIGNED), (True, 0, Nature.SIGNED), (False, 3, Nature.SCAN), (False, 0, Nature.SCAN)],
)
def test_a_signature_makes_a_file_signed_and_an_empty_field_does_not(
    value: bool, flags: int, nature: Nature, tmp_path: Path
) -> None:
    assert inspect(signed(tmp_path / "a", value=value, flags=flags), SETTINGS).nature is nature


def test_a_signature_whose_field_is_named_by_its_parent_is_seen(tmp_path: Path) -> None:
    path = files.pdf([samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        seal = document.make_indirect(
            pikepdf.Dictionary(ByteRange=pikepdf.Array([0, 1, 2, 3]), Contents=pikepdf.String("x" * 40))
        )
        kid = document.make_indirect(pikepdf.Dictionary(T=pikepdf.String("ky"), V=seal))
        parent = document.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, Kids=pikepdf.Array([kid])))
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([parent]))
        document.save(path)
    assert inspect(path, SETTINGS).nature is Nature.SIGNED


def _nowhere(document: pikepdf.Pdf, seal: pikepdf.Object) -> None:
    document.Root.Hidden = seal


def _certified(document: pikepdf.Pdf, seal: pikepdf.Object) -> None:
    document.Root.Perms = pikepdf.Dictionary(DocMDP=seal)


def _usage_rights(document: pikepdf.Pdf, seal: pikepdf.Object) -> None:
    document.Root.Perms = pikepdf.Dictionary(UR3=seal)


def _both(document: pikepdf.Pdf, seal: pikepdf.Object) -> None:
    _usage_rights(document, seal)
    field = document.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("ky"), V=seal))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))


@pytest.mark.parametrize("indirect", [True, False])
@pytest.mark.parametrize(
    ("put", "nature"),
    [(_nowhere, Nature.SIGNED), (_certified, Nature.SIGNED), (_usage_rights, Nature.SCAN), (_both, Nature.SIGNED)],
)
def test_a_signature_counts_wherever_it_is_but_usage_rights_are_none(
    put: Callable[[pikepdf.Pdf, pikepdf.Object], None], nature: Nature, indirect: bool, tmp_path: Path
) -> None:
    path = files.pdf([samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        seal = pikepdf.Dictionary(ByteRange=[0, 1, 2, 3], Contents=pikepdf.String("x" * 40))
        put(document, document.make_indirect(seal) if indirect else seal)
        document.save(path)
    assert inspect(path, SETTINGS).nature is nature


def test_a_picture_damaged_in_its_middle_is_broken(tmp_path: Path) -> None:
    scan = files.png(samples.page(), tmp_path / "a")
    data = bytearray(scan.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 50] = bytes(50)
    scan.write_bytes(data)
    with pytest.raises(Unreadable, match="broken"):
        inspect(scan, SETTINGS)


def test_a_film_is_not_a_page(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "white")]
    frames[0].save(tmp_path / "a", "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(Refused, match="animated"):
        inspect(tmp_path / "a", SETTINGS)
