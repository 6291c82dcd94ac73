"""A community whose households all wait for review is not told that it has none."""

from sqlalchemy import update

from gis.actions.plan.block_loads import count_blocks
from gis.actions.plan.division_request import read_request
from gis.actions.plan.obstacles import check_request
from gis.domain.access import SYSTEM
from gis.store import tables as t
from tests.drawn_town import NOW


def test_households_in_review_are_counted_where_none_is_located(town, town_session):
    town_session.execute(update(t.Household).values(status="review", block_id=None))
    count_blocks(town_session, now=NOW)
    request = read_request(town_session, SYSTEM, town.communities[0])
    (found,) = [o for o in check_request(request) if o.rule == "no_households"]
    assert "180 wait for review" in found.message and found.figures["waiting"] == 180
    town_session.execute(update(t.Household).values(status="none"))
    request = read_request(town_session, SYSTEM, town.communities[0])
    assert any("There are no households" in o.message for o in check_request(request))
