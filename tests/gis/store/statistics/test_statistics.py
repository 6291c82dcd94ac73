from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.linalg import null_space
from sqlalchemy import func, select

from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import InvalidInput, NotAllowed
from gis.store import tables as t
from gis.store.area.home_extent import home_extent
from gis.store.ground.tiles import context_tile
from gis.store.statistics.by_level import LEVELS, basis_of, statistics
from gis.store.statistics.maps import community_shapes, grid_shapes, incident_points, list_names
from gis.store.statistics.stretches import count_stretches
from tests.counted import put_counts
from tests.factories import ewkt

FEBRUARY = parse_period("2026-02")


def test_every_level_has_the_same_total(session, town):
    for by in ("grid", "community", "town", "county"):
        table = statistics(session, SYSTEM, by=by, topic="noise", period=FEBRUARY)
        assert table["incidents"].sum() == 5
    grids = statistics(session, SYSTEM, by="grid", topic="noise", period=FEBRUARY)
    first = grids.iloc[0]
    assert (first["households"], first["people"], first["incidents"]) == (12, 36, 5)
    assert first["rate_per_1000"] == pytest.approx(5 / 36 * 1000)
    assert 0 < first["eb_rate_per_1000"] <= first["rate_per_1000"]


def test_the_period_is_whole_months(session, town):
    march = statistics(session, SYSTEM, by="county", topic="noise", period=parse_period("2026-03"))
    assert march["incidents"].tolist() == [0]


def test_all_topics_together_leave_the_sensitive_out(session, town):
    block = town.communities[0].blocks[0].id
    put_counts(session, [block], "incidents:neighbour_dispute", 7, date(2026, 2, 1))
    table = statistics(session, SYSTEM, by="county", topic="all", period=FEBRUARY)
    assert table["incidents"].tolist() == [6]


def test_small_numbers_of_a_sensitive_topic_are_suppressed(session, town):
    first = town.communities[0]
    for block, count in ((first.blocks[0], 7), (first.blocks[2], 3)):
        put_counts(session, [block.id], "incidents:neighbour_dispute", count, date(2026, 2, 1))
    table = statistics(session, SYSTEM, by="grid", topic="neighbour_dispute", period=FEBRUARY)
    home = table[table["parent"] == first.unit.code]
    assert home["suppressed"].tolist() == [True, True], "the total would give the small one away"
    assert home["incidents"].isna().all()
    assert home["rate_per_1000"].isna().all()
    assert home["eb_rate_per_1000"].isna().all()


def count_disputes(session, town, counts):
    """Store counts by (community, block, month of 2025)."""
    for (community, block, month), n in counts.items():
        home = town.communities[community].blocks[block].id
        put_counts(session, [home], "incidents:neighbour_dispute", n, date(2025, month, 1))


def shown(session, scope, by, period):
    table = statistics(
        session, scope, by=by, topic="neighbour_dispute", period=parse_period(period)
    )
    return dict(zip(table["code"], table["incidents"], strict=True))


def test_a_small_quarter_does_not_come_back_from_the_year(session, town):
    """Quarters of 2, 9, 9 and 9: the year may show 29, but not beside three quarters."""
    months = {2: 2, 5: 9, 8: 9, 11: 9}
    count_disputes(session, town, {(0, 0, month): n for month, n in months.items()})
    county = {p: [*shown(session, SYSTEM, "county", p).values()][0] for p in ("2025", *QUARTERS)}
    assert county["2025"] == 29
    assert [pd.isna(county[q]) for q in QUARTERS].count(True) == 2
    assert pd.isna(county["2025-Q1"])
    with pytest.raises(InvalidInput, match="month, quarter and year"):
        shown(session, SYSTEM, "county", "2025-01..2025-06")


QUARTERS = [f"2025-Q{q}" for q in (1, 2, 3, 4)]
DIGITS = {"grid": 15, "community": 12, "town": 9, "county": 6}
PERIODS = ["2025", *QUARTERS, *(f"2025-{m:02}" for m in range(1, 13))]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_hidden_is_a_combination_of_all_that_is_shown(session, town, seed):
    """All levels and periods, for three people of different areas, solved as one system."""
    random = np.random.default_rng(seed)
    counts = {
        (community, block, month): int(n)
        for community in (0, 1, 2)
        for block in (0, 3)
        for month in range(1, 13)
        if (n := random.choice([0, 0, 1, 3, 6, 12]))
    }
    count_disputes(session, town, counts)
    variables = [(c, b, month) for c in (0, 1, 2) for b in (0, 3) for month in range(1, 13)]
    codes = {
        (community, block): grid_code(town, community, block) for community, block, _ in variables
    }
    equations, right, hidden = [], [], {}
    for scope in (SYSTEM, town.scope("planner"), town.scope("community_manager")):
        mine = scope.community_ids
        for by in LEVELS:
            for period in PERIODS:
                for code, n in shown(session, scope, by, period).items():
                    row = [
                        float(
                            codes[community, block].startswith(code[: DIGITS[by]])
                            and parse_period(period).first <= date(2025, month, 1)
                            and date(2025, month, 1) < parse_period(period).end
                            and (mine is None or town.communities[community].id in mine)
                        )
                        for community, block, month in variables
                    ]
                    if not pd.isna(n):
                        equations.append(row)
                        right.append(n)
                    elif mine is None:
                        hidden[by, code, period] = row
    matrix = np.array(equations).reshape(-1, len(variables))
    truth = np.array([counts.get(v, 0) for v in variables])
    assert (matrix @ truth == np.array(right, dtype=float)).all()
    free = null_space(matrix) if len(matrix) else np.eye(len(variables))
    given = [
        name
        for name, row in hidden.items()
        if any(row) and np.abs(np.array(row) @ free).max(initial=0) < 1e-9
    ]
    assert given == []
    assert len(right) > 0


