"""The line reader's network (PyTorch): a strip of ink 48 pixels high in, one guess for every 6 columns out (CTC).

Two eyes, one head. `Trunk` is the recogniser of TrueOCR 0.1.1 (Apache-2.0): a slice of the strip and its coarse surroundings,
then ten blocks of convolution along the line; it looks at the strip shrunk to 32 pixels. `Fine` is a small
branch of two-dimensional convolutions that sees all 48, where small tone marks live; its answer is added to the trunk's
slices and starts as zero, so that a network given the trunk's weights reads from the first step.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 6
"""Columns of a strip for each step of the answer."""
MULTIPLE = 4 * STRIDE
"""What the width of a batch is a multiple of, in columns."""
_WIDTH, _WIDE, _BLOCKS, _REACH = 128, 256, 10, 9


class Block(nn.Module):
    """Depthwise look along the line, widened, weighed by what the whole line is like, narrowed, added.

    A line is a picture one pixel high: ONNX Runtime convolves pictures in a sixth less time than rows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.along = nn.Conv2d(_WIDTH, _WIDTH, (1, _REACH), padding=(0, _REACH // 2), groups=_WIDTH)
        self.widen = nn.Conv2d(_WIDTH, _WIDE, 1)
        self.squeeze = nn.Conv2d(_WIDE, _WIDE // 4, 1)
        self.excite = nn.Conv2d(_WIDE // 4, _WIDE, 1)
        self.narrow = nn.Conv2d(_WIDE, _WIDTH, 1)

    def forward(self, line: Tensor, mask: Tensor, length: Tensor) -> Tensor:
        """`line` (B, C, 1, T), `mask` (B, 1, 1, T), `length` (B, 1, 1, 1) → (B, C, 1, T)."""
        wide = functional.hardswish(self.widen(self.along(line)))
        whole = (wide * mask).sum(3, keepdim=True) / length
        wide = wide * torch.sigmoid(self.excite(functional.relu(self.squeeze(whole))))
        return (line + self.narrow(wide)) * mask


class Trunk(nn.Module):
    """TrueOCR's recogniser on a strip of 32 rows set in a window of 96."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.slice = nn.Conv2d(1, _WIDTH, (32, 4), stride=(32, 4))
        self.patch = nn.Conv2d(1, 32, 4, 4)
        self.around = nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False)
        self.mix = nn.Conv2d(32, 64, 1)
        self.score = nn.Conv2d(64, 4, 1)
        self.row_prior = nn.Parameter(torch.zeros(1, 4, 24, 1))
        self.surroundings = nn.Conv1d(64, _WIDTH, 1)
        self.gain = nn.Parameter(torch.ones(_WIDTH))
        self.shift = nn.Parameter(torch.zeros(_WIDTH))
        self.blocks = nn.ModuleList(Block() for _ in range(_BLOCKS))
        self.head = nn.Conv2d(_WIDTH, classes, 1)
        self.register_buffer("shrink", _three_to_two())

    def look(self, strip: Tensor) -> Tensor:
        """`strip` (B, 1, 48, W) → slices (B, C, W/6)."""
        small = functional.pixel_shuffle(functional.conv2d(strip, self.shrink, stride=3), 2)
        nothing = torch.zeros_like(small)
        window = torch.cat([nothing, small, nothing], 2)
        middle = self.slice(small).squeeze(2)
        seen = functional.hardswish(self.mix(self.around(functional.hardswish(self.patch(window)))))
        weight = torch.softmax(self.score(seen) + self.row_prior, 2)
        batch, steps = seen.shape[0], seen.shape[3]
        pooled = (seen.reshape(batch, 4, 16, 24, steps) * weight.unsqueeze(2)).sum(3).reshape(batch, 64, steps)
        answer: Tensor = middle + self.surroundings(pooled)
        return answer

    def read(self, slices: Tensor, mask: Tensor) -> Tensor:
        """Slices (B, C, T) → logits (B, classes, T)."""
        mask = mask.unsqueeze(2)
        line = functional.hardswish(slices * self.gain[:, None] + self.shift[:, None]).unsqueeze(2) * mask
        length = mask.sum(3, keepdim=True).clamp(min=1)
        for block in self.blocks:
            line = block(line, mask, length)
        answer: Tensor = self.head(line).squeeze(2)
        return answer


class Mix(nn.Module):
    """A residual look around in two dimensions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, (3, 5), padding=(1, 2), groups=width, bias=False),
            nn.BatchNorm2d(width),
            nn.Conv2d(width, 2 * width, 1),
            nn.Hardswish(),
            nn.Conv2d(2 * width, width, 1),
        )

    def forward(self, picture: Tensor) -> Tensor:
        """The same shape."""
        answer: Tensor = picture + self.body(picture)
        return answer


class Fine(nn.Module):
    """The branch that sees all 48 rows: (B, 1, 48, W) → (B, C, W/6)."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_step(1, 16, (3, 3), (2, 2)), *_step(16, 32, (3, 5), (2, 3)), Mix(32), *_step(32, 64, (3, 3), (2, 1)), Mix(64)
        )
        self.join = nn.Conv2d(64, _WIDTH, (6, 1))
        nn.init.zeros_(self.join.weight)
        nn.init.zeros_(self.join.bias)

    def forward(self, strip: Tensor) -> Tensor:
        """See the class."""
        answer: Tensor = self.join(self.body(strip)).squeeze(2)
        return answer


class LineReader(nn.Module):
    """The whole network. `classes`: size of the alphabet, and one, the first, that says nothing."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.trunk = Trunk(classes)
        self.fine = Fine()

    def forward(self, strip: Tensor, mask: Tensor) -> Tensor:
        """`strip` (B, 1, 48, W) ink 0..1, W a multiple of 24; `mask` (B, 1, W/6), 1 where the line lies
        → logits (B, classes, W/6).
        """
        return self.trunk.read(self.trunk.look(strip) + self.fine(strip), mask)


def _step(into: int, out: int, kernel: tuple[int, int], stride: tuple[int, int]) -> tuple[nn.Module, ...]:
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Conv2d(into, out, kernel, stride, padding, bias=False), nn.BatchNorm2d(out), nn.Hardswish()


def _three_to_two() -> Tensor:
    """Kernels that shrink 3 × 3 pixels to 2 × 2, each new one a weighed mean of the four nearest."""
    pull = torch.tensor([[1, 0.5, 0], [0, 0.5, 1]]) / 1.5
    return torch.stack([torch.outer(pull[i], pull[j]) for i in range(2) for j in range(2)]).unsqueeze(1)
