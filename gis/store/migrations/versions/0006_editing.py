"""Drafts are edited: working copies with their steps, saved editions; incidents are closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

STEP_KINDS = (
    "'paint', 'split', 'merge', 'new_grid', 'border', 'repair', 'rebalance', 'propose', 'adopt',"
    " 'lock', 'cut', 'discard', 'merge_edits'"
)
EDITION_KINDS = "'drawn', 'edited', 'merged', 'reverted', 'imported', 'branched'"


def stamp(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def words(name: str) -> sa.Column:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)


def moves() -> sa.Column:
    return sa.Column(
        "moves", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
    )


def upgrade() -> None:
    op.add_column("plan", sa.Column("edition", sa.Integer(), server_default="1", nullable=False))
    op.add_column("plan", words("locks"))
    number_grids()
    op.add_column("incident", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_incident_closed_after_it_occurred"), "incident", "closed_at >= occurred_at"
    )
    create_editions()
    create_workspaces()


def number_grids() -> None:
    """Number the grids of each plan in the order of their codes."""
    op.add_column("grid", sa.Column("number", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE grid SET number = n.number FROM (SELECT id, row_number() OVER"
        " (PARTITION BY plan_id ORDER BY code) AS number FROM grid) n WHERE n.id = grid.id"
    )
    op.alter_column("grid", "number", nullable=False)
    op.create_unique_constraint(op.f("uq_grid_plan_id_number"), "grid", ["plan_id", "number"])
    op.create_check_constraint(op.f("ck_grid_number_is_positive"), "grid", "number > 0")


def create_editions() -> None:
    op.create_table(
        "plan_edition",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        stamp("saved_at"),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        moves(),
        sa.CheckConstraint(f"kind IN ({EDITION_KINDS})", name=op.f("ck_plan_edition_kind_is_known")),
        sa.CheckConstraint("edition > 0", name=op.f("ck_plan_edition_edition_is_positive")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_edition_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["user_account.id"], name=op.f("fk_plan_edition_saved_by_user_account")
        ),
        sa.PrimaryKeyConstraint("plan_id", "edition", name=op.f("pk_plan_edition")),
    )
    op.execute(
        "INSERT INTO plan_edition (plan_id, edition, kind, saved_by, saved_at)"
        " SELECT id, 1, 'drawn', created_by, created_at FROM plan"
    )


def create_workspaces() -> None:
    op.create_table(
        "plan_workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("base_edition", sa.Integer(), nullable=False),
        sa.Column(
            "changes", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        words("locks"),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        stamp("opened_at"),
        stamp("changed_at"),
        sa.CheckConstraint("position >= 0", name=op.f("ck_plan_workspace_position_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_plan_workspace_plan_id_plan"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_plan_workspace_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_workspace")),
        sa.UniqueConstraint(
            "plan_id",
            "user_id",
            name=op.f("uq_plan_workspace_plan_id_user_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "plan_step",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        moves(),
        words("locked"),
        words("unlocked"),
        stamp("at"),
        sa.CheckConstraint(f"kind IN ({STEP_KINDS})", name=op.f("ck_plan_step_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["plan_workspace.id"],
            name=op.f("fk_plan_step_workspace_id_plan_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "seq", name=op.f("pk_plan_step")),
        sa.UniqueConstraint(
            "workspace_id", "client_id", name=op.f("uq_plan_step_workspace_id_client_id")
        ),
    )


def downgrade() -> None:
    for table in ("plan_step", "plan_workspace", "plan_edition"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_incident_closed_after_it_occurred"), "incident")
    op.drop_column("incident", "closed_at")
    op.drop_column("grid", "number")
    op.drop_column("plan", "locks")
    op.drop_column("plan", "edition")
