"""The schema that migrations make is the schema that the code uses, from every released schema upward."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import open_engine
from storage.migrate import alembic_config, migrate
from storage.settings import StorageSettings
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
