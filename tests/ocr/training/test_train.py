"""Teaching: half a minute shows that a network is on its way; it can stop and go on; it reads the same in the product."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

from ocr.recogniser import StripReader
from ocr.training.characters import CHARACTERS
from ocr.training.evaluate import Errors, evaluated, read
from ocr.training.export import export
from ocr.training.ink import Hand, Pen
from ocr.training.network import LineReader
from ocr.training.report import learning, picture, reliability, table, worst
from ocr.training.shards import Shards
from ocr.training.strips import Sample, write
from ocr.training.train import Plan, Trainer

SERIF = "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf"
FACTS: dict[str, object] = {"version": "0.0", "language": "vie", "charset": list(CHARACTERS)}


def words() -> Iterator[Sample]:
    """The numbers from 0 to 9 and some syllables, as they would be cut."""
    pen, rng = Pen(Hand.PRINT, SERIF, 34), Random(1)
    for text in [*"0123456789", "Hà", "mổ", "đỡ", "Lê", "ho", "sốt"]:
        ink = pen.draw(text, rng)
        assert ink is not None
        strip = np.full((48, ink.mask.shape[1] + 20), 255, np.uint8)
        top = 38 - ink.base
        part = ink.mask[max(-top, 0) :][: 48 - max(top, 0)]
        strip[max(top, 0) : max(top, 0) + part.shape[0], 10:-10] = 255 - part
        yield Sample(strip, text, Hand.PRINT)


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    folder = tmp_path_factory.mktemp("shards")
    write(words(), folder / "train-1-00000")
    return Shards(folder)


@pytest.fixture(scope="module")
def taught(shards: Shards, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that learnt the words by heart, and its log."""
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("taught") / "model.pt"
    Trainer(CHARACTERS, Plan(0.5, rate=3e-3, report_every=0.1, half=False), seed=1).run(shards, shards, out)
    return out


def test_half_a_minute_from_nothing_is_visibly_on_its_way(taught: Path) -> None:
    rows = [json.loads(row) for row in taught.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 3
    assert rows[-1]["loss"] < 0.6 * rows[0]["loss"]
    assert rows[-1]["all"]["characters"] < 0.7 * 100


def test_a_training_goes_on_where_it_stopped(taught: Path, shards: Shards, tmp_path: Path) -> None:
    trainer = Trainer(CHARACTERS, Plan(0.5))
    trainer.resume(taught)
    seen, spent = trainer.lines, trainer.spent
    assert seen > 0
    assert spent >= 29
    trainer.run(shards, shards, tmp_path / "again.pt")
    assert trainer.lines == seen, "its time was already spent"


def test_the_exported_network_reads_as_the_taught_one(taught: Path, shards: Shards, tmp_path: Path) -> None:
    trainer = Trainer(CHARACTERS, Plan(1))
    trainer.load(taught)
    network, lines = trainer.averaged(), shards.lines(CHARACTERS)
    before = [text for text, _ in read(network, CHARACTERS, lines)]
    export(network, tmp_path, FACTS)
    after = [" ".join(word.text for word in found) for found in StripReader(tmp_path).read([line.strip() for line in lines])]
    assert after == before
    again = Trainer(CHARACTERS, Plan(1))
    again.load(tmp_path / "recogniser.onnx")
    assert [text for text, _ in read(again.averaged(), CHARACTERS, lines)] == before, "the shipped file is enough to go on from"
    assert not again.network.training


def test_a_network_that_knows_fewer_characters_hands_over_what_it_knows(tmp_path: Path) -> None:
    small = Trainer(CHARACTERS[:100], Plan(1), seed=3)
    small.save(tmp_path / "small.pt")
    large = Trainer(CHARACTERS, Plan(1), seed=4)
    large.load(tmp_path / "small.pt")
    strip, mask = torch.rand(1, 1, 48, 48), torch.ones(1, 1, 8)
    small.network.eval(), large.network.eval()
    one, other = small.network(strip, mask), large.network(strip, mask)
    assert torch.allclose(one, other[:, :101], atol=1e-5)
    assert (other[:, 101:] < other.max()).all(), "new characters start silent"


def test_the_branch_that_sees_more_starts_silent() -> None:
    network = LineReader(10)
    assert not network.fine(torch.rand(1, 1, 48, 96)).any()


def test_errors_are_counted_by_what_went_wrong() -> None:
    errors = Errors()
    errors.add("sốt 38,5", "sót 38,6")
    assert errors.characters == [2, 8]
    assert errors.words == [2, 2]
    assert errors.tones == [1, 1]
    assert errors.digits == [1, 3]


def test_a_report_shows_the_worst_lines_and_whether_to_trust_it(taught: Path, shards: Shards, tmp_path: Path) -> None:
    trainer = Trainer(CHARACTERS, Plan(1))
    trainer.load(taught)
    report = evaluated(trainer.averaged(), CHARACTERS, shards.lines(CHARACTERS))
    assert "print" in table(report)
    assert sum(count for _, count, _, _ in reliability(report)) == 16
    assert picture(worst(report, 4)).size[1] == 4 * 88
    learning(taught.with_suffix(".jsonl"), tmp_path / "learning.png")
    assert (tmp_path / "learning.png").stat().st_size > 1000
