from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.errors import InvalidInput
from gis.synthetic.county import choose_towns, make_county
from gis.synthetic.guzhou import make_guzhou

from .sameness import assert_columns_are_those_of_their_kind, assert_same_town

CODES = Path(__file__).resolve().parents[3] / "data" / "china_codes"
METRIC = "EPSG:4545"


@pytest.fixture(scope="module")
def tables():
    return {
        "villages": pd.read_csv(CODES / "guizhou_villages_12digit.csv.gz", dtype=str),
        "towns": pd.read_csv(CODES / "streets_guizhou_9digit.csv", dtype=str),
        "counties": pd.read_csv(CODES / "areas.csv", dtype=str),
    }


def _county(tables, **given):
    return make_county(
        tables["villages"], towns=tables["towns"], counties=tables["counties"], **given
    )


@pytest.fixture(scope="module")
def guzhou(tables):
    return make_guzhou(tables["villages"], towns=tables["towns"], counties=tables["counties"])


@pytest.fixture(scope="module")
def four_towns(tables):
    """Four small towns of eight communities each, two by two."""
    small = tables["villages"].groupby("streetCode").head(8)
    return _county(tables | {"villages": small}, size=4 * 8 / 27)


def _metres(frame):
    return frame.geometry.to_crs(METRIC).to_numpy()


def test_guzhou_has_the_27_real_communities_by_code_and_short_name(guzhou):
    communities = guzhou.communities.set_index("code")
    assert len(communities) == 27
    assert communities.loc["522632100001", "name"] == "大十字社区"
    assert communities.loc["522632100207", "name"] == "高埂村"
    assert set(communities["town_name"]) == {"古州镇"}
    assert set(communities["county_name"]) == {"榕江县"}


def test_guzhou_has_the_scale_of_the_survey(guzhou):
    people = guzhou.households["people"].astype(int)
    assert (len(people), people.sum()) == (30_000, 107_000)
    where = guzhou.truth.households["address_text"]
    urban = where.str.contains(r"^古州镇[^镇]{2,4}社区")
    assert urban.mean() == pytest.approx(1 / 2, abs=0.01)
    core = guzhou.communities["name"].iloc[:6]
    centre = where.str.contains("|".join(core))
    assert centre.mean() == pytest.approx(1 / 3, abs=0.01)


def test_communities_are_single_polygons_that_cover_without_gap_or_overlap(guzhou):
    shapes = guzhou.communities.geometry.to_numpy()
    assert set(shapely.get_type_id(shapes)) == {shapely.GeometryType.POLYGON}
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon" and len(whole.interiors) == 0


def test_borders_of_neighbouring_towns_are_one_line(four_towns):
    shapes = four_towns.communities.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon" and len(whole.interiors) == 0


def test_no_building_overlaps_another_a_street_or_water(guzhou):
    buildings = _metres(guzhou.buildings)
    a, b = shapely.STRtree(buildings).query(buildings, predicate="intersects")
    assert (a == b).all()
    barriers = guzhou.barriers[guzhou.barriers["kind"] != "wall"]
    hit, _ = shapely.STRtree(_metres(barriers)).query(buildings, predicate="dwithin", distance=1.3)
    assert len(hit) == 0
    water = _metres(guzhou.land_cover[guzhou.land_cover["kind"] == "water"])
    assert len(shapely.STRtree(water).query(buildings, predicate="intersects")[0]) == 0


def test_no_building_is_cut_by_a_community_border(guzhou):
    borders = shapely.boundary(guzhou.communities.geometry.to_numpy())
    buildings = guzhou.buildings.geometry.to_numpy()
    assert len(shapely.STRtree(borders).query(buildings, predicate="intersects")[0]) == 0


def test_streets_of_the_centre_are_connected(guzhou):
    roads = guzhou.barriers[guzhou.barriers["kind"].isin(["main_road", "minor_road"])]
    lines = shapely.buffer(_metres(roads), 0.5)
    parts = shapely.get_parts(shapely.union_all(lines))
    assert shapely.area(parts).max() > 0.99 * shapely.area(parts).sum()


def test_main_roads_cross_the_rivers_on_bridges(guzhou):
    water = shapely.union_all(guzhou.land_cover.geometry[guzhou.land_cover["kind"] == "water"])
    main = guzhou.barriers[guzhou.barriers["kind"] == "main_road"]
    bridges = main["bridge"] == "true"
    assert bridges.sum() >= 4
    on_water = shapely.length(shapely.intersection(main.geometry.to_numpy(), water))
    assert (on_water[~bridges.to_numpy()] < 1e-6).all()


def test_every_true_address_stands_in_the_register_in_its_own_community(guzhou):
    register = guzhou.addresses.set_index("text")
    assert register.index.is_unique
    truth = guzhou.truth.households
    assert truth["address_text"].isin(register.index).all()
    at = register.loc[truth["address_text"], "community"].to_numpy()
    row, community = guzhou.communities.sindex.query(
        shapely.points(truth["lon"], truth["lat"]), predicate="intersects"
    )
    names = guzhou.communities["name"].to_numpy()[community]
    assert len(row) == len(truth) and (names == at[row]).all()


