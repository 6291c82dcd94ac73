"""Where a number lies that the register does not place, how far off, and who must look."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis.address.geocoder import Geocoder
from gis.address.side_ranges import SideRanges

METRE = 1 / 111_320


def streets(rows):
    """Segments west to east from x to x in metres: name, from x, to x, y, left and right ends."""
    columns = ["name", "x0", "x1", "y", "left_from", "left_to", "right_from", "right_to"]
    table = pd.DataFrame(rows, columns=columns)
    lines = [
        LineString([(r.x0 * METRE, r.y * METRE), (r.x1 * METRE, r.y * METRE)])
        for r in table.itertuples()
    ]
    return gpd.GeoDataFrame(table[["name", *columns[4:]]], geometry=lines, crs=4326)


def register(rows):
    """Entries at metres: text, x, y, and town where given."""
    table = pd.DataFrame(rows, columns=["text", "x", "y", "town"][: len(rows[0])])
    return table.assign(address_id=range(len(table)), lon=table.x * METRE, lat=table.y * METRE)


MAIN = streets(
    [
        ("Main St", 0, 150, 0, 1, 19, 2, 20),
        ("Main St", 150, 300, 0, 31, 49, 32, 50),
        ("Long Rd", 0, 900, 300, 1, 99, 2, 98),
    ]
)


def only(found):
    assert len(found) == 1
    return found.iloc[0]


def test_a_number_on_a_short_side_is_placed_in_proportion_with_its_error():
    found = only(Geocoder(register([("1 Elm St", 0, 900)]), streets=MAIN).geocode(["10 Main St"]))
    assert (found.level, found.status) == ("interpolated", "accepted")
    assert found.lon / METRE == pytest.approx(150 * 8 / 18)
    assert found.error_m == pytest.approx(50, rel=0.01)


def test_a_number_on_a_long_side_goes_to_a_person():
    found = only(Geocoder(register([("1 Elm St", 0, 900)]), streets=MAIN).geocode(["50 Long Rd"]))
    assert (found.level, found.status) == ("interpolated", "review")
    assert found.error_m == pytest.approx(300, rel=0.01)
    assert "position_unsure" in found.evidence


def test_a_number_that_both_sides_pass_over_goes_to_a_person():
    known = register([("18 Main St", 140, 20), ("34 Main St", 170, 20)])
    found = only(Geocoder(known, streets=MAIN).geocode(["26 Main St"]))
    assert (found.level, found.status) == ("interpolated", "review")
    assert "number_passed_over" in found.evidence


def test_known_numbers_far_off_their_street_make_an_unsure_position():
    known = register([("4 Main St", 40, 100), ("8 Main St", 80, 100)])
    found = only(Geocoder(known, streets=MAIN).geocode(["6 Main St"]))
    assert found.status == "review" and found.error_m == pytest.approx(100, rel=0.01)


def test_an_entry_far_from_where_its_street_has_the_number_is_shown_with_both_places():
    geocoder = Geocoder(register([("10 Main St", 60, 400)]), streets=MAIN)
    found = only(geocoder.geocode(["10 Main St"]))
    assert (found.address_id, found.status) == (0, "review")
    assert "sources_apart" in found.evidence
    shown = geocoder.candidates("10 Main St", k=3)
    assert shown.level.tolist() == ["number", "interpolated"]
    assert shown.lat.round(6).tolist() == [round(400 * METRE, 6), 0]


def test_an_entry_without_place_is_shown_with_the_nearest_numbers_that_have_one():
    known = register([("10 Oak St", np.nan, np.nan), ("12 Oak St", 0, 0), ("40 Oak St", 90, 0)])
    geocoder = Geocoder(known)
    assert only(geocoder.geocode(["10 Oak St"])).status == "review"
    assert geocoder.candidates("10 Oak St", k=3).address_id.tolist() == [0, 1, 2]


def test_the_middle_of_several_entries_may_be_off_by_half_their_extent():
    known = register([("12-A Main St", 100, 20), ("12-B Main St", 130, 20)])
    both, one = Geocoder(known).geocode(["12 Main St", "12-A Main St"]).itertuples()
    assert both.lon / METRE == pytest.approx(115) and both.error_m == pytest.approx(15, rel=0.01)
    assert np.isnan(one.error_m)


def test_an_entry_near_where_its_street_has_the_number_is_accepted():
    geocoder = Geocoder(register([("10 Main St", 60, 40)]), streets=MAIN)
    assert only(geocoder.geocode(["10 Main St"])).status == "accepted"


def test_a_block_is_placed_in_the_middle_of_its_numbers():
    geocoder = Geocoder(register([("1 Elm St", 0, 900)]), streets=MAIN)
    found = only(geocoder.geocode(["30-50 block of Main St"]))
    assert found.level == "interpolated" and (found.number_from, found.number_to) == (30, 50)
    assert found.lon / METRE == pytest.approx(225) and found.error_m == pytest.approx(75, rel=0.01)


@pytest.fixture
def two_towns():
    """Main St of Eastham knows 4 and 8, Main St of Weston, five kilometres off, 12 and 16."""
    rows = [
        ("4 Main St, Eastham", 0, 0),
        ("8 Main St, Eastham", 40, 0),
        ("12 Main St, Weston", 5000, 0),
        ("16 Main St, Weston", 5040, 0),
    ]
    return Geocoder(register(rows))


def test_streets_of_one_name_in_two_towns_are_not_mixed(two_towns):
    found = two_towns.geocode(["14 Main St, Weston", "14 Main St", "6 Main St, Weston"])
    assert (found.lon[:2] / METRE).round().tolist() == [5020, 5020]
    assert found.level.tolist() == ["interpolated", "interpolated", "street"]


def test_a_number_known_in_another_town_only_is_shown_in_both():
    more = register([("4 Main St, Eastham", 0, 0), ("2 Main St, Weston", 5000, 0),
                     ("6 Main St, Weston", 5040, 0)])  # fmt: skip
    geocoder = Geocoder(more)
    assert only(geocoder.geocode(["4 Main St, Weston"])).status == "review"
    shown = geocoder.candidates("4 Main St, Weston", k=3)
    assert sorted((shown.lon / METRE).round().tolist()[:2]) == [0, 5020]


def test_a_street_without_number_is_shown_in_the_town_that_is_written():
    two = streets(
        [
            ("Main St", 0, 200, 0, -1, -1, -1, -1),
            ("Main St", 9000, 9200, 0, -1, -1, -1, -1),
        ]
    )
    known = register([("1 Elm St, Eastham", 100, 50, ""), ("1 Elm St, Weston", 9100, 50, "")])
    found = only(Geocoder(known, streets=two).geocode(["Main St, Weston"]))
    assert found.level == "street" and found.lon / METRE == pytest.approx(9100, rel=0.01)


def test_an_annexed_range_beyond_the_ends_is_never_extrapolated():
    geocoder = Geocoder(register([("1 Elm St", 0, 900)]), streets=MAIN)
    found = geocoder.geocode(["52 Main St", "51 Main St", "100 Long Rd"])
    assert found.level.tolist() == ["street"] * 3


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    first=st.integers(1, 200), last=st.integers(1, 200), number=st.integers(1, 200),
    length_m=st.floats(10, 2000),
)  # fmt: skip
def test_a_number_is_placed_on_its_side_between_the_ends_or_nowhere(first, last, number, length_m):
    line = LineString([(0, 0), (length_m * METRE, 0)])
    table = pd.DataFrame({"left_from": [first], "left_to": [last]})
    spots = SideRanges(["main"], np.array([line]), table).locate_number("main", number)
    inside = min(first, last) <= number <= max(first, last)
    same_side = (number - first) % 2 == 0 or (number - last) % 2 == 0
    assert bool(spots) == (inside and same_side)
    for lon, lat, error_m in spots:
        assert 0 <= lon <= length_m * METRE and lat == 0
        assert 0 < error_m <= length_m


CROSSINGS = streets(
    [
        ("Main St", 0, 400, 0, -1, -1, -1, -1),
        ("Main St Bridge", 400, 600, 0, -1, -1, -1, -1),
        ("Far Rd", 0, 400, 200, -1, -1, -1, -1),
        ("Farther Rd", 0, 400, 900, -1, -1, -1, -1),
    ]
)


def crossing_geocoder():
    lines = [LineString([(x * METRE, -50 * METRE), (x * METRE, 0)]) for x in (100, 180)]
    more = gpd.GeoDataFrame({"name": ["Oak Ave", "Oak Ave"]}, geometry=lines, crs=4326)
    nodes = LineString([(0, 0), (100 * METRE, 0), (180 * METRE, 0), (400 * METRE, 0)])
    both = pd.concat([CROSSINGS.iloc[1:], more], ignore_index=True)
    main = gpd.GeoDataFrame({"name": ["Main St"]}, geometry=[nodes], crs=4326)
    network = gpd.GeoDataFrame(pd.concat([both, main], ignore_index=True), crs=4326)
    return Geocoder(register([("1 Elm St", 0, 2000)]), streets=network)


def test_a_square_where_two_streets_meet_twice_is_one_crossing_with_its_error():
    found = only(crossing_geocoder().geocode(["Main St & Oak Ave"]))
    assert (found.level, found.status, found.n_candidates) == ("intersection", "accepted", 1)
    assert found.lon / METRE == pytest.approx(140, rel=1e-3) and found.error_m == pytest.approx(
        40, rel=0.01
    )


def test_streets_that_come_close_without_meeting_are_proposed_to_a_person():
    close, far = (
        crossing_geocoder().geocode(["Main St & Far Rd", "Main St & Farther Rd"]).itertuples()
    )
    assert (close.level, close.status) == ("intersection", "review")
    assert close.lat / METRE == pytest.approx(100) and "streets_apart" in close.evidence
    assert (far.level, far.status) == ("street", "review")


def test_a_bridge_written_for_its_avenue_is_read_as_the_avenue_where_only_that_meets():
    found = only(crossing_geocoder().geocode(["Main St Bridge & Oak Ave"]))
    assert found.level == "intersection" and "type_differs" in found.evidence


def test_a_street_crossing_itself_is_the_street():
    found = only(crossing_geocoder().geocode(["Main St & MAIN STREET"]))
    assert (found.level, found.status) == ("street", "review")
