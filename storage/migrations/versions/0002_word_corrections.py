"""What people said stands on a page where it was misread."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table that only grows."""
    op.create_table(
        "word_corrections",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("read", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("takes_back", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_word_corrections_document_id")),
        sa.PrimaryKeyConstraint("document_id", "page", "number", name=op.f("pk_word_corrections")),
    )
