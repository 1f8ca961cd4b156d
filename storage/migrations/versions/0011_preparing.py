"""A batch is prepared for signing by a worker: the work's lease and waits, and for each signature its place and its attempts."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Six columns."""
    with op.batch_alter_table("sign_jobs") as batch:
        batch.add_column(sa.Column("waits", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("waiting", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("lease_owner", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("lease_until", Utc(), nullable=True))
    with op.batch_alter_table("signatures") as batch:
        batch.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
