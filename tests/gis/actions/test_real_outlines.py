"""Outlines of real neighbourhoods that overlap by a little: mended when accepted, or refused."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select

from gis.exchange.columns import parse_mapping
from gis.exchange.records import read_records
from gis.store import tables as t
from tests.drawn_town import put

FILE = Path(__file__).parents[4] / "shared/data/cambridge_ma/neighborhoods.geojson"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the town's open data are not here")


def test_real_neighbourhoods_without_codes_share_no_ground_once_mended(session):
    read = read_records(FILE, "communities", mapping=parse_mapping(["name=NAME"]))
    assert not read.defects
    options = {"number_communities": True, "code_prefix": "990025017", "accept_repairs": True}
    outcome = put(session, "communities", read.frame, **options)
    assert (outcome.state, outcome.rows_stored) == ("committed", len(read.frame))
    assert any("overlapped" in said for said in outcome.doubts)
    query = select(func.ST_AsBinary(t.DivisionUnit.geom)).where(t.DivisionUnit.level == "community")
    shapes = shapely.from_wkb([bytes(g) for g in session.scalars(query)])
    together = shapely.union_all(shapes)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() == pytest.approx(together.area, rel=1e-8)
    given = shapely.union_all(np.asarray(read.frame.geometry.array, dtype=object))
    assert together.area == pytest.approx(given.area, rel=1e-6)
    assert put(session, "communities", read.frame, **options).state == "unchanged"
