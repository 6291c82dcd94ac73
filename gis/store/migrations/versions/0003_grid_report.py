"""Each grid keeps the report of its drawing; drafts are drawn in the background."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

NUMBERS = ("workload", "people_deviation", "workload_deviation", "border_m", "straddled_m")
SETS = ("border_shares", "terms", "figures")


def upgrade() -> None:
    for name in NUMBERS:
        op.add_column("grid", sa.Column(name, sa.Float(), nullable=True))
    for name in SETS:
        kept = postgresql.JSONB(astext_type=sa.Text())
        op.add_column("grid", sa.Column(name, kept, server_default="{}", nullable=False))
    op.create_table(
        "drawing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("fraction", sa.Float(), server_default="0", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("cancel_wished", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_drawing_state_is_known"),
        ),
        sa.CheckConstraint("fraction BETWEEN 0 AND 1", name=op.f("ck_drawing_fraction_is_a_share")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_drawing_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_drawing_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_drawing_plan_id_plan"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing")),
    )
    op.create_index(
        "ix_drawing_one_at_a_time",
        "drawing",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )


def downgrade() -> None:
    op.drop_table("drawing")
    for name in (*SETS, *NUMBERS):
        op.drop_column("grid", name)
