"""The rules of the house that a linter cannot say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["importlinter"]["root_packages"]


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy", "."],
        ["mypy", "agent/luuky_agent"],
        ["mypy", "--platform", "win32", "agent/luuky_agent"],  # the lines that Linux never reaches
        ["lint-imports", "--no-cache"],
    ],
    ids=" ".join,
)
def test_the_checks_pass(command):
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_every_package_is_under_the_import_contract_and_in_the_wheel():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages == set(PACKAGES)
    assert packages == set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def test_the_words_are_plain_python():
    for path, tree in modules("domain"):
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in {*sys.stdlib_module_names, "domain"}, f"{path}: {name}"


def test_imports_stand_at_the_top_of_their_module():
    for path, tree in modules(*PACKAGES, "agent"):
        for function in functions(tree):
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            assert not inner, f"{path}: {function.name}"


def test_only_process_roots_read_the_environment():
    roots = {"cli/environment.py", "cli/up.py", "signing/demo_authority.py"}
    for path, tree in modules(*PACKAGES):
        reads = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")]
        assert not reads or str(path.relative_to(ROOT)) in roots, path


def test_functions_and_modules_stay_small():
    for path, tree in modules(*PACKAGES, "agent"):
        assert path.read_text().count("\n") <= 500, path
        if path.parent.name == "versions":  # a migration is one long list of tables
            continue
        for function in functions(tree):
            assert (function.end_lineno or 0) - function.lineno < 60, f"{path}: {function.name}"


def test_every_package_says_what_it_is():
    for package in PACKAGES:
        text = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8")))
        assert text, package
        assert len(text) > 60, package


def test_no_to_do_marks_and_no_leftovers():
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    for name in filter(None, tracked.split("\0")):
        if name.endswith((".py", ".js", ".css", ".html", ".md", ".toml", "dev")):
            assert not marks.search((ROOT / name).read_text(encoding="utf-8", errors="replace")), name


def test_broad_excepts_stand_only_at_doors_and_the_task_boundary():
    allowed = {"cli", "api", "agent", "pipeline"}
    for path, tree in modules(*PACKAGES, "agent"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id == "Exception":
                assert path.relative_to(ROOT).parts[0] in allowed, path
