"""A large address register with the real towns and communities of a county, the rest invented.

Pure; coordinates in degrees (lon, lat). Communities (社区) have streets, lanes and estates with
rooms; villages have hamlets (寨), groups (组), both or neither. Names of streets, estates and
hamlets repeat from town to town, as they do in life.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from gis.geometry.local_plane import METRES_PER_DEGREE
from gis.synthetic.addresses_zh import PARTS
from gis.synthetic.names_zh import compound_names, hamlet_names, lane_names, street_names

CENTRE_LON, CENTRE_LAT = 108.52, 25.93
TOWN_SHARE = 0.74
"""Share of the rows that lie in communities; the rest lies in villages."""

DIGITS_ZH = "一二三四五六七八九"
OFFICES = (
    "县医院", "粮食局", "林业局", "教育局", "民族中学", "水利局", "电力公司", "烟草公司", "农业局",
    "供销社", "公路段", "糖厂", "木材公司", "税务局", "运输公司", "农机厂", "第一小学", "邮电局",
)  # fmt: skip
_TEMPERS = ("家属区", "宿舍", "家属院")

Row = tuple[str, str, str, str, str, str, float, float]
"""Street, number, estate, building, stairwell, room, x_m, y_m."""


@dataclass(frozen=True)
class _Streets:
    """Names that the communities of one town share."""

    streets: list[str]
    estates: list[str]
    lanes: list[str]


def make_register(communities: pd.DataFrame, *, n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Make a register.

    Parameters
    ----------
    communities
        Columns ``town`` and ``community``, such as 古州镇 and 古榕社区.
    n_rows
        Number of rows; fewer where the communities do not hold so many.
    seed
        Same seed, same register.

    Returns
    -------
    register
        ``address_id`` (a1, a2, …), ``lon, lat``, ``town``, the seven parts below it, ``text``.

    Examples
    --------
    >>> places = pd.DataFrame({"town": ["古州镇"] * 2, "community": ["古榕社区", "高埂村"]})
    >>> register = make_register(places, n_rows=500)
    >>> len(register), sorted(set(register.community))
    (500, ['古榕社区', '高埂村'])
    """
    rng = np.random.default_rng(seed)
    urban = communities["community"].str.endswith("社区")
    sizes = {
        True: 1.15 * n_rows * TOWN_SHARE / max(int(urban.sum()), 1),
        False: 1.15 * n_rows * (1 - TOWN_SHARE) / max(int((~urban).sum()), 1),
    }
    if not urban.any() or urban.all():
        sizes = dict.fromkeys(sizes, 1.15 * n_rows / len(communities))
    tables = [
        _town_table(town, group["community"].tolist(), sizes, rng)
        for town, group in communities.groupby("town", sort=False)
    ]
    rows = pd.concat(tables, ignore_index=True)
    kept = rng.choice(len(rows), min(n_rows, len(rows)), replace=False)
    return _finished(rows.iloc[np.sort(kept)].reset_index(drop=True))


def _town_table(
    town: str, communities: list[str], sizes: dict[bool, float], rng: Generator
) -> pd.DataFrame:
    """Make the rows of one town, its communities near its middle and its villages around."""
    middle = rng.uniform(-30_000, 30_000, 2)
    n_urban = sum(c.endswith("社区") for c in communities)
    names = _Streets(
        street_names("滨江", rng)[: 6 + 5 * n_urban],
        compound_names(max(20 * n_urban, 4), rng),
        lane_names(max(8 * n_urban, 4), rng),
    )
    tables = []
    for i, community in enumerate(communities):
        is_urban = community.endswith("社区")
        x, y = middle + rng.uniform(-1, 1, 2) * (900.0 if is_urban else 6_000.0)
        make = _community_rows if is_urban else _village_rows
        found = make(_share_of(names, i, n_urban), i, int(sizes[is_urban]), rng)
        table = pd.DataFrame(list(found), columns=[*PARTS[1:], "x_m", "y_m"])
        table["x_m"] += x
        table["y_m"] += y
        tables.append(table.assign(town=town, community=community))
    return pd.concat(tables, ignore_index=True)


def _share_of(names: _Streets, community: int, n_urban: int) -> _Streets:
    """Give the names a community uses; each street runs through up to three of them."""
    first = 5 * community
    streets = [s for k, s in enumerate(names.streets) if first - 8 <= k < first + 7]
    return _Streets(
        streets,
        names.estates[community :: max(n_urban, 1)],
        names.lanes[community :: max(n_urban, 1)],
    )


