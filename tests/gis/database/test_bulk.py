"""Whole frames into tables and back: nothing is lost, whatever the text or the shape."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, box
from sqlalchemy import func, select

from gis.database.bulk import as_multi, copy_frame, new_ids, read_frame, read_geoframe
from gis.store.tables import Address, Barrier, Building, ImportBatch

AWKWARD = [
    "榕江大道12号",
    "tab\there",
    "line\nbreak\r\n",
    "back\\slash \\N \\. \\t",
    "",
    " ",
    "'quoted' \"twice\"",
    "😀 𠮷野",
    "NaN",
    "a,b;c|d",
    None,
]


@pytest.fixture
def batch(session) -> ImportBatch:
    batch = ImportBatch(kind="addresses", file_name="a.csv", state="committed")
    session.add(batch)
    session.flush()
    return batch


def address_frame(texts: list, batch: ImportBatch, **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"text": "x", "street": texts}, dtype=object)
    return frame.assign(import_batch_id=batch.id, **columns)


def stored(session, *columns) -> list[tuple]:
    return [tuple(r) for r in session.execute(select(*columns).order_by(Address.id))]


def test_texts_come_back_as_they_were(session, batch):
    assert copy_frame(session, Address, address_frame(AWKWARD, batch)) == len(AWKWARD)
    assert [street for (street,) in stored(session, Address.street)] == AWKWARD


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(session, batch, text):
    (new,) = new_ids(session, Address, 1)
    copy_frame(session, Address, address_frame([text], batch, id=new))
    assert session.scalar(select(Address.street).where(Address.id == int(new))) == text


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_every_kind_of_missing_value_becomes_null(session, batch, missing):
    frame = pd.DataFrame({"community_id": [missing], "street": [missing]}, dtype=object)
    copy_frame(session, Address, frame.assign(text="x", import_batch_id=batch.id))
    assert stored(session, Address.community_id, Address.street) == [(None, None)]


def test_whole_numbers_that_pandas_made_floats_are_stored_whole(session, batch):
    levels = pd.Series([3, None, 12], dtype=float)
    shapes = as_multi([box(i, 0, i + 1, 1) for i in range(3)])
    frame = pd.DataFrame({"levels": levels, "geom": shapes, "import_batch_id": batch.id})
    copy_frame(session, Building, frame)
    rows = session.scalars(select(Building.levels).order_by(Building.id)).all()
    assert rows == [3, None, 12]


def test_shapes_come_back_to_the_last_digit_with_their_crs(session, batch):
    shapes = [Point(108.123456789012345, 25.98765432109876), None, Point(-0.0, 0.1)]
    frame = address_frame(["a", "b", "c"], batch).assign(geom=shapes)
    copy_frame(session, Address, frame)
    query = select(Address.street, func.ST_AsBinary(Address.geom).label("geometry"))
    found = read_geoframe(session, query.order_by(Address.id))
    assert isinstance(found, gpd.GeoDataFrame) and found.crs.to_epsg() == 4326
    for one, other in zip(found.geometry, shapes, strict=True):
        assert (one is None) == (other is None)
        assert one is None or shapely.to_wkb(one) == shapely.to_wkb(other)


def test_lines_of_a_frame_keep_their_order(session, batch):
    lines = [shapely.LineString([(i, 0), (i, 1)]) for i in range(20)]
    frame = pd.DataFrame({"kind": "path", "geom": lines, "import_batch_id": batch.id})
    copy_frame(session, Barrier, frame)
    west = session.scalars(select(func.ST_XMin(Barrier.geom)).order_by(Barrier.id)).all()
    assert west == list(range(20))


def test_an_empty_frame_writes_nothing_and_reads_with_its_columns(session, batch):
    assert copy_frame(session, Address, address_frame([], batch)) == 0
    none = read_frame(session, select(Address.id, Address.text).where(Address.id < 0))
    assert none.empty and list(none.columns) == ["id", "text"]
    query = select(func.ST_AsBinary(Address.geom).label("geometry")).where(Address.id < 0)
    assert read_geoframe(session, query).empty


def test_a_column_the_table_does_not_have_is_an_error_not_a_statement(session, batch):
    frame = address_frame(["a"], batch).assign(**{"text) FROM STDIN; --": 1})
    with pytest.raises(KeyError):
        copy_frame(session, Address, frame)


def test_reserved_ids_ascend_and_are_never_given_twice(session):
    first, second = new_ids(session, Address, 5), new_ids(session, Address, 3)
    ids = np.concatenate([first, second])
    assert (np.diff(ids) > 0).all() and len(set(ids)) == 8
    assert len(new_ids(session, Address, 0)) == 0


def test_single_polygons_and_lines_are_wrapped_and_multi_ones_left():
    square, pair = box(0, 0, 1, 1), shapely.MultiPolygon([box(2, 2, 3, 3), box(4, 4, 5, 5)])
    wrapped = as_multi([square, pair, square])
    assert [g.geom_type for g in wrapped] == ["MultiPolygon"] * 3
    assert wrapped[0].geoms[0].equals(square) and wrapped[1].equals(pair)
    line = shapely.LineString([(0, 0), (1, 1)])
    assert as_multi([line], "MULTILINESTRING")[0].geom_type == "MultiLineString"
