from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.address.geocoder import Geocoder
from gis.errors import InvalidInput
from gis.synthetic.county import CENTRE_LAT, CENTRE_LON, choose_towns, make_county
from gis.synthetic.guzhou import make_guzhou
from gis.synthetic.terrain import make_terrain

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


@pytest.fixture(scope="module")
def relief():
    """The heights guzhou was made on, in metres around its middle."""
    return make_terrain(0, 0, 0, scale=1.0).relief


def _on_tile(frame):
    """Shapes in metres around the middle of the town."""
    middle = gpd.GeoSeries([shapely.Point(CENTRE_LON, CENTRE_LAT)], crs="EPSG:4326").to_crs(METRIC)
    return shapely.transform(_metres(frame), lambda xy: xy - [middle.iloc[0].x, middle.iloc[0].y])


def _off_contour_degrees(shapes, relief):
    """How far the longer side of each shape turns away from the contour through its middle."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shapes)).reshape(-1, 5, 2)
    sides = np.diff(box, axis=1)[:, :2]
    longer = sides[np.arange(len(sides)), np.hypot(*sides.transpose(2, 0, 1)).argmax(axis=1)]
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    turn = np.arctan2(longer[:, 1], longer[:, 0]) - relief.along(middle)
    return np.degrees(np.abs(np.angle(np.exp(2j * turn))) / 2), relief.slope(middle)


def test_neither_the_town_nor_a_community_is_a_rectangle(guzhou):
    shapes = _metres(guzhou.communities)
    whole = shapely.union_all(shapes)
    assert whole.area / shapely.envelope(whole).area < 0.85
    fill = shapely.area(shapes) / shapely.area(shapely.minimum_rotated_rectangle(shapes))
    assert np.median(fill[13:]) < 0.8 and fill.max() < 0.98


def test_fields_lie_along_the_contours(guzhou, relief):
    fields = _on_tile(guzhou.land_cover[guzhou.land_cover["kind"] == "farmland"])
    assert len(fields) > 1_000
    off, slope = _off_contour_degrees(fields, relief)
    assert np.median(off) < 10
    assert np.median(off[slope > 0.1]) < 15


def test_houses_of_villages_stand_along_the_contours_on_gentle_slopes(guzhou, relief):
    homes = guzhou.addresses[guzhou.addresses["estate"].str.fullmatch(r"\d+组", na=False)]
    row, inside = guzhou.buildings.sindex.query(homes.geometry, predicate="within")
    assert len(row) == len(homes)
    off, slope = _off_contour_degrees(_on_tile(guzhou.buildings.iloc[inside]), relief)
    assert np.median(off[slope > 0.08]) < 15
    everywhere = shapely.get_coordinates(
        shapely.point_on_surface(
            _on_tile(guzhou.land_cover)[guzhou.land_cover["kind"] == "farmland"]
        )
    )
    assert slope.mean() < relief.slope(everywhere).mean()
    x, y = np.meshgrid(np.arange(-4_500, 4_500, 100), np.arange(-3_200, 3_200, 100))
    assert slope.mean() < 0.75 * relief.slope(np.stack([x.ravel(), y.ravel()], axis=1)).mean()


def test_households_of_villages_are_addressed_by_group_and_house(guzhou):
    """Written in full, short, or in words, each such address is found at its own house."""
    texts = guzhou.truth.households["address_text"]
    rural = texts[~texts.str.contains("社区")]
    assert rural.str.fullmatch(r"古州镇.+村\d+组\d+号").all()
    register = guzhou.addresses.assign(address_id=guzhou.addresses["reference"])
    some = rural.drop_duplicates().iloc[::40]
    written = pd.concat(
        [some, "贵州省黔东南州榕江县" + some, some.str.removeprefix("古州镇"),
         some.str.replace(r"(\d+)组", r"第\1村民小组", regex=True)]
    )  # fmt: skip
    found = Geocoder(register.drop(columns=["geometry", "text"]).fillna("")).geocode(
        written.tolist()
    )
    assert set(found["status"]) == {"accepted"} and set(found["level"]) == {"number"}
    right = register.set_index("text")["reference"].loc[some]
    assert found["address_id"].tolist() == right.tolist() * 4


def test_a_group_lies_in_one_place(guzhou):
    rural = guzhou.addresses[guzhou.addresses["estate"].str.fullmatch(r"\d+组", na=False)]
    xy = shapely.get_coordinates(_metres(rural))
    place = pd.DataFrame(xy, index=rural.index).groupby([rural["community"], rural["estate"]])
    assert place.size().max() <= 60
    assert (place.max() - place.min()).max(axis=None) < 700


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
