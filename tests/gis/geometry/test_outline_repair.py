"""Outlines of neighbours as people draw them: slivers and overlaps on lines they should share."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.geometry.outline_repair import repair_outlines
from gis.geometry.seam import node_outlines
from gis.geometry.spikes import without_spikes

CRS = "EPSG:4545"
WIDTH_M = 2.0
NONE = np.array([], dtype=object)


def degrees(shapes):
    return np.array(gpd.GeoSeries(list(shapes), crs=CRS).to_crs(4326), dtype=object)


def metres(shapes):
    return np.array(gpd.GeoSeries(list(shapes), crs=4326).to_crs(CRS), dtype=object)


def drawn_line(rng, start, end, n, off_m):
    """Draw a crooked line between two corners, seen by one of its two neighbours.

    Both sides know the same line; each has some corners more and misses the line by up to
    ``off_m``.
    """
    share = np.concatenate([[0], np.sort(rng.random(n)), [1]])[:, None]
    line = start + share * (end - start)
    across = np.array([-(end - start)[1], (end - start)[0]]) / np.hypot(*(end - start))
    line = line + across * (15 * np.sin(3 * np.pi * share))
    sides = []
    for _ in range(2):
        own = line
        more = np.sort(rng.integers(0, len(own) - 1, rng.integers(0, 4)))[::-1]
        for at in more:
            where = own[at] + rng.random() * (own[at + 1] - own[at])
            own = np.insert(own, at + 1, where, axis=0)
        sides.append(own + across * rng.uniform(-off_m, off_m, (len(own), 1)))
    return sides


def drawn_neighbours(seed, n_across, n_up, off_m):
    """Draw a raster of neighbours, crooked, each with its own version of every common line."""
    rng = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(np.arange(n_across + 1), np.arange(n_up + 1), indexing="ij"), -1)
    corners = 300.0 * xy + rng.uniform(-60, 60, xy.shape) + (500_000, 2_870_000)
    lines = {}
    for i in range(n_across + 1):
        for j in range(n_up + 1):
            for way, (di, dj) in enumerate(((1, 0), (0, 1))):
                if i + di <= n_across and j + dj <= n_up:
                    ends = corners[i, j], corners[i + di, j + dj]
                    lines[i, j, way] = drawn_line(rng, *ends, rng.integers(0, 25), off_m)
    shapes = []
    for i in range(n_across):
        for j in range(n_up):
            ring = [lines[i, j, 0][0], lines[i + 1, j, 1][0]]
            ring += [lines[i, j + 1, 0][1][::-1], lines[i, j, 1][1][::-1]]
            shapes.append(shapely.make_valid(shapely.Polygon(np.vstack(ring))))
    order = rng.permutation(len(shapes))
    return np.array([largest(s) for s in shapes], dtype=object)[order]


def largest(shape):
    parts = shapely.get_parts(shape)
    return parts[np.argmax(shapely.area(parts))]


def check_one_coverage(shapes, given):
    assert shapely.is_valid(shapes).all()
    bad = shapely.coverage_invalid_edges(shapes)
    assert shapely.coverage_is_valid(shapes), bad[~shapely.is_empty(bad)][:3]
    moved_m2 = np.abs(shapely.area(metres(shapes)) - shapely.area(metres(given)))
    length_m = shapely.length(metres(given))
    assert (moved_m2 < WIDTH_M * length_m).all(), "no more than the width moves along any line"


@settings(max_examples=40, deadline=None)
@example(seed=0, size=(3, 3), off_m=0.006, n_stored=0, close_gaps=True)
@example(seed=1, size=(3, 3), off_m=0.0005, n_stored=4, close_gaps=False)
@given(
    seed=st.integers(0, 10**9),
    size=st.sampled_from([(2, 1), (2, 2), (3, 2), (3, 3)]),
    off_m=st.sampled_from([0.0, 1e-9, 1e-7, 1e-6, 1e-5, 3e-4, 1e-3, 3e-3, 0.01, 0.1, 0.45]),
    n_stored=st.integers(0, 4),
    close_gaps=st.booleans(),
)
def test_neighbours_that_miss_one_another_are_one_coverage(seed, size, off_m, n_stored, close_gaps):
    given_ = degrees(drawn_neighbours(seed, *size, off_m))
    n_stored = min(n_stored, len(given_) - 1)
    stored = fitted(given_[:n_stored], NONE, close_gaps)[0] if n_stored else NONE
    new, met = fitted(given_[n_stored:], stored, close_gaps)
    check_one_coverage(np.concatenate([met, new]), given_)
    assert shapely.area(shapely.symmetric_difference(met, stored)).sum() * 111_320**2 < 1e-3
    again, moves = repair_outlines(new, met, crs=CRS, width_m=WIDTH_M, close_gaps=close_gaps)
    assert not [m for m in moves if m.other >= 0], "nothing is left to be mended"
    del again


def fitted(new, stored, close_gaps):
    repaired, moves = repair_outlines(new, stored, crs=CRS, width_m=WIDTH_M, close_gaps=close_gaps)
    assert all(m.is_narrow for m in moves)
    return node_outlines(repaired, stored)


def test_gaps_are_told_and_left_open_unless_they_are_to_be_closed():
    ring = shapely.box(0, 0, 100, 100) - shapely.box(40, 40, 60, 60)
    frame, plug = degrees(
        shapely.transform([ring, shapely.box(40, 40, 60, 59)], lambda xy: xy + (500_000, 2_870_000))
    )
    for close_gaps, left_m2 in ((False, 20.0), (True, 0.0)):
        shapes, (move,) = repair_outlines(
            np.array([plug]), np.array([frame]), crs=CRS, width_m=WIDTH_M, close_gaps=close_gaps
        )
        assert (move.row, move.other, round(move.area_m2)) == (0, -1, 20)
        assert 400 - shapely.area(metres(shapes))[0] == pytest.approx(left_m2, abs=0.1)


def test_spikes_thinner_than_a_millimetre_go_and_other_corners_stay():
    house = shapely.box(108.0, 26.0, 108.001, 26.001)
    corner = shapely.get_coordinates(house)
    far = np.array([[108.0015, 26.0]])
    out = shapely.Polygon(np.vstack([corner[:1], far, corner[:1] + (1e-10, 2e-9), corner[1:]]))
    (bare,) = without_spikes(np.array([out]))
    assert shapely.is_valid(bare)
    assert shapely.area(shapely.symmetric_difference(bare, house)) * 111_320**2 < 1e-2
    kite = shapely.Polygon([(108, 26), (108.01, 26.0001), (108.02, 26)])
    assert without_spikes(np.array([kite]))[0].equals_exact(kite, 0)


@pytest.mark.town
@pytest.mark.parametrize("close_gaps", [False, True])
@pytest.mark.parametrize("file", ["neighborhoods", "wards_precincts", "police_sectors"])
def test_areas_of_a_real_town_are_one_coverage_once_mended(town_data, file, close_gaps):
    frame = gpd.read_file(town_data / "cambridge_ma" / f"{file}.geojson").to_crs(4326)
    shapes = np.array([largest(s) for s in shapely.make_valid(frame.geometry.to_numpy())])
    repaired, moves = repair_outlines(
        shapes, NONE, crs=26986, width_m=WIDTH_M, close_gaps=close_gaps
    )
    if not all(m.is_narrow for m in moves):
        wide = {m.row for m in moves if not m.is_narrow}
        repaired = np.delete(repaired, sorted(wide))
    noded, _ = node_outlines(repaired, NONE)
    assert shapely.is_valid(noded).all()
    assert shapely.coverage_is_valid(noded)
