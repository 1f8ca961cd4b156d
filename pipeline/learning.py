"""The recogniser learns from the corrections of this house, or goes back. Nothing leaves the machine.

1. Only where the house has said so (`LUUKY_OCR_LEARN`), and one training at a time.
2. Corrected lines are gathered and parted by document: two tenths are held back, one is watched, the others are learnt. To learn
   and to watch, made-up lines that are shipped for it come in between, so that nothing is forgotten.
3. A process of its own learns, at a low priority. It never sees what was held back, nor the shipped test set.
4. What it wrote reads both. It is adopted only if it makes fewer errors on what was held back, and on the test set no more than
   chance explains (`ocr/training/judge.py`): neither than the one in use nor than the packaged one, so that many small steps down
   are not taken either.
5. The working files hold lines of patients' papers: nobody else can read them, and they are deleted whatever happens.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from domain.errors import Broken, PartMissing, Refused
from ocr import house, weights
from ocr.recogniser import Recogniser, StripReader
from ocr.training.corrections import CORRECTED
from ocr.training.judge import UNLIKELY, Score, chance, errors, score
from ocr.training.packed import BETWEEN, TEST_SET, unpack
from ocr.training.pairs import write_pairs
from ocr.training.strips import Sample, write
from pipeline.corrected import Gathered, Gatherer
from pipeline.settings import Settings
from storage.clock import now
from storage.store import Store

LEARN, WATCH, HELD_BACK = "learn", "watch", "held_back"
_LEAST = {LEARN: 20, WATCH: 3, HELD_BACK: 6}
"""Corrected lines in each part below which nothing could be learnt, or judged."""
Parts = dict[str, list[Sample]]
Tell = Callable[[str, Mapping[str, float]], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """How to train: minutes at most, a checkpoint to begin with (None: the network in use), and packed strips: those that come in
    between, and those that judge beside the house's own.
    """

    minutes: float
    start: Path | None = None
    between: Path = BETWEEN
    test_set: Path = TEST_SET


@dataclass(frozen=True, slots=True)
class Scores:
    """On what was held back, and on the test set."""

    held_back: Score
    test_set: Score


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a training: the version, whether it was adopted, corrected lines by part, corrections left out by reason, the
    scores before and after, and how likely a reader that is no worse makes so many errors on the test set (0..1).
    """

    version: str
    adopted: bool
    corrected: Mapping[str, int]
    left_out: Mapping[str, int]
    before: Scores
    after: Scores
    chance: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """What was handed out: lines that people corrected, lines that were surely read, corrections left out by reason."""

    corrected: int
    confirmed: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Judges:
    """The lines that judge: what was held back, and the test set."""

    held_back: list[Sample]
    test_set: list[Sample]

    def errors(self, folder: Path | None) -> tuple[list[int], list[int]]:
        """Of the network in a folder (None: the packaged one), line by line on each."""
        reader = StripReader(folder)
        return errors(reader, self.held_back), errors(reader, self.test_set)

    def scores(self, wrong: tuple[list[int], list[int]]) -> Scores:
        """Summed up."""
        return Scores(score(wrong[0], self.held_back), score(wrong[1], self.test_set))


