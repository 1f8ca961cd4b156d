"""What a signature costs, step by step: python -m benchmarks.sign [--documents N]

Charts of 1, 10 and 100 pages are bound, and signed with an RSA-2048 key in a SoftHSM token against the demo authority. Times are
those of our own processor: a real USB token makes 2 to 10 signatures a second, and what OCSP and time stamps take is the
authority's. `B-LTA/s` is what one core does of everything from the empty field to the proof, without the token. The memory is
that of a process which does nothing else. Renewals are against an authority whose time-stamp service has got a new certificate;
`write` is all but the two verdicts that each renewed file must pass.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from domain.pages import PageImage, PageReading
from pdfa.bind import bind
from pdfa.record import BindRecord
from signing.appearance import Block
from signing.certificates import may_sign
from signing.demo_authority import DemoAuthority, create, module, start
from signing.demo_config import DemoSigner
from signing.fields import prepare_fields
from signing.first_half import SignatureSpec, prepare_revision
from signing.network import Network
from signing.pkcs11 import Pkcs11Key
from signing.renew import Renewer
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.trust import load_trust
from signing.upgrade import prove
from signing.verify import verify_as_of, verify_file
from tests.fakes.authority import Authority, Era
from tests.generator import files, forms, people

Result = TypeVar("Result")
SIZES = (1, 10, 100)
SIGNER = DemoSigner("bs", "BS. Trần Quốc Bảo")
STEPS = ("fields", "prepare", "token", "complete (B-T)", "prove (B-LTA)", "verify")
OURS = ("fields", "prepare", "complete (B-T)", "prove (B-LTA)")
OLD, NEW = datetime(2016, 1, 1, tzinfo=UTC), datetime(2019, 3, 1, tzinfo=UTC)
DUE = datetime(2019, 4, 1, tzinfo=UTC)
NO_SUNSET = ("rsa/1900=2099-01-01",)


@dataclass
class Times:
    """Milliseconds of this thread's processor time, by step."""

    steps: dict[str, list[float]] = field(default_factory=dict)

    def of(self, step: str, work: Callable[[], Result]) -> Result:
        """Do it and remember how long it took."""
        begun = time.thread_time()
        result = work()
        self.steps.setdefault(step, []).append((time.thread_time() - begun) * 1000)
        return result

    def typical(self, *steps: str) -> float:
        """The sum of the medians."""
        return sum(median(self.steps[step]) for step in steps)


def chart(folder: Path, pages: int) -> Path:
    """A bound chart: one invented sheet, again and again, each with a comment of its own, or the binder would keep one."""
    rng = Random(pages)
    sheet = forms.any_form(rng, people.invent(rng)).pages(dpi=200)[0]
    wide, high = sheet.image.size
    data = files.jpeg_bytes(sheet)
    pictures = ((n, data[:2] + b"\xff\xfe\x00\x06%04d" % n + data[2:]) for n in range(1, pages + 1))
    leaves = ((PageImage(n, one, "image/jpeg", wide, high, 200), PageReading(n, wide, high, 200)) for n, one in pictures)
    path = folder / f"{pages}.pdf"
    bind(leaves, BindRecord("Bệnh án", f"bench{pages}", datetime(2026, 1, 1, tzinfo=UTC), ("0" * 64,)), path)
    return path


def measure(authority: DemoAuthority, folder: Path, pages: int, documents: int) -> tuple[Times, int, int]:
    """Times of all steps, and bytes before and after."""
    trust, network, stamps = load_trust(authority.trust), Network(10), Rfc3161(authority.tsa_url)
    source, times = folder / f"{pages}.pdf", Times()
    signatory = may_sign(authority.token(SIGNER.label).certificate, trust, network)
    asked = SignatureSpec("TacGia", Block(signatory.name, "Người lập hồ sơ", datetime(2026, 1, 1, tzinfo=UTC)))
    fields, half_done, proven = (folder / f"{pages}-{name}.pdf" for name in ("fields", "half", "proven"))
    with Pkcs11Key(module(), SIGNER.label, authority.token(SIGNER.label).pin) as key:
        for _ in range(documents):
            times.of("fields", lambda: prepare_fields(source, fields, ["TacGia"]))
            half = times.of("prepare", lambda: prepare_revision(fields, half_done, signatory, asked))
            value = times.of("token", lambda half=half: key.sign(half.attributes))  # type: ignore[misc]
            times.of("complete (B-T)", lambda half=half, value=value: complete_revision(half_done, half, value, stamps))  # type: ignore[misc]
            times.of("prove (B-LTA)", lambda: prove(half_done, proven, trust, network, stamps))
            verdict = times.of("verify", lambda: verify_file(proven, trust))
            assert verdict.verdict == "passed", verdict
    return times, source.stat().st_size, proven.stat().st_size