def _community_rows(names: _Streets, place: int, size: int, rng: Generator) -> Iterator[Row]:
    """Make houses along streets and lanes, and estates with rooms, of one community."""
    left, n = size, max(size // 60, 8)
    for k, street in enumerate(names.streets):
        for row in _street_rows(street, n * (place % 3), n, k, rng):
            left -= 1
            yield row
    for k, lane in enumerate(names.lanes[:8]):
        for row in _street_rows(lane, 0, max(size // 200, 6), k + 20, rng):
            left -= 1
            yield row
    offices = [o + str(rng.choice(_TEMPERS)) for o in rng.permutation(OFFICES)[:3]]
    gates = dict.fromkeys(names.streets, 3 * n + 40 * (place % 3))
    for estate in rng.permutation([*names.estates[:12], *offices]).tolist():
        street = str(rng.choice(names.streets))
        gates[street] += int(rng.integers(1, 4))
        for row in _estate_rows(estate, street, str(gates[street]), rng) if left > 0 else ():
            left -= 1
            yield row


def _street_rows(street: str, start: int, n: int, k: int, rng: Generator) -> Iterator[Row]:
    """Make the houses of a street, and of a numbered lane off it; some numbers have annexes."""
    x0, y0 = rng.uniform(-300, 300, 2)
    along = rng.uniform(0, 2 * np.pi)
    step = np.array([np.cos(along), np.sin(along)]) * 7.0
    for number in range(start + 1, start + n + 1):
        if rng.random() < 0.12:
            continue
        x, y = np.array([x0, y0]) + step * (number - start)
        yield street, str(number), "", "", "", "", x, y
        for annex in range(1, int(rng.integers(2, 6)) if rng.random() < 0.08 else 1):
            yield street, f"{number}-{annex}", "", "", "", "", x + annex, y
    if k % 4 == 0 and not street.endswith("巷"):
        for lane in range(1, 3):
            x1, y1 = np.array([x0, y0]) + step * 20 * lane
            for number in range(1, 12):
                yield (
                    f"{street}{DIGITS_ZH[lane - 1]}巷",
                    str(number),
                    "",
                    "",
                    "",
                    "",
                    x1,
                    y1 + 8 * number,
                )


def _estate_rows(estate: str, street: str, number: str, rng: Generator) -> Iterator[Row]:
    """Make an estate: its gate on a street (four of five), its buildings, every room."""
    x, y = rng.uniform(-600, 600, 2)
    street, number = (street, number) if rng.random() < 0.8 else ("", "")
    letters = "ABCDEFGH" if rng.random() < 0.1 else "12345678"
    shape = int(rng.integers(1, 4)), int(rng.choice([6, 6, 7, 18, 26])), int(rng.choice([2, 3, 4]))
    if number:
        yield street, number, estate, "", "", "", x, y
    for rank in range(int(rng.integers(2, 9))):
        bx, by = x + 40 * (rank % 3), y + 35 * (rank // 3)
        yield street, number, estate, letters[rank], "", "", bx, by
        for stairwell, floor, flat in np.ndindex(*shape):
            room = f"{floor + 1}{flat + 1:02d}"
            yield (
                street, number, estate, letters[rank], str(stairwell + 1), room,
                bx + 2 * stairwell, by,
            )  # fmt: skip


def _village_rows(names: _Streets, place: int, size: int, rng: Generator) -> Iterator[Row]:
    """Make the houses of a village: by hamlet, by group, by both, or numbered through."""
    style = int(rng.integers(4))
    hamlets = hamlet_names(int(rng.integers(2, 6)), rng)
    groups = [f"{k}组" for k in range(1, int(rng.integers(3, 9)))]
    clusters = {
        0: hamlets,
        1: groups,
        2: [h + g for h in hamlets for g in groups[:2]],
        3: [""],
    }[style]
    for cluster in clusters:
        x, y = rng.uniform(-900, 900, 2)
        for number in range(1, max(size // len(clusters), 4) + 1):
            row, column = divmod(number, 12)
            yield "", str(number), cluster, "", "", "", x + 14 * column, y + 18 * row


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    """Write the text of each row, and its place in degrees."""
    columns = [rows[c].tolist() for c in ("town", *PARTS)]
    lon = CENTRE_LON + rows["x_m"] / (METRES_PER_DEGREE * np.cos(np.radians(CENTRE_LAT)))
    lat = CENTRE_LAT + rows["y_m"] / METRES_PER_DEGREE
    return pd.DataFrame(
        {
            "address_id": [f"a{i + 1}" for i in range(len(rows))],
            "lon": lon.round(7),
            "lat": lat.round(7),
            "town": rows["town"],
            **{p: rows[p] for p in PARTS},
            "text": [written(*parts) for parts in zip(*columns, strict=True)],
        }
    )


def written(
    town: str,
    community: str,
    street: str,
    number: str,
    estate: str,
    building: str,
    stairwell: str,
    room: str,
) -> str:
    """Write an address in full; an estate follows its gate, a hamlet comes before the number.

    Examples
    --------
    >>> written("古州镇", "古榕社区", "建设路", "12-3", "", "", "", "")
    '古州镇古榕社区建设路12号附3号'
    >>> written("古州镇", "高埂村", "", "7", "上寨2组", "", "", "")
    '古州镇高埂村上寨2组7号'
    """
    plate, _, annex = number.partition("-")
    plate = f"{plate}号" * bool(plate) + f"附{annex}号" * bool(annex)
    middle = f"{street}{plate}{estate}" if street else f"{estate}{plate}"
    tail = f"{building}栋" * bool(building) + f"{stairwell}单元" * bool(stairwell)
    return f"{town}{community}{middle}{tail}" + f"{room}室" * bool(room)
