"""Plans as the command line shows them and files carry them."""

import pytest

from gis.domain.access import SYSTEM
from gis.store import tables as t
from gis.store.plan import plan_export, plans
from tests.factories import NOW


@pytest.fixture
def reported(session, town):
    """The first plan of the tiny town, its first grid with a report, its second without."""
    plan = town.communities[0].plans[0]
    first = session.query(t.Grid).filter_by(plan_id=plan.id).order_by(t.Grid.code).first()
    first.border_shares = {"main_road": 0.4, "river": 0.35, "path": 0.001}
    first.barrier_share, first.border_m = 0.751, 900.0
    first.straddled_m, first.people_deviation = 12.5, -0.1
    first.terms = {"border": 3.25, "compactness": 0.5}
    first.reasons = {"thin": "The grid is long."}
    session.flush()
    return plan.id


def test_a_shown_plan_says_what_its_borders_follow_and_what_was_odd(session, reported):
    first, second = plan_export.grid_rows(session, SYSTEM, reported)
    assert first["borders"] == "main road 40 %, river 35 %, open 25 %"
    assert (first["straddled_m"], first["people_deviation"]) == (12.5, -0.1)
    assert (first["terms"], first["reasons"]) == (
        "border 3.25, compactness 0.5",
        "The grid is long.",
    )
    assert (second["straddled_m"], second["terms"]) == (None, "")


def test_an_exported_plan_has_a_column_for_each_kind_of_barrier(session, reported):
    grids = plan_export.plan_layers(session, SYSTEM, [reported])["grids"]
    assert grids["river_share"].iloc[0] == 0.35 and grids["wall_share"].isna().all()
    assert {"straddled_m", "people_deviation", "workload_deviation"} <= set(grids.columns)


def test_the_grids_of_a_page_carry_their_report(session, reported):
    first = plans.list_grids(session, SYSTEM, reported, today=NOW.date())[0]
    assert first.border_shares["river"] == 0.35 and first.terms["border"] == 3.25
    assert first.figures == {}
