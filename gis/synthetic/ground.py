"""The whole ground of one fictional town: communities, ways, buildings, land cover, in metres.

Pure; plane coordinates in metres, the tile of the town around (0, 0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.division import (
    community_shapes,
    cut_cells,
    grow_rural,
    grow_urban,
)
from gis.synthetic.fields import Fields, make_fields
from gis.synthetic.hamlets import (
    GENTLE_SLOPE,
    Hamlet,
    build_hamlet,
    contours_at,
    half_width_m,
    hamlet_sites,
    village_roads,
)
from gis.synthetic.names_zh import (
    INSTITUTION_NAMES,
    compound_names,
    lane_names,
    street_names,
)
from gis.synthetic.quarters import Quarter, fill_quarters
from gis.synthetic.shapes import clear_of, clear_of_each_other, lines_of, on_squares
from gis.synthetic.streets import (
    HALF_WIDTH_M,
    Way,
    centre_streets,
    city_blocks,
    join_ends,
    split_large,
)
from gis.synthetic.terrain import Terrain, make_terrain

LARGEST_BLOCK_M2 = 21_000.0
PLACES_M = 140.0
"""How far apart places for hamlets are looked at."""


@dataclass(frozen=True)
class TownSize:
    """How large a town is.

    Parameters
    ----------
    n_urban, n_villages
        Number of urban communities and of villages.
    n_core
        The first so many urban communities are the centre.
    houses
        (n_villages,) houses of each village.
    scale
        Share of a full town.
    """

    n_urban: int
    n_villages: int
    n_core: int
    houses: NDArray[np.int64]
    scale: float


@dataclass(frozen=True)
class Ground:
    """What lies on the ground of one town.

    Parameters
    ----------
    terrain
        Territory, rivers, valley.
    communities
        (c,) polygons, urban ones first, from the middle outwards.
    ways
        All ways, named or not.
    buildings
        One row per building: ``shape, x_m, y_m, community, kind, levels, estate, hamlet, rank``;
        estate and hamlet are row numbers below, -1 for none; ``rank`` orders buildings in them.
    estates
        One row per walled compound or institution: ``shape, name, use, gate_x_m, gate_y_m``.
    parks
        ``shape, name`` of parks and greens; name None for plain green.
    settled
        Built-up ground of the hamlets.
    fields
        Fields and terraces.
    """

    terrain: Terrain
    communities: NDArray[np.object_]
    ways: list[Way]
    buildings: pd.DataFrame
    estates: pd.DataFrame
    parks: pd.DataFrame
    settled: shapely.Geometry
    fields: Fields


def make_ground(
    column: int, row: int, seed: int, size: TownSize, town_word: str, rng: Generator
) -> Ground:
    """Make the ground of the town in a column and row of the county.

    Parameters
    ----------
    town_word
        Name of the town without its ending, for names of institutions.
    """
    terrain = make_terrain(column, row, seed, scale=size.scale)
    streets = join_ends(centre_streets(terrain, rng, street_names("滨江", rng)))
    main = [w.line for w in streets if w.kind == "main_road"]
    cells = cut_cells(terrain, main, rng)
    urban = grow_urban(cells, size.n_urban, rng)
    gentle = terrain.relief.slope(cells.middle) < GENTLE_SLOPE
    rural = grow_rural(cells, size.n_villages, gentle, rng)
    owner = np.where(urban >= 0, urban, np.where(rural >= 0, rural + size.n_urban, -1))
    communities = community_shapes(cells, owner, n_urban=size.n_urban)
    blocks, cuts = split_large(city_blocks(streets, terrain), rng, most_m2=LARGEST_BLOCK_M2)
    quarters = fill_quarters(
        blocks,
        middle=terrain.meeting,
        reach_m=1_100 * np.sqrt(size.scale),
        rng=rng,
    )
    hamlets = _make_hamlets(communities, size, terrain, rng)
    ways = [*streets, *_name_lanes(quarters, cuts, rng), *_country_ways(terrain, hamlets)]
    estates = _estates(quarters, streets, town_word, rng)
    buildings = _place_buildings(quarters, hamlets, ways, terrain, communities, size.n_urban)
    parks = _parks(quarters, town_word)
    settled = _settled(hamlets)
    kept = [terrain.urban, settled, terrain.water.buffer(9, quad_segs=2)]
    middles = np.array([h.middle for h in hamlets]).reshape(-1, 2)
    fields = make_fields(terrain, middles, shapely.union_all(kept), rng)
    return Ground(terrain, communities, ways, buildings, estates, parks, settled, fields)


def _make_hamlets(
    communities: NDArray[np.object_], size: TownSize, terrain: Terrain, rng: Generator
) -> list[Hamlet]:
    borders = shapely.union_all(shapely.boundary(communities))
    places, village = _possible_places(communities[size.n_urban :], terrain, rng)
    middle, owner, houses = hamlet_sites(places, village, size.houses, terrain, borders, rng)
    lie = contours_at(middle, half_width_m(houses), terrain.relief)
    return [
        build_hamlet(int(k), place, int(n), angle, bend, rng)
        for k, place, n, angle, bend in zip(owner, middle, houses, *lie, strict=True)
    ]


def _possible_places(
    villages: NDArray[np.object_], terrain: Terrain, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """List places all over the villages, and the village of each."""
    west, south, east, north = terrain.territory.bounds
    x, y = np.meshgrid(np.arange(west, east, PLACES_M), np.arange(south, north, PLACES_M))
    places = np.stack([x, y], axis=-1).reshape(-1, 2)
    places = places + rng.uniform(-0.4, 0.4, places.shape) * PLACES_M
    row, village = shapely.STRtree(villages).query(shapely.points(places), predicate="within")
    return places[row], village


def _settled(hamlets: list[Hamlet]) -> shapely.Geometry:
    """Join the ground of the hamlets: their lanes with the houses on both sides."""
    lanes = [lane.line for h in hamlets for lane in h.lanes[1:]]
    return shapely.union_all(shapely.buffer(lanes, 21.0, quad_segs=3)).simplify(2.0)


def _name_lanes(quarters: list[Quarter], cuts: list[Way], rng: Generator) -> list[Way]:
    lanes = [*cuts, *(w for q in quarters for w in q.lanes)]
    names = lane_names(len(lanes), rng)
    return [Way(w.kind, name, w.line) for w, name in zip(lanes, names, strict=True)]


def _country_ways(terrain: Terrain, hamlets: list[Hamlet]) -> list[Way]:
    """Draw the valley road, the roads to the hamlets, the motorway and the lanes."""
    valley = lines_of(terrain.valley_road.difference(terrain.urban))
    gates = [shapely.get_coordinates(terrain.urban.exterior)[::6]]
    gates += [shapely.get_coordinates(p)[::12] for p in valley]
    roads = village_roads(hamlets, np.concatenate(gates), terrain)
    outside = [p for r in roads for p in lines_of(r.difference(terrain.urban))]
    return [
        *(Way("main_road", "都柳大道", p) for p in valley),
        *(Way("minor_road", None, p) for p in outside),
        Way("motorway", "榕州高速公路", terrain.motorway),
        *(lane for h in hamlets for lane in h.lanes),
    ]


def _estates(
    quarters: list[Quarter], streets: list[Way], town_word: str, rng: Generator
) -> pd.DataFrame:
    """List walled compounds and institutions with name and gate, in the order of quarters."""
    walled = [q for q in quarters if q.wall is not None]
    homes = iter(compound_names(len(walled), rng))
    pools = {use: iter(names) for use, names in INSTITUTION_NAMES.items()}
    names = []
    for q in walled:
        if q.use is None:
            names.append(next(homes))
        else:
            names.append(town_word + next(pools[q.use], "活动中心"))
    walls = np.array([q.wall for q in walled], dtype=object)
    rings = shapely.get_exterior_ring(walls)
    lines = np.array([w.line for w in streets], dtype=object)
    near = shapely.STRtree(lines).nearest(shapely.centroid(rings)) if len(walled) else []
    gates = shapely.get_coordinates(
        shapely.get_point(shapely.shortest_line(rings, lines[near]), 0)
    ).reshape(-1, 2)
    return pd.DataFrame(
        {
            "shape": walls,
            "name": names,
            "use": pd.Series([q.use for q in walled], dtype=object),
            "gate_x_m": gates[:, 0],
            "gate_y_m": gates[:, 1],
        }
    )


def _parks(quarters: list[Quarter], town_word: str) -> pd.DataFrame:
    names = iter(INSTITUTION_NAMES["park"])
    open_ground = [q for q in quarters if q.kind in ("park", "green")]
    called = [next(names, "口袋公园") if q.kind == "park" else None for q in open_ground]
    return pd.DataFrame(
        {
            "shape": np.array([q.ground for q in open_ground], dtype=object),
            "name": pd.Series([c and town_word + c for c in called], dtype=object),
        }
    )


def _place_buildings(
    quarters: list[Quarter],
    hamlets: list[Hamlet],
    ways: list[Way],
    terrain: Terrain,
    communities: NDArray[np.object_],
    n_urban: int,
) -> pd.DataFrame:
    """Put all buildings into one table; drop those in the way of a road, water or one another."""
    table = pd.concat([_urban_rows(quarters), _rural_rows(hamlets)], ignore_index=True)
    shapes = table["shape"].to_numpy(dtype=object)
    free = clear_of(shapes, on_squares(terrain.water, side_m=600.0), distance_m=12.0)
    for kind in ("motorway", "main_road", "minor_road", "path"):
        lines = np.array([w.line for w in ways if w.kind == kind], dtype=object)
        free &= clear_of(shapes, lines, distance_m=HALF_WIDTH_M[kind] - 0.6)
    free &= clear_of(shapes, np.array([terrain.rail]), distance_m=HALF_WIDTH_M["rail"])
    borders = np.array(shapely.get_parts(shapely.boundary(communities)), dtype=object)
    free &= clear_of(shapes, borders, distance_m=1.0)
    table, shapes = table[free], shapes[free]
    table = table[clear_of_each_other(shapes, distance_m=0.25)].reset_index(drop=True)
    inner = shapely.point_on_surface(table["shape"].to_numpy(dtype=object))
    row, community = shapely.STRtree(communities).query(inner, predicate="intersects")
    table["community"] = pd.Series(community, index=row).groupby(level=0).min()
    table["x_m"], table["y_m"] = shapely.get_coordinates(inner).T
    own = (table["village"] < 0) | (table["village"] + n_urban == table["community"])
    table = table[own & table["community"].notna()].reset_index(drop=True)
    table["community"] = table["community"].astype(int)
    return table


def _urban_rows(quarters: list[Quarter]) -> pd.DataFrame:
    kinds = {"old_town": "house", "slabs": "apartments", "towers": "tower"}
    rows, estate = [], -1
    for quarter in quarters:
        walled = quarter.wall is not None
        estate += walled
        if len(quarter.buildings):
            part = pd.DataFrame({"shape": quarter.buildings, "levels": quarter.levels})
            part["kind"] = quarter.use or kinds[quarter.kind]
            part["estate"] = estate if walled else -1
            part["rank"] = np.arange(1, len(part) + 1)
            rows.append(part)
    return pd.concat(rows, ignore_index=True).assign(hamlet=-1, village=-1)


def _rural_rows(hamlets: list[Hamlet]) -> pd.DataFrame:
    rows = [
        pd.DataFrame({"shape": h.houses, "rank": h.rank}).assign(hamlet=k, village=h.village)
        for k, h in enumerate(hamlets)
    ]
    table = pd.concat(rows, ignore_index=True)
    return table.assign(levels=2 + (table["rank"] * 7 % 3 == 0), kind="house", estate=-1)
