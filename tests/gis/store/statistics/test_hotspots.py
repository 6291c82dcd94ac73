"""Hot and cold grids read from the store: neighbours by borders, hidden counts left out."""

from datetime import date

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select

from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import NotAllowed
from gis.store import tables as t
from gis.store.statistics.by_level import statistics
from gis.store.statistics.hotspots import _neighbours, find_hotspots
from tests.counted import put_counts

FEBRUARY = parse_period("2026-02")


def test_neighbours_are_the_grids_with_a_common_border(session, town):
    codes = statistics(session, SYSTEM, by="grid", topic="all", period=FEBRUARY)["code"].tolist()
    live = select(t.Grid.code, func.ST_AsBinary(t.Grid.geom)).join(
        t.LivePlan, t.LivePlan.plan_id == t.Grid.plan_id
    )
    shape_of = {code: shapely.from_wkb(bytes(shape)) for code, shape in session.execute(live)}
    shapes = [shape_of[code] for code in codes]
    met = [
        [j for j in range(len(shapes)) if i != j and shapes[i].intersection(shapes[j]).length > 0]
        for i in range(len(shapes))
    ]
    assert [sorted(row) for row in _neighbours(session, SYSTEM, codes)] == met
    assert any(met)


def test_a_hot_grid_is_found_and_the_figures_are_those_of_the_statistics(session, town):
    hot = town.communities[0].blocks[0].id
    put_counts(session, [hot], "incidents:noise", 30, date(2026, 2, 1))
    asked = {"topic": "noise", "period": FEBRUARY}
    found = find_hotspots(session, SYSTEM, **asked)
    counted = statistics(session, SYSTEM, by="grid", **asked)
    assert found["incidents"].tolist() == counted["incidents"].tolist()
    assert found["expected"].sum() == pytest.approx(found["incidents"].sum())
    first = found.iloc[0]
    assert first["code"] == town.communities[0].grids[0].code and first["gi_bin"] == 3
    assert (found["gi_bin"] < 0).any()


def test_no_class_is_made_from_a_hidden_count(session, town):
    for community, n in ((0, 40), (1, 3)):
        block = town.communities[community].blocks[0].id
        put_counts(session, [block], "incidents:neighbour_dispute", n, date(2026, 2, 1))
    found = find_hotspots(session, SYSTEM, topic="neighbour_dispute", period=FEBRUARY)
    hidden = found["suppressed"].to_numpy(bool)
    assert hidden.any() and found.loc[hidden, ["gi_bin", "z", "expected"]].isna().all(axis=None)
    shown = found[~hidden]
    assert shown["expected"].sum() == pytest.approx(float(shown["incidents"].sum()))


def test_only_grids_of_the_own_area_and_only_for_who_may(session, town):
    scope = town.scope("official")
    codes = find_hotspots(session, scope, topic="noise", period=FEBRUARY)["code"]
    assert len(codes) == len(np.unique(codes)) > 0
    with pytest.raises(NotAllowed):
        find_hotspots(session, town.scope("worker"), topic="noise", period=FEBRUARY)
