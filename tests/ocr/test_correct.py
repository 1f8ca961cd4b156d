"""A person corrects words: written down apart, by whom and when, seen by everybody who reads, undone by another deed."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from domain.documents import Document, Origin, State
from domain.errors import Broken, Refused, Stale
from domain.pages import Box, PageImage, PageReading, Word
from ocr.correct import LONGEST, WordDesk
from storage.store import Store
from storage.tables import pages

ROAD = (State.FILED, State.BOUND, State.AWAITING_SIGNATURE, State.SIGNED, State.PROVEN, State.KEPT)
READING = PageReading(
    1, 1000, 1400, 100.0, engine="test",
    words=tuple(Word(text, Box(100.0 * n, 50.0 * line, 100.0 * n + 90, 50.0 * line + 30), 0.4, line)
                for line, row in enumerate(("Họ tên Nguyên Vãn", "Tuổi 4O")) for n, text in enumerate(row.split())),
)  # fmt: skip
SAME = "f" * 64
"""Both documents hold the same picture: they share its reading."""


def read(store: Store, fingerprint: str = SAME, reading: PageReading = READING) -> Document:
    with store.write() as tx:
        document = tx.documents.add(Origin("a.png", "scans"), "0" * 64, 10, pages=1)
        tx.pages.add(document.id, [(PageImage(1, b"", "image/png", 1000, 1400, 100.0), "1" * 64)])
        paged = tx.documents.move(document, State.PAGED, "test")
        tx.pages.keep(tx.pages.get(document.id, 1), fingerprint, reading, ("2" * 64, "3" * 64))
        return tx.documents.move(paged, State.READ, "test")


def text(store: Store, document: Document) -> str:
    with store.read() as tx:
        (page,) = tx.pages.reading(document.id).pages
        assert page == tx.pages.page_reading(document.id, 1)
    return page.text


@pytest.fixture
def desk(either_store):
    return WordDesk(either_store)


def test_a_corrected_word_is_read_by_everybody_and_says_who_and_when(either_store, desk):
    document, twin = read(either_store), read(either_store)
    now = desk.correct((document.id, 1, range(2, 3)), " Nguyễn ", 0, "lan")
    assert text(either_store, document) == "Họ tên Nguyễn Vãn\nTuổi 4O"
    assert text(either_store, twin) == READING.text
    word = now.reading.words[2]
    assert (word.text, word.confidence, word.changed.read, word.changed.by) == ("Nguyễn", 1.0, "Nguyên", "lan")
    assert word.changed.at.endswith("Z")
    with either_store.read() as tx:
        assert tx.pages.as_read(document.id).pages == (READING,)
        assert tx.words.documents() == [document.id]


def test_the_deed_is_audited_without_a_word_of_the_paper_told_to_the_screens_and_indexed(either_store, desk):
    document = read(either_store)
    with either_store.write() as tx:
        tx.outbox.done([errand.id for errand in tx.outbox.next(("index",), 9)])
        last = tx.events.last()
    desk.take_back((document.id, 1), 1, desk.correct((document.id, 1, range(2)), "Họ-tên", 0, "lan").seen, "mai")
    with either_store.read() as tx:
        acts = [(entry.act, entry.actor, entry.details) for entry in tx.audit.of(document.id, 2)]
        assert acts == [("take_back_word", "mai", {"page": 1, "number": 2}), ("correct_word", "lan", {"page": 1, "number": 1})]
        told = [(event.kind, event.document_id, event.payload) for event in tx.events.after(last)]
        assert told == [("words", document.id, {"page": 1, "seen": seen}) for seen in (1, 2)]
        assert [errand.document_id for errand in tx.outbox.next(("index",), 9)] == [document.id]
        assert tx.documents.get(document.id) == document


def test_a_line_can_be_written_anew_and_taken_back_again(either_store, desk):
    document = read(either_store)
    one = desk.correct((document.id, 1, range(3, 4)), "Văn", 0, "lan")
    two = desk.correct((document.id, 1, range(4)), "Họ và tên: Nguyễn Văn", one.seen, "mai")
    assert text(either_store, document) == "Họ và tên: Nguyễn Văn\nTuổi 4O"
    back = desk.take_back((document.id, 1), two.seen, two.seen, "mai")
    assert text(either_store, document) == "Họ tên Nguyên Văn\nTuổi 4O"
    assert [one.number for one in back.standing] == [1]
    assert [(deed.number, deed.by, deed.takes_back) for deed in back.deeds] == [(1, "lan", None), (2, "mai", None), (3, "mai", 2)]
    with pytest.raises(Refused, match="not_standing"):
        desk.take_back((document.id, 1), two.seen, back.seen, "mai")


def test_to_write_what_stands_there_says_that_it_was_read_rightly_once(either_store, desk):
    document = read(either_store)
    sure = desk.correct((document.id, 1, range(4, 5)), "Tuổi", 0, "lan")
    assert (sure.reading.words[4].confidence, sure.reading.words[4].changed.read) == (1.0, "Tuổi")
    assert desk.correct((document.id, 1, range(4, 5)), "Tuổi", sure.seen, "mai") == sure


@pytest.mark.parametrize("state", ROAD)
def test_it_can_be_corrected_wherever_it_can_be_found_and_nothing_under_way_becomes_stale(store, state):
    document = read(store)
    with store.write() as tx:
        for step in ROAD[: ROAD.index(state) + 1]:
            document = tx.documents.move(document, step, "test")
    WordDesk(store).correct((document.id, 1, range(5, 6)), "40", 0, "lan")
    assert text(store, document).endswith("Tuổi 40")
    with store.write() as tx:
        tx.documents.change(document, "test", "hurry")  # whoever saw it before goes on


def test_a_document_that_is_no_longer_found_is_left_alone(store):
    document = read(store)
    with store.write() as tx:
        document = tx.documents.move(document, State.NEEDS_REVIEW, "test")
        tx.documents.move(document, State.REJECTED, "test")
    with pytest.raises(Refused, match="not_findable"):
        WordDesk(store).correct((document.id, 1, range(1)), "x", 0, "lan")


def test_whoever_was_slower_is_told_and_nothing_of_theirs_is_written(either_store, desk):
    document = read(either_store)
    desk.correct((document.id, 1, range(2, 3)), "Nguyễn", 0, "lan")
    with pytest.raises(Stale):
        desk.correct((document.id, 1, range(2, 3)), "Nguyển", 0, "mai")
    with pytest.raises(Stale):
        desk.take_back((document.id, 1), 1, 0, "mai")
    assert text(either_store, document) == "Họ tên Nguyễn Vãn\nTuổi 4O"


def test_of_many_at_once_exactly_one_writes(either_store):
    document = read(either_store)
    won, lost = [], []

    def write(name: str) -> None:
        try:
            won.append(WordDesk(either_store).correct((document.id, 1, range(2, 3)), f"Nguyễn{name}", 0, name))
        except Stale:
            lost.append(name)

    threads = [threading.Thread(target=write, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    with either_store.read() as tx:
        assert len(tx.words.of(document.id)) == 1


@pytest.mark.parametrize("said", ["", "  ", "a\x00b", "x" * (LONGEST + 1)])
def test_what_cannot_stand_on_paper_is_refused(store, said):
    document = read(store)
    with pytest.raises(Refused, match="bad_text"):
        WordDesk(store).correct((document.id, 1, range(1)), said, 0, "lan")


@pytest.mark.parametrize("words", [range(3, 5), range(0), range(5, 7), range(-1, 1)])
def test_words_that_are_not_there_or_on_two_lines_are_refused(store, words):
    document = read(store)
    with pytest.raises(Refused, match="not_one_line"):
        WordDesk(store).correct((document.id, 1, words), "x", 0, "lan")


def test_a_page_that_is_not_there_or_not_read_yet_has_no_words(store):
    with store.write() as tx:
        document = tx.documents.add(Origin("a.png", "scans"), "0" * 64, 10, pages=1)
        tx.pages.add(document.id, [(PageImage(1, b"", "image/png", 1000, 1400, 100.0), "1" * 64)])
    for page in (1, 2):
        with pytest.raises(Broken, match="no_page"):
            WordDesk(store).words(document.id, page)


def test_a_newer_reading_keeps_the_correction_and_one_that_fits_nowhere_is_told(store):
    document = read(store)
    desk = WordDesk(store)
    desk.correct((document.id, 1, range(2, 3)), "Nguyễn", 0, "lan")
    desk.correct((document.id, 1, range(5, 6)), "40", 1, "lan")
    shifted = [replace(word, box=Box(word.box.x0 + 2, word.box.y0, word.box.x1 + 2, word.box.y1)) for word in READING.words[:4]]
    with store.write() as tx:
        tx.connection.execute(pages.update().where(pages.c.document_id == document.id).values(fingerprint=None))
        tx.pages.keep(tx.pages.get(document.id, 1), "e" * 64, replace(READING, words=tuple(shifted)), ("2" * 64, "3" * 64))
    now = desk.words(document.id, 1)
    assert now.reading.text == "Họ tên Nguyễn Vãn"
    assert len(now.deeds) == 2
    assert set(now.missed) == {2}
