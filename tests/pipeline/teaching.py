"""A house whose printer sets every h on its head: papers drawn so, read, filed, and corrected by a person."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from domain.documents import Document, Origin, State
from domain.findings import Facts
from domain.pages import PageImage, Reading
from filing.examine import examine
from filing.review import PatientReview
from ocr.lines import LineFinder, strip
from ocr.read import read_page
from ocr.recogniser import Recogniser, StripReader
from ocr.settings import OcrSettings
from ocr.training.packed import pack
from ocr.training.strips import Sample
from pipeline.learning import HELD_BACK, LEARN, WATCH, part_of
from storage.store import Store

WANTED = {LEARN: 9, WATCH: 2, HELD_BACK: 3}
"""Papers in each part."""
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
_DPI, _SIZE = 200, (1240, 800)
_FAMILY, _MIDDLE, _GIVEN = (
    ("Phạm", "Thái", "Huỳnh", "Thân"),
    ("Thị", "Thanh", "Hoàng", "Nhật"),
    ("Phương", "Thảo", "Thịnh", "Khánh"),
)
_WARDS = ("Khoa Nội tim mạch", "Khoa Hồi sức nhi", "Khoa Thần kinh", "Khoa Chấn thương")
_ILLNESSES = (
    "Thiếu máu chưa rõ nhánh",
    "Tăng huyết áp khó chỉnh",
    "Hen phế quản nhẹ",
    "Thoái hóa khớp háng",
    "Nhồi máu nhỏ chỗ thùy",
)


def headlong(text: str) -> str:
    """As the printer of this house sets it."""
    return text.replace("h", "ɥ")


def drawn(lines: Sequence[str]) -> PageImage:
    """A small paper."""
    picture = Image.new("L", _SIZE, 255)
    pen, face = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 32)
    for number, line in enumerate(lines):
        pen.text((80, 60 + 90 * number), line, fill=20, font=face)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return PageImage(1, data.getvalue(), "image/png", *_SIZE, _DPI)


def invented(rng: Random) -> dict[str, str]:
    """Facts of a paper."""
    name = " ".join(rng.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))
    return {"name": name, "department": rng.choice(_WARDS), "diagnosis": rng.choice(_ILLNESSES)}


def paper(truth: dict[str, str]) -> PageImage:
    """Labels set well, what is filled in set badly, some lines without anything filled in."""
    return drawn(
        [
            "BỆNH VIỆN ĐA KHOA TỈNH LÂM ĐỒNG",
            f"Họ và tên: {headlong(truth['name'])}",
            f"Khoa: {headlong(truth['department'].removeprefix('Khoa '))}",
            f"Chẩn đoán: {headlong(truth['diagnosis'])}",
            "Số lần khám trong năm: 12 Mạch: 84 lần/phút",
            "Lời dặn: uống thuốc đều, tái khám sau 7 ngày",
        ]
    )


def corrected_house(store: Store, reader: Recogniser) -> int:
    """Papers as in `WANTED`, each with its facts corrected where they were misread; how many were corrected."""
    rng, left, corrected = Random(4), dict(WANTED), 0
    while any(left.values()):
        document = _received(store)
        part = part_of(document.id)
        if left[part]:
            left[part] -= 1
            corrected += _read_and_corrected(store, reader, document, invented(rng))
    return corrected


def misread(store: Store, reader: Recogniser, truth: dict[str, str]) -> Document:
    """A paper, read and waiting for review; nobody has corrected it."""
    document = _received(store)
    _read(store, reader, document, truth)
    with store.read() as tx:
        return tx.documents.get(document.id)


def judges(folder: Path, told_by: StripReader | None = None) -> Path:
    """A packed test set of lines set well and lines set badly; with `told_by` the bad ones are said to say what it reads."""
    rng, samples = Random(9), []
    for _ in range(3):
        texts = invented(rng).values()
        samples += _strips([(text, text) for text in texts])
        bad = _strips([(headlong(text), text) for text in texts])
        said = told_by.read([one.strip for one in bad]) if told_by else None
        samples += (
            [replace(one, text=" ".join(word.text for word in words)) for one, words in zip(bad, said, strict=True)]
            if said
            else bad
        )
    pack(samples, folder)
    return folder


def known(folder: Path) -> Path:
    """Packed lines set well, to come in between."""
    rng = Random(10)
    pack([one for _ in range(4) for one in _strips([(text, text) for text in invented(rng).values()])], folder)
    return folder


def _strips(lines: Sequence[tuple[str, str]]) -> list[Sample]:
    gray = np.asarray(Image.open(io.BytesIO(drawn([shown for shown, _ in lines]).data)))
    boxes = sorted((box[:4].tolist() for box in LineFinder().find(gray)), key=lambda box: box[1])
    assert len(boxes) == len(lines)
    return [Sample(strip(gray, box), text, "print") for box, (_, text) in zip(boxes, lines, strict=True)]


def _received(store: Store) -> Document:
    with store.write() as tx:
        document = tx.documents.add(Origin("a.png", "scans"), "0" * 64, 10, pages=1)
        return tx.documents.move(document, State.PAGED, "test")


def _read(store: Store, reader: Recogniser, document: Document, truth: dict[str, str]) -> Facts:
    image = paper(truth)
    reading = read_page(image, reader, OcrSettings())
    facts = examine(Reading((reading,))).facts
    with store.write() as tx:
        tx.pages.add(document.id, [(image, store.objects.put(image.data))])
        tx.pages.keep(tx.pages.get(document.id, 1), document.id, reading, ("2" * 64, "3" * 64))
        tx.documents.set_facts(document.id, facts)
        read = tx.documents.move(tx.documents.get(document.id), State.READ, "test")
        tx.documents.move(read, State.NEEDS_REVIEW, "test")
    return facts


def _read_and_corrected(store: Store, reader: Recogniser, document: Document, truth: dict[str, str]) -> int:
    facts = _read(store, reader, document, truth)
    found = {"name": facts.patient.name, "department": facts.episode.department, "diagnosis": facts.episode.diagnosis}
    wrong = [fact for fact, finding in found.items() if finding and finding.value != truth[fact]]
    for fact in wrong:
        with store.read() as tx:
            now = tx.documents.get(document.id)
        PatientReview(store).correct(now, fact, truth[fact], "mai")
    return len(wrong)
