"""Whether each bound, signed or proven version is PDF/A, where it can be counted; what earlier reports say is carried over."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_VERSIONS = sa.table("versions", sa.column("id", sa.Integer), sa.column("kind", sa.String), sa.column("report", sa.JSON),
                     sa.column("standing", sa.String))  # fmt: skip


def upgrade() -> None:
    """A column with its index."""
    op.add_column("versions", sa.Column("standing", sa.String(length=10), nullable=True))
    op.create_index(op.f("ix_versions_standing"), "versions", ["standing"], unique=False)
    connection = op.get_bind()
    judged = sa.select(_VERSIONS.c.id, _VERSIONS.c.report).where(_VERSIONS.c.kind.in_(["bound", "signed", "proven"]))
    for number, report in connection.execute(judged).all():
        change = sa.update(_VERSIONS).where(_VERSIONS.c.id == number)
        connection.execute(change.values(standing=_standing(report or {})))


def _standing(report: dict[str, object]) -> str:
    if report.get("compliant") is False:
        return "failed"
    return "passed" if report.get("compliant") and report.get("judge") != "pikepdf" else "unchecked"
