"""Two independent judges of PDF files, veraPDF and the EU's Digital Signature Service: one JVM each for a whole test run.

Built by `tests/judges/build` into the cache; answers are the JSON that the Java sources beside this file print.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
from pathlib import Path
from typing import Any

_BUILD = Path(__file__).with_name("build")


def verapdf(path: Path) -> dict[str, Any]:
    """`{"file", "compliant", "profile", "failed_rules": [{"clause", "test", "description", "count", "first"}], "error"}`."""
    return _ask(_jvm("verapdf", "judges.VeraPdf"), path)


def dss(
    path: Path,
    trust_dir: Path,
    *,
    strict: bool = True,
    online: bool = False,
    visual_pages: int = 0,
    at: str | None = None,
) -> dict[str, Any]:
    """`{"file", "signatures": […], "timestamps": […], "error"}`, trusting the certificates in `trust_dir` alone.

    `online`: revocation data and issuers are fetched too, from this machine only. `visual_pages`: documents of up to so many
    pages are compared by their look too, which is 20 times slower. `at`: judge as of a time such as `2035-01-31T00:00:00Z`.
    """
    options = ["--trust", str(trust_dir), "--visual-pages", str(visual_pages)]
    options += ["--strict"] if strict else []
    options += ["--online"] if online else []
    return _ask(_jvm("dss", "judges.Dss", *options), path, at)


@functools.cache
def home(name: str) -> Path:
    """The folder with the jars of `verapdf` or `dss`, built first where it is missing or out of date."""
    subprocess.run([_BUILD, name], check=True)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "luuky" / "judges" / name


@functools.cache
def _jvm(name: str, main_class: str, *options: str) -> subprocess.Popen[str]:
    # A C locale mangles Vietnamese file names; the JVM's own warnings would stand among the answers.
    java = ["java", "-Xlog:disable", "-Xmx768m", "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-cp", f"{home(name)}/*"]
    process = subprocess.Popen(
        [*java, main_class, *options, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    atexit.register(process.kill)
    return process


def _ask(process: subprocess.Popen[str], path: Path, at: str | None = None) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{path.absolute()}\t{at}\n" if at else f"{path.absolute()}\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer
