"""`python -m ocr.training.export CHECKPOINT FOLDER --version V`: writes `recogniser.onnx` and `recogniser.json`, what the
product reads with.

The network takes `x` (B, 1, 48, W) ink 0..1, W a multiple of 24, and `m` (B, 1, W/6), 1 where the line lies; it gives `ids`
(B, W/6), 0 for nothing, n for character n-1, `conf` (B, W/6), how likely that was, and `likely` (B, characters + 1, W/6), how
likely each was. Batch normalisation is folded into the convolution before it. Weights are stored in 16 bits and computed with in
32: half the size at the same errors, where 8 bits cost about one in ten.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.utils import fusion

from ocr.lines import HEIGHT
from ocr.training.network import MULTIPLE, STRIDE, LineReader

OPSET = 17
OUTPUTS = {"ids": 1, "conf": 1, "likely": 2}
"""Names, and the axis along which steps lie."""
_SMALL = 64
"""Tensors of fewer numbers keep 32 bits."""


class _Answer(nn.Module):
    """What the product asks for: the best class, its likelihood and that of all, the logits cooled or warmed by `temperature`."""

    def __init__(self, network: LineReader, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, strip: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        likely = torch.softmax(self.network(strip, mask) / self.temperature, 1)
        sure, guess = likely.max(1)
        return guess, sure, likely


def export(network: LineReader, folder: Path, facts: dict[str, object], temperature: float = 1.0) -> Path:
    """Write both files; `facts` go into the JSON beside what the product needs. Gives the path of the network."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "recogniser.onnx"
    steps = 40
    torch.onnx.export(
        _Answer(_folded(network.eval()), temperature),
        (torch.rand(2, 1, HEIGHT, STRIDE * steps), torch.ones(2, 1, steps)),
        str(path),
        input_names=["x", "m"],
        output_names=list(OUTPUTS),
        dynamic_axes={
            "x": {0: "B", 3: "W"},
            "m": {0: "B", 2: "T"},
            **{name: {0: "B", axis: "T"} for name, axis in OUTPUTS.items()},
        },
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(_halved(onnx.load(path)), path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    shape = {"height": HEIGHT, "stride": STRIDE, "multiple": MULTIPLE, "opset": OPSET, "sha256": sha256}
    path.with_suffix(".json").write_text(json.dumps({**facts, **shape}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _folded(network: nn.Module) -> nn.Module:
    """Without batch normalisation."""
    for part in network.children():
        if isinstance(part, nn.Sequential):
            layers = list(part.children())
            for n, (first, second) in enumerate(itertools.pairwise(layers)):
                if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                    part[n] = fusion.fuse_conv_bn_eval(first, second)
                    part[n + 1] = nn.Identity()
        _folded(part)
    return network


def _halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Large weights in 16 bits, each cast back when the network is opened."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _SMALL:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(model)
    return model


def load(path: Path) -> tuple[LineReader, list[str], dict[str, object]]:
    """Network, alphabet and numbers of a checkpoint."""
    state = torch.load(path, weights_only=True)
    network = LineReader(len(state["characters"]) + 1)
    network.load_state_dict(state["network"])
    return network.eval(), state["characters"], {"lines_seen": state.get("lines", 0)}


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--version", required=True)
    ask.add_argument(
        "--temperature", type=float, default=1.0, help="from `evaluate`: above 1 makes the network less sure of itself"
    )
    given = ask.parse_args()
    network, characters, facts = load(given.checkpoint)
    told = {"name": "luuky-lines", "version": given.version, "language": "vie", "licence": "Apache-2.0"}
    facts = {**told, **facts, "charset": characters}
    export(network, given.folder, facts, given.temperature)


if __name__ == "__main__":
    main()
