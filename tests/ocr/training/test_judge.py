"""Whether a reader became worse is told by pairs of lines, and chance is left its part."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.recogniser import StripReader
from ocr.training.judge import UNLIKELY, chance, errors, score
from ocr.training.packed import TEST_SET, unpack

LINES = 400


def readers(worse: float, seed: int) -> tuple[list[int], list[int]]:
    """Errors of two readers on the same lines, hard ones and easy ones; the second makes `worse` times as many on the average."""
    rng = np.random.default_rng(seed)
    hard = rng.gamma(0.4, 2.0, LINES)
    first, second = rng.poisson(hard), rng.poisson(hard * worse)
    return first.tolist(), second.tolist()


def test_errors_are_counted_line_by_line() -> None:
    samples = unpack(TEST_SET)[:20]
    wrong = errors(StripReader(), samples)
    assert len(wrong) == 20
    total = score(wrong, samples)
    assert (total.wrong, total.strips) == (sum(wrong), 20)
    assert 0 <= total.wrong < total.characters / 4


def test_a_few_errors_more_here_and_fewer_there_are_chance() -> None:
    before = [1, 0, 2] * 105
    after = [*before]
    for line in range(0, 120, 3):
        after[line], after[line + 1] = 0, 1
    after[200] += 7
    assert (sum(before), sum(after)) == (315, 322)
    assert chance(before, after) > UNLIKELY


def test_the_same_surplus_on_lines_that_only_became_worse_is_not() -> None:
    before = [1, 0, 2] * 105
    after = [wrong + (line % 45 == 0) for line, wrong in enumerate(before)]
    assert (sum(before), sum(after)) == (315, 322)
    assert chance(before, after) < UNLIKELY


def test_equals_are_called_worse_as_seldom_as_promised() -> None:
    called = sum(chance(*readers(1.0, seed)) < UNLIKELY for seed in range(200))
    assert called < 0.09 * 200


def test_a_reader_that_forgets_a_quarter_is_found_out() -> None:
    found = sum(chance(*readers(1.25, seed)) < UNLIKELY for seed in range(40))
    assert found > 0.8 * 40


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_a_reader_with_no_more_errors_is_never_called_worse_and_the_answer_stays(pairs: list[tuple[int, int]]) -> None:
    before, after = [one for one, _ in pairs], [other for _, other in pairs]
    if sum(after) > sum(before):
        before, after = after, before
    assert chance(before, after) >= 0.45
    assert chance(before, after) == chance(before, after)
