import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.coverage import check_coverage
from gis.geometry.generalise import simplify_coverage
from gis.geometry.healing import heal_coverage, renode


def test_a_clean_coverage_passes(boxes):
    report = check_coverage(boxes((0, 0, 5, 9), (5, 0, 9, 9)), boundary=shapely.box(0, 0, 9, 9))
    assert report.is_valid
    assert (report.uncovered_m2, report.overlapping_m2, report.outside_m2) == (0, 0, 0)


def test_gap_overlap_and_overhang_are_measured(boxes):
    report = check_coverage(boxes((0, 0, 5, 9), (4, 0, 12, 9)), boundary=shapely.box(0, 0, 10, 10))
    assert not report.is_valid
    assert report.invalid_edge_m > 0
    assert report.uncovered_m2 == pytest.approx(10)
    assert report.overlapping_m2 == pytest.approx(9)
    assert report.outside_m2 == pytest.approx(18)


def test_a_polygon_of_several_parts_is_named():
    apart = shapely.union(shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1))
    report = check_coverage(gpd.GeoSeries([shapely.box(1, 0, 5, 1), apart]))
    assert report.multipart.tolist() == [1]


def test_two_per_cent_of_a_building_may_lie_beyond_a_border(boxes):
    halves = boxes((0, 0, 50, 100), (50, 0, 100, 100))
    houses = boxes((40.1, 10, 50.1, 20), (40.5, 40, 50.5, 50), (90, 90, 120, 95))
    assert check_coverage(halves, buildings=houses).cut_buildings.tolist() == [1]


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 30))
def test_torn_borders_heal_and_noding_anew_gives_the_same_ground(seed, n, voronoi_coverage):
    shapes = voronoi_coverage(seed, n)
    jolt = np.random.default_rng(seed)
    shifts = jolt.uniform(-3e-5, 3e-5, (len(shapes), 2))
    torn = np.array(
        [shapely.affinity.translate(s, *d) for s, d in zip(shapes, shifts, strict=True)]
    )
    ground = shapely.box(0, 0, 1000, 1000)
    for mend in (heal_coverage, renode):
        healed = mend(torn, ground)
        assert shapely.coverage_is_valid(healed)
        assert np.allclose(shapely.area(healed), shapely.area(shapes), atol=0.5)


@settings(max_examples=10, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_simplified_blocks_still_meet_without_gaps(seed, voronoi_coverage):
    fine = shapely.segmentize(voronoi_coverage(seed, 20), 30.0)
    wavy = shapely.transform(fine, lambda xy: np.round(xy, 3))
    frame = gpd.GeoDataFrame(geometry=list(wavy))
    simple = simplify_coverage(frame, tolerance_m=5.0)
    report = check_coverage(simple, boundary=shapely.box(0, 0, 1000, 1000))
    assert report.is_valid
    assert report.uncovered_m2 < 100
    before = shapely.get_num_coordinates(wavy).sum()
    assert shapely.get_num_coordinates(simple.geometry.array).sum() < before / 2


def test_lines_among_blocks_are_refused_rather_than_silently_kept():
    frame = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)])]
    )
    with pytest.raises(InvalidInput, match="LineString"):
        simplify_coverage(frame, tolerance_m=1)
