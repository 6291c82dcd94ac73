"""One table for all long work, with the files it is given and makes; drafts being drawn are there.

What was being drawn is asked for anew by whoever wants it: a request is not in the old table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0018"
down_revision = "0017"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), sa.ForeignKey("user_account.id")),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("division_unit.id")),
        sa.Column("arguments", JSONB(), server_default="{}", nullable=False),
        sa.Column("exclusive_key", sa.Text()),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("starts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claim", UUID(as_uuid=True)),
        sa.Column("started_at", MOMENT),
        sa.Column("heartbeat_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("fraction", sa.Float(), server_default="0", nullable=False),
        sa.Column("message", JSONB(none_as_null=True)),
        sa.Column("cancel_wished", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("result", JSONB(none_as_null=True)),
        sa.CheckConstraint(
            "state IN ('asked', 'running', 'done', 'failed', 'cancelled')",
            name="state_is_known",
        ),
        sa.CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_is_a_share"),
        sa.CheckConstraint(
            "(state = 'running') = (claim IS NOT NULL)", name="who_runs_it_has_the_claim"
        ),
    )
    op.create_index(
        "ix_job_one_unfinished",
        "job",
        ["exclusive_key"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'running')"),
    )
    op.create_index(
        "ix_job_next", "job", ["not_before", "id"], postgresql_where=sa.text("state = 'asked'")
    )
    op.create_index(
        "ix_job_running", "job", ["heartbeat_at"], postgresql_where=sa.text("state = 'running'")
    )
    op.create_index("ix_job_of_person", "job", ["asked_by", "id"])
    op.create_index("ix_job_ended", "job", ["ended_at"])
    op.create_table(
        "job_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "job_id", sa.Integer(), sa.ForeignKey("job.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mimetype", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("job_id", "given"),
    )
    op.drop_table("drawing")


def downgrade() -> None:
    op.drop_table("job_file")
    op.drop_table("job")
    op.create_table(
        "drawing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "community_id", sa.Integer(), sa.ForeignKey("division_unit.id"), nullable=False
        ),
        sa.Column("asked_by", sa.Integer(), sa.ForeignKey("user_account.id")),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("fraction", sa.Float(), server_default="0", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("cancel_wished", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id", ondelete="SET NULL")),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed', 'cancelled')", name="state_is_known"
        ),
        sa.CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_is_a_share"),
    )
    op.create_index(
        "ix_drawing_one_at_a_time",
        "drawing",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
