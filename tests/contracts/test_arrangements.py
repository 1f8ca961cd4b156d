"""Pages that move between documents, on every database: all that belongs to them goes along, and nothing is lost."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from random import Random

import pytest

from domain.arrangement import Arrangement, Deed, Leaf
from domain.documents import Document, Origin, State
from domain.errors import Stale
from domain.pages import Box, PageImage, PageReading, Word
from filing.arrange import PageDesk
from storage.database import open_engine
from storage.files import DirectoryObjects
from storage.store import Store

READING = PageReading(1, 100, 200, 300.0, rotation=270, words=(Word("ấy", Box(1, 2, 3, 4), 0.5, 0),))
PICTURE = PageImage(1, b"", "image/jpeg", 200, 100, 300.0, words=(Word("xin", Box(1, 2, 3, 4), 0.5, 0),))


def read(store: Store, original: str, pages: int) -> Document:
    """A document of so many pages, all of them read."""
    with store.write() as tx:
        document = tx.documents.add(Origin(f"{original}.pdf", "test"), original * 64, 3)
        tx.pages.add(document.id, [(replace(PICTURE, number=n), f"{original}{n}".rjust(64, "0")) for n in range(1, pages + 1)])
        tx.documents.move(document, State.PAGED, "test", pages=pages)
        for number in range(1, pages + 1):
            there = tx.pages.get(document.id, number)
            tx.pages.keep(there, f"{original}-{number}", READING, (f"v{original}{number}", f"t{original}{number}"))
        return tx.documents.move(tx.documents.get(document.id), State.READ, "test")


def leaves(original: str, *numbers: int) -> tuple[Leaf, ...]:
    return tuple(Leaf(original * 64, number) for number in numbers)


def test_a_page_takes_everything_with_it_wherever_it_goes(either_store):
    first, second = read(either_store, "a", 2), read(either_store, "b", 2)
    with either_store.write() as tx:
        tx.words.add((first.id, 2), "lan", Box(1, 2, 3, 4), ("ấy", "Ấy"))
        tx.arrangements.hold({first.id: first.version, second.id: second.version})
        wanted = {
            second.id: Arrangement((*leaves("a", 2), *leaves("b", 1)), leaves("b", 2)),
            first.id: Arrangement((), leaves("a", 1)),
        }
        made = tx.arrangements.write(wanted, "mai", "quét lại")
        assert (made[second.id].pages, made[second.id].read, made[first.id].pages) == (2, 2, 0)
    with either_store.read() as tx:
        page, other = tx.pages.of(second.id)
        assert (page.image, page.preview, page.thumbnail, page.fingerprint) == ("0" * 62 + "a2", "va2", "ta2", "a-2")
        assert (page.words, other.original, other.original_page) == (PICTURE.words, "b" * 64, 1)
        assert tx.pages.reading(second.id).pages[0].words[0].text == "Ấy"
        assert [reading.source for reading in tx.pages.reading(second.id).pages] == [1, 0]
        assert [source.name for source in tx.documents.sources(second.id)] == ["b.pdf", "a.pdf"]
        (aside,) = tx.arrangements.aside(second.id)
        assert (aside.page, aside.by, aside.reason, aside.thumbnail) == (2, "mai", "quét lại", "tb2")
        assert [leaf.rotation for leaf in tx.arrangements.of(second.id).leaves] == [270, 270]
        assert [document.id for document in tx.documents.with_original("a" * 64)] == [first.id, second.id]
        assert tx.documents.with_bytes("b" * 64).id == second.id


def test_who_set_a_page_aside_at_first_stays_known(either_store):
    document = read(either_store, "a", 2)
    for actor in ("mai", "lan"):
        with either_store.write() as tx:
            tx.arrangements.write({document.id: Arrangement(leaves("a", 1), leaves("a", 2))}, actor, actor)
    with either_store.read() as tx:
        assert [(one.by, one.reason) for one in tx.arrangements.aside(document.id)] == [("mai", "mai")]


def test_a_turned_page_waits_to_be_read_again(either_store):
    document = read(either_store, "a", 2)
    with either_store.write() as tx:
        made = tx.arrangements.write({document.id: Arrangement((Leaf("a" * 64, 1, 90), Leaf("a" * 64, 2)))}, "mai", None)
        assert (made[document.id].pages, made[document.id].read) == (2, 1)
        (page,) = tx.pages.unread(document.id)
        assert (page.number, page.turn, page.preview, page.picture(b"").turn) == (1, 90, None, 90)


def test_a_document_that_was_not_seen_as_it_is_cannot_be_held(either_store):
    document = read(either_store, "a", 1)
    for seen in ({document.id: document.version - 1}, {document.id: document.version, "nobody": 1}):
        with pytest.raises(Stale), either_store.write() as tx:
            tx.arrangements.hold(seen)


def arrange_many_times(url: str, ids: list[str], seed: int, times: int) -> None:
    """Somebody who moves pages between two documents and back, and tries again whenever somebody else was faster."""
    store = Store(open_engine(url), DirectoryObjects.__new__(DirectoryObjects))
    desk, chance, done = PageDesk(store), Random(seed), 0
    while done < times:
        one, other = chance.sample(ids, 2)
        with store.read() as tx:
            seen = {name: tx.documents.get(name).version for name in ids}
            most = {name: tx.documents.get(name).pages or 0 for name in ids}
        try:
            if most[other] > 1:
                desk.arrange(one, f"{other}:{chance.randint(1, most[other])},1-", Deed(f"person-{seed}", seen))
            else:
                desk.arrange(one, "2-,1", Deed(f"person-{seed}", seen))
        except Stale:
            continue
        done += 1
    store.close()


def test_people_who_arrange_at_once_lose_no_page_and_no_deed(either_store):
    documents = [read(either_store, "a", 4), read(either_store, "b", 4)]
    ids = [document.id for document in documents]
    url = either_store.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    people = [context.Process(target=arrange_many_times, args=(url, ids, seed, 8)) for seed in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert [person.exitcode for person in people] == [0, 0]
    with either_store.read() as tx:
        stand = [leaf.named for name in ids for leaf in tx.arrangements.of(name).leaves]
        acts = [entry for name in ids for entry in tx.audit.of(name) if entry.act == "arrange"]
        changes = sum(tx.documents.get(document.id).version - document.version for document in documents)
    assert sorted(stand) == sorted((original * 64, number) for original in "ab" for number in range(1, 5))
    assert len(acts) == changes >= 16
