"""What an import replaces is kept while it stores, so that it can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

CHANGED = (
    "address",
    "barrier",
    "building",
    "compound",
    "division_unit",
    "household",
    "incident",
    "land_cover",
    "location_decision",
    "organisation",
    "place",
    "resident",
)
"""Tables of which a changed row is kept."""

MADE = ("division_unit",)
"""Tables of which a new row is kept: their rows do not say which import made them."""

KEEP = """
CREATE FUNCTION keep_former_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept jsonb;
    shape text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := to_jsonb(OLD) - 'geom_3857';
        IF kept ? 'geom' THEN
            EXECUTE 'SELECT ($1).geom::text' INTO shape USING OLD;
            kept := kept || jsonb_build_object('geom', shape);
        END IF;
    END IF;
    INSERT INTO import_former_row (batch_id, table_name, row_id, former)
    VALUES (current_setting('community_grid.import')::int, TG_TABLE_NAME, NEW.id::text, kept)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
WHILE = "coalesce(current_setting('community_grid.import', true), '') <> ''"


def upgrade() -> None:
    op.add_column(
        "import_batch",
        sa.Column("keeps_former", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column("import_batch", sa.Column("undone_by", sa.Integer()))
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime(timezone=True)))
    op.create_foreign_key(
        op.f("fk_import_batch_undone_by_user_account"),
        "import_batch",
        "user_account",
        ["undone_by"],
        ["id"],
    )
    op.drop_constraint("ck_import_batch_state_is_known", "import_batch")
    op.create_check_constraint(
        op.f("ck_import_batch_state_is_known"),
        "import_batch",
        "state IN ('committed', 'refused', 'undone')",
    )
    op.create_check_constraint(
        op.f("ck_import_batch_undone_has_a_moment"),
        "import_batch",
        "(state = 'undone') = (undone_at IS NOT NULL)",
    )
    op.create_table(
        "import_former_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("former", postgresql.JSONB(none_as_null=True)),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_former_row_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "batch_id", "table_name", "row_id", name=op.f("pk_import_former_row")
        ),
    )
    op.create_index("ix_import_former_row_row_id", "import_former_row", ["table_name", "row_id"])
    op.execute(KEEP)
    for table in CHANGED:
        op.execute(
            f"CREATE TRIGGER keep_changed AFTER UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({WHILE} AND OLD.* IS DISTINCT FROM NEW.*)"
            " EXECUTE FUNCTION keep_former_row()"
        )
    for table in MADE:
        op.execute(
            f"CREATE TRIGGER keep_made AFTER INSERT ON {table} FOR EACH ROW"
            f" WHEN ({WHILE}) EXECUTE FUNCTION keep_former_row()"
        )


def downgrade() -> None:
    for table in CHANGED:
        op.execute(f"DROP TRIGGER keep_changed ON {table}")
    for table in MADE:
        op.execute(f"DROP TRIGGER keep_made ON {table}")
    op.execute("DROP FUNCTION keep_former_row()")
    op.drop_table("import_former_row")
    op.drop_constraint("ck_import_batch_undone_has_a_moment", "import_batch")
    op.drop_constraint("ck_import_batch_state_is_known", "import_batch")
    op.execute("UPDATE import_batch SET state = 'refused' WHERE state = 'undone'")
    op.create_check_constraint(
        op.f("ck_import_batch_state_is_known"), "import_batch", "state IN ('committed', 'refused')"
    )
    op.drop_column("import_batch", "undone_at")
    op.drop_column("import_batch", "undone_by")
    op.drop_column("import_batch", "keeps_former")
