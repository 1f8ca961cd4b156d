"""`python -m ocr.training.hands FONTS.json --out hands.onnx`: teaches the network that tells what was written by hand from what
was printed; without `--out`, judges the packaged one.

Damaged made-up pages are cut into lines by the product's own line finder; of each word it is known who set it down. Some of the
written pages are in a hand more unruly than any font, some in one as tidy. The network learns from faces of the training part
and is judged on words in faces of the test part, by who filled them in: laser printer, typewriter, pin printer, carbon paper,
hand.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from ocr import clean, hands
from ocr.engine import Gray
from ocr.lines import LineFinder
from ocr.training.export import OPSET
from ocr.training.fonts import Font, load
from ocr.training.generate import Painter
from ocr.training.ink import Hand
from ocr.training.sheet import Letter, Pens
from ocr.training.words import Part

KINDS = ("laser", "typewriter", "dot-matrix", "carbon", "plain by hand", "written")
_BY_HAND = 4
"""From this kind on a hand wrote it: in a plain face whose strokes stray, or in one that looks written."""
_UNRULY, _TIDY = 0.4, 0.4
"""Part of the written pages in a hand more unruly than any font, and in one as tidy as its font."""
_JITTER = 0.05
_COLUMNS, _WIDEST, _BATCH = 1024, 960, 16
_WIDTH = 40
_RATE, _DECAY = 4e-3, 1e-3

Labels = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Marked:
    """A line as `hands.row` cuts it, its words (first and last column, and which of `KINDS`), and the number of its page."""

    row: Gray
    words: tuple[tuple[float, float, int], ...]
    page: int


class Scribe(Painter):
    """Draws pages whose hands are mostly unruly: real ones keep no even height, slant or line. `face`: the last hand's."""

    face = ""

    def pens(self, em: float) -> Pens:
        """As `Painter`."""
        pens, rng = super().pens(em), self._rng
        self.face = pens.fill.face
        manner = rng.random()
        if pens.fill.hand is not Hand.WRITTEN or manner > _UNRULY + _TIDY:
            return pens
        if manner > _UNRULY:
            return replace(pens, fill=replace(pens.fill, shake=rng.uniform(0, 0.03), wander=0.0, slant=0.0, wide=1.0))
        shake, wander, slant = rng.uniform(0.02, 0.09), rng.uniform(0.03, 0.12), rng.gauss(0.1, 0.2)
        return replace(pens, fill=replace(pens.fill, shake=shake, wander=wander, slant=slant, tracking=rng.uniform(-0.06, 0.03)))


def lines(fonts: Sequence[Font], part: Part, seed: int) -> Iterator[Marked]:
    """Without end."""
    rng = Random(seed)
    painter, finder = Scribe(fonts, part, rng), LineFinder()
    looks_written = {str(font.path) for font in fonts if font.style in {"hand", "script"}}
    for page in itertools.count():
        drawn = painter.page()
        kinds = {Hand.PRINT: 0, Hand.TYPED: 1, Hand.PINS: 2, Hand.WRITTEN: _BY_HAND + (painter.face in looks_written)}
        if drawn.carbon:
            kinds |= {Hand.TYPED: 3, Hand.PINS: 3}
        evened = clean.evened(drawn.picture)
        for box in finder.find(clean.bare(evened, drawn.dpi))[:, :4].tolist():
            there = [side + rng.gauss(0, _JITTER) * (box[3] - box[1]) for side in box]
            cut, left, scale = hands.row(evened, there)
            words = [
                ((word[0].left - left) * scale, (word[-1].right - left) * scale, kinds[word[0].hand])
                for word in _words(box, drawn.letters)
                if len({letter.hand for letter in word}) == 1
            ]
            if words and cut.shape[1] <= _WIDEST:
                yield Marked(cut, tuple(words), page)


