"""The contract of `search.index.Index`, kept by the embedded index and by Elasticsearch alike."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.documents import Document, Origin, State
from domain.findings import Facts
from domain.pages import Box, Changed, PageReading, Word
from domain.people import ALL, NOTHING, Sight
from domain.search import Answer, IndexedPage, Query
from search.elastic import ElasticIndex
from search.index import Index
from search.pages_of import indexed_pages
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from tests.search.invented import page
from tests.servers.elasticsearch import Elasticsearch

MakeIndex = Callable[[str], Index]
_names = itertools.count()


@pytest.fixture(params=["tantivy", "elasticsearch"])
def make_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeIndex]:
    """Opens an index by name; the same name is the same index, opened once more."""
    prefix, opened = f"test{next(_names)}", list[Index]()

    def make(name: str) -> Index:
        if request.param == "tantivy":
            opened.append(TantivyIndex(tmp_path / name, SearchSettings()))
        else:
            url = request.getfixturevalue("elasticsearch").url
            opened.append(ElasticIndex(SearchSettings(elasticsearch_url=url, elasticsearch_index=f"{prefix}-{name}")))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@pytest.fixture
def index(make_index: MakeIndex) -> Index:
    """An index that does not exist yet."""
    return make_index("one")


def found(index: Index, text: str, sight: Sight = ALL, **narrow: object) -> list[tuple[str, int]]:
    """The pages that answer, best first."""
    query = replace(Query(text, sight, limit=100), **narrow)  # type: ignore[arg-type]
    answer = index.search(query)
    assert answer.total == len(answer.pages)
    return [(hit.document, hit.page) for hit in answer.pages]


def test_an_index_that_does_not_exist_yet_is_empty(index: Index) -> None:
    assert index.search(Query("viêm phổi", ALL)).total == 0
    assert index.suggest("ng", ALL) == []
    assert index.documents() == set()
    assert index.count(ALL) == 0


def test_words_are_found_with_and_without_tones_and_the_toned_one_comes_first(index: Index) -> None:
    index.replace(
        [
            page("a", text="Bà Nguyễn Thị Hương"),
            page("b", text="Bà Nguyễn Thị Hường", year=1990),
            page("c", text="Ông Lê Văn Đức"),
        ]
    )
    assert found(index, "Nguyễn Thị Hường") == [("b", 1), ("a", 1)]
    assert found(index, "Nguyễn Thị Hương") == [("a", 1), ("b", 1)]
    assert found(index, "nguyen thi huong") == [("a", 1), ("b", 1)]
    assert found(index, "LE VAN DUC") == [("c", 1)]


def test_both_spellings_of_a_toned_syllable_are_one_word(index: Index) -> None:
    index.replace(
        [
            page("old", text="Trần Văn Hòa", year=2000),
            page("new", text="Trần Văn Hoà", year=1999),
            page("other", text="Trần Văn Hoa"),
        ]
    )
    assert found(index, "Văn Hoà") == [("old", 1), ("new", 1), ("other", 1)]


def test_every_word_must_stand_on_the_page(index: Index) -> None:
    index.replace([page("a", text="viêm phổi nặng"), page("b", text="viêm dạ dày"), page("c", text="u phổi")])
    assert found(index, "viem phoi") == [("a", 1)]


def test_the_last_word_may_be_unfinished_and_the_whole_word_comes_first(index: Index) -> None:
    index.replace([page("a", text="viêm phổi"), page("b", text="viêm pho", year=1980), page("c", text="phổi viêmx")])
    assert found(index, "viem pho") == [("b", 1), ("a", 1)]


def test_words_side_by_side_come_before_words_apart(index: Index) -> None:
    index.replace(
        [page("apart", text="viêm họng, sau đó tổn thương phổi", year=2024), page("close", text="chẩn đoán viêm phổi", year=1999)]
    )
    assert found(index, "viem phoi") == [("close", 1), ("apart", 1)]


def test_codes_are_found_whole_in_parts_and_without_their_separators(index: Index) -> None:
    index.replace(
        [
            page("a", text="Số lưu trữ: 24.00123/BV-01", kind=None),
            page("b", text="Số 24 00999, BV-01", kind=None),
            page("c", facts="079085012345"),
        ]
    )
    for text in ("24.00123/bv-01", "24.00123", "2400123bv01", "00123", "24.001", "24/00123"):
        assert found(index, text) == [("a", 1)], text
    assert found(index, "079.085.012345") == [("c", 1)]
    assert found(index, "24 bv-01") == [("b", 1), ("a", 1)]
    assert found(index, "01/BV-01") == [("c", 1)], "the number of the form is known of the document"


def test_a_small_mistake_is_forgiven_only_if_nothing_else_is_found(index: Index) -> None:
    index.replace([page("a", text="Nguyễn Văn Thành"), page("b", text="Trần Văn Thanh")])
    assert found(index, "nguyne thanh") == [("a", 1)]
    assert found(index, "thahn") == [("b", 1), ("a", 1)]
    index.replace([page("c", text="mã THAHN")])
    assert found(index, "thahn") == [("c", 1)]


def test_every_spelling_one_letter_away_is_found_however_many_there_are(index: Index) -> None:
    letters, name = "abcdefghijklmnopqrstuvwxyz", "nguyenvanthanh"
    spellings = {name[:place] + letter + name[place + 1 :] for place in range(len(name)) for letter in letters} - {name}
    index.replace([page(spelling, text=spelling) for spelling in sorted(spellings)])
    answer = index.search(Query(name, ALL, limit=1000))
    assert {hit.document for hit in answer.pages} == spellings


def test_numbers_and_short_words_are_never_forgiven(index: Index) -> None:
    index.replace([page("a", text="sốt 123456 ngày ho")])
    assert found(index, "123457") == []
    assert found(index, "sut") == []


def test_words_on_different_pages_of_one_document_are_found_together(index: Index) -> None:
    first, second, third = (
        page("a", 1, "Họ tên: Nguyễn Thị Hường"),
        page("a", 2, "Chẩn đoán: viêm phổi"),
        page("a", 3, "trang trắng"),
    )
    index.replace([first, second, third, page("b", 1, "viêm phổi"), page("b", 2, "Trần Văn A")])
    assert set(found(index, "nguyen thi huong viem phoi")) == {("a", 1), ("a", 2)}
    assert found(index, "nguyen thi huong viem phoi", kinds=frozenset({"none"})) == []
    assert found(index, "nguyen thi dung viem phoi") == []
    assert set(found(index, "nguyexn thi huong viem phoi")) == {("a", 1), ("a", 2)}


def test_what_is_known_of_the_document_is_found_on_each_of_its_pages(index: Index) -> None:
    known = {"patient_name": "Nguyễn Thị Hường", "facts": "DN4797912345678", "title": "Phiếu phẫu thuật"}
    index.replace([page("a", 1, "trang một", **known), page("a", 2, "viêm phổi", **known)])
    assert found(index, "hường phẫu thuật DN4797912345678") == [("a", 1), ("a", 2)]
    assert found(index, "Nguyễn Thị Hường viêm phổi") == [("a", 2)]


@pytest.mark.parametrize(
    "text", ["***", '" OR *:*', "folded:viem", "viem AND (", "viem~9", "/.*/", "state:KEPT OR", "\\", "{}[]^", "viem*"]
)
def test_no_text_is_read_as_a_query_language(index: Index, text: str) -> None:
    index.replace([page("a", text="phổi"), page("b", text="viêm")])
    assert set(found(index, text)) <= {("b", 1)}


def test_a_question_of_a_thousand_words_is_answered(index: Index) -> None:
    index.replace([page("a", text="viêm " * 2000)])
    assert found(index, "viêm " * 1000) == [("a", 1)]


def test_without_words_everything_comes_newest_first(index: Index) -> None:
    index.replace(
        [page("a", 2, year=2001), page("a", 1, year=2001), page("b", year=2020), page("c", year=None), page("d", year=2001)]
    )
    assert found(index, "  ") == [("b", 1), ("d", 1), ("a", 1), ("a", 2), ("c", 1)]


def test_facets_narrow_the_answer(index: Index) -> None:
    index.replace(
        [
            page("a", text="viêm phổi", kind="01/BV-01", departments=("K01", "K02"), year=2020, patient="BN1"),
            page("b", text="viêm phổi", kind="02/BV-01", departments=("K02",), year=2021, patient="BN2"),
            page("c", text="viêm phổi", kind=None, departments=(), year=None),
        ]
    )
    assert index.search(Query("viem", ALL)).facets == {
        "kind": {"01/BV-01": 1, "02/BV-01": 1},
        "department": {"K01": 1, "K02": 2},
        "year": {"2020": 1, "2021": 1},
    }
    assert found(index, "viem", kinds=frozenset({"01/BV-01"})) == [("a", 1)]
    assert found(index, "viem", departments=frozenset({"K02", "K09"})) == [("b", 1), ("a", 1)]
    assert found(index, "viem", years=frozenset({2021, 2022})) == [("b", 1)]
    assert found(index, "viem", patient="BN1") == [("a", 1)]
    assert found(index, "", patient="BN2") == [("b", 1)]


def test_paging_goes_through_all_hits_once(index: Index) -> None:
    index.replace([page(f"d{number:03}", text="viêm", year=2000 + number % 7) for number in range(120)])
    seen = list[tuple[str, int]]()
    for offset in range(0, 130, 25):
        answer = index.search(Query("viem", ALL, limit=25, offset=offset))
        assert answer.total == 120
        seen += [(hit.document, hit.page) for hit in answer.pages]
    assert len(seen) == len(set(seen)) == 120


def test_a_document_is_replaced_as_a_whole(index: Index) -> None:
    index.replace([page("a", number, f"cũ{number}") for number in (1, 2, 3)] + [page("b", text="khác")])
    index.replace([page("a", 2, "mới")])
    assert found(index, "") == [("b", 1), ("a", 2)]
    assert found(index, "cu1") == found(index, "cu3") == []
    assert index.documents() == {"a", "b"}


def test_the_same_batch_again_changes_nothing(index: Index) -> None:
    batch = [page("a", 1, "một"), page("a", 2, "hai"), page("b", text="một")]
    index.replace(batch)
    before = index.search(Query("", ALL))
    index.replace(batch)
    assert index.search(Query("", ALL)) == before
    assert index.count(ALL) == 3


def test_removed_documents_are_gone_with_all_their_pages(index: Index) -> None:
    index.replace([page("a", 1, "một"), page("a", 2, "hai"), page("b", text="một")])
    index.replace([], ["a", "never-there"])
    assert index.documents() == {"b"}
    assert found(index, "") == [("b", 1)]


def test_other_readers_see_a_batch_as_soon_as_it_is_written(index: Index, make_index: MakeIndex) -> None:
    readers = [make_index("one"), make_index("one")]
    for number in range(5):
        index.replace([page(f"d{number}", text="viêm")])
        assert [reader.search(Query("viem", ALL)).total for reader in readers] == [number + 1] * 2


def test_a_rebuild_takes_the_place_of_everything(index: Index, make_index: MakeIndex) -> None:
    reader = make_index("one")
    index.replace([page("old", text="cũ")])

    def pages() -> Iterator[IndexedPage]:
        yield page("new", 1, "mới")
        assert found(reader, "") == [("old", 1)], "readers see the old index until the new one is whole"
        yield page("new", 2, "mới")

    index.rebuild(pages())
    assert found(reader, "") == [("new", 1), ("new", 2)]
    index.replace([page("after", text="sau")])
    assert reader.documents() == {"new", "after"}


def test_a_rebuild_that_fails_leaves_the_old_index(index: Index) -> None:
    index.replace([page("old", text="cũ")])

    def pages() -> Iterator[IndexedPage]:
        yield page("new", 1, "mới")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.rebuild(pages())
    index.replace([page("more", text="thêm")])
    assert index.documents() == {"old", "more"}


def test_a_batch_of_a_thousand_pages_is_taken(index: Index) -> None:
    words = [f"từ{number}" for number in range(300)]
    index.replace([page(f"d{number // 50}", number % 50 + 1, " ".join(words[number % 100 :])) for number in range(1000)])
    assert index.count(ALL) == 1000
    assert index.search(Query("tu299", ALL)).total == 1000
    assert len(index.documents()) == 20


def test_names_and_titles_are_suggested_most_frequent_first(index: Index) -> None:
    index.replace(
        [
            page("a", patient_name="Nguyễn Thị Hường", title="Bệnh án nội khoa"),
            page("b", patient_name="Nguyễn Thị Hương", title="Giấy ra viện"),
            page("c", patient_name="Nguyễn Thị Hường", title="Giấy ra viện"),
            page("d", patient_name="Trần Văn Nguyên", title="Giấy chuyển viện"),
        ]
    )
    assert index.suggest("nguyen thi h", ALL) == ["Nguyễn Thị Hường", "Nguyễn Thị Hương"]
    assert index.suggest("nguyen", ALL) == ["Nguyễn Thị Hường", "Nguyễn Thị Hương", "Trần Văn Nguyên"]
    assert index.suggest("nguyen", ALL, 1) == ["Nguyễn Thị Hường"]
    assert index.suggest("giay vien", ALL) == ["Giấy ra viện", "Giấy chuyển viện"]
    assert index.suggest("", ALL) == index.suggest("*", ALL) == []


def test_nobody_sees_more_than_their_rights(index: Index) -> None:
    index.replace(
        [
            page("kept", text="viêm", departments=("K01",), patient_name="Lê A"),
            page("other", text="viêm", departments=("K02",), patient_name="Lê B"),
            page("unfiled", text="viêm", state=State.NEEDS_REVIEW, departments=(), patient_name="Lê C"),
        ]
    )
    clinician = Sight(frozenset({State.KEPT}), frozenset({"K01"}))
    assert found(index, "viem", clinician) == [("kept", 1)]
    assert index.suggest("le", clinician) == ["Lê A"]
    assert index.count(clinician) == 1
    assert index.search(Query("viem", clinician)).facets["department"] == {"K01": 1}
    assert found(index, "viem", replace(clinician, also=frozenset({"unfiled"}))) == [("unfiled", 1), ("kept", 1)]
    assert found(index, "viem", Sight(frozenset(State), frozenset())) == []
    assert found(index, "viem", Sight(frozenset(State) - {State.KEPT})) == [("unfiled", 1)]
    assert found(index, "viem", NOTHING) == []
    assert index.count(NOTHING) == 0


WORDS = ["viêm", "phổi", "phôi", "gan", "Gạn", "mật", "Nguyễn", "Nguyên", "Thị", "Hường", "Hương", "thành", "thanh"]
WORDS += ["24.001/BV", "24", "001", "bv"]


def _random_pages(dice: random.Random) -> list[IndexedPage]:
    pages = list[IndexedPage]()
    for number in range(30):
        known = {
            "state": dice.choice(list(State)),
            "title": dice.choice(["Giấy ra viện", "Bệnh án", "Phiếu Nguyễn"]),
            "kind": dice.choice(["A", "B", None]),
            "patient_name": dice.choice([None, "Nguyễn Thị Hường", "Lê Văn Thành", "Trần Gan"]),
            "departments": tuple(dice.sample(["K1", "K2", "K3"], dice.randrange(3))),
            "year": dice.choice([None, 2001, 2002]),
            "facts": " ".join(dice.sample(WORDS, dice.randrange(3))),
        }
        texts = [" ".join(dice.choices(WORDS, k=dice.randrange(8))) for _ in range(dice.randrange(1, 4))]
        pages += [page(f"d{number:02}", place, text, **known) for place, text in enumerate(texts, 1)]
    return pages


def _random_sight(dice: random.Random) -> Sight:
    departments = dice.choice([None, frozenset(dice.sample(["K1", "K2", "K3"], dice.randrange(4)))])
    also = frozenset(f"d{number:02}" for number in dice.sample(range(30), dice.randrange(4)))
    return Sight(frozenset(dice.sample(list(State), dice.randrange(len(State) + 1))), departments, also)


def _allowed(sight: Sight, entry: IndexedPage) -> bool:
    states, departments = (
        entry.state in sight.states,
        sight.departments is None or bool(sight.departments & set(entry.departments)),
    )
    return entry.document in sight.also or (states and departments)


def _random_query(dice: random.Random) -> Query:
    text = " ".join(dice.choices([*WORDS, "viemm", "nguyne", "th", "2"], k=dice.randrange(4)))
    kinds = frozenset(dice.sample(["A", "B"], dice.choice([0, 0, 1])))
    return Query(text, ALL, kinds, limit=dice.choice([3, 200]), offset=dice.choice([0, 0, 2]))


def test_a_number_that_a_rule_chose_is_found_as_it_is_and_as_it_was_read(index: Index) -> None:
    words = [
        Word(text, Box(0, 0, 9, 9), 0.9, 0) for text in ("Số", "CCCD:", "024190000001", "Số", "thẻ:", "NO4", "36", "8787028")
    ]
    words[2] = replace(words[2], changed=Changed("O24l9000000I", "citizen_id"))
    words[5] = replace(words[5], changed=Changed("N04", "insurance_id"))
    document = Document("a", State.FILED, 1, Origin("scan.pdf", "noi"), "", 1, datetime.now(UTC))
    index.replace(indexed_pages(document, Facts(), [PageReading(1, 10, 10, 300.0, words=tuple(words))], None))
    index.replace([page("b", text="Số CCCD: 024190000002, số thẻ: N05 36 8787028")])
    for query in ("024190000001", "o24l9000000i", "NO4", "n04", "NO4 36 8787028", "cccd 024190000001 no4"):
        assert found(index, query) == [("a", 1)], query


@pytest.mark.parametrize("seed", range(2))
def test_rights_make_the_same_answer_as_an_index_that_holds_only_what_is_allowed(make_index: MakeIndex, seed: int) -> None:
    dice = random.Random(seed)
    pages, everything, allowed_only = _random_pages(dice), make_index("all"), make_index("allowed")
    everything.replace(pages)
    answered = 0
    for _ in range(3):
        sight = _random_sight(dice)
        allowed_only.rebuild(entry for entry in pages if _allowed(sight, entry))
        assert everything.count(sight) == allowed_only.count(ALL)
        for _ in range(15):
            query = _random_query(dice)
            answer: Answer = everything.search(replace(query, sight=sight))
            assert answer == allowed_only.search(query)
            assert everything.suggest(query.text, sight) == allowed_only.suggest(query.text, ALL)
            answered += bool(answer.total)
    assert answered > 10


def test_both_engines_give_the_same_answers_in_the_same_order(tmp_path: Path, elasticsearch: Elasticsearch) -> None:
    dice = random.Random(7)
    embedded = TantivyIndex(tmp_path, SearchSettings())
    cluster = ElasticIndex(SearchSettings(elasticsearch_url=elasticsearch.url, elasticsearch_index="agree"))
    pages = _random_pages(dice)
    for index in (embedded, cluster):
        index.replace(pages)
    for _ in range(150):
        query = replace(_random_query(dice), sight=_random_sight(dice))
        assert embedded.search(query) == cluster.search(query), query
    embedded.close()
    cluster.close()
