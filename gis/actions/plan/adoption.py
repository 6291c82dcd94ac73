"""Taking over a division that exists already, from a file, as draft plans.

The file says what it says; a plan is blocks in grids. So every community's part becomes an
assignment of blocks, is repaired where it must be, passes the checker as any drawn division does,
and comes with a report of everything that is not as the file has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.adoption_repair import APART, cut_to_ground, number_grids, repair_division
from gis.actions.plan.adoption_report import Finding, codes_settled, findings_of
from gis.actions.plan.adoption_rows import CommunityRows, rows_by_community
from gis.actions.plan.assessment import assess, ground_of
from gis.actions.plan.division_request import DivisionRequest, read_request
from gis.actions.plan.draw import grid_rows, totals_of
from gis.analysis.overlaps import overlaps_of
from gis.domain.access import Scope, require
from gis.domain.division_file import code_of_label
from gis.domain.lineage import settle_codes
from gis.errors import CommandHint, InvalidInput
from gis.exchange.division_file import DivisionFile
from gis.geometry.partition import Division
from gis.geometry.redraw.adopt import adopt_division
from gis.geometry.redraw.adopt_table import adopt_table
from gis.geometry.redraw.adoption import Adoption
from gis.geometry.redraw.ground import WorkingGround
from gis.store.area.divisions import Community
from gis.store.ground import blocks as ground_store
from gis.store.plan import plan_drafts
from gis.store.plan.former_grids import former_codes
from gis.store.plan.grid_codes import issued_codes
from gis.store.plan.plans import live_plan_id


@dataclass(frozen=True)
class Adopted:
    """What became of one community's part of a file.

    Parameters
    ----------
    community, request
        Where, and what it was measured by.
    labels, codes
        What the file calls each grid number, and its code.
    division
        Measured and explained.
    findings
        Everything that is not as the file has it.
    said
        (n,) label of each block as the file says, '' for none; rows are those of the request.
    plan_id
        The draft; None while nothing is stored.
    """

    community: Community
    request: DivisionRequest
    labels: dict[int, str]
    codes: dict[int, str]
    division: Division
    findings: list[Finding]
    said: np.ndarray
    rows: pd.DataFrame
    plan_id: int | None = None

    @property
    def figures(self) -> dict:
        """Give the figures people ask for first."""
        grids = self.division.quality.grids
        load = grids["weight"][grids["exclusive"].isna()]
        inside = load[(load >= self.request.minimum) & (load <= self.request.maximum)]
        totals = self.division.quality.totals
        return {
            "grids": len(grids),
            "households": int(self.request.blocks["households"].sum()),
            "smallest": int(load.min()) if len(load) else None,
            "largest": int(load.max()) if len(load) else None,
            "share_in_band": round(float(inside.sum() / load.sum()), 3) if load.sum() else None,
            "barrier_share": _rounded(totals.get("barrier_share")),
            "compactness": _rounded(grids["compactness"].mean()),
            "cut": self.count("cut"),
            "without_grid": self.count("without_grid"),
            "repaired": self.count("repaired"),
        }

    @property
    def defects(self) -> list[Finding]:
        """Give what keeps the division from becoming a plan."""
        return [f for f in self.findings if f.rule == "not_repaired"]

    def count(self, rule: str) -> int:
        """Count the findings of one kind."""
        return sum(f.rule == rule for f in self.findings)


def adopt_file(
    work: Work,
    file: DivisionFile,
    communities: Sequence[Community],
    *,
    name: str | None = None,
    commit: bool = False,
    good_rows_only: bool = False,
) -> list[Adopted]:
    """Take over the division of a file, community by community; drafts are stored on commit.

    Parameters
    ----------
    communities
        Those whose plans are wanted; rows of others are told and left out.
    name
        Of the drafts; that of the file unless given.
    good_rows_only
        Go on although rows have defects; they are left out.

    Raises
    ------
    InvalidInput
        On commit: rows have defects, or a grid cannot be made whole. Always: no row lies in the
        communities, or one of them has no blocks yet.
    """
    for community in communities:
        require(work.scope, "plan.edit", community.id)
        if commit:
            plan_drafts.lock_community(work.session, community.id)
    parts = rows_by_community(work.session, work.scope, file, communities)
    if not parts:
        raise _strange(file, ", ".join(c.name for c in communities[:3]))
    adopted = [_adopt(work.session, work.scope, part, today=work.now.date()) for part in parts]
    if not commit:
        return adopted
    if file.read.defects and not good_rows_only:
        raise InvalidInput(
            "{file}: {n_defects:,} rows have defects; mend them, or go on without them{hint}",
            file.read.defects,
            file=file.name,
            n_defects=len(file.read.defects),
            hint=CommandHint("--good-rows"),
        )
    name = name or file.name.rsplit(".", 1)[0]
    return [_store(work, part, name=name, source=_source_of(file)) for part in adopted]


def _strange(file: DivisionFile, names: str) -> InvalidInput:
    """Refuse a file that has nothing to do with the communities, by what its rows are."""
    if file.frame.empty and file.read.defects:
        return InvalidInput(
            "{file}: none of its {n_rows:,} rows can be read",
            file.read.defects,
            file=file.name,
            n_rows=file.read.n_rows,
        )
    if file.rows_are == "grids":
        return InvalidInput(
            "{file}: none of its {n_rows:,} rows lies in {names}; check the "
            "community, and the reference system of the file",
            file.read.defects,
            file=file.name,
            n_rows=file.read.n_rows,
            names=names,
        )
    told = {"file": file.name, "n_rows": file.read.n_rows, "names": names}
    if file.rows_are == "blocks":
        return InvalidInput(
            "{file}: none of its {n_rows:,} block ids is known in {names}; check the community and"
            " the column",
            file.read.defects,
            **told,
        )
    return InvalidInput(
        "{file}: none of its {n_rows:,} household numbers is known in {names}; check the community"
        " and the column, and whether numbers lost their leading zeros",
        file.read.defects,
        **told,
    )


def _source_of(file: DivisionFile) -> dict:
    return {"file": file.name, "sha256": file.read.sha256, "rows": file.read.n_rows}


def _adopt(session: Session, scope: Scope, part: CommunityRows, *, today: date) -> Adopted:
    request = read_request(session, scope, part.community, today=today)
    ground = ground_of(request)
    adoption = _take(session, part, request, ground)
    label, repairs, left = repair_division(adoption, ground)
    number = number_grids(label, request.blocks)
    labels = {n: name for name, n in number.items()}
    numbers = [number[c] for c in label.tolist()]
    division = assess(request, pd.Series(numbers, index=request.blocks["block_id"], name="grid"))
    wished = {n: code_of_label(text, part.community.code) for n, text in labels.items()}
    codes = _settled(session, part.community, request, division, wished)
    findings = [*part.findings, *findings_of(adoption, ground), *repairs, *left]
    findings += codes_settled(labels, wished, codes)
    said = {n: "" if text.startswith(APART) else text for n, text in labels.items()}
    return Adopted(
        part.community, request, said, codes, division, findings, adoption.code, part.rows
    )


def _take(
    session: Session, part: CommunityRows, request: DivisionRequest, ground: WorkingGround
) -> Adoption:
    if not isinstance(part.rows, gpd.GeoDataFrame):
        table = part.rows.rename(columns={"grid": "code"})
        return adopt_table(ground, table, weight="weight")
    crs = request.blocks.crs
    buildings = cut_to_ground(
        ground_store.buildings_of(session, part.community.id).to_crs(crs), request.blocks
    )
    outlines = part.rows.to_crs(crs)
    return adopt_division(
        ground, request.blocks, outlines, outlines["grid"].tolist(), buildings=buildings
    )


def _settled(
    session: Session,
    community: Community,
    request: DivisionRequest,
    division: Division,
    wished: Mapping[int, str | None],
) -> dict[int, str]:
    """Settle the codes: the file's where they may be used, the majority's before all."""
    base = live_plan_id(session, community.id)
    blocks = request.blocks["block_id"].tolist()
    former = pd.Series(dtype=object) if base is None else former_codes(session, base, blocks)
    return settle_codes(
        community.code,
        wished,
        overlaps_of(request.blocks, division.assignment, former),
        issued=issued_codes(session, community.id),
        exclusive={int(division.assignment[b]) for b in request.exclusive},
    )


def _store(work: Work, part: Adopted, *, name: str, source: dict) -> Adopted:
    _refuse_broken(part)
    community, request = part.community, part.request
    special = {int(part.division.assignment[b]): label for b, label in request.exclusive.items()}
    plan_id = plan_drafts.save_draft(
        work.session,
        community_id=community.id,
        build_id=request.build_id,
        name=name,
        parameters={**request.parameters, "imported": _kept(part, source)},
        grids=grid_rows(part.division, request, part.codes, special),
        assignment=part.division.assignment,
        quality=totals_of(part.division),
        created_by=work.scope.user_id,
        now=work.now,
        kind="imported",
    )
    work.audit(
        "plan.import",
        object_kind="plan",
        object_id=plan_id,
        community_id=community.id,
        detail={**source, **part.figures},
    )
    return replace(part, plan_id=plan_id)


def _refuse_broken(part: Adopted) -> None:
    """Refuse a division that breaks a rule other than the band."""
    if part.defects:
        rules = ", ".join(f"{d.other} ({d.grid or 'no grid'})" for d in part.defects)
        raise InvalidInput(
            "the division of {community} cannot be made whole ({rules}); mend it "
            "in the file, or draw this community anew",
            community=part.community.name,
            rules=rules,
        )
    if not part.division.quality.is_sound:
        first = next(v for v in part.division.quality.violations)
        raise InvalidInput(
            "the division of {community} is not sound: {reason}",
            community=part.community.name,
            reason=first.message,
        )


def _kept(part: Adopted, source: dict) -> dict:
    """Give what is kept of the report with the plan."""
    counts = {f.rule: part.count(f.rule) for f in part.findings}
    named = {part.codes[n]: label for n, label in part.labels.items()}
    return {**source, "counts": counts, "labels": named}


def _rounded(value: float | None) -> float | None:
    return None if value is None or value != value else round(float(value), 3)
