"""One browser with pdf.js, and the product's own web that serves what it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.people import Role
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.api.hospital import PASSWORD, Hospital
from tests.journeys.browser import AtScreen, Site, chromium, serving
from tests.pdfa import sheets
from tests.viewer import Viewer

Opened = Callable[[Path], str]
"""Keeps a PDF as the newest bytes of a document, and says at which address a viewer gets it."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    folder = tmp_path_factory.mktemp("house")
    settings = StorageSettings(folder / "data")
    migrate(settings)
    store = open_store(settings)
    made = Hospital(store, folder)
    made.person("bacsi", Role.DOCTOR, ("Khoa Nội",))
    made.patient("BN1", departments=["Khoa Nội"])
    yield made
    made.close()
    store.close()


@pytest.fixture(scope="module")
def doctor(house: Hospital) -> Iterator[AtScreen]:
    with serving(house.app) as address, chromium() as browser:
        site = Site(address, {"bacsi": PASSWORD})
        yield AtScreen(browser.new_context(viewport={"width": 1366, "height": 768}), site).logs_in("bacsi")


@pytest.fixture(scope="module")
def viewer(doctor: AtScreen) -> Viewer:
    return Viewer(doctor.context.new_page(), doctor.site.address)


@pytest.fixture(scope="module")
def address_of(house: Hospital, doctor: AtScreen) -> Opened:
    def kept(path: Path) -> str:
        with house.store.read() as tx:
            patient = tx.patients.get("BN1")
        assert patient
        page = house.store.objects.get(house.store.objects.put(b"no picture is asked for"))
        chart = house.chart([(sheets.reading(sheets.page()), page, page)], patient, path)
        return f"{doctor.site.address}/documents/{chart.id}/pdf"

    return kept
