"""What panel, legend and cards leave free of a map is found, whatever lies over it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.browser

FRAME = {"width": 400, "height": 300}


def sides(length):
    pairs = st.tuples(st.integers(0, length), st.integers(0, length))
    return pairs.map(sorted).filter(lambda p: p[1] > p[0])


BOXES = st.lists(
    st.builds(
        lambda x, y: {"left": x[0], "right": x[1], "top": y[0], "bottom": y[1]},
        sides(FRAME["width"]),
        sides(FRAME["height"]),
    ),
    max_size=5,
)


def touches(a, b):
    across = a["left"] < b["right"] and b["left"] < a["right"]
    return across and a["top"] < b["bottom"] and b["top"] < a["bottom"]


def strips(box):
    """Give what lies wholly beside a box: left, right, above and below of it."""
    whole = {"left": 0, "top": 0, "right": FRAME["width"], "bottom": FRAME["height"]}
    yield whole | {"right": box["left"]}
    yield whole | {"left": box["right"]}
    yield whole | {"bottom": box["top"]}
    yield whole | {"top": box["bottom"]}


def size(box):
    return (box["right"] - box["left"]) * (box["bottom"] - box["top"])


def test_the_free_part_is_covered_by_nothing_and_no_smaller_than_any_strip(visit):
    page = visit("planner", "/account/")
    page.evaluate("import('/static/js/shell/free.js').then((m) => { window.free = m; })")

    @settings(max_examples=60, deadline=None)
    @given(BOXES)
    def hold(boxes):
        free = page.evaluate("([f, b]) => free.largestFree(f, b)", [FRAME, boxes])
        if any(size(b) == FRAME["width"] * FRAME["height"] for b in boxes):
            return
        clear = [s for b in boxes for s in strips(b) if not any(touches(s, o) for o in boxes)]
        assert 0 <= free["left"] < free["right"] <= FRAME["width"]
        assert 0 <= free["top"] < free["bottom"] <= FRAME["height"]
        covered = [b for b in boxes if touches(free, b)]
        assert not covered or size(free) == FRAME["width"] * FRAME["height"]
        assert size(free) >= max(map(size, clear), default=0)

    hold()


def test_a_long_thing_gets_the_long_free_part(visit):
    page = visit("planner", "/account/")
    covering = [{"left": 150, "top": 120, "right": 400, "bottom": 300}]
    ask = (
        "([f, b, aspect]) => import('/static/js/shell/free.js')"
        ".then((m) => m.largestFree(f, b, aspect))"
    )
    wide = page.evaluate(ask, [FRAME, covering, 4])
    high = page.evaluate(ask, [FRAME, covering, 0.4])
    assert (wide["width"], wide["height"]) == (400, 120)
    assert (high["width"], high["height"]) == (150, 300)


def test_legend_and_layers_of_a_page_are_left_out(visit):
    page = visit("official", "/official/", width=1280)
    page.wait_for_selector("[data-drawn]")
    covered = page.evaluate(
        """async () => {
            const { freeRect } = await import('/static/js/shell/free.js');
            const map = document.querySelector('.folium-map');
            const free = freeRect(map);
            const at = map.getBoundingClientRect();
            return [...document.querySelectorAll('.legend-on-map, .layers, .panel')].filter((e) => {
                const r = e.getBoundingClientRect();
                return r.width > 0 && r.left < at.left + free.right && at.left + free.left < r.right
                    && r.top < at.top + free.bottom && at.top + free.top < r.bottom;
            }).map((e) => e.className);
        }"""
    )
    assert covered == []
