"""Our verdicts beside those of EU DSS, strict settings: python -m benchmarks.verdicts [--suite DIR]… [--flips N] [--speed]

Without arguments: the cases of `tests/signing/forge`. `--suite`: every signed PDF below a folder, such as the tests' documents of
DSS (`dss-pades-6.4-tests.jar` on Maven Central) or of pyHanko (its source distribution on PyPI); every CA in them is trusted, and
each file is judged as of now and as of an hour after its signatures. Both judges work offline.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from asn1crypto.x509 import Certificate
from rich.console import Console
from rich.table import Table

from domain.signatures import FileVerdict, Verdict
from signing.evidence import stored_evidence
from signing.reading import BAD, opened
from signing.trust import TrustList
from signing.verify import Expected, verify_file
from tests import judges
from tests.signing.forge.authority import SIGNED
from tests.signing.forge.cases import CASES, DAY, World
from tests.signing.forge.signed import Manner, blank, sign
from tests.signing.test_verdicts import RANK, dss_verdict, signature_values

LATER = timedelta(hours=1)


class Comparison:
    """Counts, and the reasons of differences."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.differences: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)

    def add(self, name: str, ours: FileVerdict, theirs: str, why: str = "") -> None:
        """One file judged by both."""
        mine = str(ours.verdict)
        other = RANK["undetermined" if theirs == "unreadable" else theirs]  # a judge that cannot read a file has not failed it
        kind = "same" if mine == theirs else "more lenient" if RANK[mine] > other else "stricter"
        self.counts[kind, mine, theirs] += 1
        if kind != "same":
            self.differences[kind, mine, theirs, why or _against(ours)].append(name)

    def show(self, title: str) -> bool:
        """Prints both tables; whether nothing was more lenient."""
        table = Table(title=title)
        for heading in ("", "ours", "EU DSS", "files"):
            table.add_column(heading)
        for (kind, mine, theirs), number in sorted(self.counts.items()):
            table.add_row(kind, mine, theirs, str(number))
        reasons = Table(title="differences")
        for heading in ("", "ours", "EU DSS", "why", "files"):
            reasons.add_column(heading, overflow="fold")
        for key, names in sorted(self.differences.items()):
            reasons.add_row(*key, f"{len(names)}: {', '.join(names[:3])}")
        console, total = Console(), sum(self.counts.values())
        same = sum(number for (kind, _, _), number in self.counts.items() if kind == "same")
        console.print(table, reasons)
        console.print(f"{same} of {total} the same ({100 * same / max(total, 1):.1f} %)")
        return not any(kind == "more lenient" for kind, _, _ in self.counts)


def _against(ours: FileVerdict) -> str:
    """The rules that decided, by name."""
    found = {rule.name: rule for one in ours.signatures for rule in one.rules if rule.verdict is ours.verdict}
    if ours.verdict in (Verdict.UNREADABLE, Verdict.UNSIGNED, Verdict.PASSED) or not found:
        return str(ours.verdict)
    return next((f"{rule.name}: {rule.evidence[:40]}" for rule in found.values() if rule.name != "summary"), "summary")


def cases(folder: Path) -> bool:
    """The cases of the tests."""
    world, compared = World(), Comparison()
    trusted = _trusted(folder, [world.authority.root.asn1])
    for case in CASES:
        path = folder / f"{case.name.replace('/', '_')}.pdf"
        path.write_bytes(case.make(world))
        compared.add(case.name, verify_file(path, trusted), dss_verdict(judges.dss(path, folder / "trust")), case.why)
    return compared.show("cases of our own")


