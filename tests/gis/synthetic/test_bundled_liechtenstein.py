from pathlib import Path

import pytest
import shapely

from gis.exchange.osm import read_osm
from gis.synthetic.liechtenstein import NATIONAL_RESIDENTS, NOT_LIVED_IN, make_liechtenstein

EXTRACT = (
    Path(__file__).resolve().parents[3]
    / "data" / "liechtenstein" / "liechtenstein-2013-08-03.osm.pbf"
)  # fmt: skip


@pytest.fixture(scope="module")
def real():
    return read_osm(EXTRACT)


@pytest.fixture(scope="module")
def town(real):
    return make_liechtenstein(
        real.communities,
        buildings=real.buildings,
        barriers=real.barriers,
        addresses=real.addresses,
    )


def test_all_residents_of_the_country_live_somewhere(town):
    assert town.households["people"].sum() == NATIONAL_RESIDENTS


def test_households_have_the_usual_mean_size(town):
    assert town.households["people"].astype(int).mean() == pytest.approx(2.3, abs=0.05)


def test_every_household_lives_in_a_real_building_that_looks_residential(real, town):
    homes = shapely.points(town.truth.households[["lon", "lat"]].to_numpy())
    lived_in = real.buildings[~real.buildings["kind"].isin(NOT_LIVED_IN)]
    row, _ = lived_in.sindex.query(homes, predicate="intersects")
    assert set(row) == set(range(len(homes)))


def test_streets_are_real_streets_or_the_name_of_the_village(real, town):
    known = set(real.barriers["name"].dropna()) | set(real.communities["name"])
    assert set(town.addresses["street"]) <= known


def test_no_invented_address_equals_a_real_one(real, town):
    real_doors = set(real.addresses["street"].astype(str) + " " + real.addresses["number"])
    invented = set(town.addresses["street"] + " " + town.addresses["number"])
    assert not real_doors & invented
