"""The moment at which a geocoding run last gave a sign of life is called its heartbeat, as of jobs."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.alter_column("geocode_run", "heard_at", new_column_name="heartbeat_at")


def downgrade() -> None:
    op.alter_column("geocode_run", "heartbeat_at", new_column_name="heard_at")
