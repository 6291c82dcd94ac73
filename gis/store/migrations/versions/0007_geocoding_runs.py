"""Geocoding runs by register version; how sure a location is; names for the search box."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

LOCATED = ("household", "incident", "place")
FIGURES = {
    "n_candidates": sa.Integer,
    "margin": sa.Float,
    "error_m": sa.Float,
    "number_from": sa.Integer,
    "number_to": sa.Integer,
    "run_id": sa.Integer,
}


def upgrade() -> None:
    add_runs()
    add_search()
    for table in LOCATED:
        for name, kind in FIGURES.items():
            op.add_column(table, sa.Column(name, kind(), nullable=True))
        key = op.f(f"fk_{table}_run_id_geocode_run")
        op.create_foreign_key(key, table, "geocode_run", ["run_id"], ["id"])
    op.add_column("location_decision", sa.Column("bulk_id", sa.Uuid(), nullable=True))
    op.create_index("ix_location_decision_bulk_id", "location_decision", ["bulk_id"])
    op.add_column("import_batch", sa.Column("correction", sa.Text(), nullable=True))
    kept = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("import_batch", sa.Column("misplacement", kept, nullable=True))


def add_runs() -> None:
    op.create_table(
        "register_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("marks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_version")),
    )
    op.create_table(
        "register_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["register_version.id"],
            name=op.f("fk_register_key_version_register_version"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_register_key")),
    )
    op.create_index("ix_register_key_version", "register_key", ["version"], unique=False)
    op.create_table(
        "geocode_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=True),
        sa.Column("everything", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("located", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "by_status",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "by_level", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.CheckConstraint(
            "state IN ('running', 'finished', 'abandoned')",
            name=op.f("ck_geocode_run_state_is_known"),
        ),
        sa.CheckConstraint(
            "subject IN ('households', 'incidents', 'places')",
            name=op.f("ck_geocode_run_subject_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_geocode_run_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["baseline"],
            ["register_version.id"],
            name=op.f("fk_geocode_run_baseline_register_version"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_geocode_run_import_batch_id_import_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["register_version.id"],
            name=op.f("fk_geocode_run_version_register_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocode_run")),
    )
    op.create_index(
        "ix_geocode_run_one_at_a_time",
        "geocode_run",
        ["subject"],
        unique=True,
        postgresql_where=sa.text("state = 'running' AND import_batch_id IS NULL"),
    )
    op.create_index("ix_geocode_run_subject", "geocode_run", ["subject", "id"], unique=False)


def add_search() -> None:
    op.create_table(
        "search_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("n_doors", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "kind IN ('county', 'town', 'community', 'estate', 'street', 'village', 'place', 'address')",
            name=op.f("ck_search_name_kind_is_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(unit_id, place_id) = CASE WHEN kind IN ('county', 'town', 'community', 'place') THEN 1 ELSE 0 END",
            name=op.f("ck_search_name_names_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_search_name_community_id_division_unit"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["place.id"],
            name=op.f("fk_search_name_place_id_place"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["division_unit.id"],
            name=op.f("fk_search_name_unit_id_division_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_name")),
    )
    op.create_index("ix_search_name_community_id", "search_name", ["community_id"], unique=False)
    op.create_index(
        "ix_search_name_of_doors",
        "search_name",
        ["kind", "name", "community_id"],
        unique=True,
        postgresql_where=sa.text("unit_id IS NULL AND place_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_search_name_place_id", "search_name", ["place_id"], unique=True)
    op.create_index("ix_search_name_unit_id", "search_name", ["unit_id"], unique=True)
    op.create_table(
        "search_key",
        sa.Column("name_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name_id"],
            ["search_name.id"],
            name=op.f("fk_search_key_name_id_search_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name_id", "key", name=op.f("pk_search_key")),
    )
    op.create_index(
        "ix_search_key_key",
        "search_key",
        ["key", "name_id"],
        unique=False,
        postgresql_ops={"key": "text_pattern_ops"},
        postgresql_include=["rank"],
    )
    op.create_index(
        "ix_search_key_trigrams",
        "search_key",
        ["key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
    )
    op.create_table(
        "search_door",
        sa.Column("name_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["address.id"],
            name=op.f("fk_search_door_address_id_address"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["name_id"],
            ["search_name.id"],
            name=op.f("fk_search_door_name_id_search_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name_id", "address_id", name=op.f("pk_search_door")),
    )
    op.create_index("ix_search_door_address_id", "search_door", ["address_id"], unique=False)
    op.create_index(
        "ix_search_door_door",
        "search_door",
        ["name_id", "door"],
        unique=False,
        postgresql_ops={"door": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_column("import_batch", "misplacement")
    op.drop_column("import_batch", "correction")
    op.drop_index("ix_location_decision_bulk_id", table_name="location_decision")
    op.drop_column("location_decision", "bulk_id")
    for table in LOCATED:
        op.drop_constraint(op.f(f"fk_{table}_run_id_geocode_run"), table, type_="foreignkey")
        for name in reversed(FIGURES):
            op.drop_column(table, name)
    for table in ("search_door", "search_key", "search_name"):
        op.drop_table(table)
    for table in ("geocode_run", "register_key", "register_version"):
        op.drop_table(table)
