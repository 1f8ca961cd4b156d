"""A chart signed in 2026 is still proven at the end of 2040, for us and for the EU's DSS; one whose renewal was withheld, not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import judges

ROOT = Path(__file__).parents[2]
LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
WITHHELD = "2026-11"
SIGNERS = {"2026-2": 3, "2028-5": 2}
"""Of charts that more than one has signed."""


@pytest.fixture(scope="module")
def story(hospital, tmp_path_factory):
    """What the years have left behind, with the folder of it all."""
    assert LIBRARY, "apt-get install faketime"
    folder = tmp_path_factory.mktemp("years")
    clock = folder / "clock"
    clock.write_text("2026-02-15 10:00:00\n")
    environment = {
        **os.environ, "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.journeys.fourteen_years", str(folder), str(hospital.fields())]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), folder


@pytest.fixture(scope="module")
def charts(story):
    return {one["signed"]: one for one in story[0]["charts"]}


def test_every_chart_is_still_proven_at_the_end_and_the_withheld_one_is_not(charts):
    assert len(charts) == 6
    verdicts = {label: one["verdict"] for label, one in charts.items()}
    assert verdicts == {label: "undetermined" if label == WITHHELD else "passed" for label in charts}
    assert {one["state"] for one in charts.values()} == {"KEPT"}
    assert {label: len(one["levels"]) for label, one in charts.items()} == {label: SIGNERS.get(label, 1) for label in charts}


def test_each_was_renewed_as_often_as_its_stamps_ended_and_no_oftener(charts):
    assert {label: one["renewed"] for label, one in charts.items()} == {
        "2026-2": 2, WITHHELD: 0, "2028-5": 1, "2030-3": 1, "2033-3": 0, "2035-10": 0,
    }  # fmt: skip
    assert all(one["manifests"] == one["renewed"] + 1 for one in charts.values())


def test_nothing_kept_was_damaged_and_only_the_withheld_chart_raised_alarms(story):
    told, _ = story
    assert told["damaged"] == []
    assert told["end"].startswith("2040-12")
    assert all(one["problem"] is None for one in told["charts"] if one["signed"] != WITHHELD)
    assert {alarm.split()[1] for alarm in told["alarms"]} <= {"renewal_impossible", "proof_ends_soon"}
    assert any(alarm.endswith("renewal_impossible") for alarm in told["alarms"])


def test_the_eus_dss_says_the_same_in_2040(story, charts):
    _, folder = story
    for label, one in charts.items():
        found = judges.dss(Path(one["file"]), folder / "authority" / "trust", at="2040-12-15T10:00:00Z")
        assert len(found["signatures"]) == SIGNERS.get(label, 1)
        for signature in found["signatures"]:
            assert (signature["indication"] == "TOTAL_PASSED") is (label != WITHHELD), (label, signature)
            assert signature["level"] == "PAdES-BASELINE-LTA"
        assert found["timestamps"][-1]["covers_whole_file"]


def test_and_each_is_pdf_a_after_every_renewal(charts):
    for one in charts.values():
        assert judges.verapdf(Path(one["file"]))["compliant"], one
