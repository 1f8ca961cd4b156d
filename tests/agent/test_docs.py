"""What the agent can be told is in its reference: settings, commands, keys of the window, ways of signing."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from luuky_agent import keys
from luuky_agent.main import _parser
from luuky_agent.settings import Desk

ROOT = Path(__file__).parents[2]
DESK = (ROOT / "docs" / "reference" / "desk.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs" / "reference" / "agent.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "reference" / "signing-job.schema.json").read_text(encoding="utf-8"))


def test_every_setting_is_in_the_reference() -> None:
    table = [line for line in DESK.splitlines() if line.startswith("| `")]
    assert [field.name for field in fields(Desk) if not any(f"`{field.name}`" in line for line in table)] == []


def test_every_command_and_each_of_its_options_is_in_the_reference() -> None:
    choices = next(action for action in _parser()._actions if action.choices).choices
    assert choices is not None
    for name, command in dict(choices).items():
        assert f"`luuky-agent {name}" in DESK
        options = [option for action in command._actions for option in action.option_strings if option.startswith("--")]
        assert [option for option in options if option not in DESK and option != "--help"] == []


def test_the_ways_of_signing_are_those_of_the_schema_and_the_protocol() -> None:
    ways = {keys.RSA_PKCS1, keys.RSA_PSS, keys.ECDSA}
    assert set(SCHEMA["$defs"]["item"]["properties"]["mechanism"]["enum"]) == ways
    assert all(f"`{way}`" in PROTOCOL for way in ways)
