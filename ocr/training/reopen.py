"""A network that was exported for reading (`export.py`) becomes one that can learn on: only what reads needs to be shipped.

Export folds batch normalisation into the convolution before it. Here it comes back as one that only adds the folded shift; it
must not be put into training mode, where it would begin to measure.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from ocr.training.network import LineReader

_PREFIX, _HALF = "network.", "_half"


def reopened(path: Path) -> tuple[LineReader, float]:
    """The network of a file that `export` wrote, in evaluation mode, and the temperature of its answer. Raises ValueError for a
    network of another make.
    """
    graph = onnx.load(path).graph
    found = {_name(one.name): _tensor(one) for one in graph.initializer}
    if "trunk.head.weight" not in found:
        raise ValueError(f"{path.name} was not written by ocr.training.export")
    network = LineReader(found["trunk.head.weight"].shape[0])
    weights = {**network.state_dict(), **_nameless(graph, found), **_shifts(network, found)}
    shapes = {name: value.shape for name, value in network.state_dict().items()}  # a line was a row before it was a picture
    network.load_state_dict({name: found.get(name, weights[name]).reshape(shape) for name, shape in shapes.items()})
    return network.eval(), _temperature(graph)


def _nameless(graph: onnx.GraphProto, found: dict[str, Tensor]) -> dict[str, Tensor]:
    """Gain and shift of the slices: the exporter gives them a second axis, and they lose their names."""
    shape = (found["trunk.slice.bias"].shape[0], 1)
    used = {
        node.op_type: found[_name(name)]
        for node in graph.node
        for name in node.input
        if _name(name) in found and found[_name(name)].shape == shape
    }
    return {"trunk.gain": used["Mul"].squeeze(1), "trunk.shift": used["Add"].squeeze(1)}


def _shifts(network: LineReader, found: dict[str, Tensor]) -> dict[str, Tensor]:
    """What batch normalisation must be to only add the shift that was folded into the convolution before it."""
    shifts: dict[str, Tensor] = {}
    for name, part in network.named_modules():
        if isinstance(part, nn.BatchNorm2d):
            before, _, number = name.rpartition(".")
            shifts[f"{name}.bias"] = found[f"{before}.{int(number) - 1}.bias"]
            shifts[f"{name}.weight"] = torch.ones(part.num_features)
            shifts[f"{name}.running_mean"] = torch.zeros(part.num_features)
            shifts[f"{name}.running_var"] = torch.full((part.num_features,), 1 - part.eps)
    return shifts


def _temperature(graph: onnx.GraphProto) -> float:
    softmax = [node for node in graph.node if node.op_type == "Softmax"][-1]
    maker = {output: node for node in graph.node for output in node.output}
    divided = maker[softmax.input[0]]
    if divided.op_type != "Div":
        return 1.0
    return float(numpy_helper.to_array(maker[divided.input[1]].attribute[0].t))


def _name(name: str) -> str:
    return name.removeprefix(_PREFIX).removesuffix(_HALF)


def _tensor(one: onnx.TensorProto) -> Tensor:
    return torch.from_numpy(numpy_helper.to_array(one).astype(np.float32))
