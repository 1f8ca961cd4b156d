"""Elasticsearch is away for a while: documents go on, the index waits, nothing is failed for good."""

from __future__ import annotations

import secrets
import urllib.parse

import pytest

from domain.errors import PartAway
from domain.people import ALL
from domain.search import Query
from pipeline.belt import at_rest
from search.elastic import ElasticIndex
from search.settings import SearchSettings
from tests.fakes.door import Door
from tests.fakes.hospital import Hospital, slip


@pytest.mark.timeout(300)
def test_documents_are_findable_once_the_cluster_is_back(tmp_path, elasticsearch):
    target = urllib.parse.urlsplit(elasticsearch.url)
    with Door(target.port, target.hostname) as door:
        search = SearchSettings(
            elasticsearch_url=f"http://127.0.0.1:{door.port}", elasticsearch_index=f"away-{secrets.token_hex(4)}"
        )
        variables = {
            "LUUKY_SEARCH_ELASTICSEARCH_URL": search.elasticsearch_url,
            "LUUKY_SEARCH_ELASTICSEARCH_INDEX": search.elasticsearch_index,
        }
        with Hospital(tmp_path / "data", ("dispatch", "worker", "watch"), variables) as hospital:
            for number in range(3):
                slip(hospital.watched / f"{number}.png", f"PHIẾU SỐ {number}\nviêm phổi thùy dưới")
            hospital.wait(lambda: len(hospital.documents()) == 3 and all(map(at_rest, hospital.documents())))
            with hospital.store.read() as tx:
                assert tx.outbox.waiting("index") == 3
            with pytest.raises(PartAway):
                ElasticIndex(search).search(Query("viem phoi", ALL))
            door.open()
            hospital.wait(lambda: hospital.all_at_rest(3), patience=90)
            assert ElasticIndex(search).search(Query("viem phoi", ALL)).total == 3
            assert all(document.problem is None for document in hospital.documents())
