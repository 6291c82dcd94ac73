import numpy as np
import shapely

from gis.synthetic.numbering import join_streets, number_houses


def _plates(xy, lines, names, **given):
    streets = join_streets(
        np.array(names, dtype=object), np.array(shapely.from_wkt(lines), dtype=object)
    )
    x, y = np.array(xy, dtype=float).T
    settings = {"within": np.full(len(x), "A", dtype=object), "reach_m": 40.0, "gap_share": 0.0}
    return number_houses(x, y, streets, rng=np.random.default_rng(0), **(settings | given))


def test_numbers_rise_along_the_street_odd_on_the_left():
    # left of an eastward street is north
    xy = [(90, 10), (10, 10), (50, 10), (10, -10), (90, -10)]
    plates = _plates(xy, ["LINESTRING (0 0, 100 0)"], ["High"])
    assert plates.number.tolist() == [5, 1, 3, 2, 4]


def test_pieces_drawn_in_opposite_directions_are_one_street():
    xy = [(10, 10), (150, 10), (10, -10)]
    lines = ["LINESTRING (100 0, 0 0)", "LINESTRING (100 0, 200 0)"]
    plates = _plates(xy, lines, ["High", "High"])
    assert plates.number.tolist() == [1, 3, 2]


def test_numbers_start_anew_in_every_community():
    xy = [(10, 10), (50, 10), (90, 10)]
    within = np.array(["A", "B", "B"], dtype=object)
    plates = _plates(xy, ["LINESTRING (0 0, 100 0)"], ["High"], within=within)
    assert plates.number.tolist() == [1, 1, 3]


def test_a_house_far_from_every_street_gets_no_plate():
    plates = _plates([(10, 41), (10, 39)], ["LINESTRING (0 0, 100 0)"], ["High"])
    assert plates.street.tolist() == [None, "High"]
    assert plates.number.tolist() == [0, 1]


def test_a_house_takes_the_nearest_of_two_streets():
    lines = ["LINESTRING (0 0, 100 0)", "LINESTRING (0 50, 100 50)"]
    plates = _plates([(10, 20), (10, 30)], lines, ["South", "North"])
    assert plates.street.tolist() == ["South", "North"]
