"""A county of squares to time what happens to plans: blocks, households, workers, two plans each.

Communities lie on a lattice, each of SIDE x SIDE blocks. The plan in force divides its columns into
three grids; the approved one moves a border, and in every fifth community splits a grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.database.bulk import copy_frame, new_ids
from gis.store import tables as t
from gis.store.counts.recount import recount

SIDE = 20
BLOCK_DEGREES = 0.0006
HOUSEHOLDS_PER_COMMUNITY = 1000
PER_ROW = 12
"""Communities side by side."""

BEGUN, NOW = date(2026, 1, 1), datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD, NEW, SPLIT = (7, 14), (8, 14), (5, 10, 14)
"""Columns at which the grids begin, but the first."""


@dataclass(frozen=True)
class Ground:
    """The blocks of the county: id, community id, column and shape."""

    block: np.ndarray
    community: np.ndarray
    column: np.ndarray
    shape: np.ndarray


def make_county(session: Session, n_communities: int) -> list[int]:
    """Store the county; gives the ids of its approved plans."""
    units = _make_units(session, n_communities)
    ground = _make_blocks(session, units)
    _make_people(session, ground)
    worker = t.UserAccount(login="worker", name="Worker", password_hash="-")
    session.add(worker)
    session.flush()
    _make_plans(session, units, ground, "published", worker.id)
    return _make_plans(session, units, ground, "approved", None)


def _make_units(session: Session, n: int) -> list[t.DivisionUnit]:
    county = t.DivisionUnit(code="522632000000", level="county", name="县")
    session.add(county)
    session.flush()
    town = t.DivisionUnit(
        code="522632100000", level="town", name="镇", parent_id=county.id, parent_level="county"
    )
    session.add(town)
    session.flush()
    units = [
        t.DivisionUnit(
            code=f"522632100{i + 1:03d}",
            level="community",
            name=f"社区 {i + 1}",
            parent_id=town.id,
            parent_level="town",
            minimum=200,
            target=330,
            maximum=500,
        )
        for i in range(n)
    ]
    session.add_all(units)
    session.flush()
    return units


def _make_blocks(session: Session, units: list[t.DivisionUnit]) -> Ground:
    builds = [
        t.BlockBuild(community_id=u.id, input_digest=f"{u.code}", built_at=NOW) for u in units
    ]
    session.add_all(builds)
    session.flush()
    place = np.repeat(np.arange(len(units)), SIDE * SIDE)
    row, column = (np.tile(a, len(units)) for a in np.divmod(np.arange(SIDE * SIDE), SIDE))
    x = 108.0 + ((place % PER_ROW) * SIDE + column) * BLOCK_DEGREES
    y = 25.0 + ((place // PER_ROW) * SIDE + row) * BLOCK_DEGREES
    ground = Ground(
        new_ids(session, t.Block, len(place)),
        np.array([u.id for u in units])[place],
        column,
        shapely.box(x, y, x + BLOCK_DEGREES, y + BLOCK_DEGREES),
    )
    frame = pd.DataFrame(
        {
            "id": ground.block,
            "build_id": np.array([b.id for b in builds])[place],
            "community_id": ground.community,
            "number": np.tile(np.arange(1, SIDE * SIDE + 1), len(units)),
            "area_m2": 3600.0,
            "geom": [shapely.MultiPolygon([shape]) for shape in ground.shape],
        }
    )
    copy_frame(session, t.Block, frame)
    return ground


def _make_people(session: Session, ground: Ground) -> None:
    """Let every block have two or three households, a thousand in a community."""
    batch = t.ImportBatch(kind="households", file_name="made", state="committed")
    session.add(batch)
    session.flush()
    households = np.where(ground.column % 2 == 0, 2, 3)
    block = np.repeat(ground.block, households)
    frame = pd.DataFrame(
        {
            "number": [f"H{n}" for n in range(len(block))],
            "head_name": "户主",
            "people": 3,
            "community_id": np.repeat(ground.community, households),
            "block_id": block,
            "status": "accepted",
            "level": "number",
            "import_batch_id": batch.id,
            "geom": list(shapely.centroid(np.repeat(ground.shape, households))),
        }
    )
    copy_frame(session, t.Household, frame)
    recount(session, now=NOW)


def _make_plans(
    session: Session, units: list[t.DivisionUnit], ground: Ground, state: str, worker: int | None
) -> list[int]:
    """Store a plan of each community, in force or approved."""
    live = state == "published"
    builds = {b.community_id: b.id for b in session.query(t.BlockBuild)}
    plans = [
        t.Plan(
            community_id=u.id,
            build_id=builds[u.id],
            name=state,
            state=state,
            effective_from=BEGUN if live else None,
        )
        for u in units
    ]
    session.add_all(plans)
    session.flush()
    cuts = [OLD if live else SPLIT if i % 5 == 0 else NEW for i in range(len(units))]
    grids = _make_grids(session, units, plans, cuts, worker)
    _assign(session, ground, plans, cuts, grids)
    if live:
        session.add_all(t.LivePlan(community_id=p.community_id, plan_id=p.id) for p in plans)
    session.flush()
    return [plan.id for plan in plans]


def _make_grids(
    session: Session,
    units: list[t.DivisionUnit],
    plans: list[t.Plan],
    cuts: list[tuple[int, ...]],
    worker: int | None,
) -> np.ndarray:
    """Store the grids; gives their ids, a row per plan."""
    most = len(SPLIT) + 1
    ids = np.zeros((len(plans), most), np.int64)
    rows, codes = [], []
    for i, (unit, plan, cut) in enumerate(zip(units, plans, cuts, strict=True)):
        ids[i, : len(cut) + 1] = new_ids(session, t.Grid, len(cut) + 1)
        starts, ends = (0, *cut), (*cut, SIDE)
        west = 108.0 + (i % PER_ROW) * SIDE * BLOCK_DEGREES
        south = 25.0 + (i // PER_ROW) * SIDE * BLOCK_DEGREES
        for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
            code = f"{unit.code}{n + 1:03d}"
            codes.append({"code": code, "community_id": unit.id})
            shape = shapely.box(
                west + start * BLOCK_DEGREES,
                south,
                west + end * BLOCK_DEGREES,
                south + SIDE * BLOCK_DEGREES,
            )
            columns = np.arange(start, end)
            households = int(SIDE * np.where(columns % 2 == 0, 2, 3).sum())
            rows.append(
                {
                    "id": ids[i, n],
                    "plan_id": plan.id,
                    "community_id": unit.id,
                    "number": n + 1,
                    "code": code,
                    "households": households,
                    "people": 3 * households,
                    "area_m2": 3600.0 * SIDE * (end - start),
                    "geom": shapely.MultiPolygon([shape]),
                }
            )
    _make_codes(session, codes, worker)
    copy_frame(session, t.Grid, pd.DataFrame(rows))
    return ids


def _make_codes(session: Session, codes: list[dict], worker: int | None) -> None:
    """Issue the codes of plans in force with a worker each; propose the others."""
    known = {code for (code,) in session.query(t.GridCode.code)}
    fresh = [c for c in codes if c["code"] not in known]
    if fresh:
        issued = NOW if worker is not None else None
        copy_frame(session, t.GridCode, pd.DataFrame(fresh).assign(issued_at=issued))
    if worker is not None:
        rows = [{"grid_code": c["code"], "user_id": worker, "valid_from": BEGUN} for c in fresh]
        copy_frame(session, t.GridWorker, pd.DataFrame(rows))


def _assign(
    session: Session,
    ground: Ground,
    plans: list[t.Plan],
    cuts: list[tuple[int, ...]],
    grids: np.ndarray,
) -> None:
    place = np.repeat(np.arange(len(plans)), SIDE * SIDE)
    nth = np.concatenate(
        [
            np.searchsorted(cut, ground.column[place == i], side="right")
            for i, cut in enumerate(cuts)
        ]
    )
    frame = pd.DataFrame(
        {
            "plan_id": np.array([p.id for p in plans])[place],
            "block_id": ground.block,
            "community_id": ground.community,
            "grid_id": grids[place, nth],
        }
    )
    copy_frame(session, t.BlockAssignment, frame)
