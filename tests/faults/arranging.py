"""A person who moves pages between two documents as fast as they can: `python -m tests.faults.arranging DATA ONE OTHER`."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from domain.arrangement import Deed
from filing.arrange import PageDesk
from storage.settings import StorageSettings
from storage.store import open_store


def main(data: Path, one: str, other: str) -> None:
    store = open_store(StorageSettings(data))
    desk = PageDesk(store)
    for number in itertools.count():
        into, out_of = (one, other) if number % 2 else (other, one)
        with store.read() as tx:
            seen = {name: tx.documents.get(name).version for name in (one, other)}
        desk.arrange(into, f"{out_of}:2,2-", Deed("mai", seen))
        with store.read() as tx:
            seen = {into: tx.documents.get(into).version}
        desk.arrange(into, "1,x1,2-", Deed("mai", seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
