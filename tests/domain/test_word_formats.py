"""ALTO and hOCR say what the sidecar says: the same words in the same order at the same places, and others can read them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from domain.alto import alto
from domain.findings import Facts
from domain.hocr import hocr
from domain.pages import Box, Cell, PageReading, Word, Zone
from domain.sidecar import Sidecar, Source

BIN = Path(sys.executable).parent
NAMES = {"a": "http://www.loc.gov/standards/alto/ns-v4#", "h": "http://www.w3.org/1999/xhtml"}
WORDS = ("GIẤY", "RA", "VIỆN", "Thuốc", "Liều", "Paracetamol", '<500 mg> & "2 lần"\x07', "Bác", "sĩ")
ZONES = (
    Zone("print", Box(0, 0, 800, 60)),
    Zone("stamp", Box(300, 100, 420, 220)),
    Zone("handwriting", Box(350, 70, 460, 100)),
    Zone("picture", Box(500.5, 300, 700, 500)),
)
SAID = [word.replace("\x07", "") for word in WORDS]


def made() -> Sidecar:
    """Two pages: a title, a table of two by two cells, one of them empty, a signature; and a blank one."""
    lines = (0, 0, 0, 1, 1, 2, 2, 3, 3)
    words = tuple(
        Word(text, Box(10.0 + 50 * n, 20.0 * (line + 1), 55.0 + 50 * n, 20.0 * line + 36), 0.5 + n / 20, line)
        for n, (text, line) in enumerate(zip(WORDS, lines, strict=True))
    )
    spots = ((0, 0, 3, 4), (0, 1, 4, 5), (1, 0, 5, 7), (1, 1, 7, 7))
    cells = tuple(Cell(0, row, column, 1, 1, Box(0, 0, 9, 9), start, end) for row, column, start, end in spots)
    pages = (
        PageReading(1, 800, 600, 300.0, words=words, cells=cells, zones=ZONES, engine="luuky 1.0+aa vie"),
        PageReading(2, 800, 600, 300.0, blank=True, engine="luuky 1.0+aa vie"),
    )
    return Sidecar((Source('bệnh "án".pdf', "0" * 64, 9),), pages, Facts())


def test_alto_has_every_word_in_order_where_it_stands() -> None:
    root = ET.fromstring(alto(made()))
    strings = root.findall(".//a:String", NAMES)
    assert [string.get("CONTENT") for string in strings] == SAID
    assert [strings[1].get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT", "WC")] == [
        "60.0",
        "20.0",
        "45.0",
        "16.0",
        "0.5500",
    ]
    assert [page.get("PHYSICAL_IMG_NR") for page in root.findall(".//a:Page", NAMES)] == ["1", "2"]
    (table,) = root.findall(".//a:ComposedBlock", NAMES)
    assert [len(cell.findall(".//a:String", NAMES)) for cell in table] == [1, 1, 2, 0]
    names = [node.get("ID") for node in root.iter() if node.get("ID")]
    assert len(names) == len(set(names))


def test_alto_says_what_is_drawn_and_which_words_a_hand_wrote() -> None:
    root = ET.fromstring(alto(made()))
    drawn = root.findall(".//a:Illustration", NAMES)
    assert [(one.get("TYPE"), one.get("HPOS"), one.get("WIDTH")) for one in drawn] == [
        ("stamp", "300.0", "120.0"),
        ("picture", "500.5", "199.5"),
    ]
    (tag,) = root.findall("a:Tags/a:OtherTag", NAMES)
    tagged = root.findall(f".//a:String[@TAGREFS='{tag.get('ID')}']", NAMES)
    assert [string.get("CONTENT") for string in tagged] == ["Bác", "sĩ"]


def test_alto_is_read_by_another_program(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(alto(made()), encoding="utf-8")
    said = subprocess.run([BIN / "alto-tools", "-t", tmp_path / "x.xml"], capture_output=True, text=True, check=True).stdout
    assert "GIẤY RA VIỆN" in said
    assert "Bác sĩ" in said


def test_hocr_has_every_word_in_order_where_it_stands() -> None:
    root = ET.fromstring(hocr(made()))
    words = root.findall(".//h:span[@class='ocrx_word']", NAMES)
    assert [word.text for word in words] == SAID
    assert words[1].get("title") == "bbox 60 20 105 36; x_wconf 55"
    assert len(root.findall(".//h:div[@class='ocr_page']", NAMES)) == 2
    assert len(root.findall(".//h:div[@class='ocr_carea']", NAMES)) == 5
    assert [image.get("title") for image in root.findall(".//h:div[@class='ocr_image']", NAMES)] == [
        "bbox 300 100 420 220",
        "bbox 500 300 700 500",
    ]


def test_hocr_is_valid_to_another_program(tmp_path: Path) -> None:
    (tmp_path / "x.hocr").write_text(hocr(made()), encoding="utf-8")
    judged = subprocess.run([BIN / "hocr-spec", tmp_path / "x.hocr"], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout
