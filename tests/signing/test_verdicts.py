"""Every kind of signature, every attack: our verdict, and the rule that catches it (`forge/cases.py` lists them)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from domain.signatures import Verdict
from signing.trust import TrustList
from signing.verify import verify_file
from tests import judges
from tests.signing.forge.cases import Case, World
from tests.signing.forge.flips import flipped, signed_files, wrongly_passed
from tests.signing.forge.published_cases import CASES

FLIPS = 60
"""For each seed; `bench verdicts --flips 1000` makes a thousand."""
RANK = {"passed": 2, "undetermined": 1, "unsigned": 1, "failed": 0, "unreadable": 0}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def trust(world: World) -> TrustList:
    return TrustList((world.authority.root.asn1,))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_is(case: Case, world: World, trust: TrustList, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(case.make(world))
    verdict = verify_file(path, trust)
    against = {rule.number for one in verdict.signatures for rule in one.rules if rule.verdict is not Verdict.PASSED}
    assert verdict.verdict is case.verdict, verdict
    assert case.rule is None or case.rule in against, verdict
    for words in (rule.words for one in verdict.signatures for rule in one.rules):
        assert words.vi
        assert words.en
        assert "kỹ thuật" not in words.vi, words


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_passes_against_the_register_and_without_it_only_one_that_leaves_the_signatures_as_they_were(
    world: World, trust: TrustList, tmp_path: Path, seed: int
) -> None:
    rng, files, path = random.Random(seed), signed_files(world), tmp_path / "flipped.pdf"
    for _ in range(FLIPS):
        data, changed = flipped(rng, files)
        path.write_bytes(changed)
        assert list(wrongly_passed(path, data, trust)) == []


@pytest.mark.parametrize(
    "name", ["B-LTA", "a page painted over", "an annotation added", "CMS with two SignerInfos", "untrusted root"]
)
def test_eu_dss_is_never_stricter(name: str, world: World, trust: TrustList, tmp_path: Path) -> None:
    case = next(one for one in CASES if one.name == name)
    path, folder = tmp_path / "x.pdf", tmp_path / "trust"
    path.write_bytes(case.make(world))
    folder.mkdir()
    (folder / "root.der").write_bytes(world.authority.root.asn1.dump())
    assert RANK[verify_file(path, trust).verdict] <= RANK[dss_verdict(judges.dss(path, folder))]


def dss_verdict(answer: dict[str, object]) -> str:
    """The verdict of EU DSS on a file in our words: that of its worst signature."""
    if answer["error"]:
        return "unreadable"
    names = {"TOTAL_FAILED": "failed", "INDETERMINATE": "undetermined", "TOTAL_PASSED": "passed"}
    found = {names[one["indication"]] for one in answer["signatures"]}  # type: ignore[attr-defined]
    return next((name for name in names.values() if name in found), "unsigned")