def suite(source: Path, folder: Path) -> bool:
    """Files of others."""
    files = [path for path in sorted(source.rglob("*.pdf")) if b"/ByteRange" in path.read_bytes()]
    compared, known = Comparison(), {one.dump(): one for path in files for one in _certificates(path)}
    trusted = _trusted(folder, [one for one in known.values() if one.ca])
    for path in files:
        answer = judges.dss(path, folder / "trust")
        compared.add(path.name, verify_file(path, trusted), dss_verdict(answer))
        said = [one["best_signature_time"] or one["signing_time"] for one in answer["signatures"]]
        moments = [datetime.fromisoformat(one) for one in said if one]
        if moments and (then := max(moments) + LATER) < datetime.now(UTC):
            answer = judges.dss(path, folder / "trust", at=then.strftime("%Y-%m-%dT%H:%M:%SZ"))
            compared.add(f"{path.name} (then)", verify_file(path, trusted, moment=then), dss_verdict(answer))
    return compared.show(f"{len(files)} files of others")


def _certificates(path: Path) -> Iterator[Certificate]:
    """Those in the signatures of a file and in its evidence."""
    with path.open("rb") as file, contextlib.suppress(*BAD):
        reader = opened(file, strict=False)
        for signature in reader.embedded_signatures if reader else ():
            yield from (one.chosen for one in signature.signed_data["certificates"] if one.name == "certificate")
        yield from stored_evidence(reader).certificates if reader else ()


def _trusted(folder: Path, roots: list[Certificate]) -> TrustList:
    (folder / "trust").mkdir()
    for number, one in enumerate(roots):
        (folder / "trust" / f"{number}.der").write_bytes(one.dump())
    return TrustList(tuple(roots))


def flips(folder: Path, number: int) -> bool:
    """So many flipped bits in signed files, with and without the register."""
    world, rng, wrong = World(), random.Random(number), 0
    trusted, path = TrustList((world.authority.root.asn1,)), folder / "flipped.pdf"
    for index in range(number):
        data = (world.timed, world.proven, world.twice)[index % 3]
        changed = bytearray(data)
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        register = Expected(hashlib.sha256(data).hexdigest())
        passed = verify_file(path, trusted).verdict is Verdict.PASSED
        wrong += verify_file(path, trusted, register).verdict is Verdict.PASSED
        wrong += passed and signature_values(bytes(changed)) != signature_values(data)
    print(f"{number} flipped bits: {wrong} passed that must not")
    return not wrong


def speed(folder: Path) -> bool:
    """Milliseconds a verification, both warm."""
    world, table = World(), Table(title="milliseconds a verification, median of 7, both warm, offline")
    trusted = _trusted(folder, [world.authority.root.asn1])
    for heading in ("signatures", "pages", "MB", "ours", "EU DSS (no visual comparison)"):
        table.add_column(heading, justify="right")
    for signatures, pages in ((1, 1), (2, 10), (5, 200)):
        path = folder / f"{signatures}-{pages}.pdf"
        path.write_bytes(_signed(world, signatures, pages))
        mine = _median(lambda path=path: verify_file(path, trusted))  # type: ignore[misc]
        theirs = _median(lambda path=path: judges.dss(path, folder / "trust"))  # type: ignore[misc]
        assert verify_file(path, trusted).verdict is Verdict.PASSED
        table.add_row(str(signatures), str(pages), f"{path.stat().st_size / 1e6:.2f}", f"{mine:.0f}", f"{theirs:.0f}")
    Console().print(table)
    return True


def _signed(world: World, signatures: int, pages: int) -> bytes:
    data = blank(pages)
    for number in range(signatures):
        box = (40 + 100 * number, 100, 130 + 100 * number, 140)
        level = "LTA" if number == signatures - 1 else "LT"
        data = sign(world.authority, world.doctor, data, Manner(f"Ky{number}", level, SIGNED + number * DAY, box=box))
    return data


def _median(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", type=Path, action="append", default=[])
    parser.add_argument("--flips", type=int, default=0)
    parser.add_argument("--speed", action="store_true")
    chosen = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        works: list[Callable[[Path], bool]] = [functools.partial(suite, one) for one in chosen.suite]
        works += [lambda folder: flips(folder, chosen.flips)] if chosen.flips else []
        works += [speed] if chosen.speed else []
        for number, work in enumerate(works or [cases]):
            (folder := Path(name, str(number))).mkdir()
            good &= work(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
