"""How fast pages are found and indexed: python -m benchmarks.search [--pages N] [--engines tantivy,elasticsearch]

Invented pages of about 220 Vietnamese words, in documents of 1 to 12 pages, are indexed in batches of 500; then typical questions
are asked one after another and timed from question to answer with facets.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from domain.documents import State
from domain.people import ALL, Sight
from domain.search import IndexedPage, Query
from search.elastic import ElasticIndex
from search.index import Index
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from tests.servers.elasticsearch import Elasticsearch

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Thị", "Văn", "Hữu", "Đức", "Ngọc", "Minh", "Thanh", "Quang", "Xuân", "Thu", "Kim", "Bá")
GIVEN = (
    "Hường",
    "Hương",
    "Lan",
    "Hòa",
    "Thủy",
    "Đức",
    "Thành",
    "Thanh",
    "Bình",
    "Dũng",
    "Mai",
    "Tuấn",
    "Sơn",
    "Hải",
    "Yến",
    "Khánh",
)
ILLNESS = (
    "viêm phổi thùy", "tăng huyết áp vô căn", "đái tháo đường típ 2", "viêm dạ dày cấp", "gãy kín xương đùi", "nhồi máu cơ tim",
    "sỏi thận phải", "viêm ruột thừa cấp", "suy tim độ ba", "hen phế quản bội nhiễm", "xơ gan mất bù", "sốt xuất huyết Dengue",
)  # fmt: skip
TEXT = (
    "người bệnh tỉnh tiếp xúc tốt da niêm mạc hồng không phù không xuất huyết dưới da tuyến giáp không to hạch ngoại vi "
    "không sờ thấy tim đều rõ phổi thông khí hai bên đều bụng mềm gan lách không sờ thấy mạch huyết áp nhiệt độ nhịp thở "
    "cân nặng toàn trạng trung bình ăn ngủ được đại tiểu tiện bình thường tiền sử bản thân gia đình chưa phát hiện bệnh "
    "lý đặc biệt xét nghiệm công thức máu sinh hóa nước tiểu điện tâm đồ siêu âm ổ bụng chụp phim thẳng nghiêng hướng "
    "điều trị kháng sinh giảm đau hạ sốt truyền dịch theo dõi chăm sóc cấp hai hẹn tái khám sau hai tuần bác sĩ điều trị "
    "trưởng khoa ký tên đóng dấu ngày tháng năm bệnh viện đa khoa huyện "
)
PROSE = TEXT.split()
KINDS = ("01/BV-01", "02/BV-01", "05/BV-01", "20/BV-01", "36/BV-01", "39/BV-01")
DEPARTMENTS = tuple(f"K{number:02}" for number in range(1, 21))
ASKED = 100
BATCH = 500


def invented_pages(number: int, seed: int = 1) -> Iterator[IndexedPage]:
    """Pages of invented charts; the same seed makes the same pages."""
    dice, made = random.Random(seed), 0
    for chart in itertools.count():
        name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
        kind, department, year = dice.choice(KINDS), dice.choice(DEPARTMENTS), dice.randrange(1998, 2027)
        facts = f"{year % 100:02}.{chart:06} 079{dice.randrange(10**9):09}"
        state = dice.choices((State.KEPT, State.NEEDS_REVIEW, State.BOUND), (8, 1, 1))[0]
        for page in range(1, dice.randrange(2, 14)):
            text = f"Họ tên {name} Chẩn đoán {dice.choice(ILLNESS)} " + " ".join(dice.choices(PROSE, k=210))
            title, patient = f"Hồ sơ {kind}", f"BN{chart:06}"
            yield IndexedPage(f"{chart:020x}", page, state, title, kind, patient, name, (department,), year, text, facts)
            made += 1
            if made == number:
                return


def questions(dice: random.Random, pages: list[IndexedPage]) -> dict[str, Callable[[], Query]]:
    """Kinds of questions; each call makes another one."""

    def name() -> str:
        return f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"

    clinician = Sight(frozenset({State.KEPT, State.BOUND}), frozenset(DEPARTMENTS[:2]))
    return {
        "a name with tones": lambda: Query(name(), ALL),
        "a name without tones, an illness": lambda: Query(f"{dice.choice(GIVEN)} {dice.choice(ILLNESS)}".replace("ư", "u"), ALL),
        "one frequent word": lambda: Query(dice.choice(PROSE), ALL),
        "unfinished: viem ph": lambda: Query(dice.choice(ILLNESS)[: dice.randrange(3, 8)], ALL),
        "one letter": lambda: Query(dice.choice("abcdghklmnpqstvx"), ALL),
        "an archive number": lambda: Query(dice.choice(pages).facts.split()[0], ALL),
        "a misspelt name": lambda: Query(f"Nguyxn {dice.choice(GIVEN)}", ALL),
        "words on different pages": lambda: Query(f"{dice.choice(ILLNESS)} {dice.choice(ILLNESS)} {name()}", ALL),
        "an illness, two departments only": lambda: Query(dice.choice(ILLNESS), clinician),
        "everything of one patient": lambda: Query("", ALL, patient=dice.choice(pages).patient),
        "nothing typed": lambda: Query("", ALL),
    }


@dataclass
class Opened:
    """An engine under test, and how to learn the bytes it holds on disk."""

    name: str
    index: Index
    size: Callable[[], int]


@contextmanager
def tantivy() -> Iterator[Opened]:
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex(Path(folder), SearchSettings())
        yield Opened("tantivy", index, lambda: sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()))
        index.close()


@contextmanager
def elasticsearch() -> Iterator[Opened]:
    with Elasticsearch() as server:
        settings = SearchSettings(elasticsearch_url=server.url, timeout=60)
        index = ElasticIndex(settings)

        def size() -> int:
            with urllib.request.urlopen(f"{server.url}/{settings.elasticsearch_index}/_stats/store") as answer:
                return int(json.load(answer)["_all"]["total"]["store"]["size_in_bytes"])

        yield Opened("elasticsearch", index, size)
        index.close()


ENGINES = {"tantivy": tantivy, "elasticsearch": elasticsearch}


def in_batches(index: Index, pages: list[IndexedPage]) -> float:
    """Pages a second, documents kept together as the writer of the index keeps them."""
    start, batch = time.perf_counter(), list[IndexedPage]()
    for _, document in itertools.groupby(pages, key=lambda page: page.document):
        batch += document
        if len(batch) >= BATCH:
            index.replace(batch)
            batch = []
    index.replace(batch)
    return len(pages) / (time.perf_counter() - start)


def rebuilt(index: Index, pages: list[IndexedPage]) -> float:
    """Pages a second of a rebuild."""
    start = time.perf_counter()
    index.rebuild(pages)
    return len(pages) / (time.perf_counter() - start)


def milliseconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def asked(opened: Opened, pages: list[IndexedPage], table: Table) -> None:
    """A row for each kind of question."""
    for label, make in questions(random.Random(2), pages).items():
        queries = [make() for _ in range(ASKED)]
        hits = [opened.index.search(query).total for query in queries]
        times = [milliseconds(lambda query=query: opened.index.search(query)) for query in queries]  # type: ignore[misc]
        table.add_row(opened.name, label, f"{median(hits):,.0f}", f"{median(times):.1f}", f"{quantiles(times, n=20)[-1]:.1f}")
    prefixes = [" ".join(words) for words in zip(FAMILY * 7, GIVEN * 7, strict=False)][:ASKED]
    times = [milliseconds(lambda text=text: opened.index.suggest(text[:-1], ALL)) for text in prefixes]  # type: ignore[misc]
    table.add_row(opened.name, "suggestions for a name", "", f"{median(times):.1f}", f"{quantiles(times, n=20)[-1]:.1f}")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=20_000)
    arguments.add_argument("--engines", default=",".join(ENGINES))
    chosen = arguments.parse_args()
    console, pages = Console(), list(invented_pages(chosen.pages))
    writing = Table(
        "engine", "pages/s in batches", "pages/s rebuilt", "MB", "bytes a page", title=f"{len(pages):,} pages indexed"
    )
    asking = Table("engine", "question", "hits", "p50 ms", "p95 ms", title=f"{ASKED} questions of each kind, 20 hits and facets")
    for name in chosen.engines.split(","):
        try:
            with ENGINES[name]() as opened:
                batches, rebuild = in_batches(opened.index, pages), rebuilt(opened.index, pages)
                size = opened.size()
                writing.add_row(name, f"{batches:,.0f}", f"{rebuild:,.0f}", f"{size / 1e6:.1f}", f"{size / len(pages):,.0f}")
                asked(opened, pages, asking)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            console.print(f"{name} is not available: {error}")
    console.print(writing, asking)


if __name__ == "__main__":
    main()
