"""Rules of who signs what count for a department, in steps and days; fields and offices are a house's own."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = sa.table("signing_rules", *(sa.column(name) for name in ("kind_code", "field", "capacity")))
_DOCUMENTS = sa.table("documents", sa.column("id"), sa.column("updated_at"))
_SIGNATURES = sa.table(
    "signatures", *(sa.column(name) for name in ("document_id", "state", "signer_id", "signed_by", "asked_at"))
)


def upgrade() -> None:
    """Rules so far are for every department, in one step; what waits was asked when its document last moved."""
    connection = op.get_bind()
    rules = [dict(row._mapping) for row in connection.execute(sa.select(_BEFORE))]
    op.drop_table("signing_rules")
    made = op.create_table(
        "signing_rules",
        sa.Column("kind_code", sa.String(length=20), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("signer_id", sa.String(length=40), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["signer_id"], ["people.id"], name=op.f("fk_signing_rules_signer_id")),
        sa.PrimaryKeyConstraint("kind_code", "department", "field", name=op.f("pk_signing_rules")),
    )
    if rules:
        connection.execute(sa.insert(made), [{**rule, "department": "", "step": 1} for rule in rules])
    op.create_table(
        "signing_fields",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_signing_fields")),
    )
    op.create_table(
        "offices",
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_offices_person_id")),
        sa.PrimaryKeyConstraint("person_id", "capacity", "department", name=op.f("pk_offices")),
    )
    op.add_column("signatures", sa.Column("department", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("signatures", sa.Column("step", sa.Integer(), nullable=False, server_default="1"))
    for column in (sa.Column("days", sa.Integer()), sa.Column("asked_at", Utc()), sa.Column("due_at", Utc())):
        op.add_column("signatures", column)
    with op.batch_alter_table("signatures") as batch:
        batch.add_column(sa.Column("signed_by", sa.String(length=40), nullable=True))
        batch.create_foreign_key(op.f("fk_signatures_signed_by"), "people", ["signed_by"], ["id"])
    op.create_index("ix_signatures_queue", "signatures", ["state", "department"], unique=False)
    done = _SIGNATURES.c.state.in_(("signed", "received"))
    connection.execute(sa.update(_SIGNATURES).where(done).values(signed_by=_SIGNATURES.c.signer_id))
    since = sa.select(_DOCUMENTS.c.updated_at).where(_DOCUMENTS.c.id == _SIGNATURES.c.document_id).scalar_subquery()
    connection.execute(sa.update(_SIGNATURES).values(asked_at=since))