def memory(authority: DemoAuthority, path: Path) -> str:
    """Peak in MiB of a process that signs the file, with how much of it is there before the file is."""
    command = [sys.executable, "-m", "benchmarks.sign_peak", str(authority.folder), str(path)]
    imported, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return f"{peak} ({imported})"


def renewals(authority: Authority, folder: Path, pages: int, documents: int) -> Times:
    """Times of renewing so many charts of 2016 in 2019, in turn; the first, which asks for everything, is not counted."""
    trust, times, out = load_trust(authority.roots), Times(), folder / f"{pages}-renewed.pdf"
    settings = SigningSettings(authority.tsa_url, authority.roots, sunsets=NO_SUNSET)
    renewer = Renewer(settings, lambda: authority.clock, lambda: trust)
    for number in range(documents + 1):
        proven = of_2016(authority, folder, pages)
        authority.clock = DUE
        name = hashlib.sha256(proven.read_bytes()).hexdigest()
        if number == 0:
            renewer.renew(proven, out, name)
            continue
        done = times.of("extend", lambda: renewer.extend(proven, out, name))  # noqa: B023 - at once
        moments = (DUE, done.before.dates + timedelta(days=1))
        found = times.of("verdicts", lambda: verify_as_of(out, trust, moments, begun=done.begun))  # noqa: B023 - at once
        assert all(one.verdict == "passed" for one in found), found
    return times


def of_2016(authority: Authority, folder: Path, pages: int) -> Path:
    """A chart that was signed and proven then."""
    authority.clock = OLD.replace(day=2)
    fields, signed, proven = (folder / f"{pages}-old-{name}.pdf" for name in ("fields", "signed", "proven"))
    prepare_fields(folder / f"{pages}.pdf", fields, ["TacGia"])
    half = prepare_revision(fields, signed, authority.signatory("A"), SignatureSpec("TacGia", Block("BS", "", OLD)))
    trust, stamps = load_trust(authority.roots), Rfc3161(authority.tsa_url)
    complete_revision(signed, half, authority.sign("A", half.attributes), stamps, authority.clock)
    prove(signed, proven, trust, Network(10), stamps, authority.clock)
    return proven


def signing(folder: Path, documents: int) -> Table:
    """The first table."""
    table = Table(title=f"milliseconds of processor time a document, median of {documents}")
    for heading in ("pages", "MB", *STEPS, "B-LTA/s", "KiB added", "MiB (imported)"):
        table.add_column(heading, justify="right")
    authority = create(folder / "authority", [SIGNER], production=False)
    os.environ["SOFTHSM2_CONF"] = str(authority.softhsm_conf)
    services = start(authority)
    try:
        for pages in SIZES:
            times, before, after = measure(authority, folder, pages, documents)
            cells = [f"{times.typical(step):.1f}" for step in STEPS]
            speed, peak = 1000 / times.typical(*OURS), memory(authority, folder / f"{pages}.pdf")
            table.add_row(str(pages), f"{before / 1e6:.2f}", *cells, f"{speed:.1f}", f"{(after - before) / 1024:.0f}", peak)
    finally:
        services.terminate()
        services.wait()
    return table


def renewing(folder: Path, documents: int) -> Table:
    """The second."""
    table = Table(title=f"renewing, milliseconds of processor time a document, median of {documents}")
    for heading in ("pages", "write", "both verdicts", "all", "written/s", "all/s"):
        table.add_column(heading, justify="right")
    eras = Era("A", OLD, "rsa", stamps=4), Era("B", NEW, "rsa", stamps=6)
    with Authority(folder / "moving", *eras) as authority:
        for pages in SIZES:
            times = renewals(authority, folder, pages, documents)
            write, verdicts = times.typical("extend"), times.typical("verdicts")
            cells = (write, verdicts, write + verdicts, 1000 / write, 1000 / (write + verdicts))
            table.add_row(str(pages), *(f"{cell:.1f}" for cell in cells))
    return table


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        for pages in SIZES:
            chart(Path(name), pages)
        for table in (signing(Path(name), chosen.documents), renewing(Path(name), chosen.documents)):
            Console(width=170).print(table)


if __name__ == "__main__":
    main()
