"""The demo's signing services, once for a run; before each test they are themselves again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from signing.demo_services import DemoServices, start
from tests.signing.fixtures import Hospital


@pytest.fixture(scope="session")
def running_services(hospital: Hospital) -> Iterator[DemoServices]:
    services = start(hospital.authority)
    yield services
    services.stop()


@pytest.fixture
def services(running_services: DemoServices) -> DemoServices:
    running_services.rule()
    return running_services
