"""Until when the proof in each proven document lasts. What is proven already is noted by the dispatcher."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table."""
    op.create_table(
        "lasting",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ends_at", Utc(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("dates_at", Utc(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.String(length=60), nullable=True),
        sa.Column("retry_at", Utc(), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_lasting_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_lasting")),
    )
    op.create_index(op.f("ix_lasting_ends_at"), "lasting", ["ends_at"], unique=False)
    op.create_index(op.f("ix_lasting_chain"), "lasting", ["chain"], unique=False)
