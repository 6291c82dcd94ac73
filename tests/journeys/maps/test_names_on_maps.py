"""What is written on the maps: every map names its ground, and no name covers another."""

import pytest
import shapely

from scripts.evaluation.labels.command import look_around
from tests.factories import SIDE, SOUTH, WEST

pytestmark = pytest.mark.browser

PAGES = {
    "worker": ("worker", "/worker/"),
    "review": ("community_manager", "/review/"),
    "planner": ("planner", "/planner/"),
    "community": ("planner", "/planner/community/522632100001"),
    "official": ("official", "/official/?by=grid"),
    "import": ("planner", "/planner/community/522632100001/import"),
}
NAMED = "() => communityGridMap.communityGridLabels.sets.get('communities')?.length > 0"
SEEN = """() => {
    const [map, ground] = [communityGridMap, communityGridMap.communityGridLabels.ground];
    return ground?.drawn?.zoom === map.getZoom() && ground.drawn.bounds.contains(map.getCenter());
}"""
DRAWN = """map => {
    const labels = map.communityGridLabels;
    labels.drawNow();
    return labels.drawn.map(({kind, name, code, boxes, x, y}) => {
        const at = map.containerPointToLatLng([x, y]);
        return {kind, name, code: code ?? null, boxes, at: [at.lng, at.lat]};
    });
}"""


def names_at(page, lon, lat, zoom):
    """Look at a place and give what is written there, once its ground is drawn."""
    page.evaluate(
        "([lat, lon, zoom]) => { communityGridMap.setView([lat, lon], zoom, {animate: false}); }",
        [lat, lon, zoom],
    )
    page.wait_for_function(SEEN)
    return page.evaluate(f"({DRAWN})(communityGridMap)")


def kinds(drawn):
    return {label["kind"] for label in drawn}


@pytest.mark.parametrize("name", PAGES)
def test_every_map_names_places_and_waters(visit, name):
    login, path = PAGES[name]
    page = visit(login, path)
    page.wait_for_selector("#map_main[data-drawn]")
    page.wait_for_function(NAMED)
    drawn = names_at(page, WEST + 2 * SIDE, SOUTH + 1.5 * SIDE, 16.25)
    wanted = {"community", "river"} | (set() if name == "import" else {"grid"})
    assert wanted <= kinds(drawn)
    assert "都柳江" in {label["name"] for label in drawn}
    boxes = [[shapely.box(*box) for box in label["boxes"]] for label in drawn]
    whole = [shapely.union_all(parts) for parts in boxes]
    over = [
        (drawn[i]["name"], drawn[j]["name"])
        for i in range(len(whole))
        for j in range(i)
        if whole[i].intersects(whole[j])
    ]
    assert over == []


def test_houses_have_their_numbers_when_one_is_near(visit):
    page = visit("community_manager", "/review/?status=none")
    page.wait_for_selector("#map_main[data-drawn]")
    drawn = names_at(page, WEST + SIDE, SOUTH + SIDE, 17.5)
    assert {"1", "2"} <= {label["name"] for label in drawn if label["kind"] == "number"}


def test_a_name_is_written_in_the_language_of_the_page(visit, served):
    page = visit("official", "/official/?by=community")
    page.context.add_cookies([{"name": "language", "value": "zh", "url": served.url}])
    page.reload()
    page.wait_for_selector("#map_main[data-drawn]")
    drawn = names_at(page, WEST + 4 * SIDE, SOUTH + 1.5 * SIDE, 15)
    assert {"古榕社区", "卧龙社区"} <= {label["name"] for label in drawn}


def test_names_keep_their_rules_at_every_zoom(visit):
    page = visit("official", "/official/?by=grid")
    page.wait_for_selector("#map_main[data-drawn]")
    written, faults = look_around(page, places=1, seed=3)
    assert faults == []
    assert {"community", "grid", "river", "number"} <= set(written)


@pytest.fixture
def point(visit):
    page = visit("official", "/official/")

    def ask(expression, shape=None):
        given = None if shape is None else shapely.to_geojson(shape)
        script = f"(given) => import('/static/js/maps/label_point.js').then((m) => {expression})"
        return page.evaluate(script, given)

    return ask


def test_a_name_stands_at_the_widest_point_of_its_shape(point):
    neck = shapely.union_all(
        [shapely.box(0, 0, 4, 4), shapely.box(4, 1, 30, 2), shapely.box(30, -6, 46, 10)]
    )
    hole = shapely.box(0, 0, 10, 10).difference(shapely.Point(5, 5).buffer(3))
    bent = shapely.LineString([(0, 0), (0, 20), (20, 20)]).buffer(1)
    for shape in (neck, hole, bent):
        x, y, reach = point("m.widestPoint(JSON.parse(given).coordinates)", shape)
        widest = shapely.maximum_inscribed_circle(shape, tolerance=0.01).length
        tolerance = max(shape.bounds[2] - shape.bounds[0], shape.bounds[3] - shape.bounds[1]) / 100
        assert shape.contains(shapely.Point(x, y))
        assert reach >= widest - tolerance
        assert shape.exterior.distance(shapely.Point(x, y)) >= reach - 1e-9


def test_an_exclave_never_carries_the_name_of_its_town(point):
    town, exclave = shapely.box(0, 0, 2, 2), shapely.box(10, 10, 30, 30)
    shape = shapely.MultiPolygon([exclave, town])
    rings = point("m.peopledPart(JSON.parse(given), [1, 1])", shape)
    assert shapely.Polygon(rings[0]).equals(town)
    largest = point("m.peopledPart(JSON.parse(given))", shape)
    assert shapely.Polygon(largest[0]).equals(exclave)


def test_the_way_to_a_dense_centre_is_offered(visit):
    page = visit("official", "/official/")
    wide = [[x, y, x + 9, y + 9] for x in range(0, 40, 10) for y in range(0, 30, 10)]
    dense = [[21 + x, 11 + y, 21.8 + x, 11.8 + y] for x in range(4) for y in range(3)]
    found = page.evaluate(
        """(boxes) => import('/static/js/maps/dense_centre.js')
            .then((m) => boxes.map(m.denseCentre))""",
        [wide + dense, wide, dense[:3]],
    )
    assert found[1:] == [None, None], "even land has no centre, and three areas are no crowd"
    west, south, east, north = found[0]
    assert 21 <= west < east <= 25
    assert 11 <= south < north <= 14
