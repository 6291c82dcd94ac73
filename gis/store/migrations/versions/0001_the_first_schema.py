"""The first schema: the whole house, from division units to the audit trail."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")

AUDIT_IS_APPEND_ONLY = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail can only be added to';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column(
            "detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], unique=False)
    op.create_index(
        "ix_audit_entry_object_kind_object_id",
        "audit_entry",
        ["object_kind", "object_id"],
        unique=False,
    )
    op.create_table(
        "data_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("notice_zh", sa.Text(), nullable=True),
        sa.Column("notice_en", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_source")),
        sa.UniqueConstraint("name", name=op.f("uq_data_source_name")),
    )
    op.create_table(
        "division_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("parent_level", sa.Text(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), server_default="2000-01-01", nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("minimum", sa.Integer(), server_default="300", nullable=False),
        sa.Column("target", sa.Integer(), server_default="400", nullable=False),
        sa.Column("maximum", sa.Integer(), server_default="500", nullable=False),
        sa.Column("metric_epsg", sa.Integer(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(geometry_type="MULTIPOLYGON", srid=3857, spatial_index=False),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_division_unit_code_at_one_time",
        ),
        sa.CheckConstraint(
            "(level = 'county' AND parent_level IS NULL AND parent_id IS NULL) OR (level = 'town' AND parent_level = 'county' AND parent_id IS NOT NULL) OR (level = 'community' AND parent_level = 'town' AND parent_id IS NOT NULL)",
            name=op.f("ck_division_unit_parent_is_one_level_up"),
        ),
        sa.CheckConstraint(
            "code ~ '^[0-9]{12}$'", name=op.f("ck_division_unit_code_has_12_digits")
        ),
        sa.CheckConstraint(
            "geom IS NULL OR ST_IsValid(geom)", name=op.f("ck_division_unit_geom_is_valid")
        ),
        sa.CheckConstraint(
            "minimum >= 0 AND minimum <= target AND target <= maximum",
            name=op.f("ck_division_unit_band_in_order"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from",
            name=op.f("ck_division_unit_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_level"],
            ["division_unit.id", "division_unit.level"],
            name=op.f("fk_division_unit_parent_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["division_unit.id"],
            name=op.f("fk_division_unit_successor_id_division_unit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_unit")),
        sa.UniqueConstraint("id", "level", name=op.f("uq_division_unit_id_level")),
    )
    op.create_index(
        "ix_division_unit_geom", "division_unit", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "ix_division_unit_geom_3857",
        "division_unit",
        ["geom_3857"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index("ix_division_unit_parent_id", "division_unit", ["parent_id"], unique=False)
    op.create_table(
        "topic",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_topic")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "password_changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("failed_logins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "language IS NULL OR language IN ('zh', 'en')",
            name=op.f("ck_user_account_language_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "block_build",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "report", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_block_build_community_id_division_unit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_build")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_block_build_id_community_id")),
    )
    op.create_index(
        "uq_block_build_current",
        "block_build",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "grid_code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column(
            "issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code ~ '^[0-9]{15}$'", name=op.f("ck_grid_code_code_has_15_digits")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_grid_code_community_id_division_unit"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grid_code")),
        sa.UniqueConstraint("code", "community_id", name=op.f("uq_grid_code_code_community_id")),
    )
    op.create_index("ix_grid_code_community_id", "grid_code", ["community_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column(
            "mapping", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_stored", sa.Integer(), server_default="0", nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('committed', 'refused')", name=op.f("ck_import_batch_state_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["user_account.id"],
            name=op.f("fk_import_batch_created_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["data_source.id"], name=op.f("fk_import_batch_source_id_data_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_kind", "import_batch", ["kind"], unique=False)
    op.create_table(
        "location_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "method IN ('candidate', 'pin', 'dismiss', 'undo')",
            name=op.f("ck_location_decision_method_is_known"),
        ),
        sa.CheckConstraint(
            "subject IN ('household', 'incident', 'place')",
            name=op.f("ck_location_decision_subject_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["user_account.id"],
            name=op.f("fk_location_decision_decided_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_decision")),
    )
    op.create_index(
        "ix_location_decision_subject_id", "location_decision", ["subject_id"], unique=False
    )
    op.create_table(
        "user_area",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("division_unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_unit_id"],
            ["division_unit.id"],
            name=op.f("fk_user_area_division_unit_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_user_area_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "division_unit_id", name=op.f("pk_user_area")),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'official', 'town_coordinator', 'planner', 'community_manager', 'worker', 'handler', 'auditor')",
            name=op.f("ck_user_role_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_user_role_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "barrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("left_from", sa.Integer(), nullable=True),
        sa.Column("left_to", sa.Integer(), nullable=True),
        sa.Column("right_from", sa.Integer(), nullable=True),
        sa.Column("right_to", sa.Integer(), nullable=True),
        sa.Column("bridge", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="LINESTRING", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(
                geometry_type="LINESTRING", srid=3857, spatial_index=False, nullable=False
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('river', 'rail', 'motorway', 'main_road', 'minor_road', 'path', 'wall')",
            name=op.f("ck_barrier_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_barrier_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier")),
    )
    op.create_index("ix_barrier_geom", "barrier", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_barrier_geom_3857", "barrier", ["geom_3857"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_barrier_import_batch_id", "barrier", ["import_batch_id"], unique=False)
    op.create_index("ix_barrier_name", "barrier", ["name"], unique=False)
    op.create_table(
        "building",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("levels", sa.Integer(), nullable=True),
        sa.Column("dwellings", sa.Integer(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=3857, spatial_index=False, nullable=False
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_building_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_building_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
    )
    op.create_index("ix_building_community_id", "building", ["community_id"], unique=False)
    op.create_index("ix_building_geom", "building", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_building_geom_3857", "building", ["geom_3857"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_building_import_batch_id", "building", ["import_batch_id"], unique=False)
    op.create_table(
        "compound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="compound", nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=3857, spatial_index=False, nullable=False
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('compound', 'courtyard', 'hamlet', 'institution')",
            name=op.f("ck_compound_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_compound_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_compound_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compound")),
    )
    op.create_index("ix_compound_community_id", "compound", ["community_id"], unique=False)
    op.create_index("ix_compound_geom", "compound", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_compound_geom_3857", "compound", ["geom_3857"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_compound_import_batch_id", "compound", ["import_batch_id"], unique=False)
    op.create_table(
        "enclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["build_id", "community_id"],
            ["block_build.id", "block_build.community_id"],
            name=op.f("fk_enclosure_build_id_block_build"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
        sa.UniqueConstraint("build_id", "number", name=op.f("uq_enclosure_build_id_number")),
    )
    op.create_index(
        "ix_enclosure_geom", "enclosure", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "grid_worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("grid_code"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_grid_worker_one_at_a_time",
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_grid_worker_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["user_account.id"],
            name=op.f("fk_grid_worker_assigned_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["grid_code"], ["grid_code.code"], name=op.f("fk_grid_worker_grid_code_grid_code")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_grid_worker_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_worker")),
    )
    op.create_index("ix_grid_worker_user_id", "grid_worker", ["user_id"], unique=False)
    op.create_table(
        "import_defect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_defect_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_defect")),
    )
    op.create_index("ix_import_defect_batch_id", "import_defect", ["batch_id"], unique=False)
    op.create_table(
        "land_cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=3857, spatial_index=False, nullable=False
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('water', 'green', 'farmland', 'built_up')",
            name=op.f("ck_land_cover_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_land_cover_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_land_cover")),
    )
    op.create_index(
        "ix_land_cover_geom", "land_cover", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "ix_land_cover_geom_3857",
        "land_cover",
        ["geom_3857"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(
        "ix_land_cover_import_batch_id", "land_cover", ["import_batch_id"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "parameters",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "quality", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("community_id"), "="),
            (sa.text("daterange(effective_from, effective_to)"), "&&"),
            where=sa.text("state IN ('published', 'superseded')"),
            using="gist",
            name="ex_plan_one_in_force",
        ),
        sa.CheckConstraint(
            "(state IN ('published', 'superseded')) = (effective_from IS NOT NULL)",
            name=op.f("ck_plan_published_has_a_date"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'published', 'superseded', 'retired')",
            name=op.f("ck_plan_state_is_known"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by",
            name=op.f("ck_plan_approved_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from",
            name=op.f("ck_plan_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_plan_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["build_id", "community_id"],
            ["block_build.id", "block_build.community_id"],
            name=op.f("fk_plan_build_id_block_build"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["division_unit.id"], name=op.f("fk_plan_community_id_division_unit")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_plan_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["plan.id"], name=op.f("fk_plan_parent_id_plan")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user_account.id"], name=op.f("fk_plan_published_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["user_account.id"], name=op.f("fk_plan_submitted_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_plan_id_community_id")),
    )
    op.create_index("ix_plan_community_id", "plan", ["community_id"], unique=False)
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("enclosure_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("n_buildings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=3857, spatial_index=False, nullable=False
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_block_area_is_positive")),
        sa.ForeignKeyConstraint(
            ["build_id", "community_id"],
            ["block_build.id", "block_build.community_id"],
            name=op.f("fk_block_build_id_block_build"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["enclosure_id"], ["enclosure.id"], name=op.f("fk_block_enclosure_id_enclosure")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["block.id"], name=op.f("fk_block_parent_id_block")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("build_id", "number", name=op.f("uq_block_build_id_number")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_block_id_community_id")),
    )
    op.create_index(
        "ix_block_community_id",
        "block",
        ["community_id"],
        unique=False,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index("ix_block_enclosure_id", "block", ["enclosure_id"], unique=False)
    op.create_index("ix_block_geom", "block", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_block_geom_3857", "block", ["geom_3857"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "grid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="basic", nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("deviation", sa.Double(), nullable=True),
        sa.Column("compactness", sa.Double(), nullable=True),
        sa.Column("barrier_share", sa.Double(), nullable=True),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "reasons", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "geom_3857",
            geoalchemy2.Geometry(
                geometry_type="MULTIPOLYGON", srid=3857, spatial_index=False, nullable=False
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('basic', 'exclusive')", name=op.f("ck_grid_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["code", "community_id"],
            ["grid_code.code", "grid_code.community_id"],
            name=op.f("fk_grid_code_grid_code"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "community_id"],
            ["plan.id", "plan.community_id"],
            name=op.f("fk_grid_plan_id_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("id", "plan_id", name=op.f("uq_grid_id_plan_id")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_grid_plan_id_code")),
    )
    op.create_index("ix_grid_code", "grid", ["code"], unique=False)
    op.create_index("ix_grid_geom", "grid", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_grid_geom_3857", "grid", ["geom_3857"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "live_plan",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "flipped_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_live_plan_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "community_id"],
            ["plan.id", "plan.community_id"],
            name=op.f("fk_live_plan_plan_id_plan"),
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_live_plan")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_live_plan_plan_id")),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("community", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("estate", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("stairwell", sa.Text(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_address_block_id_block")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_address_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_address_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    op.create_index("ix_address_block_id", "address", ["block_id"], unique=False)
    op.create_index("ix_address_community_id", "address", ["community_id"], unique=False)
    op.create_index("ix_address_geom", "address", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_address_import_batch_id", "address", ["import_batch_id"], unique=False)
    op.create_index(
        "ix_address_text_trigrams",
        "address",
        ["text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )
    op.create_table(
        "block_assignment",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_id", "community_id"],
            ["block.id", "block.community_id"],
            name=op.f("fk_block_assignment_block_id_block"),
        ),
        sa.ForeignKeyConstraint(
            ["grid_id", "plan_id"],
            ["grid.id", "grid.plan_id"],
            name=op.f("fk_block_assignment_grid_id_grid"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "community_id"],
            ["plan.id", "plan.community_id"],
            name=op.f("fk_block_assignment_plan_id_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "block_id", name=op.f("pk_block_assignment")),
    )
    op.create_index("ix_block_assignment_block_id", "block_assignment", ["block_id"], unique=False)
    op.create_index("ix_block_assignment_grid_id", "block_assignment", ["grid_id"], unique=False)
    op.create_table(
        "block_incident_count",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column(
            "counted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "extract(day from month) = 1", name=op.f("ck_block_incident_count_month_is_a_first")
        ),
        sa.CheckConstraint(
            "incidents > 0", name=op.f("ck_block_incident_count_incidents_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["block.id"],
            name=op.f("fk_block_incident_count_block_id_block"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic"], ["topic.code"], name=op.f("fk_block_incident_count_topic_topic")
        ),
        sa.PrimaryKeyConstraint("block_id", "topic", "month", name=op.f("pk_block_incident_count")),
    )
    op.create_index(
        "ix_block_incident_count_topic_month",
        "block_incident_count",
        ["topic", "month"],
        unique=False,
    )
    op.create_table(
        "block_load",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "counted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "households >= 0 AND people >= 0", name=op.f("ck_block_load_counts_are_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["block.id"],
            name=op.f("fk_block_load_block_id_block"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("block_id", name=op.f("pk_block_load")),
    )
    op.create_table(
        "address_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(address_id IS NULL) <> (geom IS NULL)", name=op.f("ck_address_alias_address_or_point")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["address.id"],
            name=op.f("fk_address_alias_address_id_address"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["user_account.id"],
            name=op.f("fk_address_alias_decided_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_alias")),
        sa.UniqueConstraint("text_key", name=op.f("uq_address_alias_text_key")),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("head_name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("people", sa.Integer(), server_default="1", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column("address_text", sa.Text(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Text(), server_default="none", nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), server_default="none", nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("located_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "level IN ('room', 'unit', 'building', 'number', 'interpolated', 'estate', 'intersection', 'street', 'community', 'town', 'coordinates', 'pin', 'none')",
            name=op.f("ck_household_level_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('accepted', 'review', 'none')", name=op.f("ck_household_status_is_known")
        ),
        sa.CheckConstraint(
            "block_id IS NULL OR community_id IS NOT NULL",
            name=op.f("ck_household_block_has_community"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_household_people_is_not_negative")),
        sa.CheckConstraint(
            "score IS NULL OR score BETWEEN 0 AND 1", name=op.f("ck_household_score_within_one")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_household_address_id_address")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"], ["block.id"], name=op.f("fk_household_block_id_block")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_household_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_household_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("number", name=op.f("uq_household_number")),
    )
    op.create_index("ix_household_address_id", "household", ["address_id"], unique=False)
    op.create_index("ix_household_block_id", "household", ["block_id"], unique=False)
    op.create_index("ix_household_community_id", "household", ["community_id"], unique=False)
    op.create_index(
        "ix_household_geom", "household", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_household_import_batch_id", "household", ["import_batch_id"], unique=False)
    op.create_index(
        "ix_household_waiting",
        "household",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column("address_text", sa.Text(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Text(), server_default="none", nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), server_default="none", nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("located_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "level IN ('room', 'unit', 'building', 'number', 'interpolated', 'estate', 'intersection', 'street', 'community', 'town', 'coordinates', 'pin', 'none')",
            name=op.f("ck_incident_level_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('accepted', 'review', 'none')", name=op.f("ck_incident_status_is_known")
        ),
        sa.CheckConstraint(
            "block_id IS NULL OR community_id IS NOT NULL",
            name=op.f("ck_incident_block_has_community"),
        ),
        sa.CheckConstraint(
            "score IS NULL OR score BETWEEN 0 AND 1", name=op.f("ck_incident_score_within_one")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_incident_address_id_address")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"], ["block.id"], name=op.f("fk_incident_block_id_block")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["division_unit.id"],
            name=op.f("fk_incident_community_id_division_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_incident_import_batch_id_import_batch"),
        ),
        sa.ForeignKeyConstraint(["topic"], ["topic.code"], name=op.f("fk_incident_topic_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("number", name=op.f("uq_incident_number")),
    )
    op.create_index("ix_incident_address_id", "incident", ["address_id"], unique=False)
    op.create_index("ix_incident_block_id", "incident", ["block_id"], unique=False)
    op.create_index("ix_incident_community_id", "incident", ["community_id"], unique=False)
    op.create_index("ix_incident_geom", "incident", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_incident_import_batch_id", "incident", ["import_batch_id"], unique=False)
    op.create_index(
        "ix_incident_topic_occurred_at", "incident", ["topic", "occurred_at"], unique=False
    )
    op.create_index(
        "ix_incident_waiting",
        "incident",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="other", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.Column("address_text", sa.Text(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column(
            "geom",
            geoalchemy2.Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Text(), server_default="none", nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), server_default="none", nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("located_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "kind IN ('school', 'hospital', 'market', 'park', 'office', 'worship', 'shop', 'station', 'other')",
            name=op.f("ck_place_kind_is_known"),
        ),
        sa.CheckConstraint(
            "level IN ('room', 'unit', 'building', 'number', 'interpolated', 'estate', 'intersection', 'street', 'community', 'town', 'coordinates', 'pin', 'none')",
            name=op.f("ck_place_level_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('accepted', 'review', 'none')", name=op.f("ck_place_status_is_known")
        ),
        sa.CheckConstraint(
            "block_id IS NULL OR community_id IS NOT NULL",
            name=op.f("ck_place_block_has_community"),
        ),
        sa.CheckConstraint(
            "score IS NULL OR score BETWEEN 0 AND 1", name=op.f("ck_place_score_within_one")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_place_address_id_address")
        ),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_place_block_id_block")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["division_unit.id"], name=op.f("fk_place_community_id_division_unit")
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_place_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index("ix_place_address_id", "place", ["address_id"], unique=False)
    op.create_index("ix_place_block_id", "place", ["block_id"], unique=False)
    op.create_index("ix_place_community_id", "place", ["community_id"], unique=False)
    op.create_index("ix_place_geom", "place", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_place_import_batch_id", "place", ["import_batch_id"], unique=False)
    op.create_index(
        "ix_place_waiting",
        "place",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), server_default="registered", nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("import_batch_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category IN ('registered', 'permanent', 'floating')",
            name=op.f("ck_resident_category_is_known"),
        ),
        sa.CheckConstraint(
            "sex IN ('male', 'female', 'unknown')", name=op.f("ck_resident_sex_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_resident_household_id_household"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_resident_import_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
    )
    op.create_index("ix_resident_household_id", "resident", ["household_id"], unique=False)
    op.create_index("ix_resident_import_batch_id", "resident", ["import_batch_id"], unique=False)
    op.execute(AUDIT_IS_APPEND_ONLY)


def downgrade() -> None:
    op.drop_index("ix_resident_import_batch_id", table_name="resident")
    op.drop_index("ix_resident_household_id", table_name="resident")
    op.drop_table("resident")
    op.drop_index(
        "ix_place_waiting",
        table_name="place",
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    op.drop_index("ix_place_import_batch_id", table_name="place")
    op.drop_index("ix_place_geom", table_name="place", postgresql_using="gist")
    op.drop_index("ix_place_community_id", table_name="place")
    op.drop_index("ix_place_block_id", table_name="place")
    op.drop_index("ix_place_address_id", table_name="place")
    op.drop_table("place")
    op.drop_index(
        "ix_incident_waiting",
        table_name="incident",
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    op.drop_index("ix_incident_topic_occurred_at", table_name="incident")
    op.drop_index("ix_incident_import_batch_id", table_name="incident")
    op.drop_index("ix_incident_geom", table_name="incident", postgresql_using="gist")
    op.drop_index("ix_incident_community_id", table_name="incident")
    op.drop_index("ix_incident_block_id", table_name="incident")
    op.drop_index("ix_incident_address_id", table_name="incident")
    op.drop_table("incident")
    op.drop_index(
        "ix_household_waiting",
        table_name="household",
        postgresql_where=sa.text("status IN ('review', 'none')"),
    )
    op.drop_index("ix_household_import_batch_id", table_name="household")
    op.drop_index("ix_household_geom", table_name="household", postgresql_using="gist")
    op.drop_index("ix_household_community_id", table_name="household")
    op.drop_index("ix_household_block_id", table_name="household")
    op.drop_index("ix_household_address_id", table_name="household")
    op.drop_table("household")
    op.drop_table("address_alias")
    op.drop_table("block_load")
    op.drop_index("ix_block_incident_count_topic_month", table_name="block_incident_count")
    op.drop_table("block_incident_count")
    op.drop_index("ix_block_assignment_grid_id", table_name="block_assignment")
    op.drop_index("ix_block_assignment_block_id", table_name="block_assignment")
    op.drop_table("block_assignment")
    op.drop_index(
        "ix_address_text_trigrams",
        table_name="address",
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )
    op.drop_index("ix_address_import_batch_id", table_name="address")
    op.drop_index("ix_address_geom", table_name="address", postgresql_using="gist")
    op.drop_index("ix_address_community_id", table_name="address")
    op.drop_index("ix_address_block_id", table_name="address")
    op.drop_table("address")
    op.drop_table("live_plan")
    op.drop_index("ix_grid_geom_3857", table_name="grid", postgresql_using="gist")
    op.drop_index("ix_grid_geom", table_name="grid", postgresql_using="gist")
    op.drop_index("ix_grid_code", table_name="grid")
    op.drop_table("grid")
    op.drop_index("ix_block_geom_3857", table_name="block", postgresql_using="gist")
    op.drop_index("ix_block_geom", table_name="block", postgresql_using="gist")
    op.drop_index("ix_block_enclosure_id", table_name="block")
    op.drop_index(
        "ix_block_community_id", table_name="block", postgresql_where=sa.text("retired_at IS NULL")
    )
    op.drop_table("block")
    op.drop_index("ix_plan_community_id", table_name="plan")
    op.drop_table("plan")
    op.drop_index("ix_land_cover_import_batch_id", table_name="land_cover")
    op.drop_index("ix_land_cover_geom_3857", table_name="land_cover", postgresql_using="gist")
    op.drop_index("ix_land_cover_geom", table_name="land_cover", postgresql_using="gist")
    op.drop_table("land_cover")
    op.drop_index("ix_import_defect_batch_id", table_name="import_defect")
    op.drop_table("import_defect")
    op.drop_index("ix_grid_worker_user_id", table_name="grid_worker")
    op.drop_table("grid_worker")
    op.drop_index("ix_enclosure_geom", table_name="enclosure", postgresql_using="gist")
    op.drop_table("enclosure")
    op.drop_index("ix_compound_import_batch_id", table_name="compound")
    op.drop_index("ix_compound_geom_3857", table_name="compound", postgresql_using="gist")
    op.drop_index("ix_compound_geom", table_name="compound", postgresql_using="gist")
    op.drop_index("ix_compound_community_id", table_name="compound")
    op.drop_table("compound")
    op.drop_index("ix_building_import_batch_id", table_name="building")
    op.drop_index("ix_building_geom_3857", table_name="building", postgresql_using="gist")
    op.drop_index("ix_building_geom", table_name="building", postgresql_using="gist")
    op.drop_index("ix_building_community_id", table_name="building")
    op.drop_table("building")
    op.drop_index("ix_barrier_name", table_name="barrier")
    op.drop_index("ix_barrier_import_batch_id", table_name="barrier")
    op.drop_index("ix_barrier_geom_3857", table_name="barrier", postgresql_using="gist")
    op.drop_index("ix_barrier_geom", table_name="barrier", postgresql_using="gist")
    op.drop_table("barrier")
    op.drop_table("user_role")
    op.drop_table("user_area")
    op.drop_index("ix_location_decision_subject_id", table_name="location_decision")
    op.drop_table("location_decision")
    op.drop_index("ix_import_batch_kind", table_name="import_batch")
    op.drop_table("import_batch")
    op.drop_index("ix_grid_code_community_id", table_name="grid_code")
    op.drop_table("grid_code")
    op.drop_index(
        "uq_block_build_current", table_name="block_build", postgresql_where=sa.text("current")
    )
    op.drop_table("block_build")
    op.drop_table("user_account")
    op.drop_table("topic")
    op.drop_index("ix_division_unit_parent_id", table_name="division_unit")
    op.drop_index("ix_division_unit_geom_3857", table_name="division_unit", postgresql_using="gist")
    op.drop_index("ix_division_unit_geom", table_name="division_unit", postgresql_using="gist")
    op.drop_table("division_unit")
    op.drop_table("data_source")
    op.drop_index("ix_audit_entry_object_kind_object_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION refuse_audit_change()")
