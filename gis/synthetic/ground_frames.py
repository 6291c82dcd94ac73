"""The ground of a fictional town as frames in EPSG:4326: communities, barriers, land cover ...

Pure; metres come in, a projection given by the caller makes lon, lat of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.synthetic.ground import Ground
from gis.synthetic.names_zh import BROOK_WORDS, LARGE_RIVERS, SMALL_RIVERS
from gis.synthetic.shapes import lines_of, polygons_of
from gis.synthetic.streets import Way, with_bridges
from gis.synthetic.terrain import Terrain
from gis.synthetic.town import make_frame

GATE_M = 4.0
PLACE_KIND = {
    "hospital": "hospital",
    "school": "school",
    "market": "market",
    "office": "office",
    "worship": "worship",
}

Projection = Callable[[np.ndarray], np.ndarray]


def ground_frames(
    ground: Ground,
    buildings: pd.DataFrame,
    town_code: str,
    units: dict[str, NDArray[np.object_]],
    project: Projection,
) -> dict[str, gpd.GeoDataFrame]:
    """Make the frames ``communities, barriers, land_cover, buildings, compounds`` of a town.

    Parameters
    ----------
    units
        Columns of the communities, in their order.
    project
        Maps (n, 2) metres to lon, lat.
    """

    def shapes(values: Iterable[shapely.Geometry]) -> NDArray[np.object_]:
        return shapely.transform(np.array(list(values), dtype=object), project)

    cover = _land_cover(ground)
    lines = _barriers(ground, town_code)
    estates = ground.estates
    return {
        "communities": make_frame("communities", units, shapes(ground.communities)),
        "barriers": make_frame(
            "barriers",
            {c: lines[c].to_numpy(dtype=object) for c in ("kind", "name", "bridge")},
            shapes(lines["line"]),
        ),
        "land_cover": make_frame(
            "land_cover",
            {c: cover[c].to_numpy(dtype=object) for c in ("kind", "name")},
            shapes(cover["shape"]),
        ),
        "buildings": _building_frame(ground, buildings, town_code, shapes(buildings["shape"])),
        "compounds": make_frame(
            "compounds",
            {
                "reference": _references(town_code, "C", len(estates)),
                "name": estates["name"].to_numpy(dtype=object),
                "kind": np.where(estates["use"].isna(), "compound", "institution").astype(object),
                "synthetic": np.full(len(estates), "true", dtype=object),
            },
            shapes(estates["shape"]),
        ),
    }


def place_frame(
    ground: Ground, gate: NDArray[np.int64], texts: NDArray[np.object_], project: Projection
) -> gpd.GeoDataFrame:
    """Make the frame ``places``: institutions at their gates, parks in their middle."""
    estates = ground.estates
    rows = np.flatnonzero(estates["use"].notna().to_numpy() & (gate >= 0))
    parks = ground.parks[ground.parks["name"].notna()]
    middle = shapely.get_coordinates(
        shapely.point_on_surface(parks["shape"].to_numpy(dtype=object))
    )
    gates = estates[["gate_x_m", "gate_y_m"]].to_numpy(dtype=float)[rows]
    lon, lat = project(np.concatenate([gates, middle.reshape(-1, 2)])).round(7).T
    kinds = [PLACE_KIND[u] for u in estates["use"].iloc[rows]]
    return make_frame(
        "places",
        {
            "name": np.array([*estates["name"].iloc[rows], *parks["name"]], dtype=object),
            "kind": np.array(kinds + ["park"] * len(parks), dtype=object),
            "address_text": np.array([*texts[gate[rows]], *[None] * len(parks)], dtype=object),
            "lon": lon,
            "lat": lat,
            "synthetic": np.full(len(lon), "true", dtype=object),
        },
        shapely.points(lon, lat),
    )


def _references(town_code: str, letter: str, n: int) -> NDArray[np.object_]:
    return np.array([f"{town_code}{letter}{k:05d}" for k in range(1, n + 1)], dtype=object)


def _building_frame(
    ground: Ground, buildings: pd.DataFrame, town_code: str, shapes: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    estate = np.array([*ground.estates["name"], ""], dtype=object)[buildings["estate"]]
    rank = buildings["rank"].astype(str).to_numpy(dtype=object)
    return make_frame(
        "buildings",
        {
            "reference": _references(town_code, "B", len(buildings)),
            "name": np.where(buildings["estate"] >= 0, estate + rank + "栋", None),
            "kind": buildings["kind"].to_numpy(dtype=object),
            "levels": buildings["levels"].to_numpy(dtype=np.int64),
            "dwellings": buildings["dwellings"].to_numpy(dtype=np.int64),
            "synthetic": np.full(len(buildings), "true", dtype=object),
        },
        shapes,
    )


def _barriers(ground: Ground, town_code: str) -> pd.DataFrame:
    """List ways with bridges, rivers, rail, and the walls of compounds, open at the gate."""
    terrain = ground.terrain
    rivers = [
        Way("river", name, part)
        for name, line in _named_rivers(terrain, town_code)
        for part in lines_of(line.intersection(terrain.territory))
    ]
    rail = [Way("rail", "黔桂虚拟铁路", terrain.rail)]
    rows = [(w.kind, w.name, "true" if b else "false", w.line)
            for w, b in with_bridges([*ground.ways, *rail], terrain.water)]  # fmt: skip
    rows += [(w.kind, w.name, "false", w.line) for w in rivers]
    rows += [("wall", None, "false", line) for line in _walls(ground.estates)]
    table = pd.DataFrame(rows, columns=["kind", "name", "bridge", "line"]).astype(object)
    return table.where(table.notna(), None)


def _river_names(town_code: str) -> tuple[str, str]:
    k = 0 if town_code == "522632100" else int(town_code)
    return LARGE_RIVERS[k % len(LARGE_RIVERS)], SMALL_RIVERS[k % len(SMALL_RIVERS)]


def _named_rivers(terrain: Terrain, town_code: str) -> list[tuple[str, shapely.LineString]]:
    """Name the two rivers and the streams of a town."""
    brooks = [name + "溪" for name in BROOK_WORDS[: len(terrain.streams)]]
    lines = [*terrain.rivers, *terrain.streams[: len(brooks)]]
    return list(zip([*_river_names(town_code), *brooks], lines, strict=True))


def _walls(estates: pd.DataFrame) -> list[shapely.LineString]:
    gates = shapely.buffer(shapely.points(estates[["gate_x_m", "gate_y_m"]].to_numpy()), GATE_M)
    rings = shapely.get_exterior_ring(estates["shape"].to_numpy(dtype=object))
    return [
        piece
        for ring, gate in zip(rings, gates, strict=True)
        for piece in lines_of(shapely.line_merge(ring.difference(gate)), shortest_m=5)
    ]


def _land_cover(ground: Ground) -> pd.DataFrame:
    """Cover the territory: water, parks, built-up ground, fields, and green hills for the rest."""
    terrain = ground.terrain
    parks = ground.parks["shape"].to_numpy(dtype=object)
    banks = terrain.corridor.intersection(terrain.urban).difference(terrain.water)
    green = shapely.union_all([*parks, banks])
    built = shapely.union_all([terrain.urban, ground.settled]).difference(
        shapely.union_all([green, terrain.water])
    )
    taken = shapely.union_all([built, green, terrain.water])
    hills = terrain.territory.difference(shapely.union_all([ground.fields.tilled, taken]))
    parts = [("water", terrain.water), ("built_up", built), ("green", hills), ("green", banks)]
    rows = [
        (kind, None, p.intersection(terrain.territory)) for kind, shape in parts
        for p in polygons_of(shape, smallest_m2=60)
    ]  # fmt: skip
    rows += [
        ("green", name, shape) for name, shape in zip(ground.parks["name"], parks, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["kind", "name", "shape"]).astype(object)
    table["shape"] = shapely.set_precision(table["shape"].to_numpy(), 0.01)
    plots = pd.DataFrame({"kind": "farmland", "name": None, "shape": ground.fields.plots})
    table = pd.concat([table, plots.astype(object)], ignore_index=True)
    return table.where(table.notna(), None)
