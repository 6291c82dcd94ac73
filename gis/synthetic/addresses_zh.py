"""Chinese standard addresses of a fictional town: register rows, and the home of each household.

Pure; coordinates in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.ground import Ground
from gis.synthetic.numbering import join_streets, number_houses

HOUSES_PER_GROUP = 35
PARTS = ("community", "street", "number", "estate", "building", "stairwell", "room")


@dataclass(frozen=True)
class Homes:
    """Register and homes of one town.

    Parameters
    ----------
    register
        One row per gate, building and dwelling with an address: the parts, ``x_m, y_m``.
    home
        Register row of each household.
    building
        Building row of each household.
    gate
        Register row of the gate of each estate, -1 for estates without a street.
    """

    register: pd.DataFrame
    home: NDArray[np.int64]
    building: NDArray[np.int64]
    gate: NDArray[np.int64]


def standard_text(row: dict[str, str | None], town: str) -> str:
    """Write the parts of an address as one standard text.

    Examples
    --------
    >>> parts = dict.fromkeys(PARTS) | {"community": "大十字社区"}
    >>> parts |= {"street": "滨江路", "number": "12"}
    >>> standard_text(parts, "古州镇")
    '古州镇大十字社区滨江路12号'
    >>> standard_text(parts | {"estate": "锦绣花园", "building": "3", "stairwell": "2",
    ...     "room": "501"}, "古州镇")
    '古州镇大十字社区滨江路12号锦绣花园3栋2单元501室'
    >>> standard_text(dict.fromkeys(PARTS) | {"community": "高埂村", "estate": "3组",
    ...     "number": "12"}, "古州镇")
    '古州镇高埂村3组12号'
    """
    text = town + (row["community"] or "")
    if row["street"]:
        text += f"{row['street']}{row['number']}号{row['estate'] or ''}"
    else:
        text += f"{row['estate'] or ''}{row['number']}号"
    for part, word in (("building", "栋"), ("stairwell", "单元"), ("room", "室")):
        text += f"{row[part]}{word}" if row[part] else ""
    return text


def make_homes(
    ground: Ground, buildings: pd.DataFrame, communities: list[str], rng: Generator
) -> Homes:
    """Give every door of a town its number and each household its home.

    Parameters
    ----------
    buildings
        Table of the ground with dwellings and households.
    communities
        Names, in the order of the ground.
    """
    plates = _door_plates(ground, buildings, rng)
    names = np.array(communities, dtype=object)
    estates = ground.estates
    gate_community = buildings[buildings["estate"] >= 0].groupby("estate")["community"].first()
    gates = _gate_rows(estates, plates[len(buildings) :], gate_community, names)
    houses = _house_rows(buildings, plates[: len(buildings)], names)
    blocks = _block_rows(buildings, gates, estates)
    rooms, room_block = _room_rows(buildings, blocks)
    register = pd.concat([gates, houses, blocks, rooms], ignore_index=True)
    first_house = len(gates)
    first_room = len(gates) + len(houses) + len(blocks)
    home, building = _homes_of(buildings, houses, rooms, room_block, first_house, first_room)
    gate = np.full(len(estates), -1)
    gate[gates["of_estate"].to_numpy(dtype=int)] = np.arange(len(gates))
    return Homes(register.drop(columns=["of", "of_estate"]), home, building, gate)


def _door_plates(ground: Ground, buildings: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Give numbers along named streets and lanes to town houses and the gates of estates."""
    named = [w for w in ground.ways if w.name and w.kind in ("main_road", "minor_road", "path")]
    lines = np.empty(len(named), dtype=object)
    lines[:] = [w.line for w in named]
    streets = join_streets(np.array([w.name for w in named], dtype=object), lines)
    own = ((buildings["hamlet"] < 0) & (buildings["estate"] < 0)).to_numpy()
    x = np.concatenate([buildings["x_m"], ground.estates["gate_x_m"]])
    y = np.concatenate([buildings["y_m"], ground.estates["gate_y_m"]])
    numbered = np.concatenate([own, np.ones(len(ground.estates), dtype=bool)])
    plates = number_houses(
        x[numbered],
        y[numbered],
        streets,
        within=np.full(int(numbered.sum()), "", dtype=object),
        reach_m=120.0,
        rng=rng,
    )
    street, number = np.full(len(x), None, dtype=object), np.full(len(x), "", dtype=object)
    street[numbered], number[numbered] = plates.street, plates.number.astype(str)
    objects = {c: pd.Series(v, dtype=object) for c, v in (("street", street), ("number", number))}
    return pd.DataFrame(objects | {"x_m": x, "y_m": y})


def _rows(n: int, **columns: object) -> pd.DataFrame:
    """Make register rows; parts not given are None."""
    base = {c: np.full(n, None, dtype=object) for c in (*PARTS, "of", "of_estate")}
    return pd.DataFrame(
        {c: pd.Series(v, dtype=object if c in base else None) for c, v in (base | columns).items()}
    )


def _gate_rows(
    estates: pd.DataFrame, plates: pd.DataFrame, community: pd.Series, names: NDArray[np.object_]
) -> pd.DataFrame:
    kept = np.array([i for i in range(len(estates)) if i in community.index], dtype=int)
    plate = plates.iloc[kept]
    return _rows(
        len(kept),
        community=names[community.loc[kept].to_numpy(dtype=int)],
        street=plate["street"].to_numpy(dtype=object),
        number=plate["number"].to_numpy(dtype=object),
        estate=estates["name"].to_numpy(dtype=object)[kept],
        of_estate=kept,
        x_m=plate["x_m"].to_numpy(dtype=float),
        y_m=plate["y_m"].to_numpy(dtype=float),
    )


