"""Names in a file that cannot be right: one for two rows, or one that is another thing's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gis.actions.provenance.delivery import Compared
from gis.domain.kinds import KINDS
from gis.domain.kinds.kind import SHAPE
from gis.errors import CommandHint, Defect, Message

ELSEWHERE_M = 250.0
"""A thing of a known name that lies farther from where it is stored, and in another community, is
taken for another thing: numbers that begin at 1 in every community's file are the usual cause."""

_METRES_PER_DEGREE = 111_320.0
_NAME_ON_GROUND = "reference"
"""The field by which a source names a thing on the ground, unless it leaves it out."""

_FEWEST_TOLD = 2


def find_faults(compared: Compared, file: str, *, accept_moves: bool = False) -> list[Defect]:
    """Find the rows of a file whose names cannot be right.

    Parameters
    ----------
    accept_moves
        Take things of a known name as the same wherever they lie and whatever they say.
    """
    faults = _repeated(compared, file)
    if not accept_moves:
        faults += _elsewhere(compared, file) + _others(compared, file)
    return faults


_REPEATED = {
    True: "reference {name} stands also in row {rows} and says something else there;"
    " give each its own, or leave the column out",
    False: "{name} stands also in row {rows} and says something else there;"
    " give each its own, or leave the column out",
}
"""Said of a repeated name: of the reference of a thing on the ground, of any other."""


def _repeated(compared: Compared, file: str) -> list[Defect]:
    kind = KINDS[compared.kind]
    if kind.own_name is None or kind.key:
        return []
    name = compared.rows[kind.own_name]
    twice = name[name.duplicated(keep=False) & name.notna()]
    rows_of = twice.groupby(twice).groups
    faults = []
    for row, value in twice.items():
        others = [str(r) for r in rows_of[value][:6] if r != row]
        message = Message(
            _REPEATED[kind.own_name == _NAME_ON_GROUND],
            name=value,
            rows=", ".join(others[:5]) + (", …" if len(rows_of[value]) > 6 else ""),
        )
        faults.append(
            Defect(message, file=file, row=int(row), field=kind.own_name, code="repeated")
        )
    return faults


def _elsewhere(compared: Compared, file: str) -> list[Defect]:
    """Find rows known by name alone that lie far from there and in another community."""
    found = compared.found
    if KINDS[compared.kind].own_name != _NAME_ON_GROUND or SHAPE not in found.changed:
        return []
    rows = np.flatnonzero(found.by_name & found.changed[SHAPE])
    given = compared.rows.iloc[rows]
    stored = compared.stored.iloc[found.stored[rows]]
    away_m = _apart_m(given["geom"].to_numpy(object), stored["geom"].to_numpy(object))
    pairs = zip(given["community_id"], stored["community_id"], strict=True)
    same = np.array([a == b and not pd.isna(a) for a, b in pairs], dtype=bool)
    faults = []
    for nth in np.flatnonzero((away_m > ELSEWHERE_M) & ~same):
        message = Message(
            "reference {name} is stored {away_m:,.0f} m away, for another thing as it seems;"
            " give this one its own, or leave the column out{hint}",
            name=given["reference"].iloc[nth],
            away_m=float(away_m[nth]),
            hint=CommandHint("--map reference=; if it has moved, --accept-moves"),
        )
        row = int(given.index[nth])
        faults.append(Defect(message, file=file, row=row, field="reference", code="elsewhere"))
    return faults


def _apart_m(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give the distance between shapes in degrees, in metres; 0 where there is none."""
    a, b = (shapely.point_on_surface(s) for s in (left, right))
    dx, dy = shapely.get_x(a) - shapely.get_x(b), shapely.get_y(a) - shapely.get_y(b)
    apart = np.hypot(dx * np.cos(np.radians(shapely.get_y(b))), dy) * _METRES_PER_DEGREE
    return np.nan_to_num(apart)


def _others(compared: Compared, file: str) -> list[Defect]:
    """Find records of a known number that agree with the stored one in nothing."""
    kind = KINDS[compared.kind]
    told = kind.tells_apart
    if not told or not len(compared.known):
        return []
    known = compared.known
    twins = compared.twins()
    n_told, agrees = np.zeros(len(known), dtype=int), np.zeros(len(known), dtype=bool)
    for column in told:
        differs = compared.found.changed.get(column)
        if differs is None:
            continue
        given = compared.rows[column].iloc[known].notna().to_numpy()
        both = given & twins[column].notna().to_numpy()
        n_told += both
        agrees |= both & ~differs[known]
    if SHAPE in compared.found.changed:
        agrees |= ~compared.found.changed[SHAPE][known] & compared.has_place[known]
    number = compared.rows[kind.own_name]
    faults = []
    for nth in known[(n_told >= _FEWEST_TOLD) & ~agrees]:
        message = Message(
            "number {name} is stored for another record as it seems: nothing that both say"
            " agrees; give this one its own{hint}",
            name=number.iloc[nth],
            hint=CommandHint("if it is the same, --accept-moves"),
        )
        row = int(compared.rows.index[nth])
        faults.append(Defect(message, file=file, row=row, field=kind.own_name, code="number_taken"))
    return faults
