"""What tables say of their rows agrees with their columns, and nothing forgets to say it."""

from gis.domain.kinds import KINDS
from gis.store.tables import Base
from gis.store.tables.kinds import (
    BelongsByPoint,
    LiesInBlock,
    MayBeGrid,
    OfKind,
    ShowsGround,
    TellsOfReal,
    ToLocate,
    kinds_with,
    tables_with,
)

PROMISED = {
    OfKind: {"id", "import_batch_id"},
    ShowsGround: {"geom"},
    BelongsByPoint: {"id", "geom", "community_id"},
    LiesInBlock: {"id", "geom", "community_id", "block_id"},
    ToLocate: {"id", "status", "given_lon", "given_lat", "import_row"},
    MayBeGrid: {"id", "name", "exclusive", "status", "block_id", "community_id"},
    TellsOfReal: {"synthetic"},
}


def tables_having(*columns):
    return {t.name for t in Base.metadata.sorted_tables if set(columns) <= set(t.columns.keys())}


def names_of(mark):
    return {table.__tablename__ for table in tables_with(mark)}


def test_a_marked_table_has_the_columns_that_the_mark_promises():
    for mark, columns in PROMISED.items():
        assert tables_with(mark)
        assert names_of(mark) <= tables_having(*columns), mark


def test_what_is_imported_or_lies_in_a_block_says_so():
    assert tables_having("import_batch_id") - {"geocode_run"} == names_of(OfKind)
    assert tables_having("block_id", "geom") == names_of(LiesInBlock)
    assert tables_having("block_id", "given_lon") == names_of(ToLocate)


def test_a_kind_has_one_table_and_the_columns_that_it_is_found_by():
    kinds = kinds_with()
    assert set(kinds) <= set(KINDS)
    assert len(kinds) == len(tables_with(OfKind))
    for table in kinds.values():
        assert {*table.found_by, getattr(table, "title", "id")} <= set(
            table.__table__.columns.keys()
        )
