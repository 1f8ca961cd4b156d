"""A person says what stands on a page: one word or several of a line, or the whole line; and takes it back.

1. A deed names what the person saw of the page (`PageWords.seen`). Raises Stale if somebody was faster.
2. It is allowed as long as the document can be found, signed or not: what is signed, bound or going to be bound never holds it.
3. The deed, an audit entry without a word of the paper, an event for the screens and the errand to index the page anew are one
   transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.corrections import WordCorrection, applied, in_one_line, standing
from domain.documents import FINDABLE
from domain.errors import Broken, Refused
from domain.pages import PageReading, around
from domain.text import squeeze
from storage.store import Store, Transaction

LONGEST = 500
"""Characters of a correction."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page as people corrected it, all deeds on it, those that hold nowhere on it, and what the next deed must name: the newest
    one's number, and how often pages were arranged.
    """

    reading: PageReading
    deeds: tuple[WordCorrection, ...]
    missed: frozenset[int]
    seen: int

    @property
    def standing(self) -> list[WordCorrection]:
        """The corrections that were not taken back, oldest first."""
        return standing(self.deeds)


class WordDesk:
    """What people do with words, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def words(self, document_id: str, page: int) -> PageWords:
        """A page as it is now. Raises Broken `no_page` if there is none, or it is not read yet."""
        with self._store.read() as tx:
            return _words(tx, document_id, page)

    def correct(self, place: tuple[str, int, range], text: str, seen: int, actor: str) -> PageWords:
        """Say that `text` stands in a place: document, page, and which of its words, from 0. The same text says that it was read
        rightly. Raises Refused `bad_text`, `not_one_line`, `not_findable`; Broken `no_page`; Stale.
        """
        document_id, page, words = place
        said = _said(text)
        with self._store.write() as tx:
            now = _held(tx, document_id, page, seen)
            if not in_one_line(now.reading, words):
                raise Refused("not_one_line", "Hãy chọn các chữ nằm trên cùng một dòng.", "Choose words of one line.")
            chosen = [now.reading.words[n] for n in words]
            before = " ".join(word.text for word in chosen)
            if said == before and all(word.changed and word.changed.by for word in chosen):
                return now
            made = tx.words.add((document_id, page), actor, around(chosen), (before, said))
            return _told(tx, made, document_id, "correct_word")

    def take_back(self, place: tuple[str, int], number: int, seen: int, actor: str) -> PageWords:
        """Take a correction back; the one before it counts again, at last what was read. Raises Refused `not_standing`,
        `not_findable`; Broken `no_page`; Stale.
        """
        document_id, page = place
        with self._store.write() as tx:
            now = _held(tx, document_id, page, seen)
            deed = next((one for one in now.standing if one.number == number), None)
            if deed is None:
                raise Refused("not_standing", "Chỗ sửa này đã được bỏ rồi.", "This correction was taken back already.")
            made = tx.words.add(place, actor, deed.box, (deed.text, ""), takes_back=number)
            return _told(tx, made, document_id, "take_back_word")


def _held(tx: Transaction, document_id: str, page: int, seen: int) -> PageWords:
    tx.words.hold(document_id, page, seen)
    if tx.documents.get(document_id).state not in FINDABLE:
        raise Refused(
            "not_findable",
            "Tài liệu này đã bị rút hoặc từ chối nên không sửa chữ nữa.",
            "This document was withdrawn or rejected.",
        )
    return _words(tx, document_id, page)


def _words(tx: Transaction, document_id: str, page: int) -> PageWords:
    read = tx.pages.page_as_read(document_id, page)
    if read is None:
        raise Broken("no_page", "Không có trang này, hoặc trang chưa đọc xong.", "There is no such page, or it is not read yet.")
    deeds = tx.words.of(document_id, page)
    reading, missed = applied(read, deeds)
    return PageWords(reading, tuple(deeds), missed, tx.words.seen(document_id, page))


def _told(tx: Transaction, made: WordCorrection, document_id: str, act: str) -> PageWords:
    now = _words(tx, document_id, made.page)
    tx.audit.add(made.by, act, document_id, page=made.page, number=made.number)
    tx.events.add("words", document_id, page=made.page, seen=now.seen)
    tx.outbox.add("index", document_id)
    return now


def _said(text: str) -> str:
    said = squeeze(text)
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Refused(
            "bad_text",
            f"Hãy ghi chữ có trên giấy, tối đa {LONGEST} ký tự.",
            f"Write what stands there, at most {LONGEST} characters.",
        )
    return said
