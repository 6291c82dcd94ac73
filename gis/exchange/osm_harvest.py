"""Gather rows from an OpenStreetMap extract while osmium reads it through.

One pass for nodes and ways, one inside osmium for areas (closed ways and multipolygons). A row is
a mapping with the columns of its kind and ``geometry``; nothing is repaired or invented here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from shapely import Geometry

from gis.exchange.osm_communities import AdministrativeArea
from gis.exchange.osm_tags import barrier_kind, is_bridge, is_tunnel, land_cover_kind, place_kind

AREA_KEYS = (
    "boundary",
    "building",
    "natural",
    "landuse",
    "leisure",
    "waterway",
    "amenity",
    "shop",
    "railway",
    "office",
)


@dataclass
class Harvest:
    """Rows gathered while the file is read, by frame of `gis.exchange.osm.OsmData`."""

    rows: dict[str, list[dict[str, object]]] = field(
        default_factory=lambda: {
            kind: []
            for kind in (
                "barriers",
                "tunnels",
                "streets",
                "buildings",
                "addresses",
                "land_cover",
                "places",
            )
        }
    )
    administrative: list[AdministrativeArea] = field(default_factory=list)
    relations: dict[int, tuple[int | None, str]] = field(default_factory=dict)
    cut_lines: int = 0
    broken_areas: int = 0


def gather(path: Path) -> tuple[Harvest, str | None]:
    """Read the file once for lines and points and, inside osmium, once more for areas."""
    harvest = Harvest()
    source = osmium.io.File(str(path), "pbf")
    areas = osmium.filter.KeyFilter(*AREA_KEYS)
    processor = osmium.FileProcessor(source).with_locations().with_areas(areas)
    timestamp = processor.header.get("osmosis_replication_timestamp") or None
    wkb = osmium.geom.WKBFactory()
    things: Iterable[Any] = processor  # its types know no narrowing by is_area()
    for thing in things:
        tags = dict(thing.tags)
        if not tags:
            continue
        if thing.is_area():
            _take_area(harvest, thing, tags, wkb)
        elif thing.is_way():
            _take_way(harvest, thing, tags)
        elif thing.is_node():
            _take_node(harvest, thing, tags)
        elif tags.get("boundary") == "administrative":
            harvest.relations[thing.id] = (_level(tags), tags.get("name", ""))
    return harvest, timestamp


def _take_node(harvest: Harvest, node: osmium.osm.Node, tags: dict[str, str]) -> None:
    if "addr:housenumber" not in tags and not (tags.get("name") and place_kind(tags)):
        return
    point = shapely.Point(node.lon, node.lat)
    if "addr:housenumber" in tags:
        harvest.rows["addresses"].append(_address(f"node/{node.id}", tags, point))
    _take_place(harvest, tags, point)


def _take_way(harvest: Harvest, way: osmium.osm.Way, tags: dict[str, str]) -> None:
    kind = barrier_kind(tags)
    if kind is None and "addr:housenumber" not in tags:
        return
    parts, is_cut = _way_parts(way)
    harvest.cut_lines += is_cut
    if not parts:
        return
    if kind is not None:
        shape = parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)
        row = _barrier(kind, tags, shape)
        harvest.rows["tunnels" if is_tunnel(tags) else "barriers"].append(row)
        if "highway" in tags and tags.get("name"):
            harvest.rows["streets"].append(row)
    if "addr:housenumber" in tags:
        harvest.rows["addresses"].append(_address(f"way/{way.id}", tags, _inner_point(parts)))


def _way_parts(way: osmium.osm.Way) -> tuple[list[shapely.LineString], bool]:
    """Give the lines of a way between its known nodes, and whether any node was unknown."""
    runs: list[list[tuple[float, float]]] = [[]]
    is_cut = False
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.lon, node.lat))
        else:
            is_cut = True
            runs.append([])
    return [shapely.LineString(run) for run in runs if len(set(run)) > 1], is_cut


def _inner_point(parts: list[shapely.LineString]) -> shapely.Point:
    """Give a point inside a closed way, or in the middle of an open one."""
    if len(parts) == 1 and parts[0].is_closed and len(parts[0].coords) > 3:
        return shapely.Polygon(parts[0]).representative_point()
    return max(parts, key=lambda line: line.length).interpolate(0.5, normalized=True)


def _take_area(
    harvest: Harvest, area: osmium.osm.Area, tags: dict[str, str], wkb: osmium.geom.WKBFactory
) -> None:
    try:
        shape = shapely.from_wkb(bytes.fromhex(wkb.create_multipolygon(area)))
    except (RuntimeError, ValueError, shapely.GEOSException):
        harvest.broken_areas += 1
        return
    if len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if tags.get("boundary") == "administrative" and tags.get("name"):
        harvest.administrative.append(AdministrativeArea(_level(tags), tags, shape))
    reference = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    if tags.get("building", "no") != "no":
        harvest.rows["buildings"].append(_building(reference, tags, shape))
    cover = land_cover_kind(tags)
    if cover:
        row = {"kind": cover, "name": tags.get("name"), "geometry": shape}
        harvest.rows["land_cover"].append(row)
    if "addr:housenumber" in tags and not area.from_way():
        point = shape.representative_point()
        harvest.rows["addresses"].append(_address(reference, tags, point))
    _take_place(harvest, tags, shape)


def _take_place(harvest: Harvest, tags: dict[str, str], shape: Geometry) -> None:
    kind = place_kind(tags)
    if kind is None or not tags.get("name"):
        return
    point = shape.representative_point()
    harvest.rows["places"].append(
        {
            "name": tags["name"],
            "kind": kind,
            "address_text": _address_text(tags),
            "lon": point.x,
            "lat": point.y,
            "synthetic": "false",
            "geometry": shape,
        }
    )


def _barrier(kind: str, tags: dict[str, str], shape: Geometry) -> dict[str, object]:
    bridge = "true" if is_bridge(tags) else "false"
    return {"kind": kind, "name": tags.get("name"), "bridge": bridge, "geometry": shape}


def _building(reference: str, tags: dict[str, str], shape: Geometry) -> dict[str, object]:
    kind = tags["building"]
    return {
        "reference": reference,
        "name": tags.get("name"),
        "kind": None if kind == "yes" else kind,
        "levels": _whole_number(tags.get("building:levels")),
        "dwellings": _whole_number(tags.get("building:flats")),
        "synthetic": "false",
        "geometry": shape,
    }


def _address(reference: str, tags: dict[str, str], point: shapely.Point) -> dict[str, object]:
    return {
        "reference": reference,
        "text": _address_text(tags),
        "town": tags.get("addr:city"),
        "street": tags.get("addr:street"),
        "number": tags["addr:housenumber"],
        "estate": tags.get("addr:place"),
        "building": tags.get("addr:housename"),
        "room": tags.get("addr:unit"),
        "lon": point.x,
        "lat": point.y,
        "synthetic": "false",
        "geometry": point,
    }


def _address_text(tags: dict[str, str]) -> str | None:
    """Write street and number the way people of the place do."""
    street = tags.get("addr:street") or tags.get("addr:place") or ""
    number = tags.get("addr:housenumber", "")
    if not street or not number:
        return street or None
    if any("\u4e00" <= letter <= "\u9fff" for letter in street):
        return f"{street}{number}号" if number[-1].isdigit() else f"{street}{number}"
    return f"{street} {number}"


def _level(tags: dict[str, str]) -> int | None:
    return _whole_number(tags.get("admin_level"))


def _whole_number(text: str | None) -> int | None:
    """Read a count such as ``3`` or ``2.5`` (floored); None for anything else."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return int(number) if np.isfinite(number) and 0 <= number < 10_000 else None
