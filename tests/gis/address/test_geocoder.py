"""The geocoder's promises: order, honesty about doubt, one answer per text."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis.address.answer_rows import COLUMNS
from gis.address.evidence import EVIDENCE
from gis.address.geocoder import Geocoder
from gis.errors import InvalidInput
from gis.synthetic.register_zh import make_register
from scripts.evaluation.geocoding.noiser import spoil_register

METRE = 1 / 111_320


def chinese_register():
    """榕江大道 with 12 (two entrances of rooms), 14 and 18; 解放路12号 in two communities."""
    rows = [
        ("r1", "古州镇", "古榕社区", "榕江大道", "12", "阳光小区", "3", "2", "501", 0, 0),
        ("r2", "古州镇", "古榕社区", "榕江大道", "12", "阳光小区", "3", "1", "101", 0, 0),
        ("r3", "古州镇", "古榕社区", "榕江大道", "14", "", "", "", "", 40, 0),
        ("r4", "古州镇", "古榕社区", "榕江大道", "18", "", "", "", "", 100, 0),
        ("r5", "古州镇", "古榕社区", "解放路", "12", "", "", "", "", 0, 500),
        ("r6", "车民街道", "富民社区", "解放路", "12", "", "", "", "", 3000, 500),
        ("r7", "古州镇", "高埂村", "", "7", "上寨", "", "", "", -900, -900),
    ]
    parts = ["town", "community", "street", "number", "estate", "building", "stairwell", "room"]
    frame = pd.DataFrame(rows, columns=["address_id", *parts, "x", "y"])
    frame["lon"] = 108.5 + frame.pop("x") * METRE / np.cos(np.radians(25.9))
    frame["lat"] = 25.9 + frame.pop("y") * METRE
    return frame


CHINESE = Geocoder(chinese_register())


@pytest.fixture
def chinese():
    return CHINESE


def western_streets():
    """Main St west to east, Oak Ave crossing it at 0, Elm St parallel to the north."""
    names = ["Main St", "Oak Ave", "Elm St"]
    lines = [
        LineString([(-0.01, 0), (0, 0), (0.01, 0)]),
        LineString([(0, -0.01), (0, 0), (0, 0.001)]),
        LineString([(-0.01, 0.005), (0.01, 0.005)]),
    ]
    ranges = {"left_from": [1, -1, 2], "left_to": [99, -1, 40]}
    return gpd.GeoDataFrame({"name": names, **ranges}, geometry=lines, crs=4326)


def make_western():
    text = ["10 Main St", "12 Main St", "20-A Main St", "5 Oak Ave", "1 Massachusetts Ave"]
    register = pd.DataFrame(
        {"address_id": range(5), "lon": [0.001, 0.0012, 0.002, 0, 0.5], "lat": 0.0, "text": text}
    )
    return Geocoder(register, streets=western_streets(), aliases={"the old mill": 3})


WESTERN = make_western()


@pytest.fixture
def western():
    return WESTERN


def only(frame):
    assert len(frame) == 1
    return frame.iloc[0]


def test_answers_keep_order_length_and_columns(chinese):
    texts = ["榕江大道14号", None, "榕江大道14号", "不知道", float("nan"), "榕江大道18号"]
    found = chinese.geocode(texts)
    assert tuple(found.columns) == COLUMNS
    assert found.address_id.tolist() == ["r3", None, "r3", None, None, "r4"]
    assert found.status.tolist() == ["accepted", "none", "accepted", "none", "none", "accepted"]


@pytest.mark.parametrize(
    ("text", "address_id", "level"),
    [
        ("古州镇古榕社区榕江大道12号阳光小区3栋2单元501室", "r1", "room"),
        ("古州镇古榕社区居委会榕江大道１２号３幢２单元５０１", "r1", "room"),
        ("古榕社区阳光小区三号楼一单元101", "r2", "room"),
        ("阳光小区3-2-501", "r1", "room"),
        ("榕江大道十四号", "r3", "number"),
        ("古州镇高埂村上寨7号", "r7", "number"),
    ],
)
def test_one_entry_is_found_however_it_is_written(chinese, text, address_id, level):
    found = only(chinese.geocode([text]))
    assert (found.address_id, found.level, found.status) == (address_id, level, "accepted")


def test_the_same_number_in_two_communities_is_shown_not_guessed(chinese):
    found = only(chinese.geocode(["解放路12号"]))
    assert (found.status, found.n_candidates) == ("review", 2)
    assert set(chinese.candidates("解放路12号").address_id) == {"r5", "r6"}


def test_the_written_community_settles_a_tie(chinese):
    assert only(chinese.geocode(["富民社区解放路12号"])).address_id == "r6"
    assert only(chinese.geocode(["古州镇解放路12号"])).address_id == "r5"


def test_a_known_position_settles_a_tie_and_says_so(chinese):
    near = chinese_register().set_index("address_id").loc[["r6"], ["lon", "lat"]].to_numpy()
    found = only(chinese.geocode(["解放路12号"], near=near + 50 * METRE))
    assert (found.address_id, found.status) == ("r6", "accepted")
    assert "chosen_by_position" in found.evidence


def test_an_address_far_from_its_given_position_goes_to_a_person(chinese):
    found = only(chinese.geocode(["榕江大道14号"], near=[[109.5, 25.9]]))
    assert (found.status, found.level) == ("review", "number")
    assert "far_from_position" in found.evidence


def test_a_wrong_community_goes_to_a_person(chinese):
    found = only(chinese.geocode(["富民社区榕江大道14号"]))
    assert (found.address_id, found.status) == ("r3", "review")
    assert "community_differs" in found.evidence


def test_without_administrative_part_the_score_is_capped(chinese):
    bare, full = chinese.geocode(["榕江大道14号", "古榕社区榕江大道14号"]).score
    assert bare <= 0.9 < full


def test_a_number_between_two_known_ones_of_its_side_is_interpolated(chinese):
    found = only(chinese.geocode(["榕江大道16号"]))
    assert (found.level, found.status, found.address_id) == ("interpolated", "accepted", None)
    assert found.lon == pytest.approx(108.5 + 70 * METRE / np.cos(np.radians(25.9)))


@pytest.mark.parametrize("number", [15, 20, 10, 8])
def test_a_number_beyond_the_known_ones_or_of_the_other_side_is_not_invented(chinese, number):
    found = only(chinese.geocode([f"榕江大道{number}号"]))
    assert (found.level, found.status) == ("street", "review")


def test_an_unknown_room_is_placed_at_its_building(chinese):
    found = only(chinese.geocode(["榕江大道12号3栋2单元999室"]))
    assert (found.level, found.address_id) == ("unit", None)
    assert "detail_unknown" in found.evidence


@pytest.mark.parametrize(
    ("text", "level", "evidence"),
    [
        ("Mass Ave 1", "number", "street_abbreviated"),
        ("10 MIAN STREET", "number", "name_"),
        ("10 Main", "number", "type_missing"),
        ("20 Main St", "number", "suffix_added"),
        ("12-B Main St", "number", "suffix_dropped"),
        ("Main St & Oak Ave", "intersection", "intersection_exact"),
        ("Oak @ Main", "intersection", "intersection_exact"),
        ("30 Elm St", "interpolated", "street_range"),
        ("the old mill", "number", "alias"),
    ],
)
def test_messy_western_texts_are_found_with_the_reason(western, text, level, evidence):
    found = only(western.geocode([text]))
    assert found.level == level
    assert evidence in found.evidence


def test_streets_that_do_not_meet_are_never_accepted(western):
    found = only(western.geocode(["Main St & Elm St"]))
    assert (found.status, found.level) == ("review", "street")


def test_an_interpolated_point_lies_on_its_segment(western):
    found = only(western.geocode(["99 Main St"]))
    assert (found.lon, found.lat) == pytest.approx((0.01, 0))


def test_a_mistyped_register_or_position_is_refused_with_the_reason():
    with pytest.raises(InvalidInput, match="address_id"):
        Geocoder(pd.DataFrame({"lon": [1.0], "lat": [1.0], "text": ["x"]}))
    with pytest.raises(InvalidInput, match="text or any"):
        Geocoder(pd.DataFrame({"address_id": [1], "lon": [1.0], "lat": [1.0]}))
    with pytest.raises(InvalidInput, match="shape"):
        Geocoder(chinese_register()).geocode(["a", "b"], near=[[1, 2]])


def test_an_empty_register_answers_none():
    empty = chinese_register().iloc[:0]
    assert Geocoder(empty).geocode(["榕江大道14号", "10 Main St"]).status.tolist() == ["none"] * 2


ADDRESS_LIKE = st.text("古州镇榕江大道解放路号栋单元室12458-~#/与附, 10 Main StOakElm&@")


@settings(max_examples=120, derandomize=True, deadline=None)
@given(st.lists(st.one_of(st.text(), ADDRESS_LIKE), max_size=5))
def test_any_texts_are_answered_one_by_one_and_within_bounds(texts):
    for geocoder in (WESTERN, CHINESE):
        found = geocoder.geocode(texts)
        assert len(found) == len(texts)
        assert found.score.between(0, 1).all()
        assert ((found.level == "none") == (found.status == "none")).all()
        assert found.lon[found.status == "accepted"].notna().all()
        assert found.evidence.map(lambda codes: set(codes.split(";")) <= set(EVIDENCE)).all()


@pytest.mark.parametrize(
    "junk", ["", "  ", "???", "n/a", "无", "不详", "12", "()", "&", "3栋2单元501"]
)
def test_junk_is_none_rather_than_a_guess(junk):
    for geocoder in (WESTERN, CHINESE):
        assert only(geocoder.geocode([junk])).status == "none"


@settings(max_examples=20, derandomize=True, deadline=None)
@given(st.permutations(["榕江大道14号", "解放路12号", "不知道", "榕江大道16号", "高埂村上寨7号"]))
def test_the_answer_of_a_text_does_not_depend_on_its_neighbours(texts):
    together = CHINESE.geocode(texts)
    alone = pd.concat([CHINESE.geocode([t]) for t in texts], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


@pytest.fixture(scope="module")
def county():
    """A made register of three towns, and carelessly written texts of it."""
    places = pd.DataFrame(
        {
            "town": ["古州镇", "古州镇", "忠诚镇", "忠诚镇", "平永镇"],
            "community": ["古榕社区", "高埂村", "六佰塘社区", "三洲村", "马寨村"],
        }
    )
    register = make_register(places, n_rows=900, seed=3).assign(region="贵州省榕江县")
    asked = spoil_register(register, 150, np.random.default_rng(3))["text"].tolist()
    return register.drop(columns="text"), asked


def test_what_is_remembered_of_earlier_texts_changes_no_answer(county):
    register, texts = county
    fresh, used = Geocoder(register), Geocoder(register)
    used.geocode(texts[::-1])
    backwards = used.geocode(texts[::-1])[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(fresh.geocode(texts), backwards)
    assert {"accepted", "review"} <= set(backwards["status"])


def test_a_decision_is_remembered_and_beats_every_rung():
    geocoder = Geocoder(chinese_register(), aliases={"老供销社后面": "r4", "榕江大道14号": "r5"})
    assert geocoder.geocode(["老供销社后面", "榕江大道１４号"]).address_id.tolist() == ["r4", "r5"]


def test_candidates_come_best_first_with_their_words():
    found = CHINESE.candidates("榕江大道20号", k=3)
    assert found.score.is_monotonic_decreasing
    assert "榕江大道" in found.label.iloc[0]
    assert {"r4", "r3"} <= set(found.address_id)


def test_a_misspelt_community_is_mended_and_a_lost_kind_supplied():
    assert only(CHINESE.geocode(["高埂上寨7号"])).address_id == "r7"
    assert only(CHINESE.geocode(["古州古榕榕江大道14号"])).address_id == "r3"


def test_an_entry_without_coordinates_takes_its_place_between_its_neighbours():
    register = chinese_register()
    extra = register[register.address_id == "r3"].assign(
        address_id="r9", number="16", lon=np.nan, lat=np.nan
    )
    found = only(Geocoder(pd.concat([register, extra])).geocode(["榕江大道16号"]))
    assert (found.address_id, found.level) == ("r9", "interpolated")
    assert found.lon == pytest.approx(108.5 + 70 * METRE / np.cos(np.radians(25.9)))


def test_the_margin_is_the_lead_over_the_next_place_or_the_whole_score(chinese):
    tied, alone = chinese.geocode(["解放路12号", "榕江大道14号"]).itertuples()
    assert tied.margin == 0
    assert alone.margin == alone.score > 0


@pytest.mark.parametrize(
    ("text", "ends"),
    [("榕江大道12~18号", (12, 18)), ("1-99 block of Main St", (1, 99)), ("14 Main St", (-1, -1))],
)
def test_the_range_that_was_written_stays_with_the_answer(chinese, western, text, ends):
    geocoder = chinese if "号" in text else western
    found = only(geocoder.geocode([text]))
    assert (found.number_from, found.number_to) == ends
