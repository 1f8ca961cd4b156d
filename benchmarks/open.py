"""How fast page 250 of 500 opens: python -m benchmarks.open [--pages N] [--ocrmypdf]

An invented chart of 300-dpi colour JPEGs is bound, signed and proven (B-LTA), and served by the product itself. Chromium opens
one page of it in pdf.js by range requests, from nothing, and as the product's own page pictures on Hồ sơ. Beside it the same
chart linearised before it was signed and, where asked for, OCRmyPDF's of the same pages (`--optimize 0`, not read, not signed).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

import pikepdf
from playwright.sync_api import Page
from rich.console import Console
from rich.table import Table

from benchmarks.sign import SIGNER
from domain.pages import Box, PageImage, PageReading, Word
from domain.people import Role
from ocr.preview import previews
from pdfa.bind import bind
from pdfa.record import BindRecord
from signing.appearance import Block
from signing.certificates import may_sign
from signing.demo_authority import DemoAuthority, create, module, start
from signing.fields import prepare_fields
from signing.first_half import SignatureSpec, prepare_revision
from signing.network import Network
from signing.pkcs11 import Pkcs11Key
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.trust import load_trust
from signing.upgrade import prove
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.api.hospital import PASSWORD, Hospital
from tests.generator import files, forms, people
from tests.journeys.browser import AtScreen, Site, chromium, serving
from tests.viewer import Viewer

SHEETS = 6
TIMES = 3
RECORD = BindRecord("Bệnh án", "bench-open", datetime(2026, 1, 1, tzinfo=UTC), ("0" * 64,))
LAN = {"offline": False, "latency": 2, "downloadThroughput": 100e6 / 8, "uploadThroughput": 100e6 / 8}
"""A hospital's old network: 100 Mbit/s, 2 ms."""


@dataclass(frozen=True)
class Leaf:
    """A scanned page with what stands on it."""

    data: bytes
    reading: PageReading

    def at(self, number: int) -> tuple[PageImage, PageReading]:
        """As page `number` of a chart."""
        one = self.reading
        image = PageImage(number, files.numbered(self.data, number), "image/jpeg", one.width, one.height, one.dpi)
        return image, PageReading(number, one.width, one.height, one.dpi, words=one.words)


