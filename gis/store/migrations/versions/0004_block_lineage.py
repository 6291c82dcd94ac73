"""Blocks of unchanged enclosures outlive a rebuild; new ones know their parents and grids."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("enclosure", sa.Column("digest", sa.Text(), nullable=True))
    op.add_column(
        "block_assignment",
        sa.Column("carried", sa.Boolean(), server_default="false", nullable=False),
    )
    op.create_table(
        "block_lineage",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "share > 0 AND share <= 1.001", name=op.f("ck_block_lineage_share_within_one")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["block.id"],
            name=op.f("fk_block_lineage_child_id_block"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["block.id"],
            name=op.f("fk_block_lineage_parent_id_block"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("child_id", "parent_id", name=op.f("pk_block_lineage")),
    )
    op.create_index("ix_block_lineage_parent_id", "block_lineage", ["parent_id"], unique=False)


def downgrade() -> None:
    op.drop_table("block_lineage")
    op.execute("DELETE FROM block_assignment WHERE carried")
    op.drop_column("block_assignment", "carried")
    op.drop_column("enclosure", "digest")
