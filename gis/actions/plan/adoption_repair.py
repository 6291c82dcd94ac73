"""Making a division from a file whole: exclusive places apart, grids in one piece, numbered."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis.actions.plan.adoption_report import Finding, repairs_between
from gis.errors import InvalidInput
from gis.geometry.numbering import reading_order
from gis.geometry.redraw.adoption import Adoption
from gis.geometry.redraw.faults import find_faults
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.repair import assign_unassigned, make_contiguous

APART = "!"
"""Begins the label of a grid made for an exclusive place that the file mixes with others."""


def cut_to_ground(buildings: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut buildings on the edge to the ground: what lies beyond it says nothing of its grids."""
    ground = shapely.union_all(blocks.geometry.to_numpy())
    shapely.prepare(ground)
    shapes = buildings.geometry.to_numpy().copy()
    edge = ~shapely.covered_by(shapes, ground)
    shapes[edge] = shapely.intersection(shapes[edge], ground)
    shapes = gpd.GeoSeries(shapes, index=buildings.index, crs=buildings.crs)
    return buildings.set_geometry(shapes)[(shapes.area > 0).to_numpy()]


def repair_division(
    adoption: Adoption, ground: WorkingGround
) -> tuple[np.ndarray, list[Finding], list[Finding]]:
    """Give the label of each block in a sound division, what was moved, and what is still wrong.

    Raises
    ------
    InvalidInput
        Blocks are left without any grid.
    """
    apart = set_apart(adoption.code, ground)
    moved = repairs_between(adoption.code, apart, ground, rule="exclusive")
    label = adoption.repair.code
    if moved:
        label = make_contiguous(ground, assign_unassigned(ground, apart).code).code
    repairs = [*moved, *repairs_between(apart, label, ground)]
    if (label == "").any():
        raise InvalidInput(
            "{n_blocks:,} blocks lie in no grid of the file and have none beside them; check the"
            " community, and the reference system of the file",
            n_blocks=int((label == "").sum()),
        )
    faults = [f for f in find_faults(ground, label) if f.stops]
    left = [Finding("not_repaired", grid=", ".join(f.codes) or None, other=f.rule) for f in faults]
    return label, repairs, left


def set_apart(code: np.ndarray, ground: WorkingGround) -> np.ndarray:
    """Give each exclusive place a grid of its own, where the file mixes it with other ground."""
    label = code.astype(object)
    for name in sorted(set(ground.exclusive[~ground.is_common].tolist())):
        mine = ground.exclusive == name
        held = set(label[mine].tolist())
        alone = len(held) == 1 and not (label[~mine] == next(iter(held))).any()
        if not alone or "" in held:
            label[mine] = f"{APART}{name}"
    return np.array(label.tolist(), dtype=str)


def number_grids(label: np.ndarray, blocks: gpd.GeoDataFrame) -> dict[str, int]:
    """Give each grid its number: by its digits, without any as new grids are numbered."""
    names = sorted(set(label.tolist()) - {""})
    shapes = blocks.geometry.to_numpy()
    whole = np.array([shapely.union_all(shapes[label == n]) for n in names], dtype=object)
    place = dict(zip(names, reading_order(whole).tolist(), strict=True))

    def rank(name: str) -> tuple:
        digits = name.isascii() and name.isdigit()
        return (name.startswith(APART), not digits, int(name[-3:]) if digits else place[name], name)

    return {name: n for n, name in enumerate(sorted(names, key=rank), 1)}
