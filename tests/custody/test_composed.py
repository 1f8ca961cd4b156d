"""A kept document of pages of several files: its manifest names them all, and all of it is checked, what is set aside too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custody.fixity import check_all
from custody.step import KeepStep
from domain.documents import Document, State
from domain.errors import Broken
from filing.arrange import PageDesk
from storage.store import Store
from tests.filing.test_arrange import REST, read, seen


def kept(store: Store) -> tuple[Document, dict[str, Any]]:
    """One page was scanned again and put in the place of the bad one; then the document is kept. With its manifest."""
    into, other = read(store, "a", REST, REST), read(store, "b", REST)
    document = PageDesk(store).arrange(into.id, f"1,{other.id}:1", seen(store, into, other, reason="bad_scan"))
    with store.write() as tx:
        document = tx.documents.move(document, State.FILED, "filing")
        bound = store.objects.put(b"%PDF bound")
        tx.documents.add_version(document.id, "bound", bound)
        tx.documents.move(document, State.BOUND, "pdfa", bound=bound, current=bound)
    return document, kept_again(store, document)


def kept_again(store: Store, document: Document) -> dict[str, Any]:
    step = KeepStep(store.objects, State.BOUND)
    with store.read() as tx:
        job = step.look(tx, tx.documents.get(document.id))
    name = step.work(job)
    value: dict[str, Any] = json.loads(store.objects.get(name))
    return value


def test_the_manifest_names_every_original_every_page_and_what_is_set_aside(store: Store) -> None:
    document, manifest = kept(store)
    with store.read() as tx:
        first, second = tx.documents.sources(document.id)
        images = [one.image for one in tx.pages.of(document.id)]
        (aside,) = tx.arrangements.aside(document.id)
    assert [(one["name"], one["sha256"]) for one in manifest["originals"]] == [("a", first.sha256), ("b", second.sha256)]
    assert manifest["pages"] == [
        {"image": images[0], "original": first.sha256, "page": 1, "turn": None},
        {"image": images[1], "original": second.sha256, "page": 1, "turn": None},
    ]
    assert manifest["set_aside"] == [{"image": aside.image, "original": first.sha256, "page": 2, "turn": None}]


@pytest.mark.parametrize("what", ["the second original", "the page set aside"])
def test_whatever_of_it_is_damaged_is_found(store: Store, what: str) -> None:
    document, _ = kept(store)
    with store.read() as tx:
        aside = tx.arrangements.aside(document.id)[0].image
        name = aside if what == "the page set aside" else tx.documents.sources(document.id)[1].sha256
    store.objects.path(name).write_bytes(b"altered")
    assert check_all(store, "test").damaged == (name,)
    with pytest.raises(Broken, match="object_altered"):
        kept_again(store, document)
