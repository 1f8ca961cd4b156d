"""Bringing the schema up to date: Alembic, started from code, under a lock, safe to call from every process at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import WRITING, open_engine
from storage.settings import StorageSettings


def migrate(settings: StorageSettings, to: str = "head") -> None:
    """Create or upgrade the schema to revision `to`; does nothing when it is there already."""
    settings.data.mkdir(parents=True, exist_ok=True)
    config = alembic_config()
    with _alone(settings.data / "migrate.lock"):
        engine = open_engine(settings.url)
        try:
            with engine.connect() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
            if to == "head" and current == ScriptDirectory.from_config(config).get_current_head():
                return
            with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, to)
        finally:
            engine.dispose()


def alembic_config() -> Config:
    """Where the migrations lie."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
