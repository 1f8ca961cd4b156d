"""`python -m ocr.training.train SHARDS HELD_BACK OUT`: teaches the network by connectionist temporal classification (Graves et
al. 2006).

Resumable: `OUT` (a checkpoint) is written every few minutes and gone on from when it exists. Shards may come and go while it
runs; the rate follows the clock, not the number of lines, so a night of training fits in a night. `OUT` with the ending
`.jsonl` is the log: one object every few minutes with lines seen, loss, and the errors on what was held back.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ocr.lines import HEIGHT
from ocr.training.characters import CHARACTERS
from ocr.training.evaluate import Report, evaluated
from ocr.training.network import STRIDE, LineReader
from ocr.training.reopen import reopened
from ocr.training.shards import NARROWED, Line, Shards, padded
from ocr.weights import card

_WARM = 0.04
"""Part of the time in which the rate climbs."""
_LEAST = 0.02
"""Part of the highest rate that is left at the end."""
_STEADY = 0.9985
"""How slowly the averaged weights, which are the result, follow."""
_AREA = 15_000
"""Columns a batch."""
_POOL = 12_000
"""Lines drawn at once and sorted by width."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: minutes in all, highest rate, minutes between reports, weight decay."""

    minutes: float
    rate: float = 6e-4
    report_every: float = 6.0
    decay: float = 0.01
    half: bool = True
    """Multiply in bfloat16, where the processor can: half as long again at no loss that was seen."""


