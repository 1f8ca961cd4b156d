"""60 documents go through while worker, watcher, dispatcher and web are killed at random: 0 lost, 0 doubled, all findable."""

from __future__ import annotations

import pytest

from tests.faults.random_run import run


@pytest.mark.timeout(420)
def test_sixty_documents_survive_ten_kills(tmp_path):
    run(tmp_path / "data", seed=20261124, count=60, kills=10)
