"""Compounds and places that are exclusive grids are marked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("compound", "place"):
        mark: sa.Column[bool] = sa.Column("exclusive", sa.Boolean(), server_default="false", nullable=False)
        op.add_column(table, mark)


def downgrade() -> None:
    for table in ("place", "compound"):
        op.drop_column(table, "exclusive")
