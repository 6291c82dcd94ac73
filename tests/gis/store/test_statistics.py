from datetime import date

import pandas as pd
import pytest

from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import InvalidInput, NotAllowed
from gis.store import tables as t
from gis.store.maps import grid_shapes, incident_points, list_names, map_bounds
from gis.store.statistics import basis_of, statistics, suppressed_rows
from gis.store.tiles import context_tile
from tests.factories import make_town

FEBRUARY = parse_period("2026-02")


@pytest.fixture
def town(session):
    return make_town(session)


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
    session.add(
        t.BlockIncidentCount(
            block_id=town.communities[0].blocks[0].id,
            topic="neighbour_dispute",
            month=date(2026, 2, 1),
            incidents=7,
        )
    )
    session.flush()
    table = statistics(session, SYSTEM, by="county", topic="all", period=FEBRUARY)
    assert table["incidents"].tolist() == [6]


def test_small_numbers_of_a_sensitive_topic_are_suppressed(session, town):
    first = town.communities[0]
    for block, count in ((first.blocks[0], 7), (first.blocks[2], 3)):
        session.add(
            t.BlockIncidentCount(
                block_id=block.id,
                topic="neighbour_dispute",
                month=date(2026, 2, 1),
                incidents=count,
            )
        )
    session.flush()
    table = statistics(session, SYSTEM, by="grid", topic="neighbour_dispute", period=FEBRUARY)
    home = table[table["parent"] == first.unit.code]
    assert home["suppressed"].tolist() == [True, True], "the total would give the small one away"
    assert home["incidents"].isna().all()
    assert home["rate_per_1000"].isna().all()


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
    assert map_bounds(session, SYSTEM) is None


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


def test_where_one_row_alone_is_hidden_the_total_does_not_tell_it():
    alone = pd.DataFrame({"parent": ["a", "b", "c"], "incidents": [2, 9, 7]})
    assert suppressed_rows(alone).tolist() == [True, False, True]
