"""What people do with pages: nothing is lost, whatever they do in whatever order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain import arrangement
from domain.arrangement import Arrangement, Leaf, Pick
from domain.errors import Broken, Refused
from domain.order import numbers, parse, picks

A, B = "a" * 64, "b" * 64


def of(original: str, count: int) -> Arrangement:
    return Arrangement(tuple(Leaf(original, number) for number in range(1, count + 1)))


def shown(one: Arrangement) -> str:
    return " ".join(f"{leaf.original[0]}{leaf.page}" for leaf in one.leaves)


def aside(one: Arrangement) -> str:
    return shown(Arrangement(one.aside))


def ordered(documents: dict[str, Arrangement], text: str) -> dict[str, Arrangement]:
    """As a person writes it, for document "d"."""
    spans = parse(text)

    def count(document: str | None, set_aside: bool) -> int:
        one = documents[document or "d"]
        return len(one.aside if set_aside else one.leaves)

    return arrangement.arrange(documents, "d", picks(spans, count))


def test_an_order_takes_pages_from_several_documents_and_sets_aside_what_it_does_not_name():
    after = ordered({"d": of(A, 5), "e": of(B, 4)}, "3-1,5r90,e:2-3")
    assert shown(after["d"]) == "a3 a2 a1 a5 b2 b3"
    assert [leaf.turn for leaf in after["d"].leaves] == [None, None, None, 90, None, None]
    assert aside(after["d"]) == "a4"
    assert shown(after["e"]) == "b1 b4"


def test_what_is_set_aside_comes_back_where_it_is_wanted():
    once = ordered({"d": of(A, 3)}, "1,3")["d"]
    assert shown(ordered({"d": once}, "1,x1,2")["d"]) == "a1 a2 a3"
    assert shown(ordered({"d": once}, "1-,x1")["d"]) == "a1 a3 a2"


def test_a_document_that_gives_all_its_pages_gives_what_it_had_set_aside_too():
    other = ordered({"d": of(B, 3)}, "1,3")["d"]
    after = ordered({"d": of(A, 1), "e": other}, "1,e:1-")
    assert (shown(after["d"]), aside(after["d"]), after["e"]) == ("a1 b1 b3", "b2", Arrangement())
    after = ordered({"d": of(A, 1), "e": other}, "1,e:1")
    assert (aside(after["d"]), aside(after["e"])) == ("", "b2")


def test_split_and_join_are_each_others_way_back():
    parts = arrangement.split(of(A, 7), [numbers("1-3", 7), numbers("4-7", 7)])
    assert [shown(part) for part in parts] == ["a1 a2 a3", "a4 a5 a6 a7"]
    assert arrangement.join(parts) == of(A, 7)


def test_a_page_that_is_in_no_part_stops_a_split():
    with pytest.raises(Refused, match="pages_left_out"):
        arrangement.split(of(A, 5), [[1, 2], [4]])


def test_a_new_scan_takes_the_place_of_a_bad_page():
    after = ordered({"d": of(A, 4), "e": of(B, 2)}, "1,e:1,4")
    assert (shown(after["d"]), aside(after["d"]), shown(after["e"])) == ("a1 b1 a4", "a2 a3", "b2")


@pytest.mark.parametrize(("text", "left"), [("1,4,2-3,5", "1 4 2 3 5"), ("3-4,1-2,5", "3 4 1 2 5"), ("3-,2-1", "3 4 5 2 1")])
def test_pages_move_to_where_another_stood_and_none_is_set_aside(text, left):
    after = ordered({"d": of(A, 5)}, text)["d"]
    assert ([leaf.page for leaf in after.leaves], after.aside) == ([int(n) for n in left.split()], ())


def test_people_turn_what_they_see():
    read_sideways = Arrangement((Leaf(A, 1, None, 270),))
    once = ordered({"d": read_sideways}, "1r90")["d"]
    assert once.leaves[0].turn == 0
    assert ordered({"d": once}, "1r90")["d"].leaves[0].turn == 90
    assert ordered({"d": once}, "1")["d"].leaves[0].turn == 0
    with pytest.raises(Refused, match="bad_turn"):
        arrangement.arrange({"d": read_sideways}, "d", [Pick(1, turn=45)])


@pytest.mark.parametrize("text", ["", "1,", "a", "1-2-3", "0x1", "1r45", "1:", "-3", "1;2", "١", "1" * 30_000])
def test_what_is_no_order_is_refused(text):
    with pytest.raises(Refused, match="bad_order"):
        parse(text)


@pytest.mark.parametrize("text", ["0", "6", "1-999999999", "4-6", "x1"])
def test_a_page_that_is_not_there_is_refused_before_anything_is_counted_out(text):
    with pytest.raises(Refused, match="no_such_page"):
        ordered({"d": of(A, 5)}, text)


@pytest.mark.parametrize("text", ["1,1", "1-3,2", "e:1,e:1"])
def test_no_page_stands_in_two_places(text):
    with pytest.raises(Refused, match="page_twice"):
        ordered({"d": of(A, 5), "e": of(B, 2)}, text)


def test_an_arrangement_that_loses_or_doubles_a_page_is_never_written():
    for wrong in ([of(A, 1)], [of(A, 2), of(A, 1)]):
        with pytest.raises(Broken, match="page_lost"):
            arrangement.must_keep_all([of(A, 2)], wrong)


@given(st.lists(st.integers(1, 9), min_size=1, unique=True), st.randoms())
def test_any_choice_and_order_of_pages_is_what_comes_out(chosen, chance):
    chance.shuffle(chosen)
    after = arrangement.arrange({"d": of(A, 9)}, "d", [Pick(number) for number in chosen])["d"]
    assert [leaf.page for leaf in after.leaves] == chosen
    assert sorted(leaf.page for leaf in (*after.leaves, *after.aside)) == list(range(1, 10))


class Clerk(RuleBasedStateMachine):
    """Somebody who does all that can be done with pages, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.all = [of(A, 4), of("c" * 64, 3), of(B, 1)]
        self.before = everything(self.all)

    @rule(data=st.data(), turn=st.sampled_from([0, 90, 180, 270]))
    def order(self, data, turn):
        names = {str(n): one for n, one in enumerate(self.all)}
        places = [(n, no, way) for n, one in names.items() for way in (False, True) for no in range(len(_side(one, way)))]
        chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True))
        after = arrangement.arrange(names, chosen[0][0], [Pick(no + 1, n, way, turn) for n, no, way in chosen])
        self.all = [one for one in after.values() if one.leaves]

    @rule(data=st.data())
    def split(self, data):
        one = data.draw(st.sampled_from(self.all))
        pages = data.draw(st.permutations(range(1, len(one.leaves) + 1)))
        cut = data.draw(st.integers(1, len(pages)))
        parts = arrangement.split(one, [part for part in (pages[:cut], pages[cut:]) if part])
        self.all = [each for each in self.all if each is not one] + parts

    @rule(data=st.data())
    def join(self, data):
        chosen = data.draw(st.permutations(self.all))[:2]
        self.all = [each for each in self.all if each not in chosen] + [arrangement.join(chosen)]

    @rule(data=st.data())
    def write_an_order(self, data):
        """A page is taken out, moved, or makes room; what was set aside, or a page of another document, comes in."""
        one, *others = data.draw(st.permutations(self.all))
        documents = {"d": one} | dict(zip("e", others, strict=False))
        items = [str(number) for number in range(1, len(one.leaves) + 1)]
        page = items.pop(data.draw(st.integers(0, len(items) - 1)))
        coming = [page, *["x1"] * bool(one.aside), *["e:1"] * bool(others)]
        place = data.draw(st.integers(0, len(items)))
        items[place:place] = data.draw(st.lists(st.sampled_from(coming), min_size=0 if items else 1, unique=True))
        after = ordered(documents, ",".join(items))
        gone = one.named - after["d"].named
        assert gone == (set() if page in items else {one.leaves[int(page) - 1].named})
        left = [each for each in self.all if each not in documents.values()]
        self.all = left + [each for each in after.values() if each.leaves]

    @invariant()
    def every_page_is_somewhere_once(self):
        assert everything(self.all) == self.before
        assert all(one.leaves for one in self.all)


def _side(one: Arrangement, set_aside: bool) -> tuple[Leaf, ...]:
    return one.aside if set_aside else one.leaves


def everything(all_of_them: list[Arrangement]) -> Counter[tuple[str, int]]:
    return Counter(leaf.named for one in all_of_them for leaf in (*one.leaves, *one.aside))


TestClerk = Clerk.TestCase
TestClerk.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
