"""The browser's arithmetic of an edit is the server's: same ground, same division, same figures."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.geometry.redraw import make_working_ground
from gis.geometry.redraw.faults import find_faults
from gis.geometry.redraw.figures import measure_grids
from gis.geometry.redraw.payload import from_payload, to_payload

pytestmark = pytest.mark.browser

SIDE_M = 10.0


@pytest.fixture
def blank(visit):
    """Give a page that may import the scripts."""
    return visit("planner", "/planner/")


def random_ground(rng):
    """Make a lattice with holes, random loads, a road through it and some exclusive ground."""
    n_rows, n_columns = rng.integers(4, 9, 2)
    x, y = (v.ravel() * SIDE_M for v in np.meshgrid(np.arange(n_columns), np.arange(n_rows)))
    kept = rng.random(len(x)) > 0.08
    x, y = x[kept], y[kept]
    n = len(x)
    frame = gpd.GeoDataFrame(
        {
            "block_id": rng.permutation(np.arange(100, 100 + n)),
            "households": rng.integers(0, 90, n),
            "people": rng.integers(0, 250, n),
            "workload": rng.integers(0, 900, n) / 100,
        },
        geometry=shapely.box(x, y, x + SIDE_M, y + SIDE_M),
        crs=32632,
    )
    line = shapely.LineString([(0, 2 * SIDE_M), (n_columns * SIDE_M, 2 * SIDE_M)])
    road = gpd.GeoDataFrame({"kind": ["main_road"]}, geometry=[line], crs=32632)
    school = rng.choice(frame["block_id"].to_numpy(), rng.integers(0, 4), replace=False)
    return make_working_ground(
        frame,
        road,
        minimum=150,
        maximum=400,
        measure=str(rng.choice(["households", "people", "workload"])),
        exclusive={int(b): str(rng.choice(["school", "park"])) for b in school},
    )


def random_division(rng, ground):
    """Give grids as vertical strips, with some blocks in another grid or in none."""
    number = 1 + (ground.x_m // (3 * SIDE_M)).astype(int)
    stray = rng.random(ground.n_blocks) < 0.15
    number[stray] = rng.integers(0, 4, stray.sum())
    return number


def told_by_server(ground, number):
    codes = np.where(number == 0, "", number.astype(str))
    figures = [
        {"number": int(code), **{k: None if v != v else v for k, v in row.items()}}
        for code, row in measure_grids(ground, codes).to_dict("index").items()
    ]
    faults = [
        [f.rule, [int(c) for c in f.codes], ground.block_id[list(f.blocks)].tolist(), f.figures]
        for f in find_faults(ground, codes)
    ]
    return json.loads(json.dumps([figures, faults], default=float))


TOLD_BY_BROWSER = """async ([payload, cases]) => {
    const base = '/static/js/plan/redraw';
    const { readGround } = await import(`${base}/ground.js`);
    const { Division } = await import(`${base}/division.js`);
    const { findFaults } = await import(`${base}/faults.js`);
    const ground = readGround(payload);
    const working = new Division(ground, cases[0]);
    return cases.map((numbers) => {
        numbers.forEach((number, row) => working.move(row, number));
        const figures = working.numbers().map((number) => working.measure(number));
        const faults = findFaults(working).map((f) => [f.rule, f.numbers, f.blocks, f.figures]);
        return [figures, faults];
    });
}"""


def by_number(figures):
    return sorted(figures, key=lambda f: f["number"])


def in_order(faults):
    return sorted(faults, key=lambda f: (f[0], f[1], f[2]))


def test_figures_and_faults_are_those_of_the_server_after_any_moves(blank):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        payload = to_payload(random_ground(rng))
        ground = from_payload(payload)
        cases = [random_division(rng, ground) for _ in range(4)]
        found = blank.evaluate(TOLD_BY_BROWSER, [payload, [c.tolist() for c in cases]])
        check_told(ground, cases, found)


def check_told(ground, cases, found):
    for case, (figures, faults) in zip(cases, found, strict=True):
        expected, wanted = told_by_server(ground, case)
        for mine, theirs in zip(by_number(figures), by_number(expected), strict=True):
            assert mine.pop("exclusive") == theirs.pop("exclusive")
            assert mine == pytest.approx(theirs, rel=1e-9)
        for mine, theirs in zip(in_order(faults), in_order(wanted), strict=True):
            assert mine[:3] == theirs[:3]
            assert mine[3] == pytest.approx(theirs[3], rel=1e-9)
