"""How the pages of originals are put together to documents: plain values, and what people do with them.

Rules
1. A leaf is a page of an original. It stands in one place: in one document, or set aside in one.
2. No page is ever lost: whatever is done, the same leaves are there as before, in a document or set aside (`must_keep_all`).
3. A turn that a person gives is absolute (clockwise degrees from the page as its file shows it) and stays until another is given;
   without one the reader decides. People turn what they see: `Leaf.turned` adds to how the page is shown.
4. Page numbers count from 1, among the pages of a document or among those set aside in it.

Whatever is done to single pages (turn, move, take out, bring back, put in, replace) is one deed: the pages a document shall have,
in order (`arrange`). `join` and `split` are the two that make or end documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.errors import Broken, Refused

Named = tuple[str, int]
"""What a leaf is known by: the SHA-256 (hex) of its original, and its number there."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of an original. `turn`: as a person set it, None: the reader decides; `rotation`: how it is shown now."""

    original: str
    page: int
    turn: int | None = None
    rotation: int = field(default=0, compare=False)

    @property
    def named(self) -> Named:
        """What it is known by (rule 1)."""
        return self.original, self.page

    def turned(self, by: int) -> Leaf:
        """By so many degrees clockwise from how it is shown (rule 3). Raises Refused `bad_turn`."""
        if by % 90:
            raise Refused("bad_turn", "Chỉ xoay được 90, 180 hoặc 270 độ.", "A page is turned by 90, 180 or 270 degrees.")
        shown = (self.rotation + by) % 360
        return replace(self, turn=shown, rotation=shown)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The pages of a document in order, and those set aside in it."""

    leaves: tuple[Leaf, ...] = ()
    aside: tuple[Leaf, ...] = ()

    @property
    def named(self) -> frozenset[Named]:
        """Its pages, without their order."""
        return frozenset(leaf.named for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class Pick:
    """A page to take: its number among the pages of `document` (None: the one that is arranged), or among those set aside there;
    turned by `turn` degrees clockwise (0: as it is).
    """

    number: int
    document: str | None = None
    aside: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Deed:
    """Who arranges; the version of each document as that person saw it, by id; why, where what is signed or kept is replaced."""

    actor: str
    seen: Mapping[str, int]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What people had decided about a document before its pages were arranged; filing takes it up again. `patient`: whom a person
    had confirmed; `whole`: for the very pages that are there now; `came_in`: pages came in since a person had decided anything.
    """

    patient: str | None
    whole: bool
    came_in: bool


def arrange(documents: dict[str, Arrangement], document: str, picks: Iterable[Pick]) -> dict[str, Arrangement]:
    """`document` gets exactly these pages in this order; those it had and that are not named are set aside in it. Pages of the
    other documents leave them. Of one that keeps no page, what it had set aside goes along. Raises Refused `no_such_page`,
    `page_twice`, `no_pages`.
    """
    chosen = [(pick.document or document, pick) for pick in picks]
    leaves = [_turned(_found(documents[owner], pick), pick.turn) for owner, pick in chosen]
    if not leaves:
        raise _no_pages()
    _once(leaves)
    taken = {leaf.named for leaf in leaves}
    after = {name: _without(each, taken) for name, each in documents.items()}
    aside = [*after[document].aside, *after[document].leaves]
    for name, each in after.items():
        if name != document and documents[name].leaves and not each.leaves:
            aside += each.aside
            after[name] = Arrangement()
    after[document] = Arrangement(tuple(leaves), tuple(aside))
    must_keep_all(documents.values(), after.values())
    return after


def join(arrangements: Sequence[Arrangement]) -> Arrangement:
    """One after the other, with all that was set aside. Raises Refused `page_twice`."""
    joined = Arrangement(
        tuple(leaf for each in arrangements for leaf in each.leaves), tuple(leaf for each in arrangements for leaf in each.aside)
    )
    _once([*joined.leaves, *joined.aside])
    return joined


