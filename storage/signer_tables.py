"""The tables of who signs as what, how blocks of signatures look, and certified copies."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from storage.tables import JSON, Utc, metadata

signing_fields = Table(
    "signing_fields",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("capacity", String(40), nullable=False),
)

offices = Table(
    "offices",
    metadata,
    Column("person_id", String(40), ForeignKey("people.id"), primary_key=True),
    Column("capacity", String(40), primary_key=True),
    Column("department", String(200), primary_key=True),
)

deputies = Table(
    "deputies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), ForeignKey("people.id"), nullable=False, index=True),
    Column("deputy_id", String(40), ForeignKey("people.id"), nullable=False, index=True),
    Column("capacity", String(40), nullable=False),
    Column("department", String(200), nullable=False),
    Column("starts_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("set_by", String(120), nullable=False),
    Column("ended_at", Utc),
)

block_layouts = Table(
    "block_layouts",
    metadata,
    Column("kind_code", String(20), primary_key=True),
    Column("layout", JSON, nullable=False),
)

block_pictures = Table(
    "block_pictures",
    metadata,
    Column("owner", String(40), primary_key=True),
    Column("wide", Integer, nullable=False),
    Column("high", Integer, nullable=False),
    Column("samples", Text, nullable=False),
)

certified_copies = Table(
    "certified_copies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", Integer, unique=True),
    Column("document_id", String(40), ForeignKey("documents.id"), nullable=False, index=True),
    Column("source", String(64), nullable=False),
    Column("form", String(20), nullable=False),
    Column("pages", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("asked_by", String(120), nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("stage", String(20), nullable=False, index=True),
    Column("signed_at", Utc),
    Column("sha256", String(64), index=True),
    Column("current", String(64)),
    Column("ends_at", Utc),
    Column("problem", JSON),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("waits", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String(80)),
    Column("lease_until", Utc),
)
