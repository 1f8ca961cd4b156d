"""veraPDF as the judge: one Java process answers for many files, a path in, a line of JSON out."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement

_NAME = "veraPDF"
_MAIN_CLASS = "judges.VeraPdf"
_NO_VERDICT = Judgement(None, None, (), _NAME)
_GRACE = 30.0
"""Seconds that the process has beyond its own time limit, before it is taken to hang."""


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

    def judge(self, path: Path) -> Judgement:
        """The verdict of veraPDF; none where it is not installed, has died, or could not read the file."""
        if not self.installed or "\n" in str(path):
            return _NO_VERDICT
        with self._one_at_a_time:
            try:
                line = self._ask(str(path.absolute()))
            except OSError:
                line = ""
            if not line:
                self._stop()
        return _judgement(json.loads(line)) if line else _NO_VERDICT

    def close(self) -> None:
        """Ends the process."""
        with self._one_at_a_time:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, path: str) -> str:
        if self._process is None or self._process.poll() is not None:
            self._process = self._start()
        if self._process.stdin is None or self._process.stdout is None:
            return ""
        watchdog = threading.Timer(self._settings.verapdf_seconds + _GRACE, self._process.kill)
        watchdog.start()
        try:
            self._process.stdin.write(path + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        finally:
            watchdog.cancel()

    def _start(self) -> subprocess.Popen[str]:
        # The JVM mangles Vietnamese file names in a C locale, and prints warnings among the answers unless told not to.
        switches = ("-Xlog:disable", "-Xmx768m", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
        jars = f"{self._settings.verapdf}/*"
        patience = f"{self._settings.verapdf_seconds:.0f}"
        return subprocess.Popen(
            ["env", "LC_ALL=C.UTF-8", self._settings.java, *switches, "-cp", jars, _MAIN_CLASS, "--timeout", patience, "-"],
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


def _judgement(answer: dict[str, Any]) -> Judgement:
    if answer["error"] is not None:
        return _NO_VERDICT
    rules = tuple(f"{rule['clause']}-{rule['test']}" for rule in answer["failed_rules"])
    return Judgement(answer["compliant"], answer["profile"], rules, _NAME)
