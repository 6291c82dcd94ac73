"""Names in the search box are of any kind of record that is found by name, not of places alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_NAMES_ONE_THING = (
    "num_nonnulls(unit_id, record_id) = "
    "CASE WHEN kind IN ('street', 'estate', 'village', 'address') THEN 0 ELSE 1 END"
)
_NAMED_ONE_THING = (
    "num_nonnulls(unit_id, place_id) = "
    "CASE WHEN kind IN ('county', 'town', 'community', 'place') THEN 1 ELSE 0 END"
)


def upgrade() -> None:
    op.drop_constraint("fk_search_name_place_id_place", "search_name", type_="foreignkey")
    _rename("place_id", "record_id")
    op.drop_constraint(op.f("ck_search_name_names_one_thing"), "search_name", type_="check")
    op.create_check_constraint(
        op.f("ck_search_name_names_one_thing"), "search_name", _NAMES_ONE_THING
    )


def downgrade() -> None:
    op.execute("DELETE FROM search_name WHERE record_id IS NOT NULL AND kind <> 'place'")
    op.execute(
        "DELETE FROM search_name n WHERE n.record_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM place p WHERE p.id = n.record_id)"
    )
    op.drop_constraint(op.f("ck_search_name_names_one_thing"), "search_name", type_="check")
    _rename("record_id", "place_id")
    op.create_check_constraint(
        op.f("ck_search_name_names_one_thing"), "search_name", _NAMED_ONE_THING
    )
    op.create_foreign_key(
        "fk_search_name_place_id_place",
        "search_name",
        "place",
        ["place_id"],
        ["id"],
        ondelete="CASCADE",
    )


def _rename(old: str, new: str) -> None:
    """Rename the column with its index; the index of doors is made anew, as its rule names it."""
    op.drop_index("ix_search_name_of_doors", table_name="search_name")
    op.alter_column("search_name", old, new_column_name=new)
    op.execute(f"ALTER INDEX ix_search_name_{old} RENAME TO ix_search_name_{new}")
    op.create_index(
        "ix_search_name_of_doors",
        "search_name",
        ["kind", "name", "community_id"],
        unique=True,
        postgresql_where=sa.text(f"unit_id IS NULL AND {new} IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
