"""The ground of a community ready for editing, kept in memory until it changes.

Reading blocks and finding their neighbours takes seconds in a large community, an edit should be
answered in a moment. So the last few grounds are kept, keyed by everything they are made of.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock

import numpy as np
from sqlalchemy.orm import Session

from gis.actions.plan.assessment import ground_of
from gis.actions.plan.division_request import DivisionRequest, read_request
from gis.domain.access import Scope
from gis.domain.editing import UNASSIGNED
from gis.domain.lineage import Overlap
from gis.geometry.redraw.ground import WorkingGround
from gis.store.area.divisions import Community
from gis.store.ground.blocks import current_build
from gis.store.plan.former_grids import former_codes
from gis.store.plan.handover_counts import ground_stamp, handover_counts
from gis.store.plan.plans import live_plan_id
from gis.store.tables import Plan

MOST_KEPT = 4
"""Grounds kept at a time by one process."""

_kept: OrderedDict[tuple, Standing] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Standing:
    """A community as edits find it: its ground, and how things stand under the plan in force.

    ``former`` (n,) grid code of each block under the plan in force, '' for none; ``special_care``
    and ``open_incidents`` (n,) counts. Rows are those of ``ground.block_id``.
    """

    request: DivisionRequest
    ground: WorkingGround
    live_plan: int | None
    former: np.ndarray
    special_care: np.ndarray
    open_incidents: np.ndarray

    def rows_of(self, number: Mapping[int, int]) -> np.ndarray:
        """(n,) grid number of each row, 0 for none."""
        return np.array([number.get(b, UNASSIGNED) for b in self.block_ids], dtype=np.int64)

    def labels_of(self, number: Mapping[int, int]) -> np.ndarray:
        """Give the grid number of each row as the pure functions take it: text, '' for none."""
        known, place = np.unique(self.rows_of(number), return_inverse=True)
        names = [str(n) if n != UNASSIGNED else "" for n in known.tolist()]
        return np.array(names, dtype="U8")[place]

    def overlaps_of(self, number: Mapping[int, int]) -> list[Overlap]:
        """Sum the ground by the grid under the plan in force and the grid in a division."""
        rows = self.rows_of(number)
        grids, place = np.unique(rows, return_inverse=True)
        names, origin = self._former_place
        pair, inverse = np.unique(origin * len(grids) + place, return_inverse=True)
        households = np.bincount(inverse, self.ground.households)
        area_m2 = np.bincount(inverse, self.ground.area_m2)
        return [
            Overlap(str(names[p // len(grids)]) or None, int(grids[p % len(grids)]), round(h), a)
            for p, h, a in zip(pair.tolist(), households.tolist(), area_m2.tolist(), strict=True)
            if grids[p % len(grids)] != UNASSIGNED
        ]

    @cached_property
    def block_ids(self) -> list[int]:
        """Give the id of each row's block."""
        return self.ground.block_id.tolist()

    @cached_property
    def _former_place(self) -> tuple[np.ndarray, np.ndarray]:
        return np.unique(self.former, return_inverse=True)

    def numbers_of(self, labels: np.ndarray) -> dict[int, int]:
        """Give the grid number of each block id back."""
        return {
            int(b): int(label) if label else UNASSIGNED
            for b, label in zip(self.ground.block_id, labels.tolist(), strict=True)
        }


def read_standing(
    session: Session, scope: Scope, community: Community, plan: Plan, *, today: date
) -> Standing:
    """Give the ground of a community, with the band its plan was drawn for."""
    live = live_plan_id(session, community.id)
    band = band_of(plan)
    build = current_build(session, community.id)
    key = (
        build.id if build else None,
        live,
        today,
        tuple(sorted(band.items())),
        (community.minimum, community.target, community.maximum),
        *ground_stamp(session, community.id),
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _read(session, scope, community, band, live, today)
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def band_of(plan: Plan) -> dict:
    """Give the measure and band a plan was drawn for; nothing where it has none of its own."""
    asked = plan.parameters or {}
    names = ("weight", "minimum", "maximum", "target")
    return {name: asked[name] for name in names if asked.get(name) is not None}


def _read(
    session: Session,
    scope: Scope,
    community: Community,
    band: dict,
    live: int | None,
    today: date,
) -> Standing:
    request = read_request(session, scope, community, today=today, **band)
    ground = ground_of(request)
    ids = ground.block_id.tolist()
    former = {} if live is None else former_codes(session, live, ids).to_dict()
    care = handover_counts(session, community.id, today=today).reindex(ids, fill_value=0)
    return Standing(
        request,
        ground,
        live,
        np.array([former.get(b, "") for b in ids], dtype="U15"),
        care["special_care"].to_numpy(np.int64),
        care["open_incidents"].to_numpy(np.int64),
    )
