"""`python -m ocr.training.learn WORK START`: teaches a network that reads already what a house has corrected.

In WORK lie `learn/` and `watch/` (shards), and `card.json`; `WORK/made/` is what comes of it. Everything else is kept from the
process that learns, what will judge it above all.

1. The rate is low, and the shifts of batch normalisation stay as they are: the network changes little.
2. Every few minutes it reads what it watches; at no error, or after eight looks without fewer, it stops. The best look counts.
3. Only a part of the way from the start to there may be gone: the one with which what it watches is read best, of equals the
   shortest. Half way a network often has learnt the new and forgotten nothing (Wortsman et al. 2022, WiSE-FT).
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from ocr.training import export
from ocr.training.evaluate import Report, evaluated
from ocr.training.network import LineReader
from ocr.training.reopen import reopened
from ocr.training.shards import Line, Shards
from ocr.training.train import Plan, Trainer

_RATE = 5e-5
_LOOKS, _MOST_MINUTES = 10, 3.0
"""Looks at least, and minutes at most from one to the next."""
_PATIENCE = 8
_PARTS = (0.25, 0.5, 0.75, 1.0)
Weights = dict[str, Tensor]


@dataclass
class _Watcher:
    """Sees how the training goes, and keeps the best."""

    trainer: Trainer
    fewest: int
    best: Weights
    since: int = field(default=0)

    def go_on(self, report: Report) -> bool:
        wrong, self.since = report.all.characters[0], self.since + 1
        if wrong < self.fewest:
            self.fewest, self.since = wrong, 0
            self.best = {name: value.clone() for name, value in self.trainer.average.items()}
        say(minutes=round(self.trainer.spent / 60, 2), lines=self.trainer.lines, wrong=wrong)
        return wrong > 0 and self.since < _PATIENCE


def say(**what: float) -> None:
    """A line for the process that waits."""
    print(json.dumps(what), flush=True)


def learn(work: Path, start: LineReader, characters: tuple[str, ...], minutes: float) -> LineReader:
    """Rules 1 to 3."""
    checkpoint, watched = work / "learnt.pt", Shards(work / "watch")
    trainer = Trainer(characters, Plan(minutes, _RATE, min(minutes / _LOOKS, _MOST_MINUTES), decay=0.0))
    trainer.begin(start.state_dict(), characters)
    trainer.network.eval()
    lines = watched.lines(characters)
    first = evaluated(start, characters, lines).all.characters[0]
    watcher = _Watcher(trainer, first, start.state_dict())
    say(minutes=0, lines=0, wrong=first)
    trainer.run(Shards(work / "learn"), watched, checkpoint, watcher.go_on)
    return _part_of_the_way(start, watcher.best, characters, lines)


def _part_of_the_way(start: LineReader, end: Weights, characters: tuple[str, ...], watched: list[Line]) -> LineReader:
    begin, best = start.state_dict(), (evaluated(start, characters, watched).all.characters[0], start)
    for part in _PARTS:
        network = LineReader(len(characters) + 1)
        network.load_state_dict({name: _between(value, end[name], part) for name, value in begin.items()})
        network.eval()
        wrong = evaluated(network, characters, watched).all.characters[0]
        best = min(best, (wrong, network), key=lambda pair: pair[0])
    return best[1]


def _between(one: Tensor, other: Tensor, part: float) -> Tensor:
    return torch.lerp(one, other, part) if one.dtype.is_floating_point else one


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("work", type=Path)
    ask.add_argument("start", type=Path, help="weights to begin with: a checkpoint (.pt) or an exported network (.onnx)")
    ask.add_argument("--minutes", type=float, required=True)
    given = ask.parse_args()
    os.nice(10)
    torch.set_num_threads(1)
    card = json.loads((given.work / "card.json").read_text(encoding="utf-8"))
    if given.start.suffix == ".pt":
        (network, card["charset"], _), temperature = export.load(given.start), 1.0
    else:
        network, temperature = reopened(given.start)
    learnt = learn(given.work, network, tuple(card["charset"]), given.minutes)
    export.export(learnt, given.work / "made", card, temperature)


if __name__ == "__main__":
    main()
