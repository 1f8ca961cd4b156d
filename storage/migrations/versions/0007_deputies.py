"""Somebody signs in another's name for a while; why a document was made void is kept with that signature."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table with its indexes, and two columns."""
    op.create_table(
        "deputies",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("deputy_id", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("starts_at", Utc(), nullable=False),
        sa.Column("ends_at", Utc(), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_deputies_person_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_deputies_deputy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputies")),
    )
    op.create_index(op.f("ix_deputies_person_id"), "deputies", ["person_id"], unique=False)
    op.create_index(op.f("ix_deputies_deputy_id"), "deputies", ["deputy_id"], unique=False)
    with op.batch_alter_table("signatures") as batch:
        batch.add_column(sa.Column("behalf_id", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch.create_foreign_key(op.f("fk_signatures_behalf_id"), "people", ["behalf_id"], ["id"])
