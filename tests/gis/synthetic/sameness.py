"""Whether two towns are the same to the last value."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from gis.domain.kinds import KINDS


def assert_same_frame(left: pd.DataFrame, right: pd.DataFrame) -> None:
    shapes = isinstance(left, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(
        pd.DataFrame(left.drop(columns="geometry")) if shapes else left,
        pd.DataFrame(right.drop(columns="geometry")) if shapes else right,
        check_exact=True,
    )
    if shapes:
        ours, theirs = (shapely.to_wkb(f.geometry.to_numpy()) for f in (left, right))
        assert (ours == theirs).all()


def assert_same_town(left, right) -> None:
    assert left.frames().keys() == right.frames().keys()
    for kind, frame in left.frames().items():
        assert_same_frame(frame, right.frames()[kind])
    for name in ("hotspots", "households", "incidents"):
        assert_same_frame(getattr(left.truth, name), getattr(right.truth, name))


def assert_columns_are_those_of_their_kind(town) -> None:
    for kind, frame in town.frames().items():
        expected = [f.name for f in KINDS[kind].fields]
        expected += ["geometry"] if KINDS[kind].geometry else []
        assert list(frame.columns) == expected
