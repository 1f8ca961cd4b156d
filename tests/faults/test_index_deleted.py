"""The index is deleted: it heals itself, and `luuky rebuild --index` gives the same answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from domain.people import ALL
from domain.search import Query
from pipeline import wiring
from tests.fakes.hospital import ROOT, Hospital, slip


@pytest.mark.timeout(240)
def test_a_deleted_index_comes_back_with_the_same_answers(tmp_path):
    data = tmp_path / "data"
    with Hospital(data, ("dispatch", "worker", "watch")) as hospital:
        for number in range(4):
            slip(hospital.watched / f"{number}.png", f"PHIẾU CHĂM SÓC {number}\nviêm phổi thùy dưới")
        hospital.wait(lambda: hospital.all_at_rest(4))
        before = ask(hospital)
        assert before[0] == 4
    shutil.rmtree(data / "index")
    assert ask(hospital)[0] == 0
    environment = {**os.environ, "LUUKY_DATA": str(data)}
    subprocess.run([sys.executable, "-m", "cli", "rebuild", "--index"], cwd=ROOT, env=environment, check=True)
    assert ask(hospital) == before
    shutil.rmtree(data / "index")
    with Hospital(data, ("dispatch",)) as hospital:
        hospital.wait(lambda: ask(hospital)[0] == 4)
        assert ask(hospital) == before


def ask(hospital: Hospital) -> tuple[int, list[tuple[str, int]]]:
    answer = wiring.index(hospital.settings).search(Query("viem phoi", ALL))
    return answer.total, sorted((page.document, page.page) for page in answer.pages)
