"""Strips kept small, and networks opened again to learn on."""

from __future__ import annotations

import json
import warnings

import numpy as np
import onnxruntime
import pytest
import torch

from ocr.lines import HEIGHT
from ocr.training.export import export
from ocr.training.network import LineReader
from ocr.training.packed import BETWEEN, TEST_SET, pack, unpack
from ocr.training.reopen import reopened
from ocr.training.shards import padded
from ocr.training.strips import Sample, gathered, write


@pytest.fixture
def samples():
    rng = np.random.default_rng(2)
    return [
        Sample(rng.integers(0, 256, (HEIGHT, width), np.uint8), text, "print")
        for width, text in ((90, "Phạm Thị Thủy"), (31, ""), (200, "Mạch: 84 l/ph"))
    ]


def test_packed_strips_come_back_with_their_words_and_nearly_their_grey(samples, tmp_path):
    pack(samples, tmp_path)
    back = unpack(tmp_path)
    assert [one.text for one in back] == [one.text for one in samples]
    for one, other in zip(samples, back, strict=True):
        assert one.strip.shape == other.strip.shape
        assert np.abs(one.strip.astype(int) - other.strip).max() <= 8
    assert {0, 255} <= set(np.unique(back[0].strip))


def test_a_shard_names_a_strip_as_often_as_it_is_to_be_seen(samples, tmp_path):
    write(samples, tmp_path / "shard" / "lines", [1, 2, 3])
    back = gathered(tmp_path / "shard")
    assert [one.text for one in back] == [samples[n].text for n in (0, 1, 1, 2, 2, 2)]
    assert np.array_equal(back[5].strip, samples[2].strip)


def test_the_shipped_strips_are_whole_and_nobody_learns_from_the_test_set():
    judging, between = unpack(TEST_SET), unpack(BETWEEN)
    assert len(judging) >= 300
    assert len(between) >= 300
    assert not {one.strip.tobytes() for one in judging} & {one.strip.tobytes() for one in between}


@pytest.mark.parametrize("temperature", [1.0, 1.4])
def test_a_network_that_was_exported_is_opened_again_and_says_the_same(tmp_path, temperature):
    torch.manual_seed(3)
    network = LineReader(40)
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(part.running_mean, -1, 1)
            torch.nn.init.uniform_(part.running_var, 0.5, 2)
    torch.nn.init.normal_(network.fine.join.weight, std=0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = export(network, tmp_path, {}, temperature)
    again, kept = reopened(path)
    assert kept == pytest.approx(temperature)
    strip, mask, _ = padded([np.random.default_rng(n).integers(0, 256, (HEIGHT, 100 + 60 * n), np.uint8) for n in range(3)])
    with torch.inference_mode():
        mine, _ = torch.softmax(again(strip, mask) / kept, 1).max(1)
    (theirs,) = onnxruntime.InferenceSession(path).run(["conf"], {"x": strip.numpy(), "m": mask.numpy()})
    assert np.abs(mine.numpy() - theirs).max() < 1e-3
    assert json.loads(path.with_suffix(".json").read_text())["height"] == HEIGHT


def test_a_network_of_another_make_is_not_opened():
    with pytest.raises(ValueError, match="not written by"):
        reopened(TEST_SET.parents[1] / "models" / "orient.onnx")
