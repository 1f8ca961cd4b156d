"""One-bit pictures in JBIG2 (ITU-T T.88) without loss: generic regions alone, coded pixel by pixel.

Symbols, which let one digit stand for another that looks like it, are never made. The coder is plain Python, so that every
installation gives the same bytes. It is quick enough because a page is mostly empty: pixels with nothing about them are all coded
with one context, and a run of them is one step of arithmetic.
"""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

from pdfa.pictures import Colours, Picture

Ink = npt.NDArray[np.bool_]
"""`(height, width)`, true where there is ink."""

_LEFT, _RIGHT, _ABOVE = 4, 3, 2
"""How far the neighbourhood of a pixel reaches (template 0, figure 3)."""
_NEIGHBOURS = (
    *((0, -x) for x in (1, 2, 3, 4)),
    *((-1, x) for x in (3, 2, 1, 0, -1, -2, -3)),
    *((-2, x) for x in (2, 1, 0, -1, -2)),
)
"""Row and column of the pixels that make a context, lowest bit first; the adaptive ones stand at their nominal places."""
_ADAPTIVE = bytes(value & 0xFF for value in (3, -1, -3, -1, 2, -2, -2, -2))
_BAND = 128
"""Rows whose contexts are worked out at once."""
_BLOCK = (4, 8)
"""Rows and columns of the blocks that count as busy where they hold ink; eight columns are looked at as one number."""
_HALF = 0x8000
_CARRY = 1 << 27
_PROBABILITIES = (
    (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0), (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0),
    (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0), (0x5101, 17, 15, 0), (0x4801, 18, 16, 0),
    (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0),
    (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0),
    (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0), (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0),
    (0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0), (0x0025, 42, 39, 0),
    (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0),
)  # fmt: skip
"""Of the less probable symbol (table E.1): its share, the state after the other, the state after it, whether both change."""
_SHARE = [share for share, *_ in _PROBABILITIES for _ in (0, 1)]
"""By state: twice the row of the table, plus the symbol that is more probable."""
_AFTER_EXPECTED = [2 * row[1] + symbol for row in _PROBABILITIES for symbol in (0, 1)]
_AFTER_SURPRISE = [2 * row[2] + (symbol ^ row[3]) for row in _PROBABILITIES for symbol in (0, 1)]