def grid_code(town, community, block):
    found = town.communities[community]
    if not found.grids:
        return found.unit.code
    return found.grids[0 if block % 4 < 2 else 1].code


def test_counts_of_a_plan_not_in_force_tell_nothing_of_a_sensitive_topic(session, town):
    count_disputes(session, town, {(1, 0, 2): 30, (1, 3, 2): 40})
    draft = town.communities[1].plans[1]
    question = {"topic": "neighbour_dispute", "period": parse_period("2025")}
    table = statistics(session, SYSTEM, by="grid", plan=draft.id, **question)
    assert table["incidents"].isna().all()
    assert statistics(session, SYSTEM, by="county", **question)["incidents"].tolist() == [70]


def test_a_scope_counts_only_its_own_communities(session, town):
    scope = town.scope("community_manager")
    table = statistics(session, scope, by="community", topic="noise", period=FEBRUARY)
    assert table["code"].tolist() == [town.communities[0].unit.code]
    outside = town.scope("planner")
    assert len(statistics(session, outside, by="grid", topic="noise", period=FEBRUARY)) == 4


def test_a_worker_sees_no_statistics(session, town):
    with pytest.raises(NotAllowed):
        statistics(session, town.scope("worker"), by="grid", topic="noise", period=FEBRUARY)


def test_an_unknown_topic_or_level_is_refused(session, town):
    with pytest.raises(InvalidInput, match="topic"):
        statistics(session, SYSTEM, by="grid", topic="kites", period=FEBRUARY)
    with pytest.raises(InvalidInput, match="level"):
        statistics(session, SYSTEM, by="street", topic="noise", period=FEBRUARY)


def test_a_named_plan_is_counted_instead_of_the_one_in_force(session, town):
    draft = town.communities[1].plans[1]
    table = statistics(session, SYSTEM, by="grid", topic="noise", period=FEBRUARY, plan=draft.id)
    assert table["households"].tolist() == [10, 14]


def test_an_empty_database_gives_an_empty_table(session):
    for by in ("grid", "county"):
        assert statistics(session, SYSTEM, by=by, topic="noise", period=FEBRUARY).empty
    assert basis_of(session, SYSTEM).last_month is None
    assert home_extent(session, SYSTEM) is None


def test_maps_show_only_the_scope_and_no_person(session, town):
    mine = grid_shapes(session, town.scope("community_manager"))
    assert {f["properties"]["code"] for f in mine["features"]} == {
        g.code for g in town.communities[0].grids
    }
    assert incident_points(session, SYSTEM, topic="noise", period=FEBRUARY) == [
        (108.5005, 25.9305, 5)
    ]
    names = {n.name for n in list_names(session, SYSTEM)}
    assert {"古榕社区", "001", "002"} <= names


def test_points_of_a_sensitive_topic_are_refused(session, town):
    with pytest.raises(NotAllowed):
        incident_points(session, SYSTEM, topic="neighbour_dispute", period=FEBRUARY)


def test_a_tile_of_the_ground_holds_its_buildings_and_rivers(session, town):
    import mapbox_vector_tile

    tile = mapbox_vector_tile.decode(context_tile(session, 14, 13130, 6969))
    assert len(tile["buildings"]["features"]) == 36
    assert {f["properties"]["name"] for f in tile["water_lines"]["features"]} == {"都柳江"}
    assert context_tile(session, 14, 0, 0) == b""


def test_stretches_are_counted_where_incidents_rest_on_them(session, town):
    incidents = session.scalars(
        select(t.Incident).where(t.Incident.topic == "noise", t.Incident.block_id.is_not(None))
    ).all()
    asked = {"topic": "noise", "period": parse_period("2020-01..2030-12")}
    assert count_stretches(session, SYSTEM, **asked) == 0
    incidents[0].number_from, incidents[0].number_to = 331, 360
    for one_house in incidents[1:2]:
        one_house.number_from, one_house.number_to = 12, 12
    session.flush()
    assert count_stretches(session, SYSTEM, **asked) == 1
    assert count_stretches(session, SYSTEM, topic="all", period=asked["period"]) == 1
    assert count_stretches(session, SYSTEM, topic="noise", period=parse_period("2019")) == 0


def test_stretches_of_a_sensitive_topic_are_not_told(session, town):
    asked = {"topic": "neighbour_dispute", "period": FEBRUARY}
    assert count_stretches(session, SYSTEM, **asked) is None


def test_a_name_is_given_the_part_where_most_live(session, town):
    unit = town.communities[1].unit
    far = shapely.box(109.0, 26.0, 109.1, 26.1)  # larger, and nobody lives there
    stored = select(func.ST_AsBinary(t.DivisionUnit.geom)).where(t.DivisionUnit.id == unit.id)
    home = shapely.from_wkb(bytes(session.scalar(stored)))
    unit.geom = ewkt(shapely.MultiPolygon([far, *home.geoms]))
    session.flush()
    named = {n.code: n for n in list_names(session, SYSTEM)}[unit.code]
    assert home.contains(shapely.Point(named.lon, named.lat))
    shapes = community_shapes(session, SYSTEM)["features"]
    told = next(f["properties"] for f in shapes if f["properties"]["code"] == unit.code)
    assert (told["lon"], told["lat"]) == (named.lon, named.lat)
