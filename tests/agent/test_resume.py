"""Token pulled out, power cut, line dead, at every step: nothing is signed twice, nothing lost, no PIN typed for nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from luuky_agent import settings
from luuky_agent.outbox import KEPT, Outbox

from signing.pairing import not_this_device
from storage.store import Store
from tests.agent.trial import Trial, away, trial
from tests.signing.fixtures import Hospital

STEPS = [("jobs", 1, "before"), ("jobs", 1, "after"), ("document", 2, "before")] + [
    ("complete", number, when) for number in (1, 2, 3) for when in ("before", "after")
]
"""What a batch of two documents asks the server, in order; the third `complete` says that this was all."""

KILLED_AT = """
import os, signal, sys
number, home = int(sys.argv.pop(1)), os.environ["XDG_CONFIG_HOME"]
seen = 0
def count(event, given):
    global seen
    ours = event in ("open", "os.rename", "os.remove") and str(given[0]).startswith(home)
    if ours or event in ("socket.connect", "subprocess.Popen"):
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from luuky_agent.main import run
run()
"""
"""Kills the agent before the given one of its writes, connections and child processes."""


@pytest.fixture
def desk(hospital: Hospital, store: Store, tmp_path: Path) -> Iterator[Trial]:
    with trial(hospital, store, tmp_path) as opened:
        yield opened


def clock_is_off() -> None:
    raise not_this_device()


# ---- the line is dead


@pytest.mark.parametrize("step", STEPS, ids=lambda step: "-".join(map(str, step)))
def test_with_the_server_away_at_any_step_each_document_is_signed_once_in_the_end(
    desk: Trial, step: tuple[str, int, str]
) -> None:
    desk.sends()
    desk.breaks(step, away)
    first = desk.signs()
    assert first.returncode in ({0, 5} if step[0] == "complete" else {5}), first.stderr
    desk.breaks(None)
    again = desk.signs()
    assert again.returncode == 0, again.stderr
    desk.whole()
    assert desk.module.calls.count("C_Sign") == 2


def test_what_was_signed_while_the_server_was_away_needs_no_second_pin(desk: Trial) -> None:
    desk.sends()
    desk.breaks(("complete", 1, "before"), away)
    assert desk.signs().returncode == 5
    assert desk.signed < 2
    desk.breaks(None)
    assert desk.signs(pin="").returncode == 0
    desk.whole()
    assert desk.module.calls.count("C_Login") == 1


def test_a_refusal_that_may_pass_does_not_throw_a_value_away(desk: Trial) -> None:
    desk.sends(1)
    desk.breaks(("complete", 1, "before"), clock_is_off)
    assert desk.signs().returncode == 5
    desk.breaks(None)
    assert desk.signs().returncode == 0
    desk.whole()
    assert desk.module.calls.count("C_Sign") == 1


# ---- power cut


@pytest.mark.parametrize("step", STEPS, ids=lambda step: "-".join(map(str, step)))
def test_killed_while_it_talks_to_the_server_each_document_is_signed_once_in_the_end(
    desk: Trial, step: tuple[str, int, str]
) -> None:
    desk.sends()
    process: list[subprocess.Popen[str]] = []

    def kill() -> None:
        while not process:
            time.sleep(0.01)
        process[0].kill()
        process[0].wait()

    desk.breaks(step, kill)
    process.append(desk.starts())
    assert process[0].wait() == -signal.SIGKILL
    desk.breaks(None)
    again = desk.signs()
    assert again.returncode == 0, again.stderr
    desk.whole()
    assert desk.module.calls.count("C_Sign") == 2


@pytest.mark.parametrize("deed", ["kill", "killafter"])
@pytest.mark.parametrize("step", ["C_Login:1", "C_Sign:1", "C_Sign:2"])
def test_killed_while_the_token_works_each_document_has_one_signature_in_the_end(desk: Trial, step: str, deed: str) -> None:
    desk.sends()
    desk.module.rules(f"{step}:{deed}")
    assert desk.starts().wait() == -signal.SIGKILL
    desk.module.rules("")
    again = desk.signs()
    assert again.returncode == 0, again.stderr
    desk.whole()


def test_killed_at_any_of_its_writes_each_document_has_one_signature_in_the_end(desk: Trial) -> None:
    for number in range(1, 100):
        desk.sends(1)
        command = [sys.executable, "-c", KILLED_AT, str(number), "sign", "--all", "--pin-stdin"]
        done = subprocess.run(
            command, env=desk.agent.environment, input=desk.pin + "\n", capture_output=True, text=True, check=False
        )
        if done.returncode != -signal.SIGKILL:
            break
        again = desk.signs()
        assert again.returncode == 0, (number, again.stderr)
        desk.whole()
    assert done.returncode == 0, done.stderr
    assert number > 10
    desk.whole()


def test_a_draft_that_a_power_cut_left_behind_is_not_taken_for_a_value(desk: Trial) -> None:
    place = desk.agent.home / "luuky-agent"
    Outbox(place)
    (place / "unsent" / "job~item.part").write_bytes(b"half a val")
    desk.sends(1)
    assert desk.signs().returncode == 0
    desk.whole()


# ---- the token is pulled out


@pytest.mark.parametrize("code", ["0x32", "0x30", "crash"])
def test_a_token_that_goes_away_in_the_middle_can_be_plugged_in_again_and_the_rest_is_signed(desk: Trial, code: str) -> None:
    desk.sends(3)
    desk.module.rules(f"C_Sign:2:{code}")
    first = desk.signs()
    assert first.returncode == 5
    assert "các tài liệu ký xong trước đó vẫn còn" in first.stderr
    assert desk.signed == 1
    desk.module.rules("")
    again = desk.signs()
    assert again.returncode == 0, again.stderr
    desk.whole()
    assert desk.module.calls.count("C_Sign") == 4


def test_a_token_that_is_missing_from_the_start_costs_nothing(desk: Trial, tmp_path: Path) -> None:
    desk.sends(1)
    (tmp_path / "none").mkdir()
    desk.agent.softhsm_conf = tmp_path / "softhsm2.conf"
    desk.agent.softhsm_conf.write_text(f"directories.tokendir = {tmp_path / 'none'}\nobjectstore.backend = file\n")
    desk.module.rules("C_GetTokenInfo:*:0xe0")
    first = desk.signs()
    assert first.returncode == 5
    assert "Cắm" in first.stderr
    assert "C_Login" not in desk.module.calls
    desk.module.rules("")
    assert desk.signs().returncode == 0
    desk.whole()


# ---- the outbox


def test_a_value_is_readable_by_its_owner_only_and_remembered_for_a_day(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep("job", "item", b"value")
    (kept,) = (tmp_path / "unsent").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert Outbox(tmp_path).waiting() == [("job", "item", b"value")]
    outbox.handed_in("job", "item")
    assert Outbox(tmp_path).state("job", "item") == "sent"
    old = time.time() - KEPT - 60
    os.utime(tmp_path / "sent" / "job~item", (old, old))
    assert Outbox(tmp_path).state("job", "item") is None


def test_two_agents_do_not_sign_from_one_desk_at_the_same_time(desk: Trial) -> None:
    desk.sends(1)
    with settings.alone(desk.agent.home / "luuky-agent"):
        second = desk.signs()
    assert second.returncode == 5
    assert "cửa sổ khác" in second.stderr
    assert "C_Login" not in desk.module.calls
    assert desk.signs().returncode == 0
    desk.whole()
