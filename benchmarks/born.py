"""Files of every producer at hand, converted and judged: python -m benchmarks.born [--only NAMES] [--alone] [--rivals] [--list]

Prints per producer: files, how many were taken, how many of these veraPDF calls valid and at which level, how many were kept as
they were, why the others were refused, how much the pages changed in two renderers (mean difference of all pixels at 50 dpi,
0 to 255; the worst page), how many of the words are still there, and the CPU time a file. `--rivals`: what Ghostscript alone and
OCRmyPDF make of the same files. Exit 1 if a file was taken and is not valid.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from rich.console import Console
from rich.table import Table

from benchmarks.born_files import producers
from domain.documents import Nature
from domain.errors import Refused
from domain.pages import PageReading
from ingest.inspect import inspect
from ingest.settings import IngestSettings
from pdfa.convert import TEXT_LAYER, convert
from pdfa.kept import KEPT, approved
from pdfa.record import BindRecord
from pdfa.settings import PdfaSettings
from tests import judges

_DPI = 50
_MOST_PAGES = 2
"""Pages of a file that are drawn and compared."""
_RECORD = BindRecord("Tài liệu", "0123456789abcdef0123", datetime(2026, 1, 1, tzinfo=UTC), ("0" * 64,))


@dataclass
class Outcome:
    """What became of one file. `level` is such as `2U`; `changed` the mean difference of the worst page, by renderer."""

    path: Path
    refused: str = ""
    notes: tuple[str, ...] = ()
    out: Path | None = None
    cpu: float = 0.0
    changed: dict[str, float] = field(default_factory=dict)
    words: tuple[int, int] = (0, 0)
    level: str = ""
    broken: str = ""


def attempt(path: Path, folder: Path, settings: PdfaSettings) -> Outcome:
    """Converts one file as `luuky digitise` would, and looks at what came out."""
    before = _cpu()
    outcome = Outcome(path)
    out = folder / f"{path.parent.name}-{path.name}"
    try:
        inspection = inspect(path, IngestSettings())
        if inspection.nature is Nature.SIGNED:
            outcome.refused = "signed"
            return outcome
        readings = [PageReading(number + 1, 100, 100, 72.0, engine=TEXT_LAYER) for number in range(inspection.pages)]
        if approved(path):
            outcome.notes = (KEPT,)
            shutil.copyfile(path, out)
        else:
            outcome.notes = convert(path, readings, _RECORD, out, settings=settings).notes
    except Refused as error:
        outcome.refused = error.message.code + _rules(error.message.en)
        return outcome
    except Exception as error:  # noqa: BLE001 - the door of one attempt: a crash is what is being looked for
        outcome.refused = f"CRASH {type(error).__name__} {error}"[:150]
        return outcome
    outcome.out, outcome.cpu = out, _cpu() - before
    outcome.changed = {name: look(path, out) for name, look in (("pdfium", _pdfium), ("poppler", _poppler))}
    outcome.words = _kept_words(path, out)
    return outcome


def _rules(sentence: str) -> str:
    found = re.search(r"clauses ([^)]*)", sentence)
    return f" {found[1]}" if found else ""


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _pdfium(before: Path, after: Path) -> float:
    with pypdfium2.PdfDocument(_readable(before, after)) as first, pypdfium2.PdfDocument(after) as second:
        for each in (first, second):
            each.init_forms()
        pages = range(min(len(first), len(second), _MOST_PAGES))
        pictures = [[_drawn(document, number) for number in pages] for document in (first, second)]
    return max((_difference(*pair) for pair in zip(*pictures, strict=True)), default=0.0)


def _readable(path: Path, after: Path) -> Path:
    """The file itself, or what pikepdf reads of it where PDFium cannot."""
    try:
        pypdfium2.PdfDocument(path).close()
    except pypdfium2.PdfiumError:
        repaired = after.with_suffix(".repaired.pdf")
        with pikepdf.open(path) as pdf:
            pdf.save(repaired)
        return repaired
    return path


def _drawn(document: pypdfium2.PdfDocument, number: int) -> np.ndarray:
    page = document[number]
    wide, _ = page.get_size()
    return np.asarray(page.render(scale=min(_DPI / 72, 1500 / wide), may_draw_forms=True).to_pil().convert("RGB"), np.int16)


def _poppler(before: Path, after: Path) -> float:
    pictures = []
    for path in (before, after):
        with tempfile.TemporaryDirectory() as folder:
            command: list[str | Path] = [
                "pdftoppm",
                "-cropbox",
                "-r",
                str(_DPI),
                "-l",
                str(_MOST_PAGES),
                "-scale-to",
                "600",
                path,
                f"{folder}/p",
            ]
            subprocess.run(command, capture_output=True, check=False, timeout=120)
            pictures.append([_ppm(each) for each in sorted(Path(folder).iterdir())])
    return max((_difference(*pair) for pair in zip(*pictures, strict=False)), default=0.0)


def _ppm(path: Path) -> np.ndarray:
    kind, size, _, data = path.read_bytes().split(b"\n", 3)
    assert kind == b"P6"
    wide, high = map(int, size.split())
    return np.frombuffer(data, np.uint8)[: wide * high * 3].reshape(high, wide, 3).astype(np.int16)


def _difference(first: np.ndarray, second: np.ndarray) -> float:
    if first.shape != second.shape:
        return 255.0
    return float(np.abs(first - second).mean())


def _kept_words(before: Path, after: Path) -> tuple[int, int]:
    old, new = (Counter(_text(path).split()) for path in (before, after))
    return (old & new).total(), old.total()


def _text(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=False, timeout=120).stdout.decode(errors="replace")


def judge(outcome: Outcome) -> Outcome:
    """Asks veraPDF about what came out."""
    if outcome.out is not None:
        verdict = judges.verapdf(outcome.out)
        outcome.level = str(verdict["profile"]).removeprefix("PDF/A-")
        if not verdict["compliant"]:
            rules = [f"{rule['clause']}-{rule['test']}" for rule in verdict["failed_rules"] or ()]
            outcome.broken = " ".join(rules[:4]) or str(verdict["error"])
    return outcome


def _report(made: dict[str, list[Outcome]]) -> Table:
    table = Table(title="born-digital files, converted")
    headings = ("producer", "files", "taken", "valid", "U", "B", "kept", "Gs", "pdfium", "poppler", "words", "CPU ms", "refused")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("producer", "refused") else "right")
    everything = [outcome for outcomes in made.values() for outcome in outcomes]
    for name, outcomes in (*made.items(), ("all", everything)):
        table.add_row(name, *_row(outcomes))
    return table


def _row(outcomes: Sequence[Outcome]) -> list[str]:
    taken = [each for each in outcomes if each.out]
    kept = sum(KEPT in each.notes for each in taken)
    codes = Counter(each.refused.partition(" ")[0] for each in outcomes if each.refused)
    found, all_words = (sum(each.words[place] for each in taken) for place in (0, 1))
    worst = [max((each.changed[name] for each in taken), default=0.0) for name in ("pdfium", "poppler")]
    return [
        str(len(outcomes)),
        str(len(taken)),
        str(sum(not each.broken for each in taken)),
        str(sum(each.level[1:] in ("U", "A") and not each.broken for each in taken)),
        str(sum(each.level[1:] == "B" and not each.broken for each in taken)),
        str(kept),
        str(sum("ghostscript" in each.notes for each in taken)),
        *(f"{value:.2f}" for value in worst),
        f"{100 * found / max(all_words, 1):.1f}",
        f"{1000 * sum(each.cpu for each in taken) / max(len(taken), 1):.0f}",
        ", ".join(f"{code} {count}" for code, count in codes.most_common()),
    ]


_RIVALS = {
    "Ghostscript alone": [
        "gs", "-q", "-dNOPAUSE", "-dBATCH", "-dPDFA=2", "-sDEVICE=pdfwrite", "-dPDFACompatibilityPolicy=1",
        "-sColorConversionStrategy=RGB", "-sOutputFile={out}", "{in}",
    ],
    "OCRmyPDF": [sys.executable, "-m", "ocrmypdf", "-q", "--skip-text", "--tesseract-timeout", "0", "-O0", "{in}", "{out}"],
}  # fmt: skip


def _rival(command: Sequence[str], path: Path, folder: Path) -> Outcome:
    out = folder / f"{path.parent.name}-{path.name}"
    before = _cpu()
    filled = [part.format_map({"in": path, "out": out}) for part in command]
    done = subprocess.run(filled, capture_output=True, check=False, timeout=600)
    outcome = Outcome(path, cpu=_cpu() - before)
    if done.returncode not in (0, 10) or not out.exists():  # OCRmyPDF: 10 is "made, but not PDF/A"
        outcome.refused = f"exit {done.returncode}"
        return outcome
    outcome.out = out
    outcome.changed = {name: look(path, out) for name, look in (("pdfium", _pdfium), ("poppler", _poppler))}
    outcome.words = _kept_words(path, out)
    return outcome


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="names of producers, with commas between them")
    parser.add_argument("--files", type=Path, default=Path.home() / ".cache/luuky/born/files", help="where the files lie or go")
    parser.add_argument("--out", type=Path, help="keep what was made in this folder")
    parser.add_argument("--alone", action="store_true", help="without Ghostscript as the last resort")
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--list", action="store_true", help="say of every file what became of it")
    chosen = parser.parse_args()
    names = chosen.only.split(",") if chosen.only else list(producers.PRODUCERS)
    files = producers.make(chosen.files, names)
    console = Console(width=170)
    settings = PdfaSettings(ghostscript="") if chosen.alone else PdfaSettings()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.out or Path(scratch)
        folder.mkdir(exist_ok=True)
        made = _all(files, partial(attempt, folder=folder, settings=settings))
        console.print(_report(made))
        _tell(made.values(), everything=chosen.list)
        for name, command in _RIVALS.items() if chosen.rivals else ():
            place = folder / name
            place.mkdir(exist_ok=True)
            console.print(
                name, *_row([each for group in _all(files, partial(_rival, command, folder=place)).values() for each in group])
            )
    return 1 if any(each.broken for group in made.values() for each in group) else 0


def _all(files: dict[str, list[Path]], work: partial[Outcome]) -> dict[str, list[Outcome]]:
    made = {}
    with ProcessPoolExecutor(2) as pool:
        for name, paths in files.items():
            made[name] = [judge(outcome) for outcome in pool.map(work, paths)]
            print(name, *_row(made[name]), file=sys.stderr, flush=True)
    return made


def _tell(groups: Iterable[Iterable[Outcome]], *, everything: bool) -> None:
    for outcome in (each for group in groups for each in group):
        changed = max(outcome.changed.values(), default=0.0)
        lost = outcome.words[0] < outcome.words[1]
        if everything or outcome.broken or outcome.refused.startswith("CRASH") or changed > 1 or lost:
            said = outcome.refused or f"{outcome.level} {' '.join(outcome.notes)}"
            words = f"words {outcome.words[0]}/{outcome.words[1]}" if lost else ""
            print(f"{outcome.path.parent.name}/{outcome.path.name}: {said} {outcome.broken} {changed:.2f} {words}")


if __name__ == "__main__":
    sys.exit(main())
