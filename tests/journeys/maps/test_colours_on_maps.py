"""Colours on the maps are those of their legends, at every zoom, measured on what is drawn."""

import base64
from collections import Counter

import pytest

from tests.colours import colour_difference
from tests.factories import SIDE, SOUTH, WEST

pytestmark = pytest.mark.browser

JUST_SEEN = 2.0
PAGES = {
    "official": ("official", "/official/?topic=noise&period=2026-02&by=grid&measure=rate"),
    "planner": ("planner", "/planner/"),
    "community": ("planner", "/planner/community/522632100001"),
}
SWATCHES = """() => [...document.querySelectorAll('.legend-on-map .swatch')]
    .map((e) => getComputedStyle(e).backgroundColor.match(/[0-9.]+/g).map(Number))
    .filter((c) => c.length === 3)"""
DRAWN = (
    "() => communityGridMap.communityGridLabels.ground?.drawn?.zoom === communityGridMap.getZoom()"
)
# Points all over every filled shape: [[x, y, fill], ...] in pixels of the page.
POINTS = """() => {
    const map = communityGridMap;
    const frame = map.getContainer().getBoundingClientRect();
    const found = [];
    map.eachLayer((layer) => {
        if (!layer.feature || !layer.options.fill || layer.options.fillOpacity < 0.5) return;
        if (typeof layer.options.fillColor !== 'string') return;
        const box = layer.getBounds();
        const corner = (at) => map.latLngToContainerPoint(at);
        const [nw, se] = [corner(box.getNorthWest()), corner(box.getSouthEast())];
        if (Math.min(se.x - nw.x, se.y - nw.y) < 40) return; // its name would cover it
        const points = [];
        for (let i = 1; i < 9; i++) for (let j = 1; j < 9; j++) {
            const at = map.latLngToContainerPoint([
                box.getSouth() + (i / 9) * (box.getNorth() - box.getSouth()),
                box.getWest() + (j / 9) * (box.getEast() - box.getWest())]);
            const spot = [at.x + frame.left, at.y + frame.top];
            const seen = document.elementFromPoint(...spot);
            if (seen?.closest('.leaflet-map-pane')) points.push(spot);
        }
        if (points.length > 8) found.push({fill: layer.options.fillColor, points});
    });
    return found;
}"""
PIXELS = """async ([data, points]) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + data;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'),
        {width: image.width, height: image.height});
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    return points.map(([x, y]) => [...pen.getImageData(Math.round(x), Math.round(y), 1, 1).data]);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_areas_have_the_colours_of_the_legend_at_every_zoom(visit, name):
    login, path = PAGES[name]
    page = visit(login, path)
    page.wait_for_selector("#map_main[data-drawn]")
    page.evaluate("for (const e of document.querySelectorAll('details.legend')) e.open = true")
    legend = [tuple(c) for c in page.evaluate(SWATCHES)]
    assert legend
    measured = 0
    for zoom in (15.25, 16.5, 17.75):
        centre = [SOUTH + 1.5 * SIDE, WEST + 2 * SIDE, zoom]
        page.evaluate(
            "([lat, lon, z]) => { communityGridMap.setView([lat, lon], z, {animate: false}); }",
            centre,
        )
        page.wait_for_function(DRAWN)
        picture = base64.b64encode(page.screenshot()).decode()
        for area in page.evaluate(POINTS):
            pixels = page.evaluate(PIXELS, [picture, area["points"]])
            colour = Counter(tuple(p[:3]) for p in pixels).most_common(1)[0][0]
            nearest = min(colour_difference(colour, swatch) for swatch in legend)
            assert nearest < JUST_SEEN, (zoom, colour, area["fill"])
            measured += 1
    assert measured >= 3
