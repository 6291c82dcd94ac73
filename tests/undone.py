"""What tests of undone imports share: rows of every table, files of every kind, a refusal."""

from __future__ import annotations

import pytest
from shapely import Point
from sqlalchemy import select, text

from gis.actions.access.work import Work
from gis.actions.location.undone_imports import undo_import
from gis.domain.access import SYSTEM
from gis.errors import Conflict
from gis.store import tables as t
from gis.store.tables import Base
from tests.drawn_town import (
    NOW,
    addresses,
    at,
    barriers,
    buildings,
    communities,
    frame,
    household_rows,
    incident_row,
    rectangle,
)

LATER = NOW.replace(day=9)
ON_RECORD = {
    "import_batch", "import_defect", "import_former_row", "audit_entry", "data_source", "job",
    "job_file", "register_version", "register_key", "geocode_run",
}  # fmt: skip
"""Tables that remember, or that say what was asked and when."""

RENEWED = {"search_name": "id", "search_key": "name_id", "search_door": "name_id",
           "block_count": "counted_at"}  # fmt: skip
"""Tables made from others, and the column in which the same rows differ when made again."""


def everything(session) -> dict[str, list]:
    """Give the rows of every table as text."""
    session.flush()
    found = {}
    for name in sorted(set(Base.metadata.tables) - ON_RECORD):
        left_out = f" - '{RENEWED[name]}'" if name in RENEWED else ""
        shape = "" if "geom" not in Base.metadata.tables[name].c else ", x.geom::text"
        query = f"SELECT (to_jsonb(x){left_out})::text{shape} FROM {name} x"  # noqa: S608
        found[name] = sorted(map(str, session.execute(text(query))))
    return found


def work_at(session, moment=LATER, scope=SYSTEM) -> Work:
    return Work(session, scope, moment)


def newest(session) -> int:
    return session.scalar(select(t.ImportBatch.id).order_by(t.ImportBatch.id.desc()).limit(1))


def differing(before, after) -> dict:
    return {
        name: (set(before[name]) ^ set(after[name])) or "numbers of rows"
        for name in before
        if before[name] != after[name]
    }


def compounds(name="榕江小区"):
    rows = [{"reference": "c1", "name": name}, {"reference": "c2", "name": "卧龙小区"}]
    shapes = [rectangle(0.0003, 0.0003, 0.0012, 0.0008), rectangle(0.0103, 0.0003, 0.0112, 0.0008)]
    return frame("compounds", rows, shapes)


def households(n=60, people=3):
    return frame("households", [{**r, "people": people} for r in household_rows(1)[:n]])


def moved_households(n=8):
    """Give households that live somewhere else now."""
    rows = household_rows(1)
    told = [{**rows[i], "address_text": rows[-1 - i]["address_text"]} for i in range(n)]
    return frame("households", told)


def residents(n=12):
    rows = household_rows(1)[:n]
    return frame("residents", [
        {"household_number": r["number"], "name": f"人{i}", "relation": "本人"}
        for i, r in enumerate(rows)
    ])  # fmt: skip


def places(kind="school"):
    rows = [{"name": "古榕小学", "kind": kind}, {"name": "卧龙市场", "kind": "market"}]
    return frame("places", rows, [Point(at(0.003, 0.001)), Point(at(0.009, 0.003))])


def organisations():
    return frame("organisations", [{"name": "榕江米粉有限公司", "address_text": "滨江路1号"}])


def incidents(first=1):
    return frame(
        "incidents", [incident_row(f"E{n}", f"滨江路{n}号") for n in range(first, first + 5)]
    )


def shifted_communities():
    """Give the outlines with the border elsewhere, and a third community to the east."""
    records = communities()
    records.loc[1, "geometry"] = rectangle(0, 0, 0.004, 0.004)
    records.loc[2, "geometry"] = rectangle(0.004, 0, 0.012, 0.004)
    records.loc[2, "name"] = "卧龙新社区"
    return records


def renamed(records, column, value):
    records = records.copy()
    records.loc[records.index[:4], column] = value
    return records


FILES = {
    "communities": [communities, shifted_communities],
    "barriers": [barriers, lambda: renamed(barriers(), "name", "新街")],
    "buildings": [buildings, lambda: renamed(buildings(), "dwellings", 12)],
    "compounds": [compounds, lambda: compounds("新小区")],
    "addresses": [addresses, lambda: renamed(addresses(), "estate", "新苑")],
    "households": [households, lambda: households(20, people=7), moved_households],
    "residents": [residents, lambda: residents(4)],
    "places": [places, lambda: places("hospital")],
    "organisations": [organisations],
    "incidents": [incidents, lambda: incidents(3)],
}


ACCEPTED = {"accept_moves": True, "accept_repairs": True}


def refusal_of(session, batch, **more) -> str:
    with pytest.raises(Conflict) as refused:
        undo_import(work_at(session, **more), batch)
    return str(refused.value)
