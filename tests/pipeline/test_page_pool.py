"""A page that kills its process, hangs or fails costs that page only; all others come back, in order, and no process is left."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Broken, Unreadable
from pipeline.page_pool import Died, Errand, PagePool

PAGES = list(range(20))
BAD = 7
ASLEEP = 600


def killed(_: int) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def asleep(_: int) -> str:
    time.sleep(ASLEEP)
    return ""


def busy(_: int) -> str:
    while True:
        pass


def asleep_over_another(page: int) -> str:
    subprocess.run(["sleep", str(ASLEEP + page)], check=True)
    return ""


def out_of_memory(_: int) -> str:
    return str(len(bytearray(1 << 40)))


def surprised(_: int) -> str:
    raise ZeroDivisionError


def unreadable(_: int) -> str:
    raise Unreadable("broken", "Hỏng.", "Broken.")


def away(_: int) -> str:
    raise FileNotFoundError(2, "No such file or directory")


def good(page: int) -> str:
    return f"page {page}"


def otherwise(page: int) -> str:
    return f"page {page} otherwise"


def one_bad(bad: Callable[[int], str], page: int) -> str:
    return bad(page) if page == BAD else good(page)


def but_for(bad: Callable[[int], str]) -> Callable[[int], str]:
    return partial(one_bad, bad)


def leaves_its_name(place: Path, page: int) -> str:
    with tempfile.NamedTemporaryFile() as file:
        place.with_suffix(".part").write_text(file.name)
        place.with_suffix(".part").rename(place)
        return asleep(page)


def much(_: int) -> str:
    return "x" * 10_000_000


def echo(text: str, _: int) -> str:
    return text


def leaves_a_trace(folder: Path, page: int) -> str:
    (folder / str(page)).touch()
    return good(page)


class Pool(PagePool):
    """Every page is done in one of `ways`, in 0.3 seconds."""

    def __init__(self, *ways: Callable[[int], str], jobs: int = 2, seconds: float = 0.3) -> None:
        super().__init__(jobs, lambda: None)
        self._ways, self._seconds = ways, seconds

    def begin(self, page: int, *, urgent: bool = False) -> Errand[str]:
        return self.submit(Errand([partial(way, page) for way in self._ways], self._seconds, urgent=urgent))


@contextmanager
def pool(*ways: Callable[[int], str], **more: Any) -> Iterator[Pool]:
    made = Pool(*ways, **more)
    try:
        yield made
    finally:
        made.close()


def read_all(given: Pool) -> list[str]:
    errands = [given.begin(page) for page in PAGES]
    found = []
    for errand in errands:
        try:
            found.append(given.result(errand))
        except (Died, Broken, Unreadable, OSError) as error:
            found.append(type(error).__name__)
    return found


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()}


def commands() -> list[str]:
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(each.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("bad", [killed, asleep, busy, out_of_memory, surprised])
def test_a_page_that_kills_its_process_is_done_otherwise_and_all_others_come_back_in_order(bad, jobs):
    before = children()
    with pool(but_for(bad), otherwise, jobs=jobs) as given:
        assert read_all(given) == [otherwise(page) if page == BAD else good(page) for page in PAGES]
    assert children() == before


@pytest.mark.parametrize("last", [killed, surprised, unreadable, away])
def test_a_page_that_cannot_be_done_in_any_way_is_told_and_all_others_come_back_in_order(last):
    before = children()
    with pool(but_for(killed), but_for(killed), last) as given:
        assert read_all(given) == ["Died" if page == BAD else good(page) for page in PAGES]
    assert children() == before


@pytest.mark.parametrize(("bad", "name"), [(unreadable, "Unreadable"), (away, "FileNotFoundError")])
def test_an_ordinary_error_is_the_answer(bad, name):
    with pool(but_for(bad), otherwise) as given:
        assert read_all(given)[BAD] == name


def test_every_page_may_kill_its_process():
    with pool(killed, otherwise) as given:
        assert read_all(given) == [otherwise(page) for page in PAGES]


def test_a_single_page_starts_a_single_process_and_none_is_started_without_a_page():
    before = children()
    with pool(good, jobs=4) as given:
        assert children() == before
        errand = given.begin(1)
        assert len(children() - before) == 1
        assert given.result(errand) == good(1)


def test_what_a_process_has_started_is_ended_with_it():
    with pool(but_for(asleep_over_another), otherwise) as given:
        assert read_all(given)[BAD] == otherwise(BAD)
        assert [line for line in commands() if line.startswith(f"sleep {ASLEEP + BAD}")] == []


def test_closing_ends_what_still_works_and_clears_its_temporary_files_away(tmp_path):
    name = tmp_path / "name"
    before = children()
    with pool(partial(leaves_its_name, name), seconds=ASLEEP) as given:
        given.begin(1)
        while not name.exists():
            time.sleep(0.01)
        assert Path(name.read_text()).exists()
    assert not Path(name.read_text()).parent.exists()
    assert children() == before


@pytest.mark.parametrize("bad", [killed, asleep, busy, out_of_memory, surprised])
def test_what_is_urgent_comes_first_and_may_die_too(bad, tmp_path):
    before = children()
    with pool(partial(leaves_a_trace, tmp_path), jobs=1) as given:
        errands = [given.begin(page) for page in PAGES]
        deadly = given.submit(Errand([partial(bad, 1)], 0.3, urgent=True))
        with pytest.raises(Died):
            given.result(deadly)
        assert len(list(tmp_path.iterdir())) <= 2  # what the worker had been given by then
        assert [given.result(errand) for errand in errands] == [good(page) for page in PAGES]
    assert children() == before


def test_urgent_errands_of_any_size_go_through_while_large_answers_wait():
    large = much(0)
    with pool(much, seconds=60) as given:
        errands = [given.begin(page) for page in PAGES]
        urgent = [given.submit(Errand([partial(echo, large, -1)], 60, urgent=True)) for _ in range(4)]
        assert [given.result(errand) == large for errand in [*urgent, *errands]] == [True] * 24
