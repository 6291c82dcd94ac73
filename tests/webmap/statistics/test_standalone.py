import json
import re

import pytest

from gis.domain.access import SYSTEM
from gis.errors import NotFound
from webmap.statistics.standalone import standalone_map


@pytest.fixture
def html(app, session, town):
    with app.app_context():
        return standalone_map(session, SYSTEM, wished={"topic": "noise"}, language="zh")


def test_the_file_loads_nothing(html):
    markup = re.sub(r"<script.*?</script>|<style>.*?</style>", "", html, flags=re.S)
    assert not re.search(r"""(src|href)=["'](?!#)""", markup)
    assert "default-src 'none'" in html
    assert "url(" not in re.search(r"<style>(.*?)</style>", html, re.S)[1]


def test_the_file_carries_every_answer_it_will_ask_for(html):
    data = json.loads(re.search(r"communityGridData = (\{.*?\});</script>", html, re.S)[1])
    assert set(data) > {"/tiles/context/{z}/{x}/{y}.mvt", "/api/v1/maps/names"}
    noise = data["/api/v1/statistics?by=grid&topic=noise&period=2026-Q1"]
    assert noise["totals"]["incidents"] == 5
    assert len(data["/api/v1/maps/shapes/grid"]["features"]) == 4
    assert len(data["/tiles/context/{z}/{x}/{y}.mvt"]["buildings"]) == 36


def test_no_person_and_no_sensitive_point_is_in_the_file(html, town):
    for community in town.communities:
        for household in community.households:
            assert household.head_name not in html
            assert household.phone not in html
    assert "maps/incidents?topic=neighbour_dispute" not in html


def test_an_empty_database_is_refused_with_the_next_step(app, session):
    with app.app_context(), pytest.raises(NotFound, match="import communities"):
        standalone_map(session, SYSTEM, wished={}, language="en")
