"""One bit flipped anywhere in a signed file: nothing passes against the register, and without one only what leaves the value of a
signature's hex as it was.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from domain.signatures import Verdict
from signing.trust import TrustList
from signing.verify import Expected, verify_file
from tests.signing.forge.cases import World


def signed_files(world: World) -> list[bytes]:
    """B-T, B-LT, B-LTA with one signature and with two."""
    return [world.timed, world.by(world.doctor, level="LT"), world.proven, world.twice]


def flipped(rng: random.Random, files: Sequence[bytes]) -> tuple[bytes, bytes]:
    """One of the files, and the same with one bit flipped."""
    data = rng.choice(files)
    changed = bytearray(data)
    changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data, bytes(changed)


def wrongly_passed(path: Path, data: bytes, trust: TrustList) -> Iterator[str]:
    """Whether the file at `path`, once `data`, passes where it must not: `register`, `alone`."""
    if verify_file(path, trust).verdict is not Verdict.PASSED:
        return  # nor does it with more rules
    if signature_values(path.read_bytes()) != signature_values(data):
        yield "alone"
    if verify_file(path, trust, Expected(hashlib.sha256(data).hexdigest())).verdict is Verdict.PASSED:
        yield "register"


def signature_values(data: bytes) -> list[bytes]:
    """What the hex of all signatures means (ISO 32000-1, 7.3.4.3): white space is nothing, a last half of a byte is filled up."""
    digits = [re.sub(rb"\s", b"", match[1]) for match in re.finditer(rb"/Contents\s*<([0-9a-fA-F\s]+)>", data)]
    return [bytes.fromhex((one + b"0" * (len(one) % 2)).decode()) for one in digits]
