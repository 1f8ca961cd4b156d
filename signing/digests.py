"""Digests over ranges of one file. All signatures of a file cover its beginning: that is read and hashed once for all of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, BinaryIO

from pyhanko.sign.general import byte_range_digest

_STEP = 1 << 17
"""Bytes between two places at which the state of a hash is kept: a few hundred bytes of memory each."""
_CHUNK = 1 << 20
_PLAIN = frozenset({"sha1", "sha224", "sha256", "sha384", "sha512"})


class Digests:
    """One for a file that nobody changes meanwhile."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        self._states: defaultdict[str, list[Any]] = defaultdict(list)

    def grown(self, file: BinaryIO) -> Digests:
        """Those of a file that begins as this one and goes on: what stands in both is not hashed again."""
        found = Digests(file)
        for algorithm, states in self._states.items():
            found._states[algorithm] = [*states]
        return found

    def whole(self, algorithm: str) -> str:
        """Over all of it, in hex."""
        return self._over((0, self._size), algorithm).hex()

    def over(self, ranges: Sequence[int], algorithm: str) -> bytes:
        """Over (offset, length, offset, length …), as a /ByteRange has it. Raises what the library does for bad ones."""
        plain = [*ranges]
        if algorithm in _PLAIN and self._sound(plain):
            return self._over(plain, algorithm)
        _, found = byte_range_digest(self._file, ranges, algorithm, chunk_size=_CHUNK)
        return found

    def _sound(self, ranges: Sequence[int]) -> bool:
        if len(ranges) < 2 or len(ranges) % 2 or not all(isinstance(one, int) and one >= 0 for one in ranges):
            return False
        pairs = zip(ranges[::2], ranges[1::2], strict=True)
        return ranges[0] == 0 and all(offset + length <= self._size for offset, length in pairs)

    def _over(self, ranges: Sequence[int], algorithm: str) -> bytes:
        state = self._begun(ranges[1], algorithm)
        for offset, length in zip(ranges[2::2], ranges[3::2], strict=True):
            self._feed(state, offset, length)
        found: bytes = state.digest()
        return found

    def _begun(self, length: int, algorithm: str) -> Any:
        """The hash over the first so many bytes; what is not hashed yet is, and remembered step by step."""
        states = self._states[algorithm] or [hashlib.new(algorithm)]
        self._states[algorithm] = states
        while len(states) * _STEP <= length:
            state = states[-1].copy()
            self._feed(state, (len(states) - 1) * _STEP, _STEP)
            states.append(state)
        last = length // _STEP
        state = states[last].copy()
        self._feed(state, last * _STEP, length - last * _STEP)
        return state

    def _feed(self, state: Any, offset: int, length: int) -> None:
        self._file.seek(offset)
        left = length
        while left and (data := self._file.read(min(left, _CHUNK))):
            state.update(data)
            left -= len(data)
