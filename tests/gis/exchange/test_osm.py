"""The bundled extract is read whole, and a file that is no extract is refused in clear words."""

from pathlib import Path

import pytest

from gis.domain.kinds import KINDS
from gis.errors import InvalidInput
from gis.exchange.osm import read_osm

ROOT = Path(__file__).resolve().parents[3]
PLACES = (ROOT / "data" / "liechtenstein", ROOT.parent / "shared" / "data" / "liechtenstein")
EXTRACT = next(
    (p for folder in PLACES for p in sorted(folder.glob("*.osm.pbf"))), PLACES[0] / "missing"
)
pytestmark = pytest.mark.skipif(
    not EXTRACT.exists(), reason="the Liechtenstein extract is in neither data nor ../shared/data"
)


@pytest.fixture(scope="module")
def town():
    return read_osm(EXTRACT, code_prefix="990001")


def test_the_counts_are_those_of_the_source_note(town):
    lines = len(town.barriers) + len(town.tunnels)
    others = 34 + (44 + 18 + 5 + 4 + 2) + 5  # rails, waterways without the dam, walls and fences
    assert len(town.communities) == 11
    assert len(town.buildings) == 3723
    assert lines - others == 2753
    assert len(town.streets) == 1213
    assert len(town.addresses) == 198
    assert (town.land_cover["kind"] == "water").sum() == 28
    assert (town.barriers["kind"] == "rail").sum() == 34


def test_communities_are_whole_and_neighbours_cut_at_the_edge_are_dropped(town):
    assert "Fläsch" not in set(town.communities["name"])
    assert any("Fläsch" in note for note in town.notes)
    assert sum(len(shape.geoms) > 1 for shape in town.communities.geometry) == 7
    area_km2 = town.communities.to_crs(2056).area.sum() / 1e6
    assert area_km2 == pytest.approx(160.502, abs=0.02)


def test_communities_carry_number_code_and_parents(town):
    vaduz = town.communities.set_index("name").loc["Vaduz"]
    assert vaduz["number"] == "7001"
    assert vaduz["code"] == "990001001001"
    assert vaduz["town_name"] == "Wahlkreis Oberland"
    assert vaduz["county_name"] == "Liechtenstein"
    assert town.communities["code"].is_unique


def test_frames_have_the_columns_of_their_kind(town):
    for kind in ("barriers", "buildings", "addresses", "land_cover", "places"):
        frame = getattr(town, kind)
        assert list(frame.columns) == [*(f.name for f in KINDS[kind].fields), "geometry"]
        assert frame.crs == "EPSG:4326"
        assert frame.geometry.is_valid.all()


def test_missing_values_are_none(town):
    assert town.barriers["left_from"].map(lambda value: value is None).all()
    assert town.addresses["town"].map(lambda v: v is None or isinstance(v, str)).all()


def test_tunnels_bar_nobody(town):
    assert len(town.tunnels) == 14
    assert "tunnel" not in town.barriers.columns


def test_another_level_can_be_chosen():
    districts = read_osm(EXTRACT, admin_level=6).communities
    assert set(districts["name"]) == {"Wahlkreis Oberland", "Wahlkreis Unterland"}
    assert districts["code"].isna().all()


def test_a_level_the_extract_lacks_is_refused_with_those_it_has():
    with pytest.raises(InvalidInput, match="level 10; levels found: 2, 6, 8"):
        read_osm(EXTRACT, admin_level=10)


def test_a_bad_prefix_is_refused():
    with pytest.raises(InvalidInput, match="6 digits"):
        read_osm(EXTRACT, code_prefix="99")


def test_a_truncated_extract_is_refused(tmp_path):
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(EXTRACT.read_bytes()[:300_000])
    with pytest.raises(InvalidInput, match="damaged or cut short"):
        read_osm(cut)


def test_a_damaged_extract_is_refused(tmp_path):
    damaged = tmp_path / "damaged.osm.pbf"
    content = bytearray(EXTRACT.read_bytes())
    content[100_000:100_400] = b"\xff" * 400
    damaged.write_bytes(content)
    with pytest.raises(InvalidInput, match="damaged or cut short"):
        read_osm(damaged)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"<html>not found</html>", "not an OpenStreetMap PBF")],
)
def test_what_is_no_extract_is_refused(tmp_path, content, words):
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=words):
        read_osm(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"gone\.pbf: cannot be opened"):
        read_osm(tmp_path / "gone.pbf")
