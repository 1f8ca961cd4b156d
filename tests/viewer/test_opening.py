"""A page in the middle of a long chart, signed and proven, opens without the rest of the file; Hồ sơ of a long chart asks for
what it shows and no more.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from pdfa.bind import bind
from signing.fields import prepare_fields
from signing.upgrade import prove
from tests.api.hospital import Hospital as House
from tests.generator.files import numbered
from tests.journeys.browser import AtScreen
from tests.pdfa import sheets
from tests.signing.fixtures import FIELDS, NETWORK
from tests.signing.fixtures import Hospital as Authority
from tests.viewer import Viewer, elsewhere
from tests.viewer.conftest import Opened

PAGES = 120


def long_chart(hospital: Authority, folder: Path) -> Path:
    """A chart of 120 scanned pages, signed, with the proof for decades."""
    page = sheets.page()
    image, read = sheets.coded(page.image, "jpeg"), sheets.reading(page)
    images = (replace(image, number=n, data=numbered(image.data, n)) for n in range(1, PAGES + 1))
    leaves = ((image, replace(read, number=image.number)) for image in images)
    bound = bind(leaves, sheets.RECORD, folder / "bound.pdf").path
    prepare_fields(bound, folder / "fields.pdf", FIELDS[:1])
    signed = hospital.sign(folder / "fields.pdf", folder / "signed.pdf", "bs-thao", FIELDS[0])
    prove(signed, folder / "proven.pdf", hospital.trust, NETWORK, hospital.timestamps)
    return folder / "proven.pdf"


def test_a_page_in_the_middle_of_a_proven_chart_is_drawn_after_few_requests(
    hospital: Authority, viewer: Viewer, address_of: Opened, tmp_path: Path
) -> None:
    path = elsewhere(lambda: long_chart(hospital, tmp_path))
    fetched = viewer.opens(address_of(path), PAGES // 2)
    assert (np.asarray(viewer.drawn()) < 128).mean() > 0.01
    assert fetched.requests <= 8
    scan = len(sheets.coded(sheets.page().image, "jpeg").data)
    assert scan < fetched.bytes < scan + 5 * 65536 < path.stat().st_size / 10


def test_the_record_of_a_long_chart_asks_for_the_pictures_that_it_shows(doctor: AtScreen, house: House, tmp_path: Path) -> None:
    small = BytesIO()
    Image.new("RGB", (100, 141), "white").save(small, "JPEG")
    sheet = sheets.reading(sheets.page())
    pages = [(replace(sheet, number=n), small.getvalue(), small.getvalue()) for n in range(1, PAGES + 1)]
    (tmp_path / "any.pdf").write_bytes(b"%PDF")
    with house.store.read() as tx:
        patient = tx.patients.get("BN1")
    assert patient
    chart = house.chart(pages, patient, tmp_path / "any.pdf")
    asked: list[str] = []
    doctor.page.on("request", lambda request: asked.append(request.url) if request.resource_type == "image" else None)
    doctor.opens(f"/records/{chart.id}?page={PAGES // 2}")
    doctor.page.wait_for_function(f"() => document.querySelector('.page[data-page=\"{PAGES // 2}\"] img').naturalWidth")
    assert any(url.endswith(f"/pages/{PAGES // 2}/image") for url in asked)
    assert len([url for url in asked if url.endswith("/image")]) <= 12
    assert len(asked) <= 40
