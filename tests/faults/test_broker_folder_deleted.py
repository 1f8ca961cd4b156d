"""The broker's folder is deleted in mid-run: the database sends again what was in it."""

from __future__ import annotations

import shutil

import pytest

from tests.fakes.hospital import Hospital, slip


@pytest.mark.timeout(300)
def test_everything_arrives_although_the_queue_was_deleted_twice(tmp_path):
    with Hospital(tmp_path / "data", ("dispatch", "worker", "watch")) as hospital:
        for number in range(8):
            slip(hospital.watched / f"{number}.png", f"PHIẾU SỐ {number}\nnội dung thứ {number}")
            if number in (3, 6):
                hospital.wait(lambda: len(hospital.documents()) > 1)
                shutil.rmtree(hospital.data / "queue", ignore_errors=True)
        hospital.wait(lambda: hospital.all_at_rest(8), patience=200)
        assert len(hospital.documents()) == 8
        assert all(document.findable for document in hospital.documents())
