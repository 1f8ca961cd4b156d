"""Our verdicts beside those of EU DSS, strict settings:
python -m benchmarks.verdicts [--suite DIR]… [--flips N] [--speed] [--others] [--table]

Without arguments: the cases of `tests/signing/forge`. `--suite`: every signed PDF below a folder, such as the tests' documents of
DSS (`dss-pades-6.4-tests.jar` on Maven Central) or of pyHanko (its source distribution on PyPI); every CA in them is trusted, and
each file is judged as of now and as of an hour after its signatures. Both judges work offline. `--others`: files that other
programs sign, as they are and changed afterwards. Every difference needs a reason whose predicate holds (`differences.py`);
`--table` prints the reasons for the reference.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
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
from pyhanko.pdf_utils.misc import PdfStrictReadError
from rich.console import Console
from rich.table import Table

from benchmarks.differences import Difference, reason_for, table
from domain.signatures import Verdict
from signing.evidence import stored_evidence
from signing.reading import BAD, opened
from signing.trust import TrustList
from signing.verify import verify_file
from tests import judges
from tests.signing.forge import dss
from tests.signing.forge.attacks import byte_of_page, overlay, updated
from tests.signing.forge.authority import NOW, SIGNED
from tests.signing.forge.cases import DAY, World
from tests.signing.forge.flips import flipped, signed_files, wrongly_passed
from tests.signing.forge.others import PROGRAMS, colleague
from tests.signing.forge.published_cases import CASES
from tests.signing.forge.signed import Manner, blank, good_evidence, sign, with_evidence
from tests.signing.test_verdicts import RANK, dss_verdict

LATER = timedelta(hours=1)


class Comparison:
    """Counts, and the reasons of differences."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.reasons: defaultdict[str, list[str]] = defaultdict(list)
        self.deliberate = 0

    def add(self, name: str, one: Difference) -> None:
        """One file judged by both."""
        mine = str(one.ours.verdict)
        other = RANK["undetermined" if one.theirs == "unreadable" else one.theirs]  # unreadable to a judge: it has not failed it
        kind = "same" if mine == one.theirs else "more lenient" if RANK[mine] > other else "stricter"
        if mine == "passed" and kind != "same":
            kind = "PASSED"
        self.counts[kind, mine, one.theirs] += 1
        if kind != "same":
            reason = reason_for(one)
            self.deliberate += bool(reason and reason.deliberate)
            self.reasons[reason.name if reason else "UNEXPLAINED"].append(name)

    def show(self, title: str) -> bool:
        """Prints both tables; whether nothing passed that DSS does not pass, and every difference is explained."""
        counts = Table("", "ours", "EU DSS", "files", title=title)
        for (kind, mine, theirs), number in sorted(self.counts.items()):
            counts.add_row(kind, mine, theirs, str(number))
        reasons = Table("reason", "files", title="differences, by the reason that holds")
        for name, names in sorted(self.reasons.items(), key=lambda one: -len(one[1])):
            reasons.add_row(name, f"{len(names)}: {', '.join(names if name == 'UNEXPLAINED' else names[:3])}")
        total, same = sum(self.counts.values()), sum(n for (kind, _, _), n in self.counts.items() if kind == "same")
        console, rest = Console(width=150), max(total - self.deliberate, 1)
        console.print(counts, reasons)
        console.print(f"{same} of {total} the same ({100 * same / max(total, 1):.1f} %)")
        console.print(f"without what is meant to be stricter: {same} of {rest} ({100 * same / rest:.1f} %)")
        return not any(kind == "PASSED" for kind, _, _ in self.counts) and "UNEXPLAINED" not in self.reasons


def cases(folder: Path) -> bool:
    """The cases of the tests."""
    world, compared = World(), Comparison()
    trusted = _trusted(folder, [world.authority.root.asn1])
    for case in CASES:
        path = folder / f"{case.name.replace('/', '_')}.pdf"
        path.write_bytes(case.make(world))
        compared.add(case.name, _asked(path, folder, trusted))
    return compared.show("cases of our own")


