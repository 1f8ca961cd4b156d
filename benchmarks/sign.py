"""What a signature costs, step by step: python -m benchmarks.sign [--documents N]

Charts of 1, 10 and 100 pages are bound, and signed with an RSA-2048 key in a SoftHSM token against the demo authority (its OCSP
and time-stamp answers are part of the times). A real USB token makes 2 to 10 signatures a second; everything else is ours.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.trust import load_trust
from signing.upgrade import prove
from signing.verify import verify_file
from tests.generator import files, forms, people

Result = TypeVar("Result")
SIZES = (1, 10, 100)
SIGNER = DemoSigner("bs", "BS. Trần Quốc Bảo")
STEPS = ("fields", "prepare", "token", "complete (B-T)", "prove (B-LTA)", "verify")


@dataclass
class Times:
    """Milliseconds by step."""

    steps: dict[str, list[float]] = field(default_factory=dict)

    def of(self, step: str, work: Callable[[], Result]) -> Result:
        """Do it and remember how long it took."""
        begun = time.perf_counter()
        result = work()
        self.steps.setdefault(step, []).append((time.perf_counter() - begun) * 1000)
        return result


def chart(folder: Path, pages: int) -> Path:
    """A bound chart: one invented sheet, again and again."""
    rng = Random(pages)
    sheet = forms.any_form(rng, people.invent(rng)).pages(dpi=200)[0]
    wide, high = sheet.image.size
    data = files.jpeg_bytes(sheet)
    leaves = ((PageImage(n, data, "image/jpeg", wide, high, 200), PageReading(n, wide, high, 200)) for n in range(1, pages + 1))
    path = folder / f"{pages}.pdf"
    bind(leaves, BindRecord("Bệnh án", f"bench{pages}", datetime(2026, 1, 1, tzinfo=UTC), ("0" * 64,)), path)
    return path


def measure(authority: DemoAuthority, folder: Path, pages: int, documents: int) -> tuple[Times, int, int]:
    """Times of all steps, and bytes before and after."""
    trust, network, stamps = load_trust(authority.trust), Network(10), Rfc3161(authority.tsa_url)
    source, times = chart(folder, pages), Times()
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


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10)
    chosen = parser.parse_args()
    table = Table(title=f"milliseconds a document, median of {chosen.documents}")
    for heading in ("pages", "MB", *STEPS, "KiB added"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        authority = create(Path(name) / "authority", [SIGNER], production=False)
        os.environ["SOFTHSM2_CONF"] = str(authority.softhsm_conf)
        services = start(authority)
        try:
            for pages in SIZES:
                times, before, after = measure(authority, Path(name), pages, chosen.documents)
                cells = [f"{median(times.steps[step]):.1f}" for step in STEPS]
                table.add_row(str(pages), f"{before / 1e6:.2f}", *cells, f"{(after - before) / 1024:.0f}")
        finally:
            services.terminate()
            services.wait()
    Console().print(table)


if __name__ == "__main__":
    main()