def _house_rows(
    buildings: pd.DataFrame, plates: pd.DataFrame, names: NDArray[np.object_]
) -> pd.DataFrame:
    """Make a row for each house with a number of its own, in town or in a group of a village."""
    number = plates["number"].to_numpy(dtype=object).copy()
    group = np.full(len(buildings), None, dtype=object)
    rural = number_groups(buildings[buildings["hamlet"] >= 0])
    number[rural.index] = rural["number"].astype(str).to_numpy(object)
    group[rural.index] = (rural["group"].astype(str) + "组").to_numpy(object)
    rows = np.flatnonzero(buildings["estate"] < 0)
    return _rows(
        len(rows),
        community=names[buildings["community"].to_numpy()[rows]],
        street=plates["street"].to_numpy(dtype=object)[rows],
        number=number[rows],
        estate=group[rows],
        of=rows,
        x_m=buildings["x_m"].to_numpy()[rows],
        y_m=buildings["y_m"].to_numpy()[rows],
    )


def number_groups(houses: pd.DataFrame) -> pd.DataFrame:
    """Give houses of villages their group (村民小组) and their number in it.

    A group is part of one hamlet, of about `HOUSES_PER_GROUP`; the groups of a village are
    numbered through from hamlet to hamlet, the houses anew in each group, lane by lane.

    Parameters
    ----------
    houses
        Columns ``community, hamlet, rank``.

    Returns
    -------
    numbered
        Columns ``group, number``, on the index of the houses.

    Examples
    --------
    >>> houses = pd.DataFrame({"community": 0, "hamlet": [4, 4, 9], "rank": [2, 1, 1]})
    >>> number_groups(houses).to_dict("list")
    {'group': [1, 1, 2], 'number': [2, 1, 1]}
    """
    ordered = houses.sort_values(["community", "hamlet", "rank"], kind="stable")
    hamlet = [ordered["community"], ordered["hamlet"]]
    place = ordered.groupby(hamlet).cumcount()
    size = ordered.groupby(hamlet)["rank"].transform("size")
    n_groups = np.maximum(1, np.round(size / HOUSES_PER_GROUP)).astype(int)
    part = (place * n_groups) // size
    own = [*hamlet, part]
    first = ordered.groupby(own).cumcount() == 0
    group = first.astype(int).groupby(ordered["community"]).cumsum()
    number = ordered.groupby(own).cumcount() + 1
    return pd.DataFrame({"group": group, "number": number}).loc[houses.index]


def _block_rows(
    buildings: pd.DataFrame, gates: pd.DataFrame, estates: pd.DataFrame
) -> pd.DataFrame:
    """Make a row for each apartment house of a compound."""
    rows = np.flatnonzero((buildings["estate"] >= 0) & (buildings["dwellings"] > 0))
    part = buildings.iloc[rows]
    at = pd.Series(np.arange(len(gates)), index=gates["of_estate"].to_numpy(dtype=int))
    gate = gates.iloc[at.loc[part["estate"]]]
    return _rows(
        len(rows),
        **{c: gate[c].to_numpy(dtype=object) for c in ("community", "street", "number", "estate")},
        building=part["rank"].astype(str).to_numpy(dtype=object),
        of=rows,
        x_m=part["x_m"].to_numpy(),
        y_m=part["y_m"].to_numpy(),
    )


def _room_rows(
    buildings: pd.DataFrame, blocks: pd.DataFrame
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Make a row for each flat: stairwell by stairwell, floor by floor."""
    part = buildings.iloc[blocks["of"].to_numpy(dtype=int)]
    counts = part["dwellings"].to_numpy()
    block = np.repeat(np.arange(len(blocks)), counts)
    slot = np.arange(len(block)) - np.repeat(np.cumsum(counts) - counts, counts)
    flats = part["flats"].to_numpy()[block]
    levels = part["levels"].to_numpy()[block]
    stairwell, rest = slot // (levels * flats) + 1, slot % (levels * flats)
    room = (rest // flats + 1) * 100 + rest % flats + 1
    parent = blocks.iloc[block]
    columns = {c: parent[c].to_numpy(dtype=object) for c in (*PARTS[:5], "of")}
    spread = (stairwell - (part["stairwells"].to_numpy()[block] + 1) / 2) * 1.5
    return _rows(
        len(block),
        **columns,
        stairwell=stairwell.astype(str).astype(object),
        room=room.astype(str).astype(object),
        x_m=parent["x_m"].to_numpy(dtype=float) + spread,
        y_m=parent["y_m"].to_numpy(dtype=float),
    ), block


def _homes_of(
    buildings: pd.DataFrame,
    houses: pd.DataFrame,
    rooms: pd.DataFrame,
    room_block: NDArray[np.int64],
    first_house: int,
    first_room: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each household a register row: its house, or a flat so that empty ones are spread."""
    lived = buildings["households"].to_numpy()
    in_house = houses["of"].to_numpy(dtype=int)
    home_house = np.repeat(np.arange(len(houses)), lived[in_house]) + first_house
    building_house = np.repeat(in_house, lived[in_house])
    if not len(rooms):
        return home_house, building_house
    of = rooms["of"].to_numpy(dtype=int)
    starts = np.flatnonzero(np.diff(room_block, prepend=-1))
    building = of[starts]
    counts, size = lived[building], np.diff(np.append(starts, len(of)))
    k = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    slot = ((k + 0.5) * np.repeat(size, counts) / np.repeat(counts, counts)).astype(int)
    home_room = np.repeat(starts, counts) + slot + first_room
    return (
        np.concatenate([home_house, home_room]),
        np.concatenate([building_house, np.repeat(building, counts)]),
    )
