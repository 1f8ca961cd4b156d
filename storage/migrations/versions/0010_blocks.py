"""How blocks of signatures look, their small pictures, and of which document another one is a certified copy."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "block_layouts",
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind_code", name=op.f("pk_block_layouts")),
    )
    op.create_table(
        "block_pictures",
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("wide", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_block_pictures")),
    )
    op.create_table(
        "certified_copies",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("signed_at", Utc(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_certified_copies_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certified_copies")),
        sa.UniqueConstraint("number", name=op.f("uq_certified_copies_number")),
    )
    op.create_index(op.f("ix_certified_copies_document_id"), "certified_copies", ["document_id"], unique=False)
    op.create_index(op.f("ix_certified_copies_sha256"), "certified_copies", ["sha256"], unique=False)
