"""`luuky worker`: worker processes only."""

from __future__ import annotations

from cli import environment
from pipeline import worker as workers


def worker() -> None:
    """Do heavy steps until stopped."""
    workers.serve(environment.with_judge(environment.settings()))
