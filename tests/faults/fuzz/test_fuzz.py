"""Two thousand spoilt files and every bomb: each ends bound with all its pages, or refused with a reason; nobody dies of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.fuzz.bases import bases
from tests.faults.fuzz.mutations import OF_KIND
from tests.faults.fuzz.run import Case, cases, run, write

COUNT = 2_000
TO_READ = 40


def ends_of(every: list[Case], *, read: bool = False) -> Counter[str]:
    ends = run(every, read=read)
    assert [f"{end.case.name}: {end.what}" for end in ends if not end.is_well] == []
    return Counter(end.what for end in ends)


def test_every_spoilt_file_ends_bound_or_refused_with_a_reason() -> None:
    ends = ends_of(list(cases(COUNT)))
    assert ends.total() >= COUNT
    assert min(ends["bound"], ends["broken"] + ends["broken_page"]) > COUNT / 6, (
        "what is spoilt so that nothing is left to look at tests nothing"
    )


def test_what_is_taken_is_read_too() -> None:
    ends = ends_of([case for case in cases(TO_READ, seed=7) if case.base != "bomb"], read=True)
    assert ends["bound"] > TO_READ / 5


def test_unspoilt_files_are_bound_and_a_page_too_few_is_seen() -> None:
    whole = [Case(base.name, "whole", 0, base.pages) for base in bases()]
    assert {end.what for end in run(whole)} == {"bound"}
    assert {end.what for end in run([Case("tiff-g4", "whole", 0, 4), Case("pdf-jpeg", "whole", 0, 4)])} == {"lost"}


@pytest.mark.parametrize("kind", sorted(OF_KIND))
def test_the_same_chance_spoils_a_file_in_the_same_way(kind: str, tmp_path: Path) -> None:
    of_kind = {base.name for base in bases() if base.kind == kind}
    case = next(case for case in cases(50) if case.base in of_kind)
    for name in ("one", "two"):
        write(case, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