class Learning:
    """Training, going back, and handing the lines out, on one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._data = settings.storage.data

    def train(self, wish: Wish, actor: str, tell: Tell) -> Outcome:
        """Rules 1 to 5. `tell(what, numbers)`: `page` done, all; `look` minutes, lines, wrong.

        Raises Refused (`not_opted_in`, `training_runs`, `too_few_corrections`), PartMissing, Broken.
        """
        _may(self._settings)
        _can()
        with _work(self._data / house.FOLDER) as work:
            reader = house.whole(self._data)
            gathered = self._gathered(tell)
            parts = _parted(gathered)
            judges = _Judges(parts[HELD_BACK], unpack(wish.test_set))
            before = judges.errors(reader)
            packaged = judges.errors(None) if reader else before
            version = house.next_version(self._data)
            self._learn(work, parts, wish, version, tell)
            after = judges.errors(work / "made")
            likely = min(chance(before[1], after[1]), chance(packaged[1], after[1]))
            counts = {name: _corrected(part) for name, part in parts.items()}
            adopted = sum(after[0]) < sum(before[0]) and likely > UNLIKELY
            scores = judges.scores(before), judges.scores(after)
            outcome = Outcome(version, adopted, counts, dict(gathered.left_out), *scores, round(likely, 4))
            if outcome.adopted:
                self._adopt(work / "made", outcome, actor)
        return outcome

    def pairs(self, folder: Path, actor: str, tell: Tell) -> Pairs:
        """Write the lines into a folder that is not there yet: a picture each, and what they say. As with training the house must
        have said so; they are patients' data, and nobody else may read them. Raises Refused `not_opted_in`, `nothing_to_export`.
        """
        _may(self._settings)
        gathered = self._gathered(tell)
        samples = [sample for lines in gathered.documents.values() for sample in lines]
        if not samples:
            raise Refused("nothing_to_export", "Chưa có dòng nào đã sửa dùng được.", "No corrected line can be used yet.")
        write_pairs(samples, folder)
        with self._store.write() as tx:
            tx.audit.add(actor, "export_pairs", None, lines=len(samples))
        return Pairs(_corrected(samples), len(samples) - _corrected(samples), dict(gathered.left_out))

    def back(self, actor: str) -> tuple[str, str | None]:
        """The version that is left, and the one that reads from now on (None: the packaged one). Raises Refused."""
        with self._store.write() as tx:
            left, now_reads = house.back(self._data)
            tx.audit.add(actor, "return_recogniser", None, left=left, now=now_reads)
        return left, now_reads

    def _gathered(self, tell: Tell) -> Gathered:
        gatherer = Gatherer(self._store, Recogniser(house.whole(self._data)), self._settings.ocr)
        return gatherer.gather(lambda done, total: tell("page", {"done": done, "all": total}))

    def _learn(self, work: Path, parts: Parts, wish: Wish, version: str, tell: Tell) -> None:
        """Rule 3."""
        known = unpack(wish.between)
        learnt = parts[LEARN] + [one for number, one in enumerate(known) if number % 4]
        often = max(1, len(learnt) // (3 * _corrected(learnt)))  # about a quarter of what is seen is new
        write(learnt, work / LEARN / "lines", [often if one.hand == CORRECTED else 1 for one in learnt])
        watched = parts[WATCH] + known[::4]
        write(watched, work / WATCH / "lines")
        card = house.card(self._data, version, now().isoformat())
        (work / "card.json").write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")
        start = wish.start or (house.in_use(self._data) or weights.FOLDER) / weights.RECOGNISER
        module = ["ocr.training.learn", str(work), str(start), "--minutes", str(wish.minutes)]
        _run(module, lambda line: tell("look", json.loads(line)))

    def _adopt(self, made: Path, outcome: Outcome, actor: str) -> None:
        figures = {"before": asdict(outcome.before), "after": asdict(outcome.after), "chance": outcome.chance}
        with self._store.write() as tx:
            tx.audit.add(actor, "adopt_recogniser", None, version=outcome.version, **figures)
            house.adopt(self._data, made, outcome.version, figures)


def part_of(document_id: str) -> str:
    """Where a document's lines go: always to the same part, whenever one trains."""
    tenth = int(hashlib.sha256(document_id.encode()).hexdigest(), 16) % 10
    return HELD_BACK if tenth < 2 else WATCH if tenth == 2 else LEARN


def _may(settings: Settings) -> None:
    """Rule 1."""
    if not settings.ocr.learn:
        raise Refused(
            "not_opted_in",
            "Chưa cho phép học từ các chỗ đã sửa. Nếu đồng ý, hãy đặt LUUKY_OCR_LEARN=yes; dữ liệu không rời khỏi máy này.",
            "Learning from corrections is not allowed here. To allow it, set LUUKY_OCR_LEARN=yes; nothing leaves this machine.",
        )


def _can() -> None:
    if not all(importlib.util.find_spec(name) for name in ("torch", "onnx")):
        raise PartMissing(
            "training_missing",
            'Chưa cài phần huấn luyện (PyTorch). Hãy chạy: pip install "luuky[training]".',
            'The training part (PyTorch) is not installed. Run: pip install "luuky[training]".',
        )


@contextmanager
def _work(home: Path) -> Iterator[Path]:
    """Rule 5: an empty folder that only this account reads, gone at the end; what a killed training left goes first."""
    home.mkdir(parents=True, exist_ok=True)
    folder = home / "work"
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("training_runs", "Đang có một lượt huấn luyện khác chạy.", "Another training runs already.") from error
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _parted(gathered: Gathered) -> Parts:
    """Rule 2. Raises Refused."""
    parts: Parts = {LEARN: [], WATCH: [], HELD_BACK: []}
    for document_id, samples in gathered.documents.items():
        parts[part_of(document_id)] += samples
    if any(_corrected(parts[name]) < least for name, least in _LEAST.items()):
        have = sum(map(_corrected, parts.values()))
        raise Refused(
            "too_few_corrections",
            f"Mới có {have} dòng đã sửa dùng được, chưa đủ để học và để chấm. Hãy thử lại khi có khoảng 60 dòng trên 30 giấy.",
            f"Only {have} corrected lines can be used: too few to learn and to judge. Try again at about 60 lines on 30 papers.",
        )
    return parts


def _corrected(samples: list[Sample]) -> int:
    return sum(sample.hand == CORRECTED for sample in samples)


def _run(module: list[str], told: Callable[[str], None]) -> None:
    """Runs a module and hands on what it prints, line by line. It has a session of its own: an interrupt is for this process."""
    command = [sys.executable, "-W", "ignore", "-m", *module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as child:
        try:
            for line in child.stdout or ():
                told(line)
            child.wait()
        finally:
            child.terminate()
    if child.returncode:
        raise Broken("training_failed", "Lượt huấn luyện dừng vì lỗi; không có gì thay đổi.", "Training failed; nothing changed.")
