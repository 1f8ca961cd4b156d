"""The catalogue of fonts: what may be learnt from, what a face must be able to write, and how one is rebuilt."""

from __future__ import annotations

import json
import unicodedata

import pytest
from PIL import ImageFont

from ocr.training.fontbuild import KEPT, LETTERS, Source, complaints, gather, lend, write
from ocr.training.fontcompose import box, compose
from ocr.training.fontlist import Entry, part_of, refuse_reserved, table
from ocr.training.fonts import Font, Shelf, load

STYLES = {"serif", "sans", "condensed", "slab", "mono", "typewriter", "dot-matrix", "receipt", "hand", "script", "display"}
ABOVE = {"\u0300": (80, 120), "\u0301": (90, 160), "\u0303": (100, 140), "\u0302": (110, 150)}
HEADER = "source,package,faces,family,group,style,weight,part,composed,licence\n"


def block(left, bottom, right, top):
    corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
    return [("moveTo", corners[:1]), *(("lineTo", [corner]) for corner in corners[1:]), ("closePath", ())]


def drawn(char):
    """A block of its own width for each letter, another above it for each mark a typewriter has."""
    if char == "?":
        return block(150, 0, 190, 90) + block(150, 140, 350, 700)
    bare, *marks = list(unicodedata.normalize("NFD", char))
    top = 500 if bare.islower() else 700
    sizes = [ABOVE.get(mark, (70, 90)) for mark in marks]
    return sum(
        (block(150, top + 60, 150 + wide, top + 60 + high) for wide, high in sizes), block(100, 0, 300 + ord(bare) % 97, top)
    )


def plain_face(family="Face", em=1000):
    """What a western typewriter writes."""
    western = [char for char in KEPT if char not in LETTERS or set(unicodedata.normalize("NFD", char)[1:]) <= set(ABOVE)]
    return Source(family, {ord(char): (drawn(char), 600) for char in western if char not in "đĐắẮấẤầẦẫẪ"}, em, 800, -200)


def whole_face(family="Face"):
    source = plain_face(family)
    source.drawings.update({ord(char): (block(100, 0, 200 + number, 999), 600) for number, char in enumerate(LETTERS)})
    source.drawings.update(
        {ord(char): (block(100, 0, 200 + number, 777), 600) for number, char in enumerate(sorted(KEPT - set(LETTERS)))}
    )
    return source


def parts(style):
    return {
        part: {entry.family for entry in table() if entry.style == style and entry.part == part} for part in ("train", "test")
    }


def test_the_catalogue_knows_only_agreed_styles_and_two_parts():
    assert {entry.style for entry in table()} == STYLES
    assert {entry.part for entry in table()} == {"train", "test"}
    assert all(entry.weight > 0 and entry.licence for entry in table())


@pytest.mark.parametrize("style", ["serif", "sans", "mono", "typewriter", "hand"])
def test_each_common_style_is_learnt_from_and_held_out(style):
    assert len(parts(style)["test"]) >= 3
    assert len(parts(style)["train"]) >= 3


@pytest.mark.parametrize("family", ["Tinos", "Arimo", "Cousine", "Noto Serif", "Noto Sans", "Roboto"])
def test_the_faces_of_everyday_are_learnt_from(family):
    assert {entry.part for entry in table() if entry.family == family} == {"train"}


@pytest.mark.parametrize(
    "stem", ["Fira", "Barlow", "Noto", "DejaVu", "IBM Plex", "Roboto", "Source", "Overpass", "Crimson", "Asap"]
)
def test_sister_families_stay_in_one_part(stem):
    sisters = [entry for entry in table() if entry.family.startswith(stem)]
    assert len(sisters) > 1
    assert len({entry.part for entry in sisters}) == 1


def test_about_one_group_in_eight_is_held_out():
    held_out = sum(part_of(f"group {number}") == "test" for number in range(4000))
    assert 400 < held_out < 600


@pytest.mark.parametrize(
    "name",
    [
        *("TeX Gyre Termes", "DejaVuMathTeXGyre.ttf", "Charis SIL", "Bitstream Charter", "Linux Libertine O", "Libertinus Serif"),
        *(
            "Linux Biolinum",
            "CMU Serif",
            "fonts-cmu",
            "Latin Modern Roman",
            "fonts-lmodern",
            "Carlito",
            "fonts-crosextra-carlito",
        ),
        *("Lato", "@fontsource/lato", "Andika", "fonts-sil-andika", "EB Garamond", "@fontsource/eb-garamond", "Itim", "Mali"),
        *(
            "Playwrite VN",
            "Mynerve",
            "Sedgwick Ave Display",
            "Pangolin",
            "Square Peg",
            "Patrick Hand SC",
            "PatrickHand-Regular.ttf",
        ),
        *("Nimbus Roman", "fonts-urw-base35", "FreeSerif", "fonts-freefont-ttf"),
    ],
)
def test_families_kept_for_judging_are_refused_with_their_relatives(name):
    with pytest.raises(ValueError, match="reserved for judging"):
        refuse_reserved(name)


@pytest.mark.parametrize("name", ["Doulos SIL", "Cormorant Garamond", "Normalia", "Platonic", "Gentium Plus", "DejaVu Sans"])
def test_other_families_are_not_refused(name):
    refuse_reserved(name)


def test_a_table_that_names_a_reserved_family_is_not_read(tmp_path):
    listed = tmp_path / "fonts.csv"
    listed.write_text(HEADER + "npm,@fontsource/lato,,Lato,,sans,1,train,,OFL-1.1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Lato"):
        table(listed)


def test_a_face_with_every_character_passes():
    assert complaints(whole_face().drawings) == []


