"""A certified copy is asked for first and made by a worker, in so many copies, and the proof in it is renewed.

What was issued before is as its entry says; its proof is looked at by the dispatcher.
"""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ten columns; three others may be empty until the copy is issued."""
    with op.batch_alter_table("certified_copies") as batch:
        batch.add_column(sa.Column("count", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("asked_at", Utc(), nullable=True))
        batch.add_column(sa.Column("stage", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("current", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("ends_at", Utc(), nullable=True))
        batch.add_column(sa.Column("problem", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("waits", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("lease_owner", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("lease_until", Utc(), nullable=True))
    op.execute("UPDATE certified_copies SET asked_at = signed_at, stage = 'issued', current = sha256")
    with op.batch_alter_table("certified_copies") as batch:
        batch.alter_column("asked_at", existing_type=Utc(), nullable=False)
        batch.alter_column("stage", existing_type=sa.String(length=20), nullable=False)
        batch.alter_column("number", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("signed_at", existing_type=Utc(), nullable=True)
        batch.alter_column("sha256", existing_type=sa.String(length=64), nullable=True)
        batch.create_index(op.f("ix_certified_copies_stage"), ["stage"], unique=False)
