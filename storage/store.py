"""The door of the memory: a `Store` hands out transactions, a `Transaction` the repositories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from domain.errors import PartAway
from storage.arrangements import Arrangements
from storage.audit import Audit
from storage.batches import Batches
from storage.blocks import Blocks
from storage.corrections import WordCorrections
from storage.database import WRITING, insert_new, open_engine
from storage.documents import Documents
from storage.events import Events
from storage.files import DirectoryObjects
from storage.objects import Objects
from storage.outbox import Outbox
from storage.pages import Pages
from storage.patients import Patients
from storage.people import People
from storage.settings import StorageSettings
from storage.signers import Signers
from storage.signing import Signing
from storage.tables import meta


class Transaction:
    """The repositories, all on one connection inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def documents(self) -> Documents:
        """Documents and their moves."""
        return Documents(self.connection)

    @cached_property
    def pages(self) -> Pages:
        """Pages and readings."""
        return Pages(self.connection)

    @cached_property
    def arrangements(self) -> Arrangements:
        """Which pages stand where."""
        return Arrangements(self.connection)

    @cached_property
    def words(self) -> WordCorrections:
        """What people said stands on pages."""
        return WordCorrections(self.connection)

    @cached_property
    def patients(self) -> Patients:
        """The patient index."""
        return Patients(self.connection)

    @cached_property
    def people(self) -> People:
        """Accounts and sessions."""
        return People(self.connection)

    @cached_property
    def signing(self) -> Signing:
        """Signing rules, signatures, devices, jobs."""
        return Signing(self.connection)

    @cached_property
    def signers(self) -> Signers:
        """Fields to sign in, and as what people may sign."""
        return Signers(self.connection)

    @cached_property
    def blocks(self) -> Blocks:
        """How blocks of signatures look."""
        return Blocks(self.connection)

    @cached_property
    def audit(self) -> Audit:
        """The audit log."""
        return Audit(self.connection)

    @cached_property
    def events(self) -> Events:
        """The event sequence."""
        return Events(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Work to hand on."""
        return Outbox(self.connection)

    @cached_property
    def batches(self) -> Batches:
        """Batches of scans."""
        return Batches(self.connection)

    def remembered(self, key: str) -> str | None:
        """A small fact about this store, such as whether it was born `demo` or `production`."""
        return self.connection.scalar(select(meta.c.value).where(meta.c.key == key))

    def remember(self, key: str, value: str) -> None:
        """Write down a small fact."""
        query = insert_new(self.connection, meta).values(key=key, value=value)
        self.connection.execute(query.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


class Store:
    """A database and an object store."""

    def __init__(self, engine: Engine, objects: Objects) -> None:
        self.engine = engine
        self.objects = objects

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A reading transaction: one consistent view."""
        with self._connection(writing=False) as connection:
            yield Transaction(connection)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A writing transaction: commits at the end, or nothing happens."""
        with self._connection(writing=True) as connection:
            yield Transaction(connection)

    def close(self) -> None:
        """Close all connections; a forked child must call it before its first use."""
        self.engine.dispose()

    @contextmanager
    def _connection(self, *, writing: bool) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(**{WRITING: writing}) as connection, connection.begin():
                yield connection
        except OperationalError as error:
            raise PartAway(
                "database_away", "Cơ sở dữ liệu không trả lời; công việc sẽ chờ.", "The database does not answer; work waits."
            ) from error


def open_store(settings: StorageSettings) -> Store:
    """Open the store that settings name. Its schema must be current (`storage.migrate.migrate`)."""
    settings.data.mkdir(parents=True, exist_ok=True)
    return Store(open_engine(settings.url), DirectoryObjects(settings.objects))
