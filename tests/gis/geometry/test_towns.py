"""Blocks of real towns: cover exactly, cut nothing, stay connected part by part."""

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.geometry.adjacency import block_graph
from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage

ROADS = {"motorway": "motorway", "primary": "main_road", "secondary": "main_road"}


def faults_of(blocks, boundary, barriers, buildings):
    """Name what is wrong with blocks as a coverage and as a neighbourhood."""
    report = check_coverage(blocks, boundary=boundary, buildings=buildings)
    graph = block_graph(blocks, barriers=barriers)
    links = coo_array(
        (np.ones(len(graph.edges)), graph.edges.T), shape=(graph.n_blocks, graph.n_blocks)
    )
    n_parts = sum(shapely.get_num_geometries(boundary.geometry.array))
    faults = {
        "invalid": not report.is_valid,
        "uncovered": report.uncovered_m2 >= 1,
        "overlapping": report.overlapping_m2 > 0,
        "outside": report.outside_m2 >= 1,
        "multipart": len(report.multipart) > 0,
        "cut buildings": len(report.cut_buildings) > 0,
        "torn": connected_components(links, directed=False)[0] != n_parts,
    }
    return [name for name, found in faults.items() if found]


class _Harvest(osmium.SimpleHandler):
    def __init__(self):
        super().__init__()
        self.factory = osmium.geom.WKBFactory()
        self.communities, self.lines, self.houses = [], [], []

    def area(self, area):
        shape = shapely.from_wkb(self.factory.create_multipolygon(area))
        if area.tags.get("admin_level") == "8" and "name" in area.tags:
            self.communities.append((area.tags["name"], shape))
        elif "building" in area.tags:
            self.houses.append(shape)

    def way(self, way):
        kind = ROADS.get(way.tags.get("highway"), "minor_road")
        kind = "river" if way.tags.get("waterway") in ("river", "canal") else kind
        if ("highway" in way.tags or kind == "river") and len(way.nodes) > 1:
            self.lines.append((kind, shapely.from_wkb(self.factory.create_linestring(way))))


@pytest.fixture(scope="module")
def liechtenstein(town_data):
    harvest = _Harvest()
    file = town_data / "liechtenstein" / "liechtenstein-2013-08-03.osm.pbf"
    harvest.apply_file(str(file), locations=True)
    names, shapes = zip(*harvest.communities, strict=True)
    kinds, lines = zip(*harvest.lines, strict=True)
    wgs84 = "EPSG:4326"
    return (
        gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs=wgs84).set_index("name"),
        gpd.GeoDataFrame({"kind": kinds}, geometry=list(lines), crs=wgs84),
        gpd.GeoDataFrame(geometry=harvest.houses, crs=wgs84),
    )


@pytest.fixture(scope="module")
def cambridge(town_data):
    folder = town_data / "cambridge_ma"
    frames = []
    for name, kind in (
        ("street_centerlines", "minor_road"),
        ("rail", "rail"),
        ("water_bodies", "river"),
    ):
        frame = gpd.read_file(folder / f"{name}.geojson")[["geometry"]]
        frames.append(frame.assign(kind=kind))
    communities = gpd.read_file(folder / "neighborhoods.geojson").set_index("NAME")
    return communities, pd.concat(frames), gpd.read_file(folder / "parcels.gpkg")


@pytest.mark.town
@pytest.mark.parametrize("name", ["Balzers", "Triesenberg", "Vaduz", "Schellenberg"])
def test_a_municipality_of_liechtenstein_is_cut_into_sound_blocks(name, liechtenstein):
    communities, barriers, buildings = liechtenstein
    boundary = communities.loc[[name]]
    blocks = build_blocks(boundary, barriers=barriers, buildings=buildings)
    assert faults_of(blocks, boundary, barriers, buildings) == []


@pytest.mark.town
@pytest.mark.slow
@pytest.mark.parametrize("name", ["Cambridge Highlands", "East Cambridge", "Wellington-Harrington"])
def test_a_neighbourhood_of_cambridge_is_cut_into_sound_blocks_of_parcels(name, cambridge):
    communities, barriers, parcels = cambridge
    boundary = communities.loc[[name]]
    blocks = build_blocks(boundary, barriers=barriers, buildings=parcels)
    assert faults_of(blocks, boundary, barriers, parcels) == []


@pytest.mark.town
def test_neighbouring_municipalities_do_not_overlap(liechtenstein):
    communities, barriers, buildings = liechtenstein
    sides = [
        build_blocks(communities.loc[[n]], barriers=barriers, buildings=buildings)
        for n in ("Ruggell", "Gamprin")
    ]
    west, east = (s.to_crs("EPSG:32632").union_all() for s in sides)
    assert shapely.intersection(west, east).area < 0.5