def test_a_missing_or_empty_letter_is_named():
    source = whole_face()
    del source.drawings[ord("ẫ")]
    source.drawings[ord("Ợ")] = ([], 600)
    assert complaints(source.drawings) == ["without ẫỢ"]


def test_letters_drawn_alike_are_named():
    source = whole_face()
    source.drawings[ord("ệ")] = source.drawings[ord("ê")]
    source.drawings[ord("(")] = source.drawings[ord("/")]
    assert complaints(source.drawings) == ["ê=ệ", "(=/"]


def test_files_by_alphabet_become_one_font_that_draws(tmp_path):
    whole = whole_face()
    latin = Source("Face", {code: drawing for code, drawing in whole.drawings.items() if code < 0x250}, 1000, 800, -200)
    rest = Source("Face", {code: drawing for code, drawing in whole.drawings.items() if code >= 0x180}, 1000, 800, -200)
    rest.drawings[ord("ơ")] = (block(0, 0, 9, 9), 600)
    write(latin, tmp_path / "latin.ttf")
    write(rest, tmp_path / "rest.ttf")
    joined = gather([tmp_path / "latin.ttf", tmp_path / "rest.ttf"])
    write(joined, tmp_path / "joined.ttf")
    assert complaints(joined.drawings) == []
    assert box(joined.drawings[ord("ơ")][0]).top == 999
    font = ImageFont.truetype(str(tmp_path / "joined.ttf"), 100, layout_engine=ImageFont.Layout.BASIC)
    assert font.getlength("ẫ") == 60
    assert font.getbbox("ẫ")[3] - font.getbbox("ẫ")[1] == pytest.approx(100, abs=1)


def test_signs_are_lent_at_the_size_of_the_borrower_but_letters_are_not():
    source, lender = plain_face(), Source("Lender", dict(whole_face().drawings), 2000, 1600, -400)
    del source.drawings[ord("≤")]
    lend(source, lender)
    assert box(source.drawings[ord("≤")][0]).top == 777 / 2
    assert source.drawings[ord("≤")][1] == 300
    assert ord("ẫ") not in source.drawings


def test_a_western_typewriter_learns_to_write_vietnamese():
    source = plain_face()
    source.drawings.update(compose(source.drawings))
    assert complaints(source.drawings) == []


@pytest.mark.parametrize(
    ("letter", "under"), [("ẽ", "e"), ("ẻ", "e"), ("ỹ", "y"), ("Ẽ", "E"), ("ẫ", "â"), ("Ẫ", "Â"), ("ấ", "â"), ("ỡ", "ơ")]
)
def test_a_composed_tone_stands_over_its_letter(letter, under):
    source = plain_face()
    source.drawings.update(compose(source.drawings))
    assert box(source.drawings[ord(letter)][0]).top > box(source.drawings[ord(under)][0]).top


@pytest.mark.parametrize("letter", "ạẹịọụỵặậệộợựẠẶẬ")
def test_a_composed_dot_lies_below_its_letter(letter):
    source = plain_face()
    source.drawings[ord(".")] = (block(200, 0, 260, 60), 600)
    source.drawings.update(compose(source.drawings))
    assert box(source.drawings[ord(letter)][0]).bottom < -60


def test_the_list_gives_paths_in_its_own_folder(tmp_path):
    font = {"path": "a.ttf", "family": "A", "style": "serif", "weight": 2.5, "part": "test", "licence": "OFL-1.1", "version": "1"}
    (tmp_path / "fonts.json").write_text(json.dumps([font]), encoding="utf-8")
    assert load(tmp_path / "fonts.json") == [Font(tmp_path / "a.ttf", "A", "serif", 2.5, "test", "OFL-1.1")]


def fetched(folder, family, faces):
    """Packages as the registries leave them: `faces` (face → source) in one, the lender in another."""
    lender = folder / "debian" / "fonts-dejavu-core" / "DejaVuSans.ttf"
    lender.parent.mkdir(parents=True)
    write(whole_face("Lender"), lender)
    package = folder / "npm" / "node_modules" / "@fontsource" / family
    (package / "files").mkdir(parents=True)
    (package / "package.json").write_text('{"version": "5.3.0"}', encoding="utf-8")
    for face, source in faces.items():
        file = package / "files" / f"{family}-latin-{face}.woff2"
        write(source, file)
    return Entry("npm", f"@fontsource/{family}", ("400", "700", "400-italic"), "Face", "sans", 2.0, "train", False, "OFL-1.1")


def test_only_faces_that_can_write_are_built_and_listed(tmp_path, capsys):
    lacking = whole_face()
    del lacking.drawings[ord("ữ")]
    entry = fetched(tmp_path, "face", {"400-normal": whole_face(), "400-italic": whole_face(), "700-normal": lacking})
    built = Shelf(tmp_path, tmp_path).build(entry)
    assert [(font["path"], font["weight"], font["version"]) for font in built] == [
        ("face-400.ttf", 2.0, "5.3.0"),
        ("face-400-italic.ttf", 0.8, "5.3.0"),
    ]
    assert complaints(gather([tmp_path / "face-400.ttf"]).drawings) == []
    assert not (tmp_path / "face-700.ttf").exists()
    assert "without ữ" in capsys.readouterr().err


def test_a_reserved_face_under_another_name_is_refused_when_opened(tmp_path):
    entry = fetched(tmp_path, "lat-o", {"400-normal": whole_face("lat-o")})
    write_as_reserved = tmp_path / "npm" / "node_modules" / "@fontsource" / "lat-o" / "files" / "lat-o-latin-400-normal.woff2"
    hidden = tmp_path / "Carlito.ttf"
    write(whole_face(), hidden)
    hidden.replace(write_as_reserved)
    with pytest.raises(ValueError, match="reserved for judging"):
        Shelf(tmp_path, tmp_path).build(entry)
