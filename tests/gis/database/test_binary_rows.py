"""Rows packed in binary: every type, nulls anywhere, in pieces of any size."""

import datetime as dt
import math
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box
from sqlalchemy import text

from gis.database.binary_rows import PACKERS, pack_points, pack_rows, pack_shapes
from gis.database.bulk import copy_packed
from gis.errors import InvalidInput

plainly = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=9)
KINDS = {
    "Integer": ("int", st.integers(-(2**31), 2**31 - 1)),
    "BigInteger": ("bigint", st.integers(-(2**63), 2**63 - 1)),
    "Double": ("float8", st.floats(allow_nan=False)),
    "Boolean": ("bool", st.booleans()),
    "Text": ("text", words),
    "Date": ("date", st.dates(dt.date(1, 1, 1))),
    "DateTime": (
        "timestamptz",
        st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC)),
    ),
    "Uuid": ("uuid", st.uuids()),
    "JSONB": ("jsonb", st.dictionaries(words, st.integers(-9, 9) | words, max_size=2)),
    "ARRAY": ("text[]", st.lists(words, max_size=3)),
}
rows = st.lists(st.tuples(*(st.none() | values for _, values in KINDS.values())), max_size=7)


def make_table(session, **columns):
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    session.execute(text(f"CREATE TEMP TABLE packed (n serial, {listed}) ON COMMIT DROP"))


def read_table(session, *expressions):
    return session.execute(text(f"SELECT {', '.join(expressions)} FROM packed ORDER BY n")).all()


@plainly
@given(rows=rows.filter(len), rows_at_once=st.sampled_from([1, 2, 50]))
def test_every_type_comes_back_as_it_was_with_nulls_anywhere(session, rows, rows_at_once):
    with session.begin_nested() as attempt:
        make_table(session, **{f"c_{name}": kind for name, (kind, _) in KINDS.items()})
        columns = {
            f"c_{name}": PACKERS[name](pd.Series([r[i] for r in rows], dtype=object))
            for i, name in enumerate(KINDS)
        }
        stream = b"".join(pack_rows(list(columns.values()), rows_at_once=rows_at_once))
        cursor = session.connection().connection.cursor()
        with cursor.copy(f"COPY packed ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(stream)
        assert [tuple(r) for r in read_table(session, *columns)] == rows
        attempt.rollback()


def test_shapes_of_every_kind_and_missing_ones_are_read_by_the_database(session):
    shapes = [
        Point(108.123456789012345, -25.5), None, LineString([(0, 0), (1, 1)]),
        MultiPolygon([box(0, 0, 1, 1)]), Point(1, 2, 3), Point(),
    ]  # fmt: skip
    make_table(session, geom="geometry")
    assert copy_packed(session, "packed", {"geom": pack_shapes(shapes, srid=4326)}) == 6
    found = read_table(session, "ST_AsBinary(geom)", "ST_SRID(geom)")
    assert [None if w is None else shapely.from_wkb(bytes(w)) for w, _ in found] == shapes
    assert {srid for _, srid in found} == {4326, None}


@plainly
@given(st.lists(st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)), min_size=1))
def test_points_packed_from_coordinates_are_those_of_shapely(pairs):
    lon, lat = np.array(pairs).T
    packed = pack_points(lon, lat, srid=4326)
    plain = shapely.to_wkb(shapely.set_srid(shapely.points(lon, lat), 4326), include_srid=True)
    assert packed.data.tobytes() == b"".join(plain)


def test_a_point_with_a_missing_coordinate_is_null(session):
    make_table(session, geom="geometry", id="int")
    lon, lat = np.array([1.0, np.nan, 3.0]), np.array([4.0, 5.0, np.nan])
    columns = {
        "geom": pack_points(lon, lat, srid=4326),
        "id": PACKERS["Integer"](pd.Series([1, 2, 3])),
    }
    copy_packed(session, "packed", columns)
    assert [tuple(r) for r in read_table(session, "ST_X(geom)", "id")] == [
        (1.0, 1), (None, 2), (None, 3),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1])
def test_a_number_too_large_for_its_column_is_refused_by_name(value):
    with pytest.raises(InvalidInput, match="column levels holds"):
        PACKERS["Integer"](pd.Series([1, value], name="levels"))


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_missing_value_is_null_in_every_type(name, missing):
    packed = PACKERS[name](pd.Series([missing, missing], dtype=object))
    assert packed.sizes.tolist() == [-1, -1] and len(packed.data) == 0


def test_a_time_without_a_zone_is_refused():
    times = pd.Series([dt.datetime(2026, 3, 1, tzinfo=dt.UTC), dt.datetime(2026, 3, 1)], name="at")
    with pytest.raises(ValueError, match="at: a time without a zone"):
        PACKERS["DateTime"](times)


def test_moments_are_moments_and_texts_of_uuids_are_uuids(session):
    make_table(session, t="timestamptz", u="uuid", f="float8")
    moment, uuid = dt.datetime(2026, 3, 1, 8, 30, 0, 123456, dt.UTC), UUID(int=7)
    columns = {
        "t": PACKERS["DateTime"](pd.Series([moment])),
        "u": PACKERS["Uuid"](pd.Series([str(uuid)])),
        "f": PACKERS["Double"](pd.Series([math.inf])),
    }
    copy_packed(session, "packed", columns)
    (found,) = read_table(session, "t", "u", "f")
    assert tuple(found) == (moment, uuid, math.inf)
