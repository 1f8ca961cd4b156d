"""A person who corrects one word after the other as fast as they can: `python -m tests.faults.correcting DATA DOCUMENT`."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from ocr.correct import WordDesk
from storage.settings import StorageSettings
from storage.store import open_store


def main(data: Path, document: str) -> None:
    desk = WordDesk(open_store(StorageSettings(data)))
    now = desk.words(document, 1)
    for number in itertools.count():
        now = desk.correct((document, 1, range(1)), f"lần{number}", now.seen, "mai")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
