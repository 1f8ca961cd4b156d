"""A document may be made of pages of several originals; pages can be set aside; a version that was signed may be replaced."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DOCUMENTS = sa.table(
    "documents", *(sa.column(name) for name in ("id", "original", "bytes", "nature")), sa.column("origin", sa.JSON)
)
_ORIGINALS = sa.table(
    "originals", *(sa.column(name) for name in ("document_id", "position", "sha256", "name", "bytes", "nature"))
)
_PAGES = sa.table("pages", *(sa.column(name) for name in ("document_id", "number", "original", "original_page")))


def upgrade() -> None:
    """Every document so far has one original, and its pages in their order."""
    op.create_table(
        "originals",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_originals_document_id")),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_originals")),
    )
    op.create_index(op.f("ix_originals_sha256"), "originals", ["sha256"], unique=False)
    op.create_table(
        "set_aside",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("image", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("dpi", sa.Float(), nullable=False),
        sa.Column("orientation", sa.Integer(), nullable=False),
        sa.Column("native", sa.Boolean(), nullable=False),
        sa.Column("text_layer", sa.JSON(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("preview", sa.String(length=64), nullable=True),
        sa.Column("thumbnail", sa.String(length=64), nullable=True),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("original_page", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_set_aside_document_id")),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_set_aside")),
    )
    op.add_column("documents", sa.Column("held", sa.JSON(), nullable=True))
    op.add_column("documents", sa.Column("arranged", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("signatures", sa.Column("replaced", sa.String(length=64), nullable=True))
    for column in (
        sa.Column("original", sa.String(64)),
        sa.Column("original_page", sa.Integer()),
        sa.Column("turn", sa.Integer()),
    ):
        op.add_column("pages", column)
    _carry_over(op.get_bind())
    with op.batch_alter_table("pages") as batch:
        batch.alter_column("original", existing_type=sa.String(64), nullable=False)
        batch.alter_column("original_page", existing_type=sa.Integer(), nullable=False)


def _carry_over(connection: sa.Connection) -> None:
    name = _DOCUMENTS.c.origin["name"].as_string()
    whole = sa.select(
        _DOCUMENTS.c.id, sa.literal(0), _DOCUMENTS.c.original, name, _DOCUMENTS.c.bytes, _DOCUMENTS.c.nature
    ).select_from(_DOCUMENTS)
    connection.execute(sa.insert(_ORIGINALS).from_select([column.name for column in _ORIGINALS.c], whole))
    own = sa.select(_DOCUMENTS.c.original).where(_DOCUMENTS.c.id == _PAGES.c.document_id).scalar_subquery()
    connection.execute(sa.update(_PAGES).values(original=own, original_page=_PAGES.c.number))
