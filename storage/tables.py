"""The tables. Times are UTC; JSON columns hold what `domain` values say; every document move raises `documents.version`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy import types as sql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

JSON = sql.JSON(none_as_null=True)
"""Python's None is SQL's NULL, so that `IS NULL` finds it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """An aware UTC time, stored without its zone so that both databases keep the same value."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To the database: naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database: aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def _id(target: str | None = None, *, primary: bool = False, null: bool = False) -> Column[str]:
    arguments: list[Any] = [ForeignKey(target)] if target else []
    return Column(String(40), *arguments, primary_key=primary, nullable=null)


def _named(name: str, column: Column[Any]) -> Column[Any]:
    column.name = name
    column.key = name
    return column


meta = Table("meta", metadata, Column("key", String(60), primary_key=True), Column("value", Text, nullable=False))

batches = Table(
    "batches",
    metadata,
    _named("id", _id(primary=True)),
    Column("folder", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("closed_at", Utc),
    Column("prepared", Integer),
)

patients = Table(
    "patients",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False, index=True),
    Column("birth_date", String(10)),
    Column("birth_year", Integer),
    Column("sex", String(4)),
    Column("citizen_id", String(20), index=True),
    Column("old_citizen_id", String(20), index=True),
    Column("insurance_id", String(20), index=True),
    Column("address", Text),
    Column("phone", String(40)),
    Column("record_number", String(120), index=True),
)

stays = Table(
    "stays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("patient_id", String(120), ForeignKey("patients.id"), nullable=False, index=True),
    Column("admission_number", String(80), index=True),
    Column("archive_number", String(80), index=True),
    Column("admission_date", String(10)),
    Column("discharge_date", String(10)),
    Column("department", String(200)),
)

documents = Table(
    "documents",
    metadata,
    _named("id", _id(primary=True)),
    Column("state", String(24), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("arrival", String(80), unique=True),
    Column("original", String(64), nullable=False, index=True),
    Column("bytes", Integer, nullable=False),
    Column("origin", JSON, nullable=False),
    Column("received_at", Utc, nullable=False, index=True),
    Column("updated_at", Utc, nullable=False),
    Column("nature", String(10)),
    Column("pages", Integer),
    Column("pages_read", Integer, nullable=False, default=0),
    Column("kind_code", String(20), index=True),
    Column("title", Text),
    Column("facts", JSON),
    Column("patient_id", String(120), ForeignKey("patients.id"), index=True),
    Column("bound", String(64)),
    Column("current", String(64)),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("reasons", JSON, nullable=False),
    Column("problem", JSON),
    Column("attempts", Integer, nullable=False, default=0),
    Column("waits", Integer, nullable=False, default=0),
    Column("retry_at", Utc),
    Column("lease_owner", String(80)),
    Column("lease_until", Utc),
    Column("batch_id", String(40), ForeignKey("batches.id"), index=True),
    Column("held", JSON),
    Column("arranged", Integer, nullable=False, default=0, server_default="0"),
)

originals = Table(
    "originals",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("nature", String(10)),
)

departments = Table(
    "document_departments",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id"), primary_key=True),
    Column("department", String(200), primary_key=True, index=True),
)


def _of_a_page() -> list[Column[Any]]:
    """What a page is, wherever it stands."""
    return [
        Column("image", String(64), nullable=False),
        Column("media_type", String(20), nullable=False),
        Column("width", Integer, nullable=False),
        Column("height", Integer, nullable=False),
        Column("dpi", Float, nullable=False),
        Column("orientation", Integer, nullable=False),
        Column("native", Boolean, nullable=False),
        Column("text_layer", JSON),
        Column("fingerprint", String(64)),
        Column("preview", String(64)),
        Column("thumbnail", String(64)),
        Column("original", String(64), nullable=False),
        Column("original_page", Integer, nullable=False),
        Column("turn", Integer),
    ]


pages = Table(
    "pages",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    *_of_a_page(),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", String(80)),
    Column("lease_until", Utc),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    *_of_a_page(),
    Column("actor", String(120), nullable=False),
    Column("at", Utc, nullable=False),
    Column("reason", Text),
)

page_results = Table(
    "page_results",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("reading", JSON, nullable=False),
    Column("created_at", Utc, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id"), nullable=False, index=True),
    Column("actor", String(120), nullable=False),
    Column("at", Utc, nullable=False),
    Column("fact", String(60), nullable=False),
    Column("value", Text),
)

word_corrections = Table(
    "word_corrections",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("box", JSON, nullable=False),
    Column("read", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("takes_back", Integer),
    Column("actor", String(120), nullable=False),
    Column("at", Utc, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("report", JSON),
    Column("standing", String(10), index=True),
)

people = Table(
    "people",
    metadata,
    _named("id", _id(primary=True)),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("departments", JSON, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("password", Text, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", Utc),
    Column("certificate", Text),
    Column("citizen_id", String(12)),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person_id", String(40), ForeignKey("people.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    _named("id", _id(primary=True)),
    Column("person_id", String(40), ForeignKey("people.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("paired_at", Utc, nullable=False),
    Column("seen_at", Utc),
    Column("revoked_at", Utc),
)

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("person_id", String(40), ForeignKey("people.id"), nullable=False),
    Column("expires_at", Utc, nullable=False),
)

nonces = Table(
    "nonces",
    metadata,
    Column("device_id", String(40), primary_key=True),
    Column("nonce", String(80), primary_key=True),
    Column("at", Utc, nullable=False),
)

signing_rules = Table(
    "signing_rules",
    metadata,
    Column("kind_code", String(20), primary_key=True),
    Column("department", String(200), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("capacity", String(40), nullable=False),
    Column("signer_id", String(40), ForeignKey("people.id")),
    Column("step", Integer, nullable=False),
    Column("days", Integer),
    Column("certifies", Integer),
    Column("locks", Boolean, nullable=False, default=False),
)

signatures = Table(
    "signatures",
    metadata,
    _named("id", _id(primary=True)),
    Column("document_id", String(40), ForeignKey("documents.id"), nullable=False, index=True),
    Column("field", String(60), nullable=False),
    Column("capacity", String(40), nullable=False),
    Column("signer_id", String(40), ForeignKey("people.id"), index=True),
    Column("state", String(20), nullable=False),
    Column("job_id", String(40), index=True),
    Column("prepared", JSON),
    Column("seen", JSON, nullable=False),
    Column("signed_at", Utc),
    Column("problem", JSON),
    Column("replaced", String(64)),
    Column("department", String(200), nullable=False, default=""),
    Column("step", Integer, nullable=False, default=1),
    Column("days", Integer),
    Column("asked_at", Utc),
    Column("due_at", Utc),
    Column("signed_by", String(40), ForeignKey("people.id")),
    Column("behalf_id", String(40), ForeignKey("people.id")),
    Column("reason", Text),
    Column("place", Integer, nullable=False, default=0, server_default="0"),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
)

sign_jobs = Table(
    "sign_jobs",
    metadata,
    _named("id", _id(primary=True)),
    Column("person_id", String(40), ForeignKey("people.id"), nullable=False, index=True),
    Column("device_id", String(40), ForeignKey("devices.id")),
    Column("state", String(20), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("waits", Integer, nullable=False, default=0, server_default="0"),
    Column("waiting", JSON),
    Column("lease_owner", String(80)),
    Column("lease_until", Utc),
)

provider_ways = Table(
    "provider_ways",
    metadata,
    Column("person_id", String(40), ForeignKey("people.id"), primary_key=True),
    Column("provider", String(20), nullable=False),
    Column("account", Text, nullable=False),
    Column("credential", Text, nullable=False),
    Column("login_state", String(80)),
)

orders = Table(
    "orders",
    metadata,
    _named("id", _id(primary=True)),
    Column("provider", String(20), nullable=False),
    Column("account", Text, nullable=False),
    Column("credential", Text, nullable=False),
    Column("person_id", String(40), ForeignKey("people.id"), index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("asks", JSON, nullable=False),
    Column("begun", Boolean, nullable=False, default=False),
    Column("kept", JSON),
    Column("problem", JSON),
    Column("created_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("waits", Integer, nullable=False, default=0),
    Column("retry_at", Utc),
    Column("lease_owner", String(80)),
    Column("lease_until", Utc),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("act", String(60), nullable=False, index=True),
    Column("object", String(120), index=True),
    Column("details", JSON, nullable=False),
    Column("link", Integer, unique=True),
    Column("hash", String(64)),
    sqlite_autoincrement=True,
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("link", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("signature", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("document_id", String(40)),
    Column("person_id", String(40)),
    Column("payload", JSON, nullable=False),
    sqlite_autoincrement=True,
)

trusted = Table(
    "trusted",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("certificate", Text, nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("added_at", Utc),
    Column("added_by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Utc),
    Column("removed", Boolean, nullable=False, default=False),
    Column("ended_at", Utc),
    Column("ended_by", String(120)),
    Column("ended_reason", Text),
)

resting = Table(
    "resting",
    metadata,
    Column("file", String(64), primary_key=True),
    Column("root", String(64), primary_key=True, index=True),
)

bindings = Table(
    "bindings",
    metadata,
    Column("person_id", String(40), ForeignKey("people.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("certificate", Text, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("confirmed", Boolean),
    Column("answered_at", Utc),
    Column("answered_by", String(120)),
)

lasting = Table(
    "lasting",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("ends_at", Utc, nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("dates_at", Utc, nullable=False),
    Column("authority", Text, nullable=False),
    Column("chain", String(64), nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("waits", Integer, nullable=False, default=0),
    Column("waiting", String(60)),
    Column("retry_at", Utc),
    Column("lease_owner", String(80)),
    Column("lease_until", Utc),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic", String(20), nullable=False),
    Column("document_id", String(40), nullable=False, index=True),
    Column("page", Integer),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("due_at", Utc, nullable=False),
    Column("sent_at", Utc),
    sqlite_autoincrement=True,
)

Index("ix_outbox_next", outbox.c.topic, outbox.c.sent_at, outbox.c.urgent, outbox.c.id)
Index("ix_documents_lease", documents.c.lease_until)
Index("ix_signatures_queue", signatures.c.state, signatures.c.department)
