"""Is what reads, judges and marks pages installed? One finding for each, each with what to do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from domain.errors import Broken, LuukyError
from ocr import house, weights
from ocr.settings import Reader
from pdfa.choices import MarkPlace
from pdfa.recorded import CHECK
from pdfa.verapdf import VeraPdf
from pipeline.finding import Finding
from pipeline.settings import UNNAMED, Settings

Said = tuple[str, str]
"""The same in Vietnamese and in English."""


def look(settings: Settings) -> Iterator[Finding]:
    """Readers, the judge of PDF/A, the mark of conversion."""
    reads, wrong = _own(settings.storage.data)
    yield _recogniser(settings, reads, wrong)
    yield _tesseract(settings, alone=reads is None)
    yield _judge(settings)
    yield _mark(settings)


def _recogniser(settings: Settings, reads: Said | None, wrong: LuukyError | None) -> Finding:
    """Who reads pages: our own recogniser, or Tesseract alone. `reads`, `wrong`: as `_own` says."""
    if settings.ocr.engine is Reader.TESSERACT:
        return Finding(
            "recogniser",
            "ok",
            "Chỉ Tesseract đọc trang, theo cài đặt LUUKY_OCR_ENGINE.",
            "Tesseract alone, as LUUKY_OCR_ENGINE says",
        )
    vi, en = reads or ("", "")
    if wrong is None:
        return Finding("recogniser", "ok", f"Trang được đọc bằng bộ nhận dạng {vi}.", en)
    if reads is None:
        vi, en = "Tesseract đọc một mình", "Tesseract reads alone"
    else:
        vi, en = f"bản gốc đọc thay: {vi}", f"the packaged one reads: {en}"
    return Finding("recogniser", "missing", f"{wrong.message.vi} Trong lúc đó {vi}.", f"{wrong.message.en} Until then {en}")


def _own(data: Path) -> tuple[Said | None, LuukyError | None]:
    """Which of our own recognisers reads (name, size, SHA-256; None: none can), and what is wrong with those that do not."""
    wrong: LuukyError | None = None
    try:
        taught = house.whole(data)
    except Broken as error:
        taught, wrong = None, error
    try:
        card = weights.card(taught or weights.FOLDER)
        size = weights.size(taught or weights.FOLDER) / 1e6
    except LuukyError as error:
        return None, error
    vi = f"{card.name}" + (", đã học thêm từ chữ sửa tại đây" if taught else "")
    return (vi, f"{card.name}, {size:.1f} MB, SHA-256 {card.sha256}" + (", taught by this house" if taught else "")), wrong


def _tesseract(settings: Settings, *, alone: bool) -> Finding:
    """Needed where it is to read, or where our own cannot (`alone`)."""
    languages = _output(["tesseract", "--list-langs"])
    wanted = [*settings.ocr.languages.split("+"), "osd"]
    lacking = [name for name in wanted if name not in (languages or "").split()]
    if not lacking:
        program = (_output(["tesseract", "--version"]) or "").split("\n")[0]
        library = f"; pages are read by tesserocr {metadata.version('tesserocr')}, in process" if find_spec("tesserocr") else ""
        return Finding("tesseract", "ok", f"Đã cài {program} và đủ ngôn ngữ cần đọc.", program + library)
    packages = " ".join(["tesseract-ocr"] * (languages is None) + [f"tesseract-ocr-{name}" for name in lacking])
    needed = settings.ocr.engine is not Reader.OWN or alone
    weight = "nên máy chủ chưa đọc được trang" if needed else "là bộ đọc dự phòng khi bộ nhận dạng chính hỏng"
    return Finding(
        "tesseract",
        "missing" if needed else "warning",
        f"Chưa cài đủ Tesseract, {weight}. Nhờ bộ phận CNTT chạy trên máy chủ: apt-get install {packages}",
        f"apt-get install {packages}",
    )


def _judge(settings: Settings) -> Finding:
    """The independent judge of PDF/A."""
    judge = VeraPdf(settings.pdfa)
    if not judge.installed:
        return Finding(
            "verapdf",
            "warning",
            "Chưa cài veraPDF, phần mềm kiểm định PDF/A, nên tài liệu được ghi là “chưa kiểm định”. Nhờ bộ phận CNTT cài trên "
            "máy chủ rồi đặt LUUKY_PDFA_VERAPDF.",
            "not installed: files are marked as not checked (chưa kiểm định); install it and set LUUKY_PDFA_VERAPDF",
        )
    if shutil.which(settings.pdfa.java) is None:
        return Finding(
            "verapdf",
            "missing",
            f"Thiếu Java ({settings.pdfa.java}) nên veraPDF không chạy được và tài liệu chưa được kiểm định. Nhờ bộ phận CNTT "
            "chạy trên máy chủ: apt-get install openjdk-17-jre-headless",
            f"apt-get install openjdk-17-jre-headless: veraPDF needs {settings.pdfa.java}",
        )
    return Finding(
        "verapdf",
        "ok",
        f"Đã cài veraPDF {judge.version}; tài liệu được kiểm định PDF/A.",
        f"veraPDF {judge.version}, {settings.pdfa.verapdf}",
    )


def _mark(settings: Settings) -> Finding:
    """Whether the mark of conversion names somebody, and leads somewhere."""
    if settings.pdfa.mark is MarkPlace.NONE:
        return Finding(
            "mark",
            "warning",
            "Trang không mang dấu chuyển đổi, nên không cho biết là được chuyển từ văn bản giấy. Nhờ bộ phận CNTT đặt lại "
            "LUUKY_PDFA_MARK nếu không cố ý.",
            "LUUKY_PDFA_MARK is none: pages do not say that they were converted from paper",
        )
    named = settings.pdfa.converter or settings.pdfa.organisation or settings.hospital != UNNAMED
    lacking = [] if settings.pdfa.verify_url else [_NO_ADDRESS]
    lacking += [] if named else [_NO_NAME]
    if not lacking:
        address = f"{settings.pdfa.verify_url}{CHECK}…"
        return Finding("mark", "ok", f"Mã QR trên dấu chuyển đổi dẫn đến {address}", address)
    vi, en = zip(*lacking, strict=True)
    return Finding(
        "mark",
        "warning",
        f"Dấu chuyển đổi còn thiếu {' và '.join(vi)}. Nhờ bộ phận CNTT đặt các cài đặt này.",
        f"set {'; '.join(en)}",
    )


_NO_ADDRESS = (
    "mã QR vì chưa có địa chỉ để tra (LUUKY_PDFA_VERIFY_URL)",
    "LUUKY_PDFA_VERIFY_URL, or marks have no QR code",
)
_NO_NAME = ("tên bệnh viện (LUUKY_HOSPITAL)", "LUUKY_HOSPITAL, or marks and metadata name no hospital")


def _output(command: list[str]) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except FileNotFoundError:
        return None
