"""The schema that migrations make is the schema that the code uses, from every released schema upward, and nothing is lost on the
way.
"""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.documents import Nature
from domain.sidecar import Source
from storage.copies import CertifiedCopies
from storage.database import WRITING, open_engine
from storage.migrate import alembic_config, migrate
from storage.settings import StorageSettings
from storage.store import open_store
from storage.tables import metadata

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]


@pytest.mark.parametrize("start", REVISIONS)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_released_schema_comes_up_to_the_tables_in_use(request, tmp_path, start, database):
    url = request.getfixturevalue("postgresql_url") if database == "postgresql" else ""
    settings = StorageSettings(tmp_path, url)
    migrate(settings, start)
    migrate(settings)
    engine = open_engine(settings.url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


_DOCUMENT = """
    INSERT INTO documents (id, state, version, original, bytes, origin, received_at, updated_at, nature, pages, pages_read,
                           urgent, reasons, attempts, waits)
    VALUES ('d1', 'READ', 3, '{a}', 7, '{{"name": "Bệnh án.pdf", "folder": "cli"}}', '2026-01-02 03:04:05', '2026-01-02 03:04:05',
            'text', 1, 0, {false}, '[]', 0, 0)
"""
_PAGE = """
    INSERT INTO pages (document_id, number, image, media_type, width, height, dpi, orientation, native, attempts)
    VALUES ('d1', 1, '{b}', 'image/png', 10, 20, 300, 1, {false}, 0)
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_document_of_before_gets_its_file_as_its_one_original(request, tmp_path, database):
    url = request.getfixturevalue("postgresql_url") if database == "postgresql" else ""
    settings = StorageSettings(tmp_path, url)
    migrate(settings, "0003")
    engine = open_engine(settings.url)
    false = "false" if url else "0"
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        for statement in (_DOCUMENT, _PAGE):
            connection.exec_driver_sql(statement.format(a="a" * 64, b="b" * 64, false=false))
    engine.dispose()
    migrate(settings)
    store = open_store(settings)
    with store.read() as tx:
        assert tx.documents.sources("d1") == (Source("Bệnh án.pdf", "a" * 64, 7),)
        assert tx.arrangements.originals("d1")[0].nature is Nature.TEXT
        (page,) = tx.pages.of("d1")
        assert (page.original, page.original_page, page.turn) == ("a" * 64, 1, None)
    store.close()


_COPY = """
    INSERT INTO certified_copies (id, number, document_id, source, form, pages, recipient, reason, asked_by, signed_at, sha256)
    VALUES ('c1', 7, 'd1', '{a}', 'sao_y', '', 'Tòa án', 'Công văn 12', 'bacsi', '2026-01-02 03:04:05', '{b}')
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_copy_of_before_stays_in_the_register_and_its_proof_is_looked_at(request, tmp_path, database):
    url = request.getfixturevalue("postgresql_url") if database == "postgresql" else ""
    settings = StorageSettings(tmp_path, url)
    migrate(settings, "0012")
    engine = open_engine(settings.url)
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        for statement in (_DOCUMENT, _COPY):
            connection.exec_driver_sql(statement.format(a="a" * 64, b="b" * 64, false="false" if url else "0"))
    engine.dispose()
    migrate(settings)
    store = open_store(settings)
    with store.read() as tx:
        (copy,) = CertifiedCopies(tx.connection).of("d1")
        assert CertifiedCopies(tx.connection).unknown(5) == [copy]
    store.close()
    assert (copy.number, copy.count, copy.current, copy.ends_at) == (7, 1, "b" * 64, None)
