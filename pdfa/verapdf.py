"""veraPDF as the judge: one Java process answers for many files, a path in, a line of JSON out.

1. The process may be killed, hang, or die of a file: that costs no more than one verdict.
2. Of a process that was killed from outside a fresh one takes over. Of a file that a process did not come to an end with, or had
   no memory for, no other is asked; that process is ended, since it may still be at it.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Self

from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement

_NAME = "veraPDF"
_MAIN_CLASS = "judges.VeraPdf"
_PATIENCE = 1.25
"""So many times its own time limit the process may take for an answer, before it is taken to hang."""
_SPENT = ("no verdict within", "OutOfMemoryError")
"""What the process says of a file that has left it unfit for others."""
_SWITCHES = (
    "-Xlog:disable",  # warnings would stand among the answers
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # to compile lightly halves a start, and what a hundred files cost
    "-XX:ReservedCodeCacheSize=48m",
    "-XX:CompressedClassSpaceSize=48m",
    "-Djava.awt.headless=true",
)
_EDITION = re.compile(r"core-(\d+\.\d+)[\d.]*\.jar")


class VeraPdf:
    """Runs the judge found in a folder of jars. The process starts with the first file and ends with `close`."""

    def __init__(self, settings: PdfaSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def installed(self) -> bool:
        """Whether the folder holds a judge."""
        return self._settings.verapdf is not None and (self._settings.verapdf / "judge.jar").is_file()

    @property
    def version(self) -> str:
        """Such as `1.30`; empty where none is installed."""
        names = [path.name for path in self._settings.verapdf.iterdir()] if self._settings.verapdf and self.installed else []
        return next((found[1] for found in map(_EDITION.fullmatch, names) if found), "")

    def judge(self, path: Path) -> Judgement:
        """The verdict of veraPDF; none where it is not installed, has died, or could not read the file."""
        if not self.installed or "\n" in str(path):
            return Judgement(None, None, (), _NAME, self.version)
        with self._one_at_a_time:
            answer = self._asked(str(path.absolute())) or self._asked(str(path.absolute()))
        return _judgement(answer, self.version)

    def close(self) -> None:
        """Ends the process."""
        with self._one_at_a_time:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, path: str) -> dict[str, Any]:
        """What the process answers; nothing where it was killed (rule 2)."""
        begun = time.monotonic()
        try:
            line = self._ask(path)
        except OSError:
            line = ""
        if line.endswith("\n"):
            answer: dict[str, Any] = json.loads(line)
            if any(word in (answer["error"] or "") for word in _SPENT):
                self._stop()
            return answer
        self._stop()
        hung = time.monotonic() - begun >= self._settings.verapdf_seconds
        return {"error": "no answer"} if hung else {}

    def _ask(self, path: str) -> str:
        if self._process is None or self._process.poll() is not None:
            self._process = self._start()
        if self._process.stdin is None or self._process.stdout is None:
            return ""
        watchdog = threading.Timer(_PATIENCE * self._settings.verapdf_seconds, self._process.kill)
        watchdog.start()
        try:
            self._process.stdin.write(path + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        finally:
            watchdog.cancel()

    def _start(self) -> subprocess.Popen[str]:
        # The JVM mangles Vietnamese file names in a C locale.
        jars = f"{self._settings.verapdf}/*"
        patience = f"{self._settings.verapdf_seconds:.0f}"
        return subprocess.Popen(
            ["env", "LC_ALL=C.UTF-8", self._settings.java, *_SWITCHES, "-cp", jars, _MAIN_CLASS, "--timeout", patience, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _judgement(answer: dict[str, Any], version: str) -> Judgement:
    if not answer or answer["error"] is not None:
        return Judgement(None, None, (), _NAME, version)
    rules = tuple(f"{rule['clause']}-{rule['test']}" for rule in answer["failed_rules"])
    return Judgement(answer["compliant"], answer["profile"], rules, _NAME, version)
