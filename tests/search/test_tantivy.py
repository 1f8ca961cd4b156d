"""The embedded index and its folder: deleted, damaged, swapped, locked and killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Broken, PartAway
from domain.people import ALL
from domain.search import IndexedPage, Query
from search import entries
from search.generations import Generations
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from tests.search.invented import page

REPOSITORY = Path(__file__).parents[2]
READER = """
import sys
from collections import Counter
from pathlib import Path
from domain.people import ALL
from domain.search import Query
from search.settings import SearchSettings
from search.tantivy import TantivyIndex

index, most = TantivyIndex(Path(sys.argv[1]), SearchSettings()), 0
print("ready", flush=True)
while most < int(sys.argv[2]):
    answer = index.search(Query("viem", ALL, limit=900))
    assert set(Counter(hit.document for hit in answer.pages).values()) <= {3}, "half a document"
    assert answer.total >= most, "an answer went back in time"
    most = answer.total
"""
WRITER = """
import sys
from pathlib import Path
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from tests.search.invented import page

index = TantivyIndex(Path(sys.argv[1]), SearchSettings())
for number in range(10_000):
    index.replace([page(f"d{number}", place, "viêm") for place in (1, 2, 3)])
    print(number, flush=True)
"""


def _index(folder: Path) -> TantivyIndex:
    return TantivyIndex(folder, SearchSettings())


def _process(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_deleted_index_is_empty_and_made_anew_at_the_next_batch(tmp_path: Path) -> None:
    writer, reader = _index(tmp_path / "index"), _index(tmp_path / "index")
    writer.replace([page("a")])
    assert reader.documents() == {"a"}
    shutil.rmtree(tmp_path / "index")
    assert reader.documents() == writer.documents() == set()
    assert reader.search(Query("", ALL)).total == 0
    writer.replace([page("b")])
    assert reader.documents() == {"b"}


def test_a_deleted_generation_is_made_anew_too(tmp_path: Path) -> None:
    index = _index(tmp_path)
    index.replace([page("a")])
    current = Generations(tmp_path, entries.FORM).current()
    assert current is not None
    shutil.rmtree(current)
    assert index.documents() == set()
    index.replace([page("b")])
    assert index.documents() == {"b"}


def test_a_damaged_index_says_so_and_a_rebuild_mends_it(tmp_path: Path) -> None:
    _index(tmp_path).replace([page("a")])
    current = Generations(tmp_path, entries.FORM).current()
    assert current is not None
    (current / "meta.json").write_text("{")
    index = _index(tmp_path)
    with pytest.raises(Broken, match="luuky rebuild --index"):
        index.search(Query("", ALL))
    index.rebuild([page("a")])
    assert index.documents() == {"a"}


def test_an_index_of_another_form_counts_as_none(tmp_path: Path) -> None:
    old = Generations(tmp_path, "0")
    old.use(old.new())
    index = _index(tmp_path)
    assert index.documents() == set()
    index.replace([page("a")])
    assert index.documents() == {"a"}
    assert old.current() is None


def test_only_one_process_writes_until_it_closes(tmp_path: Path) -> None:
    first, second = _index(tmp_path), _index(tmp_path)
    first.replace([page("a")])
    with pytest.raises(PartAway):
        second.replace([page("b")])
    with pytest.raises(PartAway):
        second.rebuild([])
    first.close()
    second.replace([page("b")])
    assert first.documents() == {"a", "b"}


def test_a_batch_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    index = _index(tmp_path)
    index.replace([page("a", text="cũ")])

    def pages() -> Iterator[IndexedPage]:
        yield page("a", text="mới")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.replace(pages())
    index.replace([page("b")])
    assert index.search(Query("cũ", ALL)).total == 1


def test_two_readers_see_whole_documents_while_one_writes_and_rebuilds(tmp_path: Path) -> None:
    batches = 30
    readers = [_process(READER, tmp_path, 3 * batches) for _ in range(2)]
    assert [_line(reader) for reader in readers] == ["ready", "ready"]
    writer = _index(tmp_path)
    written = list[IndexedPage]()
    for number in range(batches):
        new = [page(f"d{number}", place, "viêm") for place in (1, 2, 3)]
        written += new
        writer.replace(new)
        if number % 5 == 3:
            writer.rebuild(written)
    assert [reader.wait(60) for reader in readers] == [0, 0]


def test_a_killed_writer_leaves_whole_batches_and_no_lock(tmp_path: Path) -> None:
    writer = _process(WRITER, tmp_path)
    while int(_line(writer)) < 20:
        pass
    writer.send_signal(signal.SIGKILL)
    printed = 20 + len(writer.communicate()[0].split())
    index = _index(tmp_path)
    found = Counter(hit.document for hit in index.search(Query("viem", ALL, limit=100_000)).pages)
    assert set(found.values()) == {3}
    assert {f"d{number}" for number in range(printed + 1)} <= found.keys() == index.documents()
    index.replace([page("after")])
    assert "after" in index.documents()
