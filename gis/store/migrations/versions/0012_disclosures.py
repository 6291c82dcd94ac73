"""Which households a person was shown today."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", "kind", "household_id", name="pk_disclosure"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name="fk_disclosure_user_id_user_account",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("kind IN ('seen', 'number')", name=op.f("ck_disclosure_kind_is_known")),
    )


def downgrade() -> None:
    op.drop_table("disclosure")
