"""The documentation is under test: what it lists is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from cli.main import COMMANDS
from domain.documents import State
from domain.findings import Facts
from domain.sidecar import Sidecar

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_command_is_in_the_reference():
    text = read("docs/reference/commands.md")
    missing = [name for name in COMMANDS if f"`luuky {name}" not in text]
    assert missing == []


def test_every_state_is_in_the_reference():
    text = read("docs/reference/commands.md")
    assert [state for state in State if f"`{state}`" not in text] == []


def test_every_member_of_the_sidecar_is_in_the_reference():
    text = read("docs/reference/sidecar.md")
    value = Sidecar((), (), Facts()).as_json()
    names = [*value, *value["kind"], *value["patient"], *value["episode"]]
    assert [name for name in names if name not in text] == []


def test_every_flag_of_a_scan_is_in_the_reference():
    text = read("docs/reference/sidecar.md")
    codes = set(re.findall(r'Flag\("(\w+)"', read("ocr/quality.py")))
    assert len(codes) > 7
    assert [code for code in codes if f"| `{code}` |" not in text] == []


def test_the_readme_shows_the_two_commands_and_links_to_files_that_are_there():
    text = read("README.md")
    assert "./dev run" in text
    assert "./dev test" in text
    links = re.findall(r"\]\((?!http)([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_folder_of_the_architecture_is_there():
    table = re.findall(r"^\| `(\w+)/`", read("ARCHITECTURE.md"), re.MULTILINE)
    assert [name for name in table if not (ROOT / name).is_dir()] == []


def test_every_fixture_folder_says_where_it_comes_from():
    for folder in ("deploy/demo", "filing/data", "signing/data"):
        notes = [path for path in (ROOT / folder).iterdir() if path.suffix in (".md", ".txt")]
        assert notes, folder
