"""A rule may say that its signature certifies the document, or locks it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns."""
    with op.batch_alter_table("signing_rules") as batch:
        batch.add_column(sa.Column("certifies", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("locks", sa.Boolean(), nullable=False, server_default=sa.false()))