def leaves() -> list[Leaf]:
    """A few invented pages, again and again in the chart."""
    found = []
    for seed in range(SHEETS):
        rng = Random(seed)
        sheet = forms.any_form(rng, people.invent(rng)).pages(dpi=300)[0]
        words = tuple(Word(one.text, Box(*one.box), 0.97, int(one.box[1]) // 40) for one in sheet.words)
        found.append(Leaf(files.jpeg_bytes(sheet), PageReading(1, *sheet.image.size, 300, words=words)))
    return found


@contextmanager
def signing_authority(folder: Path) -> Iterator[DemoAuthority]:
    """The demo authority, with its services."""
    authority = create(folder / "authority", [SIGNER], production=False)
    os.environ["SOFTHSM2_CONF"] = str(authority.softhsm_conf)  # a PKCS#11 module reads it once in a process
    services = start(authority)
    try:
        yield authority
    finally:
        services.terminate()
        services.wait()


def proven(source: Path, out: Path, authority: DemoAuthority) -> Path:
    """Signed and proven for decades."""
    fields, half_done = out.with_name("fields.pdf"), out.with_name("half.pdf")
    trust, network, stamps = load_trust(authority.trust), Network(10), Rfc3161(authority.tsa_url)
    signatory = may_sign(authority.token(SIGNER.label).certificate, trust, network)
    asked = SignatureSpec("TacGia", Block(signatory.name, "Người lập hồ sơ", RECORD.created))
    prepare_fields(source, fields, ["TacGia"])
    half = prepare_revision(fields, half_done, signatory, asked)
    with Pkcs11Key(module(), SIGNER.label, authority.token(SIGNER.label).pin) as key:
        complete_revision(half_done, half, key.sign(half.attributes), stamps)
    prove(half_done, out, trust, network, stamps)
    fields.unlink()
    half_done.unlink()
    return out


def by_ocrmypdf(source: Path, out: Path) -> Path:
    """Its PDF/A of the same pages: linearised, as it always is."""
    flags = ("--optimize", "0", "--tesseract-timeout", "0", "--output-type", "pdfa", "--jobs", "2", "--quiet")
    subprocess.run([Path(sys.executable).parent / "ocrmypdf", *flags, source, out], check=True)
    return out


def linearised(source: Path, out: Path) -> Path:
    """The same, laid out for viewing over a network."""
    with pikepdf.open(source) as pdf:
        pdf.save(out, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out


def charts(folder: Path, pages: int, *, theirs: bool) -> Iterator[tuple[str, Path]]:
    """What is opened, by its name in the table."""
    made = leaves()
    plain = folder / "bound.pdf"
    bind((made[n % SHEETS].at(n + 1) for n in range(pages)), RECORD, plain)
    flat = linearised(plain, folder / "linear.pdf")
    with signing_authority(folder) as authority:
        yield "bound", plain
        yield "signed, B-LTA", proven(plain, folder / "proven.pdf", authority)
        yield "linearised, not signed", flat
        yield "linearised, then signed, B-LTA", proven(flat, folder / "linear-proven.pdf", authority)
    if theirs:
        yield "OCRmyPDF, not signed", by_ocrmypdf(plain, folder / "theirs.pdf")


@contextmanager
def hospital(folder: Path) -> Iterator[tuple[Hospital, Site]]:
    """The product's own web over a fresh store, and a doctor who may see everything in it."""
    settings = StorageSettings(folder / "data")
    migrate(settings)
    store = open_store(settings)
    made = Hospital(store, folder)
    made.person("bacsi", Role.DOCTOR, ("Khoa Nội",))
    with serving(made.app) as address:
        yield made, Site(address, {"bacsi": PASSWORD})
    made.close()
    store.close()


def in_pdfjs(page: Page, address: str, path: str, number: int) -> list[str]:
    """Requests, KiB and milliseconds until page `number` is drawn; the last also over an old network."""
    viewer = Viewer(page, address)
    near = [viewer.opens(address + path, number) for _ in range(TIMES)]
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", LAN)
    far = [viewer.opens(address + path, number) for _ in range(TIMES)]
    protocol.detach()
    kib = max(one.bytes for one in (*near, *far)) / 1024
    requests = max(one.requests for one in (*near, *far))
    return [str(requests), f"{kib:.0f}", *(f"{median(one.milliseconds for one in some):.0f}" for some in (near, far))]


PICTURE = """async number => {
    const {toPage} = await import('/static/js/viewer.js');
    const begun = performance.now();
    toPage(number);
    const picture = document.querySelector(`.page[data-page="${number}"] img`);
    while (!picture.complete || !picture.naturalWidth) await new Promise(done => setTimeout(done, 2));
    await picture.decode();
    return performance.now() - begun;
}"""
LOADED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def in_record(page: Page, address: str, number: int) -> list[str]:
    """Milliseconds until Hồ sơ stands there, and from there until the picture of a page is drawn; pictures asked for by then."""
    opened, drawn, asked = [], [], []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "image" else None)
    for turn in range(TIMES):
        page.goto(address)
        opened.append(page.evaluate(LOADED))
        drawn.append(page.evaluate(PICTURE, number + turn))
    return [f"{median(opened):.0f}", f"{median(drawn):.0f}", f"{len(asked) / TIMES:.0f}"]


def measure(folder: Path, found: Sequence[tuple[str, Path]], pages: int) -> Iterator[Table]:
    """Both tables, each as soon as it is there."""
    viewers = Table(title=f"page {pages // 2} of {pages} in pdf.js, median of {TIMES}")
    for heading in ("file", "MB", "requests", "KiB", "ms", "ms at 100 Mbit/s"):
        viewers.add_column(heading, justify="left" if heading == "file" else "right")
    records = Table(title=f"Hồ sơ of {pages} pages, median of {TIMES}")
    for heading in ("ms until it stands there", "ms until a page's picture is drawn", "pictures asked for"):
        records.add_column(heading, justify="right")
    made = leaves()
    views = [previews(leaf.at(1)[0], 0) for leaf in made]
    sheets = [(made[n % SHEETS].at(n + 1)[1], views[n % SHEETS][0], views[n % SHEETS][1]) for n in range(pages)]
    with hospital(folder) as (house, site), chromium() as browser:
        patient = house.patient("BN1", departments=["Khoa Nội"])
        doctor = AtScreen(browser.new_context(), site).logs_in("bacsi")
        for name, path in found:
            chart = house.chart(sheets[:1], patient, path)
            row = in_pdfjs(doctor.page, site.address, f"/documents/{chart.id}/pdf", pages // 2)
            viewers.add_row(name, f"{path.stat().st_size / 1e6:.0f}", *row)
        yield viewers
        thick = house.chart(sheets, patient, found[0][1])
        records.add_row(*in_record(doctor.context.new_page(), f"{site.address}/records/{thick.id}", pages // 2))
    yield records


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--ocrmypdf", action="store_true", help="beside what OCRmyPDF makes; takes minutes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        folder = Path(name)
        found = list(charts(folder, chosen.pages, theirs=chosen.ocrmypdf))
        for table in measure(folder, found, chosen.pages):
            Console(width=120).print(table)


if __name__ == "__main__":
    main()