class Trainer:
    """A network in training, and the average of it that is kept."""

    def __init__(self, characters: tuple[str, ...], plan: Plan, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self._random = random.Random(seed)
        self.characters = characters
        self.network = LineReader(len(characters) + 1)
        self._plan = plan
        self._optimiser = torch.optim.AdamW(self.network.parameters(), plan.rate, betas=(0.9, 0.98), weight_decay=plan.decay)
        self.average = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.lines = self.steps = 0
        self.spent = 0.0
        self._losses: list[float] = []

    # ---- where it stands

    def load(self, path: Path) -> None:
        """Begin with the weights of a checkpoint, or of a network that was exported (its alphabet lies beside it)."""
        if path.suffix == ".onnx":
            network, _ = reopened(path)
            self.begin(network.state_dict(), card(path.parent).charset)
            self.network.eval()  # its normalisation is folded: it adds, and must not begin to measure
            return
        state = torch.load(path, weights_only=True)
        self.begin(state["network"], state["characters"])

    def begin(self, weights: dict[str, Tensor], characters: Sequence[str]) -> None:
        """Begin with weights that know an alphabet."""
        weights = _fitted(weights, self.characters, characters)
        self.network.load_state_dict(weights)
        self.average = {name: value.clone() for name, value in weights.items()}

    def resume(self, path: Path) -> None:
        """Go on exactly where a training stopped."""
        self.load(path)
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["live"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.lines, self.steps, self.spent = state["lines"], state["steps"], state["spent"]
        self.network.train(state["measuring"])

    def save(self, path: Path) -> None:
        """Write everything, complete or not at all."""
        state = {
            "network": self.average, "live": self.network.state_dict(), "optimiser": self._optimiser.state_dict(),
            "characters": list(self.characters), "lines": self.lines, "steps": self.steps, "spent": self.spent,
            "measuring": self.network.training,
        }  # fmt: skip
        beside = path.with_suffix(".tmp")
        torch.save(state, beside)
        beside.replace(path)

    # ---- learning

    def run(self, shards: Shards, held_back: Shards, out: Path, go_on: Callable[[Report], bool] = lambda _: True) -> None:
        """Train until the time is spent, or `go_on` is answered no; report on the way."""
        lines = held_back.lines(self.characters)
        reported = self.spent
        while self.spent < self._plan.minutes * 60:
            shards.refresh()
            for batch in self._batches(shards):
                began = time.monotonic()
                self._step(batch)
                self.spent += time.monotonic() - began
                if self.spent - reported > self._plan.report_every * 60:
                    reported = self.spent
                    if not go_on(self._report(lines, out)):
                        return
                if self.spent >= self._plan.minutes * 60:
                    break
        go_on(self._report(lines, out))

    def _batches(self, shards: Shards) -> list[list[Line]]:
        pool = shards.sample(self._random, _POOL, self.characters)
        batches: list[list[Line]] = []
        for start in range(0, len(pool), 3000):
            batch: list[Line] = []
            for line in sorted(pool[start : start + 3000], key=lambda line: line.width):
                if batch and (len(batch) + 1) * line.width > _AREA:
                    batches.append(batch)
                    batch = []
                batch.append(line)
            batches.append(batch)
        self._random.shuffle(batches)
        return [batch for batch in batches if batch]

    def _step(self, batch: list[Line]) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self._plan.rate * _share(self.spent / (self._plan.minutes * 60))
        strips = [_varied(line.strip(), self._random) for line in batch]
        strip, mask, steps = padded(strips)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._plan.half):
            logits = self.network(strip.contiguous(memory_format=torch.channels_last), mask)
        loss = _loss(logits, steps, batch)
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        self.steps += 1
        self.lines += len(batch)
        self._losses.append(loss.item())
        self._follow()

    def _follow(self) -> None:
        keep = min(_STEADY, (self.steps + 1) / (self.steps + 20))
        with torch.no_grad():
            for name, value in self.network.state_dict().items():
                if value.dtype.is_floating_point:
                    self.average[name].lerp_(value, 1 - keep)
                else:
                    self.average[name].copy_(value)

    def _report(self, held_back: list[Line], out: Path) -> Report:
        report = evaluated(self.averaged(), self.characters, held_back)
        row: dict[str, Any] = {
            "minutes": round(self.spent / 60, 1), "lines": self.lines,
            "loss": round(float(np.mean(self._losses[-300:] or [0.0])), 4), **report.as_dict(),
        }  # fmt: skip
        with out.with_suffix(".jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
        self.save(out)
        return report

    def averaged(self) -> LineReader:
        """The network with the weights that are kept, ready to read."""
        network = LineReader(len(self.characters) + 1)
        network.load_state_dict(self.average)
        network.eval()
        return network


def _share(done: float) -> float:
    """Of the highest rate: a short climb, then half a cosine."""
    if done < _WARM:
        return max(done / _WARM, 0.01)
    return max(0.5 * (1 + math.cos(math.pi * min(1.0, (done - _WARM) / (1 - _WARM)))), _LEAST)


def _varied(strip: np.ndarray, rng: random.Random) -> np.ndarray:
    """Narrower or wider, a little up or down: no line is seen twice the same."""
    picture = torch.from_numpy(np.array(strip, np.float32))[None, None]
    width = max(STRIDE, round(strip.shape[1] * rng.uniform(NARROWED, 1.15)))
    picture = functional.interpolate(picture, (HEIGHT, width), mode="bilinear", align_corners=False)
    if rng.random() < 0.3:
        picture = torch.roll(picture, rng.randint(-2, 2), 2)
    return np.asarray(picture[0, 0])


def _loss(logits: Tensor, steps: Tensor, batch: list[Line]) -> Tensor:
    likely = functional.log_softmax(logits.float(), 1).permute(2, 0, 1)
    wanted = torch.tensor([number for line in batch for number in line.numbers], dtype=torch.long)
    lengths = torch.tensor([len(line.numbers) for line in batch])
    return functional.ctc_loss(likely, wanted, steps, lengths, zero_infinity=True)


def _fitted(weights: dict[str, Tensor], wanted: tuple[str, ...], had: Sequence[str]) -> dict[str, Tensor]:
    """Weights whose last layer knows another alphabet: shared characters keep their rows, new ones start silent."""
    if tuple(had) == wanted:
        return weights
    rows = {char: number + 1 for number, char in enumerate(had)}
    old_weight, old_bias = weights["trunk.head.weight"], weights["trunk.head.bias"]
    weight, bias = torch.zeros(len(wanted) + 1, *old_weight.shape[1:]), torch.full((len(wanted) + 1,), -6.0)
    weight[0], bias[0] = old_weight[0], old_bias[0]
    for number, char in enumerate(wanted, start=1):
        if char in rows:
            weight[number], bias[number] = old_weight[rows[char]], old_bias[rows[char]]
    return {**weights, "trunk.head.weight": weight, "trunk.head.bias": bias}


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("shards", type=Path)
    ask.add_argument("held_back", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--minutes", type=float, required=True)
    ask.add_argument("--rate", type=float, default=6e-4)
    ask.add_argument("--start", type=Path, help="weights to begin with: a checkpoint (.pt) or an exported network (.onnx)")
    ask.add_argument("--threads", type=int, default=1)
    ask.add_argument("--seed", type=int, default=0)
    given = ask.parse_args()
    torch.set_num_threads(given.threads)
    trainer = Trainer(CHARACTERS, Plan(given.minutes, given.rate), given.seed)
    if given.out.exists():
        trainer.resume(given.out)
    elif given.start:
        trainer.load(given.start)
    trainer.run(Shards(given.shards), Shards(given.held_back), given.out)


if __name__ == "__main__":
    main()
