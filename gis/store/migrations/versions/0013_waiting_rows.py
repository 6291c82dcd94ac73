"""Residents who wait for their household, and blocks of files that wait for their community."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.alter_column("resident", "household_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("resident", sa.Column("household_number", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_resident_household_or_its_number"),
        "resident",
        "(household_id IS NULL) <> (household_number IS NULL)",
    )
    op.create_index(
        "ix_resident_household_number",
        "resident",
        ["household_number"],
        postgresql_where=sa.text("household_number IS NOT NULL"),
    )
    shape = geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False)
    op.create_table(
        "waiting_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("geom", shape, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_block"),
    )
    op.create_index("ix_waiting_block_geom", "waiting_block", ["geom"], postgresql_using="gist")


def downgrade() -> None:
    """Take out what waits: before, such rows were refused."""
    op.drop_table("waiting_block")
    op.execute("DELETE FROM resident WHERE household_id IS NULL")
    op.drop_index("ix_resident_household_number", table_name="resident")
    op.drop_constraint(op.f("ck_resident_household_or_its_number"), "resident", type_="check")
    op.drop_column("resident", "household_number")
    op.alter_column("resident", "household_id", existing_type=sa.Uuid(), nullable=False)