def jbig2_picture(ink: Ink) -> Picture:
    """The picture as PDF embeds it (ISO 32000-1, 7.4.7): a page of one generic region without file header, black where ink is."""
    high, wide = ink.shape
    page = struct.pack(">IIIIBH", wide, high, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", wide, high, 0, 0, 0, 0) + _ADAPTIVE + _coded(ink)
    data = _segment(0, 48, page) + _segment(1, 38, region)
    return Picture(data, wide, high, "JBIG2Decode", Colours(1), 1)


def work(ink: Ink) -> int:
    """Roughly how many pixels must be coded one by one: two million a second."""
    high, wide = (-(-side // step) * step for side, step in zip(ink.shape, _BLOCK, strict=True))
    padded = np.zeros((high, wide), np.bool_)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    blocks = padded.view(np.uint64).reshape(high // _BLOCK[0], _BLOCK[0], wide // _BLOCK[1]).any(axis=1)
    return int(blocks.sum()) * _BLOCK[0] * _BLOCK[1]


def _segment(number: int, kind: int, body: bytes) -> bytes:
    """7.2: of page 1, referring to no other."""
    return struct.pack(">IBBBI", number, kind, 0, 1, len(body)) + body


def _coded(ink: Ink) -> bytes:
    """The region (6.2.5), by the arithmetic coder."""
    coder = _Coder()
    high, wide = ink.shape
    around = np.zeros((high + _ABOVE, wide + _LEFT + _RIGHT), np.uint8)
    around[_ABOVE:, _LEFT : _LEFT + wide] = ink
    coded = 0
    for top in range(0, high, _BAND):
        places, contexts, bits = _busy(around[top : top + _BAND + _ABOVE])
        runs = np.diff(places + top * wide, prepend=coded - 1) - 1
        coder.code(runs.tolist(), contexts.tolist(), bits.tolist())
        coded = int(places[-1]) + top * wide + 1 if len(places) else coded
    coder.skip(high * wide - coded)
    return coder.flushed()


def _busy(around: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    """Of the pixels that are ink or have some about them: places in reading order, contexts, and the pixels themselves.

    `around`: rows with `_ABOVE` more above, and `_LEFT` and `_RIGHT` columns more beside them.
    """
    high, wide = around.shape[0] - _ABOVE, around.shape[1] - _LEFT - _RIGHT
    near = around[_ABOVE:].copy()
    for above in range(_ABOVE):
        near |= around[above : above + high]
    wider = near.copy()
    for shift in range(1, _LEFT + 1):
        wider[:, shift:] |= near[:, :-shift]
    for shift in range(1, _RIGHT + 1):
        wider[:, :-shift] |= near[:, shift:]
    rows, columns = np.nonzero(wider[:, _LEFT : _LEFT + wide])
    line = around.shape[1]
    middle = (rows + _ABOVE) * line + columns + _LEFT
    flat = around.reshape(-1)
    contexts = np.zeros(len(rows), np.uint16)
    for place, (down, across) in enumerate(_NEIGHBOURS):
        contexts |= flat[middle + (down * line + across)].astype(np.uint16) << place
    bits = flat[middle]
    busy = (contexts != 0) | (bits != 0)
    return rows[busy] * wide + columns[busy], contexts[busy], bits[busy]


class _Coder:
    """The encoder of annex E.2, one state a context; names are those of the standard."""

    def __init__(self) -> None:
        self._states = [0] * 65536
        self._a, self._c, self._ct = _HALF, 0, 12
        self._out = bytearray(1)

    def code(self, runs: list[int], contexts: list[int], bits: list[int]) -> None:
        """Pixels with their contexts; before each a run of empty pixels with nothing about them."""
        states = self._states
        a, c = self._a, self._c
        for run, context, bit in zip(runs, contexts, bits, strict=True):
            if run:
                self._a, self._c = a, c
                self.skip(run)
                a, c = self._a, self._c
            state = states[context]
            share = _SHARE[state]
            a -= share
            if state & 1 == bit:
                if a >= _HALF:
                    c += share
                    continue
                states[context] = _AFTER_EXPECTED[state]
                smaller = a < share
            else:
                states[context] = _AFTER_SURPRISE[state]
                smaller = a >= share
            if smaller:
                a = share
            else:
                c += share
            shift = 16 - a.bit_length()
            a <<= shift
            if shift < self._ct:
                c <<= shift
                self._ct -= shift
            else:
                c = self._shifted(c, shift)
        self._a, self._c = a, c

    def skip(self, run: int) -> None:
        """So many empty pixels with nothing about them."""
        while run:
            state = self._states[0]
            share = _SHARE[state]
            quick = 0 if state & 1 else min(run, (self._a - _HALF) // share)
            self._a -= quick * share
            self._c += quick * share
            run -= quick
            if run:
                self.code([0], [0], [0])
                run -= 1

    def flushed(self) -> bytes:
        """All bytes, ended by the marker (E.2.9)."""
        end = self._c + self._a
        self._c |= 0xFFFF
        if self._c >= end:
            self._c -= _HALF
        for _ in range(2):
            self._c = self._byte_out(self._c << self._ct)
        if self._out[-1] != 0xFF:
            self._out.append(0xFF)
        self._out.append(0xAC)
        return bytes(self._out[1:])

    def _shifted(self, c: int, shift: int) -> int:
        while shift >= self._ct:
            shift -= self._ct
            c = self._byte_out(c << self._ct)
        self._ct -= shift
        return c << shift

    def _byte_out(self, c: int) -> int:
        """BYTEOUT (figure E.8): a carry goes into the last byte; after 0xFF only seven bits, so that none can run on."""
        if c >= _CARRY and self._out[-1] != 0xFF:
            self._out[-1] += 1
            c &= _CARRY - 1
        if self._out[-1] == 0xFF:
            self._out.append(c >> 20 & 0xFF)
            self._ct = 7
            return c & 0xFFFFF
        self._out.append(c >> 19 & 0xFF)
        self._ct = 8
        return c & 0x7FFFF
