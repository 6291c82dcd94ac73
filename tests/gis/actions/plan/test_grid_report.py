"""What is kept with each grid of a drawing."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.actions.plan.grid_report import report_columns, terms_of
from gis.geometry.partition.flags import Flag
from gis.geometry.quality import measure_division


def division(**more):
    x = np.arange(4) * 100
    blocks = gpd.GeoDataFrame(
        {"block_id": range(4), "households": [10] * 4, "people": [10, 10, 30, 30]},
        geometry=shapely.box(x, 0, x + 100, 100),
        crs=32632,
    )
    river = gpd.GeoDataFrame(
        {"kind": ["river"]}, geometry=[shapely.LineString([(200, -9), (200, 60)])], crs=32632
    )
    quality = measure_division(
        blocks,
        {0: 7, 1: 7, 2: 9, 3: 9},
        weight="households",
        minimum=15,
        maximum=25,
        barriers=river,
    )
    flag = Flag(9, "thin", "The grid is thin.", {"compactness": 0.1})
    return SimpleNamespace(quality=quality, flags=(flag,), **more)


def test_the_report_stands_in_the_order_asked_for():
    columns = report_columns(division(), [9, 7])
    assert columns["people_deviation"] == [0.5, -0.5]
    assert columns["workload"] == [None, None]
    assert columns["border_shares"][0].keys() == {"river"}
    assert 0.6 < columns["border_shares"][0]["river"] < 0.65
    assert columns["figures"] == [{"thin": {"compactness": 0.1}}, {}]
    assert columns["terms"] == [{}, {}]


def test_terms_of_the_objective_are_kept_where_they_were_measured():
    terms = pd.DataFrame({"border": [1.5, 2.5, 4.0], "stability": [np.nan] * 3}, [7, 9, "total"])
    drawn = division(terms=terms)
    assert report_columns(drawn, [7, 9])["terms"] == [{"border": 1.5}, {"border": 2.5}]
    assert terms_of(drawn, "total") == {"border": 4.0}
