"""Every kind of signature, every attack: our verdict, and the rule that catches it (`forge/cases.py` lists them)."""

from __future__ import annotations

import hashlib
import random
import re
from pathlib import Path

import pytest

from domain.signatures import Verdict
from signing.trust import TrustList
from signing.verify import Expected, verify_file
from tests import judges
from tests.signing.forge.cases import CASES, Case, World

FLIPS = 60
"""Of each kind; `bench verdicts` makes a thousand."""
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


@pytest.mark.parametrize("which", ["proven", "twice"])
def test_a_flipped_bit_anywhere_fails_against_the_register(world: World, trust: TrustList, tmp_path: Path, which: str) -> None:
    data: bytes = getattr(world, which)
    register = Expected(hashlib.sha256(data).hexdigest())
    for path, _ in _flipped(data, tmp_path, FLIPS):
        assert verify_file(path, trust, register).verdict is not Verdict.PASSED


@pytest.mark.parametrize("which", ["timed", "proven", "twice"])
def test_without_register_only_a_flip_that_leaves_the_signatures_as_they_were_passes(
    world: World, trust: TrustList, tmp_path: Path, which: str
) -> None:
    data: bytes = getattr(world, which)
    for path, place in _flipped(data, tmp_path, FLIPS):
        if verify_file(path, trust).verdict is Verdict.PASSED:
            assert signature_values(path.read_bytes()) == signature_values(data), place


def _flipped(data: bytes, folder: Path, number: int) -> list[tuple[Path, int]]:
    rng, found = random.Random(len(data)), []
    for index in range(number):
        place = rng.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)
        path = folder / f"{index}.pdf"
        path.write_bytes(changed)
        found.append((path, place))
    return found


def signature_values(data: bytes) -> list[bytes]:
    """What the hex of all signatures means (ISO 32000-1, 7.3.4.3): white space is nothing, a last half of a byte is filled up."""
    digits = [re.sub(rb"\s", b"", match[1]) for match in re.finditer(rb"/Contents\s*<([0-9a-fA-F\s]+)>", data)]
    return [bytes.fromhex((one + b"0" * (len(one) % 2)).decode()) for one in digits]


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
