import numpy as np
import pytest
import shapely

from gis.errors import InvalidInput
from gis.synthetic.liechtenstein import MOST_PEOPLE, NOTICES, make_liechtenstein
from gis.synthetic.town import make_frame

from .sameness import assert_columns_are_those_of_their_kind, assert_same_town

LON, LAT = 9.5, 47.1
STEP = 0.0005  # about 38 m east, 56 m north


def _box(i, j, size=0.00015):
    return shapely.box(LON + i * STEP, LAT + j * STEP, LON + i * STEP + size, LAT + j * STEP + size)


@pytest.fixture
def ground():
    r"""Two communities side by side; a street through both, houses on both sides of it.

    . . . . | . . . .     row 3: a church first, else houses, far from the street
    . . . . | . . . .     row 0
    ========|========     Main Street
    . . . . | . . . .     row -1
    """
    west = shapely.box(LON - STEP, LAT - 0.01, LON + 3.8 * STEP, LAT + 0.01)
    east = shapely.box(LON + 3.8 * STEP, LAT - 0.01, LON + 9 * STEP, LAT + 0.01)
    cells = [(i, j) for j in (3, 0, -1) for i in range(8)]
    kinds = ["church"] + ["yes"] * (len(cells) - 1)
    street = shapely.LineString([(LON - STEP, LAT - 0.0002), (LON + 9 * STEP, LAT - 0.0002)])
    buildings = make_frame(
        "buildings",
        {"kind": np.array(kinds, dtype=object)},
        [_box(i, j) for i, j in cells],
    )
    return {
        "communities": make_frame(
            "communities", {"code": ["9901", "9902"], "name": ["West", "Ost"]}, [west, east]
        ),
        "buildings": buildings,
        "barriers": make_frame(
            "barriers", {"kind": ["minor_road"], "name": ["Hauptstrasse"]}, [street]
        ),
    }


def _make(ground, **given):
    settings = {"residents_total": 400, "n_hotspots": 2} | given
    return make_liechtenstein(
        ground["communities"],
        buildings=ground["buildings"],
        barriers=ground["barriers"],
        **settings,
    )


def test_exactly_the_given_number_of_people_live_in_the_town(ground):
    assert _make(ground).households["people"].sum() == 400


def test_the_same_seed_gives_the_same_town(ground):
    assert_same_town(_make(ground, seed=5), _make(ground, seed=5))


def test_another_seed_gives_other_households(ground):
    first, other = (_make(ground, seed=s).households["head_name"].tolist() for s in (1, 2))
    assert first != other


def test_frames_have_the_columns_of_their_kind_and_say_they_are_synthetic(ground):
    town = _make(ground)
    assert_columns_are_those_of_their_kind(town)
    assert set(town.frames()) == {"addresses", "households", "residents", "incidents"}
    assert all((frame["synthetic"] == "true").all() for frame in town.frames().values())


def test_nobody_lives_in_a_church(ground):
    church = ground["buildings"].geometry.iloc[0]
    homes = _make(ground).truth.households
    assert not shapely.contains_xy(church, homes["lon"], homes["lat"]).any()


def test_houses_on_the_street_take_its_name_and_remote_ones_that_of_the_village(ground):
    register = _make(ground).addresses
    near = register["lat"] < LAT + STEP
    assert set(register.loc[near, "street"]) == {"Hauptstrasse"}
    assert set(register.loc[~near, "street"]) == {"West", "Ost"}


def test_every_true_address_is_in_the_register(ground):
    town = _make(ground)
    assert set(town.truth.households["address_text"]) <= set(town.addresses["text"])
    assert town.addresses["text"].is_unique


def test_a_real_address_is_kept_and_not_invented_again(ground):
    house = ground["buildings"].geometry.iloc[12].representative_point()
    real = make_frame("addresses", {"street": ["Hauptstrasse"], "number": ["77"]}, [house])
    town = _make(ground, addresses=real)
    assert "Hauptstrasse 77, Ost" in set(town.truth.households["address_text"])
    assert "77" not in set(town.addresses["number"])


def test_incidents_fill_the_months_before_the_day_and_planted_ones_are_told(ground):
    from datetime import date

    town = _make(ground, until=date(2025, 3, 15), n_months=6)
    months = town.incidents["occurred_at"].dt.strftime("%Y-%m")
    assert months.min() >= "2024-09" and months.max() <= "2025-02"
    planted = town.truth.incidents.groupby("hotspot").size().drop(-1, errors="ignore")
    assert planted.to_dict() == dict(
        zip(town.truth.hotspots["hotspot"], town.truth.hotspots["n_incidents"], strict=True)
    )


def test_more_people_than_the_buildings_hold_are_refused(ground):
    with pytest.raises(InvalidInput, match="cannot hold 99999"):
        _make(ground, residents_total=99_999)
    assert MOST_PEOPLE * len(ground["buildings"]) < 99_999


def test_buildings_outside_every_community_are_refused(ground):
    ground["communities"]["geometry"] = ground["communities"].geometry.translate(1, 0)
    with pytest.raises(InvalidInput, match="lies in a community"):
        _make(ground)


def test_every_notice_is_told_in_both_languages():
    assert {n.code for n in NOTICES} == {"synthetic", "coverage", "rule", "attribution"}
    assert all(n.zh and n.en and n.zh != n.en for n in NOTICES)
