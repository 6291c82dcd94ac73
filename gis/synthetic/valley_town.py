"""One fictional valley town with real names and codes: ground, people and incidents as frames.

Pure. Work is done in metres of the tile; a projection given by the caller makes lon, lat of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.addresses_zh import PARTS, Homes, make_homes, standard_text
from gis.synthetic.dwellings import add_dwellings, group_of
from gis.synthetic.ground import TownSize, make_ground
from gis.synthetic.ground_frames import ground_frames, place_frame
from gis.synthetic.households import make_households
from gis.synthetic.incidents import Doors, make_incidents
from gis.synthetic.persons import sample_residents
from gis.synthetic.shares import draw_sizes, spread_total
from gis.synthetic.town import Town, Truth, make_frame

PEOPLE = 107_000
HOUSEHOLDS = 30_000
CENTRE_SHARE, URBAN_SHARE = 1 / 3, 1 / 2
CORE_OF_URBAN = 6 / 13
SIZE_SHARES = (0.09, 0.17, 0.23, 0.24, 0.15, 0.08, 0.03, 0.01)
HAMLET_HOUSEHOLDS = 40
PEOPLE_PER_HOUSE_ROW = 0.78
RESIDENT_SAMPLE = 600

Projection = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class TownSpec:
    """Which town it is, and how large.

    Parameters
    ----------
    code, name, county
        Division code (9 digits) and name of the town, name of its county.
    unit_codes, unit_names
        Its communities, urban ones first.
    n_urban
        How many of them are urban.
    share
        Share of a full town of 107,000 people.
    """

    code: str
    name: str
    county: str
    unit_codes: tuple[str, ...]
    unit_names: tuple[str, ...]
    n_urban: int
    share: float


def make_valley_town(
    spec: TownSpec,
    place: tuple[int, int],
    *,
    seed: int,
    until: date,
    n_months: int,
    n_hotspots: int,
    project: Projection,
) -> Town:
    """Make one town on the tile at a place (column, row) of the county.

    Parameters
    ----------
    project
        Maps (n, 2) metres of the tile to lon, lat.
    """
    rng = np.random.default_rng([seed, place[0], place[1]])
    groups = _household_groups(spec, rng)
    ground = make_ground(*place, seed, _town_size(spec, groups), spec.name[:-1], rng)
    buildings = ground.buildings.copy()
    buildings["group"] = group_of(
        buildings["community"].to_numpy(), n_core=_n_core(spec), n_urban=spec.n_urban
    )
    buildings = add_dwellings(
        buildings, groups, n_urban=spec.n_urban, big_tower=spec.share >= 0.5, rng=rng
    )
    homes = make_homes(ground, buildings, list(spec.unit_names), rng)
    texts = _texts(homes.register, spec.name)
    lon, lat = project(homes.register[["x_m", "y_m"]].to_numpy(dtype=float)).round(7).T
    people = draw_sizes(len(homes.home), round(PEOPLE * spec.share), rng, size_shares=SIZE_SHARES)
    households, household_truth = make_households(
        lon[homes.home], lat[homes.home], texts[homes.home], people, rng,
        script="zh", prefix=f"{spec.code}H",
    )  # fmt: skip
    doors = _doors(homes, buildings, people, texts, lon, lat)
    incidents, hotspots, incident_truth = make_incidents(
        doors, rng, until=until, n_months=n_months, n_hotspots=n_hotspots,
        script="zh", prefix=f"{spec.code}I",
    )  # fmt: skip
    hotspots["hotspot"] = spec.code + "-" + hotspots["hotspot"].astype(str)
    planted = incident_truth["hotspot"] >= 0
    incident_truth["hotspot"] = np.where(
        planted, spec.code + "-" + incident_truth["hotspot"].astype(str), ""
    )
    return Town(
        name=spec.name,
        truth=Truth(hotspots, household_truth, incident_truth),
        addresses=_register_frame(homes.register, texts, lon, lat, spec),
        households=households,
        residents=sample_residents(
            households, rng, script="zh", n_households=RESIDENT_SAMPLE, today=until
        ),
        places=place_frame(ground, homes.gate, texts, project),
        incidents=incidents,
        **ground_frames(ground, buildings, spec.code, _unit_rows(spec), project),
    )


def _n_core(spec: TownSpec) -> int:
    return max(1, round(spec.n_urban * CORE_OF_URBAN))


def _household_groups(spec: TownSpec, rng: Generator) -> NDArray[np.int64]:
    """Count households of the centre, the other urban communities, and each village.

    Villages differ a lot; the last one is a hamlet far below the band.
    """
    total = round(HOUSEHOLDS * spec.share)
    centre, urban = round(total * CENTRE_SHARE), round(total * URBAN_SHARE)
    n = len(spec.unit_codes) - spec.n_urban
    rest = total - urban
    weights = np.linspace(0.25, 2.2, n - 1) * rng.uniform(0.85, 1.15, n - 1)
    villages = spread_total(rest - HAMLET_HOUSEHOLDS, rng.permutation(weights))
    return np.concatenate([[centre, urban - centre], villages, [HAMLET_HOUSEHOLDS]])


def _town_size(spec: TownSpec, groups: NDArray[np.int64]) -> TownSize:
    """Say how many communities and houses the ground needs."""
    houses = np.maximum(3, np.round(groups[2:] * PEOPLE_PER_HOUSE_ROW)).astype(np.int64)
    return TownSize(spec.n_urban, len(groups) - 2, _n_core(spec), houses, spec.share)


def _unit_rows(spec: TownSpec) -> dict[str, NDArray[np.object_]]:
    """List the columns of the communities frame."""
    n = len(spec.unit_codes)
    return {
        "code": np.array(spec.unit_codes, dtype=object),
        "name": np.array(spec.unit_names, dtype=object),
        "town_name": np.full(n, spec.name, dtype=object),
        "county_name": np.full(n, spec.county, dtype=object),
    }


def _texts(register: pd.DataFrame, town: str) -> NDArray[np.object_]:
    columns = [register[c].tolist() for c in PARTS]
    return np.array(
        [
            standard_text(dict(zip(PARTS, row, strict=True)), town)
            for row in zip(*columns, strict=True)
        ],
        dtype=object,
    )


def _doors(
    homes: Homes,
    buildings: pd.DataFrame,
    people: NDArray[np.int64],
    texts: NDArray[np.object_],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> Doors:
    """Take one door for each building: its own address without stairwell and room."""
    by_building = pd.DataFrame({"row": homes.home, "people": people}).groupby(homes.building)
    row, total = by_building["row"].first().to_numpy(), by_building["people"].sum().to_numpy()
    short = pd.Series(texts[row]).str.replace(r"\d+单元\d+室$", "", regex=True)
    return Doors(lon[row], lat[row], short.to_numpy(dtype=object), total.astype(float))


def _register_frame(
    register: pd.DataFrame,
    texts: NDArray[np.object_],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    spec: TownSpec,
) -> pd.DataFrame:
    n = len(register)
    return make_frame(
        "addresses",
        {c: register[c].to_numpy(dtype=object) for c in PARTS}
        | {
            "reference": np.array([f"{spec.code}A{k:06d}" for k in range(1, n + 1)], dtype=object),
            "text": texts,
            "town": np.full(n, spec.name, dtype=object),
            "lon": lon,
            "lat": lat,
            "synthetic": np.full(n, "true", dtype=object),
        },
        shapely.points(lon, lat),
    )
