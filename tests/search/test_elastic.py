"""Elasticsearch and its ways of not being there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch as Client

from domain.errors import Broken, PartAway
from domain.people import ALL
from domain.search import Query
from search.elastic import ElasticIndex
from search.settings import SearchSettings
from tests.search.invented import page
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.server import free_port

ALIAS = "gone"


def _index(url: str, timeout: float = 10) -> ElasticIndex:
    return ElasticIndex(SearchSettings(elasticsearch_url=url, elasticsearch_index=ALIAS, timeout=timeout))


@pytest.fixture
def client(elasticsearch: Elasticsearch) -> Iterator[Client]:
    """A client of our own, to look behind the index."""
    with Client(elasticsearch.url) as client:
        yield client
        for name in dict(client.indices.get(index=f"{ALIAS}*")):
            client.indices.delete(index=name)


def test_a_server_that_is_not_there_is_away_for_every_question() -> None:
    index = _index(f"http://127.0.0.1:{free_port()}")
    for call in (
        lambda: index.search(Query("viem", ALL)),
        lambda: index.suggest("ng", ALL),
        lambda: index.replace([page("a")]),
        lambda: index.rebuild([page("a")]),
        index.documents,
        lambda: index.count(ALL),
    ):
        with pytest.raises(PartAway):
            call()


def test_a_server_that_hangs_is_away_and_the_same_index_serves_again_later(elasticsearch: Elasticsearch, client: Client) -> None:
    _index(elasticsearch.url).replace([page("a")])
    index, session = _index(elasticsearch.url, timeout=3), elasticsearch.processes[0]
    os.killpg(session, signal.SIGSTOP)
    try:
        with pytest.raises(PartAway):
            index.search(Query("", ALL))
    finally:
        os.killpg(session, signal.SIGCONT)
    assert client.options(request_timeout=60).cluster.health()["number_of_nodes"] == 1
    assert index.documents() == {"a"}


def test_an_index_deleted_on_the_server_is_empty_and_made_anew_at_the_next_batch(
    elasticsearch: Elasticsearch, client: Client
) -> None:
    index = _index(elasticsearch.url)
    index.replace([page("a")])
    client.indices.delete(index=",".join(dict(client.indices.get_alias(name=ALIAS))))
    assert index.documents() == set()
    assert index.search(Query("", ALL)).total == 0
    index.replace([page("b")])
    assert index.documents() == {"b"}


def test_a_batch_cut_short_before_it_was_visible_is_cleaned_by_the_next(elasticsearch: Elasticsearch, client: Client) -> None:
    index = _index(elasticsearch.url)
    index.replace([page("a", 1, "cũ")])
    body = {"level": ["page"], "document": ["a"], "state": ["KEPT"], "folded": "thua", "number": 9, "newness": 0}
    client.index(index=ALIAS, id="a:9", document=body, refresh=False)
    assert index.count(ALL) == 1
    index.replace([page("a", 1, "mới")])
    assert index.count(ALL) == 1


def test_a_rebuild_deletes_its_predecessors_and_no_index_of_others(elasticsearch: Elasticsearch, client: Client) -> None:
    client.indices.create(index=f"{ALIAS}-archive")
    index = _index(elasticsearch.url)
    index.replace([page("a")])
    index.rebuild([page("b")])
    index.rebuild([page("c")])
    names = set(dict(client.indices.get(index=f"{ALIAS}-*")))
    assert f"{ALIAS}-archive" in names
    assert len(names) == 2


def test_an_alias_that_is_something_else_is_broken_not_overwritten(elasticsearch: Elasticsearch, client: Client) -> None:
    client.indices.create(index=ALIAS)
    with pytest.raises(Broken, match="400"):
        _index(elasticsearch.url).replace([page("a")])
