"""One seeded random run, processes killed at random: `python -m tests.faults.random_run SEED COUNT`."""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from pipeline import wiring
from pipeline.sealer import verify_audit
from pipeline.server_key import server_key
from tests.fakes.hospital import PARTS, Hospital, slip


def run(data: Path, seed: int, count: int, kills: int) -> None:
    """Raises AssertionError if a document was lost, doubled or cannot be found."""
    chance = random.Random(seed)
    expected: dict[str, str] = {}
    with Hospital(data) as hospital:
        left = kills
        for number in range(count):
            name = f"tờ {number:03}.png"
            content = slip(hospital.watched / name, f"PHIẾU SỐ {number:03}\nlượt {seed} tờ thứ {number} trong {count}")
            expected[hashlib.sha256(content).hexdigest()] = name
            time.sleep(chance.uniform(0.0, 0.3))
            if left and chance.random() < kills / count:
                left -= 1
                part = chance.choice(PARTS)
                hospital.kill(part)
                time.sleep(chance.uniform(0.0, 0.5))
                hospital.start(part)
        hospital.wait(lambda: hospital.all_at_rest(count), patience=240)
        check(hospital, expected)


def check(hospital: Hospital, expected: dict[str, str]) -> None:
    """Nothing lost, nothing doubled, all findable, no step done twice, the log whole."""
    documents = hospital.documents()
    assert sorted(d.original for d in documents) == sorted(expected)
    assert all(hospital.store.objects.intact(d.original) for d in documents)
    assert all(d.findable and d.problem is None for d in documents), [(d.state, d.problem) for d in documents]
    assert wiring.index(hospital.settings).documents() == {d.id for d in documents}
    with hospital.store.read() as tx:
        for document in documents:
            ends = [entry.details["end"] for entry in tx.audit.of(document.id) if entry.act == "move"]
            assert len(ends) == len(set(ends)), ends
    left = [path for path in hospital.watched.rglob("*") if path.is_file()]
    assert left == [], left
    report = verify_audit(hospital.store, server_key(hospital.data), hospital.data / "audit")
    assert report.faults == ()


def main(seed: int, count: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="luuky-faults-"))
    run(folder / "data", seed, count, kills=max(count // 6, 3))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
