"""How long the server takes to answer an edit: the whole way through the interface and PostGIS.

Lattices of about 500, 5,000 and 50,000 blocks, each a community with a plan in force and a draft.
An edit paints a block over a border, as the page sends it; the answer holds the figures of the
grids it touches, all faults, and whom it moves.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
from flask.testing import FlaskClient
from sqlalchemy import Engine

from gis.actions.access.accounts import create_user
from gis.actions.access.work import Work
from gis.actions.plan.import_blocks import import_blocks
from gis.actions.plan.plans import approve_plan, publish_plan, submit_plan
from gis.actions.provenance.imports import Source, import_records
from gis.database.bulk import copy_frame
from gis.database.engine import Session, transaction
from gis.domain.access import SYSTEM
from gis.domain.kinds import KINDS
from gis.settings import Settings
from gis.store.area import divisions
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from gis.store.installation import Installation
from gis.store.plan import plan_drafts
from gis.store.tables import BlockCount
from scripts.benchmarks.redraw import Spread, make_lattice
from scripts.benchmarks.spatial_database import scratch_database
from webmap import create_app

SIDES = {22: 4, 71: 4, 224: 8}
"""Blocks along the side of a lattice, and along the side of its grids."""

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODE = "522632100{:03d}"
ORIGIN_M = (400_000.0, 2_900_000.0)
N_EDITS = 200
PASSWORD = "Bench-planner-2026"
HEADING = f"{'case':<16} {'what':<22} {'p50':>9} {'p95':>9} {'most':>9}  result"


def time_editing() -> Iterator[Spread]:
    """Time the answers of the interface to edits, a row for each size and kind of request."""
    with scratch_database() as url:
        engine = Installation(Path("/nonexistent"), url, "bench").make_ready()
        settings = Settings(Path("/nonexistent"), None, "bench", "key of the bench", "en", 1)
        app = create_app(settings, engine)
        app.config.update(WTF_CSRF_ENABLED=False)
        for place, (side, grid_side) in enumerate(SIDES.items(), 1):
            plan_id, blocks = _set_up(engine, place, side, grid_side)
            yield from _time_plan(_sign_in(app.test_client(), engine, place), plan_id, side, blocks)
        engine.dispose()


def _set_up(engine: Engine, place: int, side: int, grid_side: int) -> tuple[int, np.ndarray]:
    """Store a lattice with a plan in force and a draft; gives the draft and its block ids."""
    lattice, _ = make_lattice(side)
    shapes = lattice.geometry.set_crs(32649, allow_override=True)
    shapes = shapes.translate(ORIGIN_M[0] + place * 20_000, ORIGIN_M[1]).to_crs(4326)
    code = CODE.format(place)
    with transaction(engine) as session:
        _import(session, "communities", [{"code": code, "name": f"{side}²"}], [shapes.union_all()])
        _import(session, "blocks", [{}] * len(shapes), list(shapes))
        community = divisions.get_community(session, SYSTEM, code)
        blocks = blocks_of(session, community.id)
        _fill(session, blocks["block_id"].to_numpy(), lattice["households"].to_numpy())
    with transaction(engine) as session:
        _publish(session, _draft(session, community, side, grid_side))
        return _draft(session, community, side, grid_side), blocks["block_id"].to_numpy()


def _import(session: Session, kind: str, rows: list[dict], shapes: list) -> None:
    table = pd.DataFrame(rows, columns=[f.name for f in KINDS[kind].fields], dtype=object)
    table.index = range(1, len(rows) + 1)
    frame = gpd.GeoDataFrame(
        table.where(table.notna(), None), geometry=gpd.GeoSeries(shapes, table.index, crs=4326)
    )
    put = import_blocks if kind == "blocks" else import_records
    outcome = put(
        Work(session, SYSTEM, NOW), kind, frame, source=Source(f"{kind}.gpkg"), commit=True
    )
    if outcome.defects:
        raise RuntimeError(str(outcome.defects[0]))


def _fill(session: Session, block_ids: np.ndarray, households: np.ndarray) -> None:
    for measure, each in (("households", 1), ("people", 3)):
        rows = {"block_id": block_ids, "measure": measure, "n": each * households}
        copy_frame(session, BlockCount, pd.DataFrame(rows)[households > 0])


def _draft(session: Session, community: divisions.Community, side: int, grid_side: int) -> int:
    """Store the squares of a lattice as a draft."""
    blocks = blocks_of(session, community.id)
    row, column = np.divmod(np.arange(side * side), side)
    number = 1 + row // grid_side * -(-side // grid_side) + column // grid_side
    grids = blocks.assign(number=number).dissolve("number", aggfunc="sum", method="coverage")
    grids = grids.reset_index()[["number", "households", "people", "area_m2", "geometry"]]
    grids["code"] = [f"{community.code}{n:03d}" for n in grids["number"]]
    build = ground.current_build(session, community.id)
    band = {"weight": "households", "minimum": 300, "target": 400, "maximum": 500}
    return plan_drafts.save_draft(
        session,
        community_id=community.id,
        build_id=build.id,
        name="squares",
        parameters=band,
        grids=grids.assign(kind="basic"),
        assignment=pd.Series(number, index=blocks["block_id"]),
        quality={},
        created_by=None,
        now=NOW,
    )


def _publish(session: Session, plan_id: int) -> None:
    submit_plan(Work(session, SYSTEM, NOW), plan_id)
    approve_plan(Work(session, SYSTEM, NOW), plan_id)
    publish_plan(Work(session, SYSTEM, NOW), plan_id, effective_from=date(2026, 3, 2))


def _sign_in(browser: FlaskClient, engine: Engine, place: int) -> FlaskClient:
    login = f"planner{place}"
    with transaction(engine) as session:
        create_user(
            Work(session, SYSTEM, NOW),
            login=login,
            name="Planner",
            roles=["planner"],
            area_codes=[CODE.format(place)],
            password=PASSWORD,
        )
    browser.post("/login", data={"login": login, "password": PASSWORD})
    return browser


def _time_plan(
    browser: FlaskClient, plan_id: int, side: int, blocks: np.ndarray
) -> Iterator[Spread]:
    at, case = f"/api/v1/plans/{plan_id}/workspace", f"{side * side:,} blocks"
    cold, opened = _timed(lambda: browser.get(at))
    warm, _ = _timed(lambda: browser.get(at))
    size_kb = len(opened.data) / 1024
    yield Spread(case, "open, first time", np.array([cold]), f"{size_kb:,.0f} kB")
    yield Spread(case, "open again", np.array([warm]), f"{size_kb:,.0f} kB")
    number = dict(zip(opened.json["ground"]["block_id"], opened.json["numbers"], strict=True))
    edits = list(_edits(side, blocks, number, np.random.default_rng(0)))
    bodies = [{"kind": "paint", "moves": [[block, to]]} for block, to in edits]
    took = [_timed(lambda body=body: browser.post(f"{at}/steps", json=body))[0] for body in bodies]
    yield Spread(case, "edit and its effect", np.array(took), f"{len(edits)} edits")
    took = [_timed(lambda: browser.post(f"{at}/undo"))[0] for _ in range(50)]
    yield Spread(case, "undo and its effect", np.array(took), f"{len(took)} undone")
    seconds, answer = _timed(
        lambda: browser.post(f"{at}/tools/rebalance", json={"around": [edits[-1][1]]})
    )
    yield Spread(
        case, "rebalance around", np.array([seconds]), f"{len(answer.json['moves'])} moves"
    )


def _edits(
    side: int, blocks: np.ndarray, number: dict[int, int], rng: np.random.Generator
) -> Iterator[tuple[int, int]]:
    """Choose blocks beside another grid, and that grid."""
    found = 0
    while found < N_EDITS:
        row, column = rng.integers(0, side - 1, 2)
        here, there = blocks[row * side + column], blocks[row * side + column + 1]
        if number[here] != number[there]:
            found += 1
            yield int(here), int(number[there])


def _timed(ask: object) -> tuple[float, object]:
    """Give milliseconds and the answer of a request."""
    begun = perf_counter()
    answer = ask()
    milliseconds = 1000 * (perf_counter() - begun)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.get_data(as_text=True)[:300]}")
    return milliseconds, answer


def run(_options: argparse.Namespace) -> Iterator[Spread]:
    """Give the rows of the table."""
    yield from time_editing()
