"""What a community is divided by: its blocks with their load, the rules, and what was before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.plan.favour import favour_terms
from gis.domain.access import Scope, require
from gis.domain.workload import measure_workload
from gis.errors import CommandHint, InvalidInput, NotFound
from gis.geometry.partition.objective import Objective
from gis.store.area.divisions import Community
from gis.store.counts.block_figures import entrance_counts
from gis.store.counts.counted_blocks import blocks_of
from gis.store.counts.waiting_records import count_waiting
from gis.store.ground import blocks as ground
from gis.store.ground.exclusive import exclusive_blocks
from gis.store.plan.former_grids import former_codes
from gis.store.plan.grid_codes import issued_codes
from gis.store.plan.plans import get_plan, live_plan_id
from gis.store.plan.workload import work_counts

MEASURES = ("households", "people", "workload")
"""What the load of a grid may be counted in."""


@dataclass(frozen=True)
class DivisionRequest:
    """A community's blocks with their load, and the rules to divide them by.

    ``previous`` is the number of the grid (the last three digits of its code) each block was in,
    None for a community drawn for the first time or afresh; ``locked`` the number of the grid
    locked blocks stay in; ``exclusive`` the name of the exclusive grid of a block; ``issued`` all
    numbers ever in force; ``entrances`` the households behind each entrance of the blocks too
    large for a grid; ``waiting`` the households of the community that a person has yet to place.
    The blocks have the columns ``households, people, workload``.
    """

    community_id: int
    build_id: int
    blocks: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    weight: str
    minimum: int
    maximum: int
    target: int
    n_grids: int | None
    seed: int
    time_limit_s: float | None
    previous: pd.Series | None = None
    from_plan: int | None = None
    locked: dict[int, int] = field(default_factory=dict)
    locks: tuple[str, ...] = ()
    issued: tuple[int, ...] = ()
    exclusive: dict[int, str] = field(default_factory=dict)
    favour: str | None = None
    effort: float = 1.0
    entrances: dict[int, dict[str, float]] = field(default_factory=dict)
    waiting: int = 0

    @property
    def parameters(self) -> dict:
        """Give what was asked for, as kept with the plan."""
        names = ("weight", "minimum", "maximum", "target", "n_grids", "seed", "time_limit_s")
        asked = {name: getattr(self, name) for name in names}
        return asked | {
            "from_plan": self.from_plan,
            "locks": list(self.locks),
            "favour": self.favour,
            "effort": self.effort,
        }

    @property
    def objective(self) -> Objective:
        """Give the weights of the objective: the usual ones, or some terms favoured."""
        return favour_terms(self.favour)


class Rules(TypedDict, total=False):
    """By what a division is asked for, each as `read_request` takes it."""

    weight: str
    minimum: int | None
    maximum: int | None
    target: int | None
    n_grids: int | None
    seed: int
    time_limit_s: float | None
    from_plan: int | None
    fresh: bool
    locks: Collection[str]
    favour: str | None
    effort: float


def read_request(
    session: Session,
    scope: Scope,
    community: Community,
    *,
    weight: str = "households",
    minimum: int | None = None,
    maximum: int | None = None,
    target: int | None = None,
    n_grids: int | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
    from_plan: int | None = None,
    fresh: bool = False,
    locks: Collection[str] = (),
    favour: str | None = None,
    effort: float = 1.0,
    today: date | None = None,
) -> DivisionRequest:
    """Read what a division needs; the band is the community's own unless given.

    Parameters
    ----------
    weight
        What the band limits: ``households``, ``people`` or ``workload``. The community's own band
        is one of households; for the others it is taken in proportion.
    from_plan
        Plan to stay near to; the plan in force unless given.
    fresh
        Draw without regard to any plan (codes are still kept by the majority afterwards).
    locks
        Codes of grids that stay as they are under that plan.
    favour
        One of `gis.actions.plan.favour.FAVOURED`, to count more than usual.
    effort
        Multiple of the usual search.
    today
        Day on which ages are counted for the workload.

    Raises
    ------
    InvalidInput
        The community has no blocks yet, the band is out of order, a lock names no grid, or the
        measure or wish is unknown.
    NotFound
        The plan to draw from is not one of the community.
    """
    require(scope, "plan.edit", community.id)
    favour_terms(favour)
    build = ground.current_build(session, community.id)
    if build is None:
        raise InvalidInput(
            "{community} has no blocks yet; have them made first{hint}",
            community=community.name,
            hint=CommandHint(f"community-grid blocks --community {community.code}"),
        )
    measured = read_measured(
        session,
        community,
        weight=weight,
        minimum=minimum,
        target=target,
        maximum=maximum,
        today=today,
    )
    blocks = measured.blocks
    base = _base_plan(session, scope, community, from_plan)
    former = _former(session, base, blocks)
    return DivisionRequest(
        community.id,
        build.id,
        blocks.to_crs(community.metric_epsg),
        ground.barriers_near(session, community.id).to_crs(community.metric_epsg),
        weight,
        measured.minimum,
        measured.maximum,
        measured.target,
        n_grids,
        seed,
        time_limit_s,
        previous=None if fresh or former.empty else _numbers(former),
        from_plan=None if fresh else base,
        locked=_locked(former, locks, community),
        locks=tuple(locks),
        issued=tuple(sorted(int(c[12:]) for c in issued_codes(session, community.id))),
        exclusive=exclusive_blocks(session, scope, community.id),
        favour=favour,
        effort=effort,
        entrances=_entrances(session, blocks, weight, measured.maximum),
        waiting=count_waiting(session, scope, "households", community.id),
    )


@dataclass(frozen=True)
class Measured:
    """The blocks of a community with every measure of their load, and a band of one of them."""

    blocks: gpd.GeoDataFrame
    weight: str
    minimum: int
    target: int
    maximum: int


def read_measured(
    session: Session,
    community: Community,
    *,
    weight: str = "households",
    minimum: int | None = None,
    target: int | None = None,
    maximum: int | None = None,
    today: date | None = None,
) -> Measured:
    """Read the blocks in use of a community and the band that holds for them.

    Parameters
    ----------
    weight, minimum, target, maximum, today
        As `read_request` takes them.

    Raises
    ------
    InvalidInput
        The band is out of order, or the measure is unknown.
    """
    blocks = _loaded_blocks(session, community, weight, today)
    band = _band(_in_measure(community, blocks, weight), minimum, target, maximum)
    return Measured(blocks, weight, *band)


def _entrances(
    session: Session, blocks: gpd.GeoDataFrame, weight: str, maximum: int
) -> dict[int, dict[str, float]]:
    """Count households by entrance in the blocks above a maximum of households."""
    large = blocks["block_id"][blocks[weight] > maximum].tolist()
    return entrance_counts(session, large) if weight == "households" and large else {}


def _loaded_blocks(
    session: Session, community: Community, weight: str, today: date | None
) -> gpd.GeoDataFrame:
    """Read the blocks with every measure of their load."""
    if weight not in MEASURES:
        raise InvalidInput(
            "cannot divide by “{measure}”; expected one of {measures}",
            measure=weight,
            measures=", ".join(MEASURES),
        )
    blocks = blocks_of(session, community.id)
    counts = work_counts(session, community.id, today=today).reindex(blocks["block_id"])
    work = {name: counts[name].fillna(0).to_numpy() for name in counts}
    return blocks.assign(workload=measure_workload(blocks["households"].to_numpy(float), **work))


def _in_measure(community: Community, blocks: gpd.GeoDataFrame, weight: str) -> Community:
    """Give the community with its band, one of households, in proportion to another measure."""
    households = float(blocks["households"].sum())
    ratio = float(blocks[weight].sum()) / households if households else 1.0
    if weight == "households" or not ratio:
        return community
    band = {
        n: max(1, round(ratio * getattr(community, n))) for n in ("minimum", "target", "maximum")
    }
    return replace(community, **band)


def _band(
    community: Community, minimum: int | None, target: int | None, maximum: int | None
) -> tuple[int, int, int]:
    minimum = community.minimum if minimum is None else minimum
    maximum = community.maximum if maximum is None else maximum
    if target is None:
        target = min(max(community.target, minimum), maximum)
    if not 0 < minimum <= target <= maximum:
        raise InvalidInput(
            "the band {minimum}-{target}-{maximum} is out of order; expected 0 < "
            "minimum ≤ target ≤ maximum",
            minimum=minimum,
            target=target,
            maximum=maximum,
        )
    return minimum, target, maximum


def _base_plan(
    session: Session, scope: Scope, community: Community, from_plan: int | None
) -> int | None:
    if from_plan is None:
        return live_plan_id(session, community.id)
    if get_plan(session, scope, from_plan).community_id != community.id:
        raise NotFound(
            "plan {from_plan} is not one of {community}; choose one of its plans{hint}",
            from_plan=from_plan,
            community=community.name,
            hint=CommandHint("community-grid plan list"),
        )
    return from_plan


def _former(session: Session, base: int | None, blocks: gpd.GeoDataFrame) -> pd.Series:
    if base is None:
        return pd.Series(dtype=object)
    return former_codes(session, base, blocks["block_id"].tolist())


def _numbers(codes: pd.Series) -> pd.Series:
    return codes.str[12:].astype(int)


def _locked(former: pd.Series, locks: Collection[str], community: Community) -> dict[int, int]:
    unknown = sorted(set(locks) - set(former))
    if unknown:
        known = ", ".join(sorted(set(former))) or "none: there is no plan to draw from"
        raise InvalidInput(
            "{grid} is no grid of {community} to lock; its grids are: {known}",
            grid=unknown[0],
            community=community.name,
            known=known,
        )
    return _numbers(former[former.isin(list(locks))]).to_dict() if locks else {}
