"""What an import found stored already; decisions about a place that the source has since changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    kept = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("import_batch", sa.Column("tally", kept, nullable=True))
    moment = sa.DateTime(timezone=True)
    op.add_column("location_decision", sa.Column("overtaken_at", moment, nullable=True))


def downgrade() -> None:
    op.drop_column("location_decision", "overtaken_at")
    op.drop_column("import_batch", "tally")
