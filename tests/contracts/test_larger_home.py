"""The belt of a larger home: PostgreSQL, RabbitMQ and Elasticsearch together carry what the embedded parts carry alone."""

from __future__ import annotations

import secrets

import pytest

from domain.documents import State
from domain.people import ALL
from domain.search import Query
from pipeline.sealer import verify_audit
from pipeline.server_key import server_key
from search.elastic import ElasticIndex
from search.settings import SearchSettings
from tests.fakes.hospital import Hospital, slip


@pytest.mark.timeout(400)
def test_documents_go_through_on_the_three_servers(tmp_path, postgresql_url, rabbitmq, elasticsearch):
    search = SearchSettings(elasticsearch_url=elasticsearch.url, elasticsearch_index=f"home-{secrets.token_hex(4)}")
    variables = {
        "LUUKY_DATABASE_URL": postgresql_url,
        "LUUKY_BROKER_URL": rabbitmq.url,
        "LUUKY_SEARCH_ELASTICSEARCH_URL": search.elasticsearch_url,
        "LUUKY_SEARCH_ELASTICSEARCH_INDEX": search.elasticsearch_index,
    }
    with Hospital(tmp_path / "data", ("dispatch", "worker", "watch"), variables) as hospital:
        assert hospital.store.engine.dialect.name == "postgresql"
        for number in range(4):
            slip(hospital.watched / f"{number}.png", f"PHIẾU SỐ {number}\nviêm phổi thùy dưới")
        hospital.wait(lambda: hospital.all_at_rest(4), patience=180)
        assert {document.state for document in hospital.documents()} == {State.NEEDS_REVIEW}
        assert ElasticIndex(search).search(Query("viem phoi", ALL)).total == 4
        assert verify_audit(hospital.store, server_key(hospital.data), hospital.data / "audit").faults == ()
