"""A drawn town as records to import: two communities, roads, a river, houses, addresses, people.

Each community is three by two enclosures between roads, six houses in each; the river is the
border between the two::

    y 0.004 +--------+--------+--------+
            | h h h  | h h h  | h h h  |     row 3  都柳江路
            | h h h  | h h h  | h h h  |     row 2  古州路
    y 0.002 +--------+--------+--------+     main road 榕江大道
            | h h h  | h h h  | h h h  |     row 1  滨江路
            | h h h  | h h h  | h h h  |     row 0  榕江大道
          0 +--------+--------+--------+
            x 0    0.002    0.004    0.006   (the second community: 0.006 further east)
"""

from __future__ import annotations

from datetime import UTC, datetime

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, Polygon, box

from gis.actions.access.work import Work
from gis.actions.plan.import_blocks import import_blocks
from gis.actions.provenance.imports import ImportOutcome, Source, import_records
from gis.domain.access import SYSTEM
from gis.domain.kinds import KINDS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEST, SOUTH = 108.500, 25.930
WIDTH, HEIGHT = 0.006, 0.004
CODES = ("522632100001", "522632100002")
NAMES = ("古榕社区", "卧龙社区")
STREETS = ("榕江大道", "滨江路", "古州路", "都柳江路")
HOUSES_PER_ROW = 9
SOURCE = Source("drawn.gpkg")


def at(x: float, y: float) -> tuple[float, float]:
    """Give lon, lat of a place in the drawing."""
    return WEST + x, SOUTH + y


def frame(kind: str, rows: list[dict], shapes: list | None = None) -> gpd.GeoDataFrame:
    """Give rows as the frame of a kind: all its columns, row numbers from 1."""
    columns = [f.name for f in KINDS[kind].fields]
    table = pd.DataFrame(rows, columns=columns, index=range(1, len(rows) + 1), dtype=object)
    shapes = [None] * len(rows) if shapes is None else shapes
    return gpd.GeoDataFrame(
        table.where(table.notna(), None),
        geometry=gpd.GeoSeries(shapes, index=table.index, crs=4326),
    )


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    """Give a rectangle of the drawing."""
    return box(*at(x0, y0), *at(x1, y1))


def communities() -> gpd.GeoDataFrame:
    """Give the two communities, 200 households each in grids of 40 to 70."""
    band = {"minimum": 40, "target": 60, "maximum": 70}
    rows = [
        {"code": c, "name": n, "town_name": "古州镇", "county_name": "榕江县", **band}
        for c, n in zip(CODES, NAMES, strict=True)
    ]
    shapes = [rectangle(i * WIDTH, 0, (i + 1) * WIDTH, HEIGHT) for i in (0, 1)]
    return frame("communities", rows, shapes)


def barriers() -> gpd.GeoDataFrame:
    """Give the main road through both, the side roads, and the river on the border."""
    rows = [{"kind": "main_road", "name": "榕江大道"}, {"kind": "river", "name": "都柳江"}]
    lines = [[at(0, 0.002), at(2 * WIDTH, 0.002)], [at(WIDTH, 0), at(WIDTH, HEIGHT)]]
    for x in (0.002, 0.004, 0.008, 0.010):
        rows.append({"kind": "minor_road"})
        lines.append([at(x, 0), at(x, HEIGHT)])
    return frame("barriers", rows, [LineString(line) for line in lines])


def house_place(community: int, row: int, column: int) -> tuple[float, float]:
    """Give the middle of a house."""
    x = community * WIDTH + (column // 3) * 0.002 + 0.0004 + (column % 3) * 0.0006
    return at(x, (row // 2) * 0.002 + 0.0005 + (row % 2) * 0.001)


def houses() -> list[tuple[int, int, int]]:
    """List community, row and column of every house."""
    return [(i, r, c) for i in (0, 1) for r in range(4) for c in range(HOUSES_PER_ROW)]


def buildings() -> gpd.GeoDataFrame:
    """Give a square of about 20 m for every house."""
    rows = [{"reference": f"b{i}{r}{c}", "levels": 3} for i, r, c in houses()]
    shapes = [Point(house_place(*h)).buffer(0.0001, cap_style="square") for h in houses()]
    return frame("buildings", rows, shapes)


def number_of(community: int, column: int) -> int:
    """Give the house number: 1-9 in the first community, 11-19 in the second."""
    return community * 10 + column + 1


def addresses() -> gpd.GeoDataFrame:
    """Give the register: street and number of every house, and its point."""
    rows = [
        {"community": NAMES[i], "street": STREETS[r], "number": str(number_of(i, c))}
        for i, r, c in houses()
    ]
    return frame("addresses", rows, [Point(house_place(*h)) for h in houses()])


def household_rows(per_house: int = 5) -> list[dict]:
    """Give the households of every house, addressed by street, number and room."""
    return [
        {
            "number": f"H{i}{r}{c}{n}",
            "head_name": f"户主{n}",
            "people": 3,
            "address_text": f"{NAMES[i]}{STREETS[r]}{number_of(i, c)}号{n}01室",
        }
        for i, r, c in houses()
        for n in range(1, per_house + 1)
    ]


def incident_row(number: str, text: str | None, **columns: object) -> dict:
    """Give an incident in February 2026."""
    moment = datetime(2026, 2, 3, 20, 0, tzinfo=UTC)
    return {
        "number": number,
        "topic": "noise",
        "occurred_at": moment,
        "address_text": text,
        **columns,
    }


def put(session, kind: str, records: gpd.GeoDataFrame, **options) -> ImportOutcome:
    """Import records for good unless told otherwise."""
    options = {"source": SOURCE, "now": NOW, "commit": True, **options}
    return import_records(Work(session, SYSTEM, options.pop("now")), kind, records, **options)


def put_ground(session) -> None:
    """Import communities, barriers and buildings."""
    for kind, records in (
        ("communities", communities()),
        ("barriers", barriers()),
        ("buildings", buildings()),
    ):
        assert put(session, kind, records).state == "committed"


def put_people(session, per_house: int = 5) -> None:
    """Import the register and the households."""
    put(session, "addresses", addresses())
    put(session, "households", frame("households", household_rows(per_house)))


def put_blocks(session, records: gpd.GeoDataFrame, **options: object) -> ImportOutcome:
    """Import blocks of a file; committed unless said otherwise."""
    options = {"source": SOURCE, "now": NOW, "commit": True, **options}
    return import_blocks(Work(session, SYSTEM, options.pop("now")), "blocks", records, **options)
