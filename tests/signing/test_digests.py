"""What is hashed once for all signatures of a file is what each would have hashed alone."""

from __future__ import annotations

import hashlib
import io
from random import Random

import pytest
from pyhanko.sign.general import byte_range_digest

from signing.digests import Digests

STEP = 1 << 17
DATA = Random(5).randbytes(5 * STEP + 77)
STARTS = (0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP, 5 * STEP, 5 * STEP + 77)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("order", [1, -1])
def test_ranges_with_a_hole_anywhere_are_hashed_as_they_are_alone_in_whatever_order_they_are_asked_for(
    algorithm: str, order: int
) -> None:
    digests = Digests(io.BytesIO(DATA))
    for start in STARTS[::order]:
        end = min(start + 1000, len(DATA))
        ranges = (0, start, end, len(DATA) - end)
        assert digests.over(ranges, algorithm) == hashlib.new(algorithm, DATA[:start] + DATA[end:]).digest()
    assert digests.whole(algorithm) == hashlib.new(algorithm, DATA).hexdigest()


@pytest.mark.parametrize(
    "ranges", [(5, 100, 200, 50), (0, 100), (0, 100, 90, 50), (0, 10, len(DATA) - 5, 50), (0, 2 * len(DATA))]
)
def test_odd_ranges_are_hashed_as_the_library_does(ranges: tuple[int, ...]) -> None:
    assert Digests(io.BytesIO(DATA)).over(ranges, "sha256") == byte_range_digest(io.BytesIO(DATA), ranges, "sha256")[1]


def test_a_file_that_grew_is_hashed_anew_only_where_it_did() -> None:
    file = io.BytesIO(DATA)
    before = Digests(file)
    before.whole("sha256")
    file.seek(0)
    file.write(b"x" * STEP)  # nobody changes what was there: here it shows that it is not read again
    file.seek(0, 2)
    file.write(b"more")
    assert before.grown(file).whole("sha256") == hashlib.sha256(DATA + b"more").hexdigest()
    file.truncate(len(DATA))
    file.seek(0, 2)
    file.write(2 * STEP * b"y")
    assert before.grown(file).whole("sha256") == hashlib.sha256(DATA + 2 * STEP * b"y").hexdigest()