def suite(source: Path, folder: Path) -> bool:
    """Files of others."""
    files = [path for path in sorted(source.rglob("*.pdf")) if b"/ByteRange" in path.read_bytes()]
    compared, known = Comparison(), {one.dump(): one for path in files for one in _certificates(path)}
    trusted = _trusted(folder, [one for one in known.values() if one.ca])
    for path in files:
        one = _asked(path, folder, trusted)
        compared.add(path.name, one)
        said = [signature["best_signature_time"] or signature["signing_time"] for signature in one.answer["signatures"]]
        moments = [datetime.fromisoformat(each) for each in said if each]
        if moments and (then := max(moments) + LATER) < datetime.now(UTC):
            compared.add(f"{path.name} (then)", _asked(path, folder, trusted, then))
    return compared.show(f"{len(files)} files of others")


def others(folder: Path) -> bool:
    """Files that other programs sign, each also with a byte changed and with a page painted over."""
    world, compared = World(), Comparison()
    trusted = _trusted(folder, [world.authority.root.asn1])
    programs: dict[str, Callable[[World, Path], bytes]] = {**PROGRAMS, **dss.PROGRAMS}
    for name, program in programs.items():
        data = program(world, folder)
        if name in PROGRAMS:
            evidence = good_evidence(world.authority, world.doctor, NOW)
            evidence["ocsps"].append(world.authority.answer(colleague(world), NOW))
            with contextlib.suppress(PdfStrictReadError):  # not every reader takes what every program writes
                data = with_evidence(data, evidence, world.authority)
        made = {name: data, f"{name}: a byte": byte_of_page(data)}
        with contextlib.suppress(PdfStrictReadError):
            made[f"{name}: painted over"] = updated(data, overlay)
        for kind, one in made.items():
            path = folder / f"{kind}.pdf"
            path.write_bytes(one)
            compared.add(kind, _asked(path, folder, trusted))
    return compared.show("files signed by other programs")


def _asked(path: Path, folder: Path, trusted: TrustList, moment: datetime | None = None) -> Difference:
    answer = judges.dss(path, folder / "trust", at=moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None)
    return Difference(path, verify_file(path, trusted, moment=moment), dss_verdict(answer), answer, trusted)


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
    world, rng, path = World(), random.Random(number), folder / "flipped.pdf"
    trusted, files, wrong = TrustList((world.authority.root.asn1,)), signed_files(world), Counter[str]()
    for _ in range(number):
        data, changed = flipped(rng, files)
        path.write_bytes(changed)
        wrong.update(wrongly_passed(path, data, trusted))
    print(f"{number} flipped bits in {len(files)} files: {dict(wrong) or 'none'} passed that must not")
    return not wrong


def speed(folder: Path) -> bool:
    """Milliseconds a verification, both warm."""
    world, shown = World(), Table(title="milliseconds a verification, median of 7, both warm, offline")
    trusted = _trusted(folder, [world.authority.root.asn1])
    for heading in ("signatures", "pages", "MB", "ours", "EU DSS (no visual comparison)"):
        shown.add_column(heading, justify="right")
    for signatures, pages in ((1, 1), (2, 10), (5, 200)):
        path = folder / f"{signatures}-{pages}.pdf"
        path.write_bytes(_signed(world, signatures, pages))
        mine = _median(lambda path=path: verify_file(path, trusted))  # type: ignore[misc]
        theirs = _median(lambda path=path: judges.dss(path, folder / "trust"))  # type: ignore[misc]
        assert verify_file(path, trusted).verdict is Verdict.PASSED
        shown.add_row(str(signatures), str(pages), f"{path.stat().st_size / 1e6:.2f}", f"{mine:.0f}", f"{theirs:.0f}")
    Console().print(shown)
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
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--table", action="store_true")
    chosen = parser.parse_args()
    if chosen.table:
        print(table())
        return 0
    good = True
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        works: list[Callable[[Path], bool]] = [functools.partial(suite, one) for one in chosen.suite]
        works += [lambda folder: flips(folder, chosen.flips)] if chosen.flips else []
        works += [speed] if chosen.speed else []
        works += [others] if chosen.others else []
        for number, work in enumerate(works or [cases]):
            (folder := Path(name, str(number))).mkdir()
            good &= work(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