def split(arrangement: Arrangement, parts: Sequence[Sequence[int]]) -> list[Arrangement]:
    """One document for each part; what was set aside stays with the first. Raises Refused `no_such_page`, `page_twice`,
    `no_pages` for an empty part, `pages_left_out` where a page is in no part.
    """
    taken = [[_at(arrangement.leaves, number) for number in part] for part in parts]
    if not taken or not all(taken):
        raise _no_pages()
    named = [leaf.named for part in taken for leaf in part]
    _once([leaf for part in taken for leaf in part])
    left = [number for number, leaf in enumerate(arrangement.leaves, 1) if leaf.named not in named]
    if left:
        numbers = ", ".join(map(str, left[:10]))
        raise Refused(
            "pages_left_out",
            f"Chưa nói trang {numbers} thuộc phần nào. Hãy ghi đủ mọi trang, hoặc lấy trang thừa ra trước.",
            f"Page {numbers} is in no part. Name every page, or take superfluous ones out first.",
        )
    after = [Arrangement(tuple(part), arrangement.aside if n == 0 else ()) for n, part in enumerate(taken)]
    must_keep_all([arrangement], after)
    return after


def told(leaves: Sequence[Leaf]) -> str:
    """Leaves for a history: `1a2b3c4d:1-3 1a2b3c4d:5r90`, the first digits of an original and pages there; turns absolute."""
    runs: list[tuple[Leaf, Leaf]] = []
    for leaf in leaves:
        if runs and _follows(runs[-1][1], leaf):
            runs[-1] = runs[-1][0], leaf
        else:
            runs.append((leaf, leaf))
    return " ".join(_run(first, last) for first, last in runs)


def must_keep_all(before: Iterable[Arrangement], after: Iterable[Arrangement]) -> None:
    """Rule 2. Raises Broken `page_lost`."""
    if _counted(before) != _counted(after):
        raise Broken(
            "page_lost",
            "Cách xếp trang này làm mất hoặc lặp một trang nên không được ghi. Hãy báo người quản trị.",
            "This arrangement would lose or double a page; nothing was written. Call the administrator.",
        )


def _follows(one: Leaf, other: Leaf) -> bool:
    return (one.original, one.page + 1, one.turn) == (other.original, other.page, other.turn)


def _run(first: Leaf, last: Leaf) -> str:
    pages = str(first.page) if first == last else f"{first.page}-{last.page}"
    return f"{first.original[:8]}:{pages}{'' if first.turn is None else f'r{first.turn}'}"


def _counted(arrangements: Iterable[Arrangement]) -> Counter[Named]:
    return Counter(leaf.named for each in arrangements for leaf in (*each.leaves, *each.aside))


def _found(owner: Arrangement, pick: Pick) -> Leaf:
    return _at(owner.aside if pick.aside else owner.leaves, pick.number)


def _turned(leaf: Leaf, by: int) -> Leaf:
    return leaf.turned(by) if by else leaf


def _without(arrangement: Arrangement, taken: set[Named]) -> Arrangement:
    leaves = tuple(leaf for leaf in arrangement.leaves if leaf.named not in taken)
    return Arrangement(leaves, tuple(leaf for leaf in arrangement.aside if leaf.named not in taken))


def _at(leaves: Sequence[Leaf], number: int) -> Leaf:
    if not 1 <= number <= len(leaves):
        raise Refused("no_such_page", f"Không có trang {number}.", f"There is no page {number}.")
    return leaves[number - 1]


def _once(leaves: Sequence[Leaf]) -> None:
    if len({leaf.named for leaf in leaves}) < len(leaves):
        raise Refused(
            "page_twice",
            "Một trang được ghi hai lần. Mỗi trang chỉ đứng ở một chỗ.",
            "A page is named twice. Every page stands in one place only.",
        )


def _no_pages() -> Refused:
    return Refused(
        "no_pages",
        "Tài liệu phải còn ít nhất một trang. Muốn bỏ cả tài liệu, hãy từ chối nó ở màn hình Duyệt.",
        "A document keeps one page at least. To drop all of it, reject it in review.",
    )
