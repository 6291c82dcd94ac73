"""Outlines of real neighbourhoods that overlap by a little: mended when accepted, or refused."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.domain.access import SYSTEM
from gis.exchange.columns import parse_mapping
from gis.exchange.records import read_records
from gis.store.area import divisions
from tests.drawn_town import put
from tests.gis.actions.conftest import build_blocks_of
from tests.gis.actions.ground.test_county_coverage import (
    blocks_in_use,
    check_coverage_of,
    county_outline,
    written_and_read,
)

FOLDER = Path(__file__).parents[4] / "shared/data/cambridge_ma"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the town's open data are not here")
OPTIONS = {"number_communities": True, "code_prefix": "990025017", "accept_repairs": True}


def read_neighbourhoods():
    file = FOLDER / "neighborhoods.geojson"
    read = read_records(file, "communities", mapping=parse_mapping(["name=NAME"]))
    assert not read.defects
    return read.frame


def test_real_neighbourhoods_without_codes_are_one_coverage_once_mended(session):
    records = read_neighbourhoods()
    outcome = put(session, "communities", records, **OPTIONS)
    assert (outcome.state, outcome.rows_stored) == ("committed", len(records))
    assert any("overlapped" in said for said in outcome.doubts)
    assert {(r.other is None, r.state) for r in outcome.repairs} == {
        (False, "mended"),
        (True, "mended"),
    }
    together = county_outline(session)
    given = shapely.union_all(np.asarray(records.geometry.array, dtype=object))
    assert together.area == pytest.approx(given.area, rel=1e-6)
    assert put(session, "communities", records, **OPTIONS).state == "unchanged"


def test_blocks_of_real_neighbourhoods_are_one_coverage_in_every_file(session, tmp_path):
    put(session, "communities", read_neighbourhoods(), **OPTIONS)
    rail = read_records(FOLDER / "rail.geojson", "barriers", mapping=parse_mapping(["kind:=rail"]))
    put(session, "barriers", rail.frame)
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    outline, blocks = county_outline(session), blocks_in_use(session)
    assert len(blocks) > len(divisions.communities(session, SYSTEM))
    check_coverage_of(blocks, outline)
    for shapes in written_and_read(gpd.GeoDataFrame(geometry=blocks, crs=4326), tmp_path):
        check_coverage_of(shapes, outline)
