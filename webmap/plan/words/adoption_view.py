"""A division taken over as a page shows it: findings in words, and on the map."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from flask_babel import gettext as _
from msgspec import UNSET, UnsetType

from gis.actions.plan.adoption import Adopted
from gis.actions.plan.adoption_report import Finding
from gis.errors import Defect, Message
from gis.exchange.division_file import DivisionFile
from webmap.shell.geojson import FeatureCollection
from webmap.shell.language import say

DIGITS = 6
LEAST_M2 = 1.0
MOST_FINDINGS = 2_000
"""Findings sent to the page; the command line writes them all."""


@dataclass(frozen=True)
class DivisionDefect:
    """What is wrong with a row of the file."""

    row: int | None
    field: str | None
    code: str
    message: str


@dataclass(frozen=True)
class AdoptedFigures:
    """The figures of a division taken over that people ask for first.

    Parameters
    ----------
    smallest, largest
        Grids, in the measure of the band.
    share_in_band
        Of the weight, that lies in grids within the band.
    cut, without_grid, repaired
        Blocks.
    """

    grids: int
    households: int
    smallest: int | None
    largest: int | None
    share_in_band: float | None
    barrier_share: float | None
    compactness: float | None
    cut: int
    without_grid: int
    repaired: int


@dataclass(frozen=True)
class AdoptedGrid:
    """A grid of a division taken over: what the file calls it, and its code here."""

    number: int
    label: str
    code: str
    households: int
    blocks: int
    in_band: bool


@dataclass(frozen=True)
class AdoptedShape:
    """What is known of a shape; each layer has its own.

    Parameters
    ----------
    code
        Of a grid here.
    grid, other
        As the file calls them.
    share
        Of a block that is cut, that `grid` holds.
    """

    code: str | UnsetType = UNSET
    grid: str | UnsetType = UNSET
    block: int | UnsetType = UNSET
    share: float | None | UnsetType = UNSET
    other: str | None | UnsetType = UNSET


@dataclass(frozen=True)
class DivisionTaken:
    """What became of a division from a file.

    Parameters
    ----------
    rows_are
        What a row of the file is.
    defects, findings
        The first of them.
    counts, names
        Of findings, by rule: how many, and what the rule is in words.
    shapes
        What the map shows, by layer.
    plan_id
        The draft; null while nothing is stored.
    """

    file: str
    rows_are: str
    rows: int
    defects: list[DivisionDefect]
    notes: list[str]
    figures: AdoptedFigures
    grids: list[AdoptedGrid]
    counts: dict[str, int]
    names: dict[str, str]
    findings: list[Finding]
    shapes: dict[str, FeatureCollection[AdoptedShape]]
    plan_id: int | None


def rule_names() -> dict[str, str]:
    """Name every kind of finding."""
    return {
        "cut": _("block cut by the file; the larger share decides"),
        "gap": _("ground in no grid of the file"),
        "outside": _("beyond the community; left out"),
        "overlap": _("two grids of the file overlap"),
        "without_grid": _("block in no grid of the file"),
        "empty_grid": _("grid that got no block"),
        "not_connected": _("grid in several parts in the file"),
        "exclusive": _("exclusive place; a grid of its own"),
        "repaired": _("moved, so that grids are whole"),
        "row_without_grid": _("row names no grid; left out"),
        "row_without_block": _("household not located yet; left out"),
        "unknown": _("row names nothing that is known"),
        "twice": _("stands also in an earlier row, with another grid; that row counts"),
        "elsewhere": _("row lies in another community; left out"),
        "code_settled": _("gets another code than in the file"),
        "not_repaired": _("cannot be made whole"),
    }


def told_of(file: DivisionFile, part: Adopted) -> DivisionTaken:
    """Give what the page of an import shows."""
    counts: dict[str, int] = {}
    for finding in part.findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    return DivisionTaken(
        file=file.name,
        rows_are=file.rows_are,
        rows=file.read.n_rows,
        defects=[_defect(d) for d in file.read.defects[:MOST_FINDINGS]],
        notes=[say(note.message) for note in file.read.notes],
        figures=AdoptedFigures(**part.figures),
        grids=_grids(part),
        counts=counts,
        names=rule_names() | fault_names(),
        findings=part.findings[:MOST_FINDINGS],
        shapes=_shapes(part),
        plan_id=part.plan_id,
    )


def fault_names() -> dict[str, str]:
    """Name the rules that a division which cannot be made whole still breaks."""
    return {
        "unassigned": _("blocks in no grid"),
        "empty": _("grid without blocks"),
        "exclusive_mixed": _("exclusive places mixed"),
        "exclusive_split": _("exclusive place split"),
    }


def _defect(defect: Defect) -> DivisionDefect:
    return DivisionDefect(defect.row, defect.field, defect.code, say(Message(defect.message)))


def _grids(part: Adopted) -> list[AdoptedGrid]:
    measured = part.division.quality.grids
    households = part.request.blocks.set_index("block_id")["households"]
    load = households.groupby(part.division.assignment).sum()
    return [
        AdoptedGrid(
            number=int(n),
            label=part.labels[n],
            code=part.codes[n],
            households=int(load[n]),
            blocks=int(measured["n_blocks"][n]),
            in_band=bool(measured["in_band"][n]),
        )
        for n in sorted(part.codes)
    ]


def _shapes(part: Adopted) -> dict[str, Any]:
    """Give what the map shows, by layer, as GeoJSON."""
    division = part.division.grids
    codes = [{"code": part.codes[int(n)]} for n in division["grid"]]
    found = {"grids": _features(division, codes), "cut": _cut_blocks(part)}
    moved = {f.block for f in part.findings if f.rule in ("repaired", "exclusive")}
    found["repaired"] = _blocks(part, moved)
    if isinstance(part.rows, gpd.GeoDataFrame):
        found |= _of_outlines(part)
    return found


def _cut_blocks(part: Adopted) -> dict:
    cut = {f.block: f for f in part.findings if f.rule == "cut"}
    shares = {b: {"share": f.share, "grid": f.grid, "other": f.other} for b, f in cut.items()}
    return _blocks(part, set(cut), shares)


def _blocks(part: Adopted, ids: set, more: Mapping[Any, dict] | None = None) -> dict:
    blocks = part.request.blocks
    rows = blocks[blocks["block_id"].isin(ids)]
    properties = [{"block": int(b), **(more or {}).get(int(b), {})} for b in rows["block_id"]]
    return _features(rows, properties)


def _of_outlines(part: Adopted) -> dict[str, Any]:
    """Give the outlines of the file, and where they leave gaps or cover one another."""
    crs = part.request.blocks.crs
    outlines = part.rows.to_crs(crs)
    areas = shapely.make_valid(outlines.geometry.to_numpy())
    ground = shapely.union_all(part.request.blocks.geometry.to_numpy())
    gaps = _areas(shapely.difference(ground, shapely.union_all(areas)))
    a, b = shapely.STRtree(areas).query(areas, predicate="intersects")
    pairs = (a < b) & (outlines["grid"].to_numpy()[a] != outlines["grid"].to_numpy()[b])
    twice = _areas(shapely.intersection(areas[a[pairs]], areas[b[pairs]]))
    return {
        "file": _features(outlines, [{"grid": label} for label in outlines["grid"]]),
        "gaps": _features(gpd.GeoDataFrame(geometry=gaps, crs=crs)),
        "overlaps": _features(gpd.GeoDataFrame(geometry=twice, crs=crs)),
    }


def _areas(shapes: object) -> list[shapely.Geometry]:
    parts = shapely.get_parts(shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object))))
    return [p for p in parts if p.geom_type == "Polygon" and p.area >= LEAST_M2]


def _features(frame: gpd.GeoDataFrame, properties: Sequence[dict] | None = None) -> dict:
    shapes = frame.geometry.to_crs(4326).to_numpy() if len(frame) else []
    rows: Iterable[dict] = properties if properties is not None else [{}] * len(frame)
    texts = shapely.to_geojson(shapely.set_precision(shapes, 10.0**-DIGITS)) if len(frame) else []
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(text)}
        for row, text in zip(rows, texts, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
