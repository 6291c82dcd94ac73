"""Organisations, located and found by name like places."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_LISTS = (
    ("location_decision", "subject", "'household', 'incident'", "'organisation'", "'place'"),
    ("geocode_run", "subject", "'households', 'incidents'", "'organisations'", "'places'"),
    (
        "search_name",
        "kind",
        "'county', 'town', 'community', 'street', 'estate', 'village', 'address'",
        "'organisation'",
        "'place'",
    ),
)
"""Tables that name kinds of records, and by which words: those before, the new one, those after."""


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default="other", nullable=False),
        sa.Column("registration_number", sa.Text(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        *_located_columns(),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category IN ('social_organisation', 'non_public_organisation', 'other')",
            name=op.f("ck_organisation_category_is_known"),
        ),
        sa.CheckConstraint("members >= 0", name=op.f("ck_organisation_members_is_not_negative")),
        *_located_checks(),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_organisation_{column}_{table}")
            )
            for column, table in (
                ("address_id", "address"),
                ("block_id", "block"),
                ("community_id", "division_unit"),
                ("run_id", "geocode_run"),
                ("import_batch_id", "import_batch"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    for column in ("address_id", "block_id", "community_id", "import_batch_id"):
        op.create_index(f"ix_organisation_{column}", "organisation", [column])
    op.create_index("ix_organisation_name", "organisation", ["name", "id"])
    op.create_index("ix_organisation_registration_number", "organisation", ["registration_number"])
    op.create_index("ix_organisation_geom", "organisation", ["geom"], postgresql_using="gist")
    op.create_index(
        "ix_organisation_waiting",
        "organisation",
        ["status"],
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    for table, column, before, new, after in _LISTS:
        _allow(table, column, f"{before}, {new}, {after}")


def _located_columns() -> tuple[sa.Column, ...]:
    shape = geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)
    return (
        sa.Column("address_text", sa.Text(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column("import_row", sa.Integer(), nullable=True),
        sa.Column("geom", shape, nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Text(), server_default="none", nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), server_default="none", nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("n_candidates", sa.Integer(), nullable=True),
        sa.Column("margin", sa.Double(), nullable=True),
        sa.Column("error_m", sa.Double(), nullable=True),
        sa.Column("number_from", sa.Integer(), nullable=True),
        sa.Column("number_to", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("located_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
    )


def _located_checks() -> tuple[sa.CheckConstraint, ...]:
    rules = {
        "level_is_known": "level IN ('room', 'unit', 'building', 'number', 'interpolated', "
        "'estate', 'intersection', 'street', 'community', 'town', 'coordinates', 'pin', 'none')",
        "status_is_known": "status IN ('accepted', 'review', 'none')",
        "score_within_one": "score IS NULL OR score BETWEEN 0 AND 1",
        "block_has_community": "block_id IS NULL OR community_id IS NOT NULL",
    }
    return tuple(
        sa.CheckConstraint(rule, name=op.f(f"ck_organisation_{name}"))
        for name, rule in rules.items()
    )


def _allow(table: str, column: str, words: str) -> None:
    name = op.f(f"ck_{table}_{column}_is_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({words})")


def downgrade() -> None:
    """Take organisations out, with what was decided about them and where they were looked for."""
    op.drop_table("organisation")
    for table, column, before, new, after in _LISTS:
        op.execute(f"DELETE FROM {table} WHERE {column} = {new}")
        _allow(table, column, f"{before}, {after}")