def _words(box: Sequence[float], letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """The words that stand in a box, letter by letter; what stands on another line is none of them."""
    x0, y0, x1, y1 = box
    level = [
        one for one in letters
        if y0 < one.base - 0.25 * one.em < y1 and x0 < one.left and one.right < x1 and abs(one.base - y1) < 0.6 * (y1 - y0)
    ]  # fmt: skip
    word: list[Letter] = []
    for letter in sorted(level, key=lambda one: one.left):
        if letter.char == " " or (word and (letter.starts or letter.left - word[-1].right > 0.3 * letter.em)):
            if word:
                yield word
            word = []
        if letter.char != " ":
            word.append(letter)
    if word:
        yield word


class Eye(nn.Module):
    """Ink `(1, 1, 32, W)` 0..1 to the logarithm of the odds that a hand wrote it, `(1, W / 8)`."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            nn.Conv2d(1, 8, 5, 2, 2), nn.ReLU(), *_seen(8, 16, (3, 3), (2, 2)), *_seen(16, 32, (3, 3), (2, 2)),
            *_seen(32, _WIDTH, (3, 3), (2, 1)), nn.Conv2d(_WIDTH, _WIDTH, (2, 1)), nn.ReLU(),
        )  # fmt: skip
        self.along = nn.ModuleList(nn.Sequential(*_seen(_WIDTH, _WIDTH, (1, 5), (1, 1))) for _ in range(3))
        self.head = nn.Conv2d(_WIDTH, 1, 1)

    def forward(self, ink: Tensor) -> Tensor:
        """See the class."""
        seen = self.look(ink)
        for step in self.along:
            seen = seen + step(seen)
        said: Tensor = self.head(seen)[:, 0, 0]
        return said


def _seen(before: int, after: int, size: tuple[int, int], stride: tuple[int, int]) -> tuple[nn.Module, ...]:
    pad = size[0] // 2, size[1] // 2
    return nn.Conv2d(before, after, size, stride, pad, bias=False), nn.BatchNorm2d(after), nn.ReLU()


def stacked(given: Sequence[Marked]) -> tuple[Tensor, Tensor]:
    """Lines packed into rows of `_COLUMNS`: ink as `Eye` takes it, and of each step 1 written, 0 not, -1 nothing there."""
    packs: list[list[Marked]] = [[]]
    for line in given:
        if hands.side_by_side([*(one.row for one in packs[-1]), line.row])[0].shape[1] > _COLUMNS:
            packs.append([])
        packs[-1].append(line)
    ink = np.zeros((len(packs), 1, hands.HEIGHT, _COLUMNS), np.uint8)
    labels = np.full((len(packs), _COLUMNS // hands.STEP), -1, np.int8)
    for number, pack in enumerate(packs):
        whole, starts = hands.side_by_side([line.row for line in pack])
        ink[number, 0, :, : whole.shape[1]] = 255 - whole
        for start, line in zip(starts, pack, strict=True):
            for first, last, kind in line.words:
                labels[number, start + int(first / hands.STEP) : start + int(last / hands.STEP) + 1] = kind >= _BY_HAND
    return torch.from_numpy(ink), torch.from_numpy(labels)


def taught(ink: Tensor, labels: Tensor, steps: int) -> Eye:
    """A network that has been taught so many steps."""
    torch.manual_seed(1)
    eye: Eye = Eye().to(memory_format=torch.channels_last)  # twice as fast so
    optimiser = torch.optim.AdamW(eye.parameters(), _RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    for number in range(steps):
        chosen = torch.randint(len(ink), (_BATCH,))
        shade = 0.7 + 0.6 * torch.rand(_BATCH, 1, 1, 1)
        seen = (ink[chosen] / 255 * shade).clamp(0, 1).contiguous(memory_format=torch.channels_last)
        said, truth = eye(seen), labels[chosen]
        weight = (truth >= 0).float()
        loss = (functional.binary_cross_entropy_with_logits(said, truth.clamp(0).float(), reduction="none") * weight).sum()
        optimiser.zero_grad()
        (loss / weight.sum()).backward()
        optimiser.step()
        schedule.step()
        if number % 200 == 0:
            print(f"{number}/{steps}  {(loss / weight.sum()).item():.4f}", flush=True)
    eye.eval()
    return eye


def judged(given: Sequence[Marked]) -> Iterator[str]:
    """A row for each of `KINDS`: words, and the part of them that the product takes for written, as a table."""
    marks: list[tuple[int, bool]] = []
    for line, odds in zip(given, hands.odds([line.row for line in given]), strict=True):
        said = [hands.of_word(odds, first, last) for first, last, _ in line.words]
        wide = [(last - first) / hands.HEIGHT for first, last, _ in line.words]
        runs = set(hands.runs(said, wide))
        marks += [(kind, number in runs) for number, (_, _, kind) in enumerate(line.words)]
    for number, name in enumerate(KINDS):
        own = [mark for kind, mark in marks if kind == number]
        yield f"{name:14} {len(own):6} words  {100 * sum(own) / max(1, len(own)):6.2f} % taken for written"
    right = sum(kind >= _BY_HAND for kind, mark in marks if mark)
    yield f"of words taken for written, {100 * right / max(1, sum(mark for _, mark in marks)):.1f} % are"


def export(eye: Eye, path: Path) -> str:
    """Write the network; gives the SHA-256 of its file."""
    torch.onnx.export(
        eye.eval(), (torch.rand(1, 1, hands.HEIGHT, _COLUMNS),), str(path), input_names=["x"], output_names=["odds"],
        dynamic_axes={"x": {3: "W"}, "odds": {1: "T"}}, opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("fonts", type=Path)
    ask.add_argument("--out", type=Path, help="teach, and write the network there; none: judge the packaged one")
    ask.add_argument("--lines", type=int, default=48_000, help="lines to learn from")
    ask.add_argument("--steps", type=int, default=7_400)
    ask.add_argument("--test", type=int, default=7_000, help="lines to be judged on")
    given = ask.parse_args()
    fonts = load(given.fonts)
    if given.out:
        learnt = itertools.islice(lines(fonts, "train", 102), given.lines)
        print("SHA-256", export(taught(*stacked(list(learnt)), given.steps), given.out))
    else:
        print("\n".join(judged(list(itertools.islice(lines(fonts, "test", 902), given.test)))))


if __name__ == "__main__":
    main()
