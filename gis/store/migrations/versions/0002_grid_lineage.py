"""Grid codes are issued when a plan comes into force; what became of each is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PROPOSE_WHAT_WAS_NEVER_IN_FORCE = """
UPDATE grid_code SET issued_at = NULL
WHERE retired_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM grid g JOIN plan p ON p.id = g.plan_id
                  WHERE g.code = grid_code.code AND p.state IN ('published', 'superseded'))
  AND NOT EXISTS (SELECT 1 FROM grid_worker w WHERE w.grid_code = grid_code.code)
"""


def upgrade() -> None:
    op.alter_column("grid_code", "issued_at", nullable=True)
    op.execute(PROPOSE_WHAT_WAS_NEVER_IN_FORCE)
    op.create_check_constraint(
        op.f("ck_grid_code_retired_was_issued"),
        "grid_code",
        "retired_at IS NULL OR issued_at IS NOT NULL",
    )
    op.drop_constraint(op.f("uq_grid_plan_id_code"), "grid", type_="unique")
    op.create_unique_constraint(
        op.f("uq_grid_plan_id_code"),
        "grid",
        ["plan_id", "code"],
        deferrable=True,
        initially="IMMEDIATE",
    )
    op.create_table(
        "grid_lineage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("child_code", sa.Text(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('first', 'kept', 'moved', 'split', 'merged')",
            name=op.f("ck_grid_lineage_reason_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_grid_lineage_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["child_code"], ["grid_code.code"], name=op.f("fk_grid_lineage_child_code_grid_code")
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["grid_code.code"], name=op.f("fk_grid_lineage_parent_code_grid_code")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "community_id"],
            ["plan.id", "plan.community_id"],
            name=op.f("fk_grid_lineage_plan_id_plan"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_lineage")),
    )
    for column in ("plan_id", "parent_code", "child_code"):
        op.create_index(f"ix_grid_lineage_{column}", "grid_lineage", [column], unique=False)


def downgrade() -> None:
    op.drop_table("grid_lineage")
    op.drop_constraint(op.f("uq_grid_plan_id_code"), "grid", type_="unique")
    op.create_unique_constraint(op.f("uq_grid_plan_id_code"), "grid", ["plan_id", "code"])
    op.drop_constraint(op.f("ck_grid_code_retired_was_issued"), "grid_code", type_="check")
    op.execute("UPDATE grid_code SET issued_at = now() WHERE issued_at IS NULL")
    op.alter_column("grid_code", "issued_at", nullable=False)