def test_no_address_part_is_an_empty_word(guzhou):
    assert not guzhou.addresses["text"].str.contains("nan|None").any()
    assert (guzhou.addresses["number"] != "0").all()


def test_a_flat_has_all_eight_parts(guzhou):
    flat = guzhou.addresses[guzhou.addresses["room"].notna()].iloc[0]
    expected = (
        f"古州镇{flat.community}{flat.street}{flat.number}号{flat.estate}"
        f"{flat.building}栋{flat.stairwell}单元{flat.room}室"
    )
    assert flat["text"] == expected


def test_a_hamlet_lies_below_the_band_and_one_tower_above_it(guzhou):
    row, community = guzhou.communities.sindex.query(
        shapely.points(guzhou.truth.households[["lon", "lat"]].to_numpy()),
        predicate="intersects",
    )
    assert np.bincount(community).min() < 300
    homes = guzhou.truth.households["address_text"].str.replace(r"\d+单元.*", "", regex=True)
    assert homes[homes.str.endswith("栋")].value_counts().max() > 500


def test_more_households_than_dwellings_live_nowhere(guzhou):
    homes = guzhou.truth.households["address_text"]
    flats = homes[homes.str.endswith("室")]
    assert flats.is_unique


def test_everything_invented_says_so(guzhou):
    assert_columns_are_those_of_their_kind(guzhou)
    for kind in ("buildings", "compounds", "addresses", "households", "residents", "places",
                 "incidents"):  # fmt: skip
        assert (getattr(guzhou, kind)["synthetic"] == "true").all()
    assert {n.code for n in guzhou.notices} == {"synthetic", "names", "scale"}


def test_telephone_numbers_belong_to_nobody(guzhou):
    assert guzhou.households["phone"].str.fullmatch(r"1390000\d{4}").all()


def test_planted_hotspots_are_where_the_truth_says(guzhou):
    hotspots = guzhou.truth.hotspots
    told = guzhou.truth.incidents
    for spot in hotspots.itertuples():
        mine = told[told["hotspot"] == spot.hotspot]
        assert len(mine) == spot.n_incidents
        points = gpd.GeoSeries(shapely.points(mine["lon"], mine["lat"]), crs="EPSG:4326")
        centre = gpd.GeoSeries([shapely.Point(spot.lon, spot.lat)], crs="EPSG:4326")
        gap = points.to_crs(METRIC).distance(centre.to_crs(METRIC).iloc[0])
        assert gap.max() <= spot.radius_m * 1.01


def test_the_same_seed_gives_the_same_town_and_another_one_another(tables):
    first, again, other = (_county(tables, size=0.1, seed=s) for s in (3, 3, 4))
    assert_same_town(first, again)
    assert not first.buildings.geometry.equals(other.buildings.geometry)


@pytest.mark.parametrize("seed", range(4))
def test_every_seed_makes_a_whole_small_town(tables, seed):
    town = _county(tables, size=0.12, seed=seed)
    assert town.households["people"].sum() == round(107_000 * 0.12)
    assert shapely.coverage_is_valid(town.communities.geometry.to_numpy())
    assert all(f.geometry.dropna().is_valid.all() for f in town.frames().values()
               if isinstance(f, gpd.GeoDataFrame))  # fmt: skip


def test_numbers_and_codes_of_several_towns_never_repeat(four_towns):
    assert four_towns.households["people"].sum() == pytest.approx(107_000 * 32 / 27, abs=2)
    assert four_towns.communities["town_name"].nunique() == 4
    for kind, key in (
        ("communities", "code"), ("households", "number"), ("incidents", "number"),
        ("addresses", "reference"), ("buildings", "reference"),
    ):  # fmt: skip
        assert getattr(four_towns, kind)[key].is_unique


def test_the_first_town_is_guzhou_and_the_next_are_of_its_county(tables):
    specs = choose_towns(tables["villages"], tables["towns"], tables["counties"], size=2.2)
    assert [s.name for s in specs][0] == "古州镇"
    assert all(s.code.startswith("522632") for s in specs)
    assert specs[0].share == 1.0
    assert sum(s.share for s in specs) == pytest.approx(2.2)


def test_a_size_beyond_the_code_tables_is_refused(tables):
    few = tables["villages"][tables["villages"]["streetCode"] == "522632100"]
    with pytest.raises(InvalidInput, match="needs 40 communities"):
        make_county(few, towns=tables["towns"], counties=tables["counties"], size=1.5)


def test_a_size_too_small_for_a_town_is_refused(tables):
    with pytest.raises(InvalidInput, match="below 0.05"):
        _county(tables, size=0)
