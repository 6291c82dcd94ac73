"""Records beside what is stored: new, changed, unchanged, missing; and bringing them up to date.

Which rows are known again is decided in `gis.domain.delivery`, which shapes are the same in
`gis.geometry.same_shape`. What a person decided about a place stays while the source says the same
about it: such rows keep their import, too, whose coordinates may have been corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.location.changed_records import follow_changes
from gis.domain.delivery import Matches, match_rows
from gis.domain.kinds import KINDS
from gis.domain.kinds.kind import SHAPE
from gis.geometry.same_shape import shape_classes
from gis.store.area import divisions
from gis.store.provenance import deliveries
from gis.store.provenance.records import LOCATED, MODELS, insert_rows, rows_of

MOST_NAMED = 20
"""So many missing rows are named in a report; all are counted."""

_NEVER_COMPARED = ("community_id", "block_id", "household_id", "household_number")
_TOWN_DIGITS = 9


@dataclass(frozen=True)
class Tally:
    """How a file compares with what is stored, in rows of the file.

    Parameters
    ----------
    new, changed, unchanged
        Good rows by what storing them does.
    repeated
        Rows that say in everything what another row of the file says; they are stored once.
    missing
        Stored rows of the imports that the file delivers again, which it does not have; they
        stay.
    missing_names
        What the source calls the first of them.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    missing: int = 0
    missing_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """Rows of a file beside the stored rows that they are.

    Parameters
    ----------
    kind
        Kind of record.
    rows
        In the columns of the table; the index holds row numbers of the file.
    stored
        Stored candidates, the same columns, with ``id`` and ``import_batch_id``.
    found
        Which row is which, and what has changed.
    repeated
        Rows left out because another row says the same.
    """

    kind: str
    rows: pd.DataFrame
    stored: pd.DataFrame
    found: Matches
    repeated: int

    @property
    def known(self) -> np.ndarray:
        """Positions of the rows that are stored already."""
        return np.flatnonzero(~self.found.is_new)

    @property
    def has_place(self) -> np.ndarray:
        """(m,) bool: rows that come with a shape or coordinates."""
        shapes = shapes_of(self.rows)
        return ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))

    @property
    def is_moved(self) -> np.ndarray:
        """(m,) bool: known rows that say another place: a shape, coordinates, an address."""
        told = [SHAPE, "address_text"] if self.kind in LOCATED else [SHAPE]
        none = np.zeros(len(self.rows), dtype=bool)
        return np.logical_or.reduce([none, *(self.found.changed.get(c, none) for c in told)])

    def only(self, keep: np.ndarray) -> Compared:
        """Leave out the rows that are not to be kept; (m,) bool."""
        found = self.found
        changed = {c: differs[keep] for c, differs in found.changed.items()}
        kept = Matches(found.stored[keep], found.by_name[keep], changed)
        return replace(self, rows=self.rows[keep], found=kept)

    def twins(self) -> pd.DataFrame:
        """Give the stored row of each known row, in the order of `known`."""
        return self.stored.iloc[self.found.stored[self.known]].reset_index(drop=True)

    def tally(self, session: Session) -> Tally:
        """Count by rows of the file; a row of several lines is new only if all of it is."""
        each = pd.DataFrame(
            {"new": self.found.is_new, "changed": self.found.is_changed}, index=self.rows.index
        )
        each["same"] = ~(each["new"] | each["changed"])
        whole = each.groupby(level=0).all()
        new, same = int(whole["new"].sum()), int(whole["same"].sum())
        twins = self.twins()
        batches = twins["import_batch_id"].unique().tolist()
        missing, names = deliveries.list_missing(
            session, self.kind, batches, twins["id"].tolist(), most=MOST_NAMED
        )
        return Tally(new, len(whole) - new - same, same, self.repeated, missing, tuple(names))


def compare(session: Session, kind: str, frame: pd.DataFrame) -> Compared:
    """Hold records, as the checks completed them, against what is stored.

    Parameters
    ----------
    kind
        Any kind but communities and blocks.
    """
    rows = rows_of(kind, frame)
    stored = deliveries.stored_rows(session, kind, rows)
    of_stored, of_rows = _comparable(kind, stored, rows)
    said = _said(kind, frame, of_rows)
    once = _first_of_repeated(kind, of_rows)
    rows, of_rows = rows[once], of_rows[once].reset_index(drop=True)
    found = match_rows(kind, of_stored, of_rows, said)
    if SHAPE in found.changed and kind not in LOCATED:
        found.changed[SHAPE] &= of_rows[SHAPE].notna().to_numpy()
    return Compared(kind, rows, stored, found, int((~once).sum()))


def _comparable(
    kind: str, stored: pd.DataFrame, rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give both sides in the same types, with the number of a class for each shape."""
    table = MODELS[kind].__table__
    plain = [c for c in rows.columns if c not in (*_NEVER_COMPARED, "geom", *_SPOT)]
    sides = []
    for side in (stored, rows):
        columns = {c: _typed(side[c], type(table.columns[c].type).__name__) for c in plain}
        sides.append(pd.DataFrame(columns).reset_index(drop=True))
    if KINDS[kind].belongs_to:
        for side, given in zip(sides, (stored, rows), strict=True):
            known = given["household_id"].notna()
            household = given["household_id"].astype(str).where(known, given["household_number"])
            side["household"] = household.astype(object).to_numpy()
        return tuple(sides)
    classes = shape_classes(shapes_of(stored), shapes_of(rows))
    for side, numbers in zip(sides, classes, strict=True):
        side[SHAPE] = pd.Series(numbers, dtype="float64").where(numbers > 0)
    return tuple(sides)


_SPOT = ("given_lon", "given_lat")


def shapes_of(rows: pd.DataFrame) -> np.ndarray:
    """Give the shapes of rows of a table: of what is located, the points that were given."""
    if "geom" in rows:
        return rows["geom"].to_numpy(dtype=object)
    lon, lat = (pd.to_numeric(rows[c]).to_numpy(dtype=float) for c in _SPOT)
    known = np.isfinite(lon) & np.isfinite(lat)
    shapes = np.full(len(rows), None, dtype=object)
    shapes[known] = shapely.points(lon[known], lat[known])
    return shapes


def _typed(column: pd.Series, kind: str) -> pd.Series:
    """Give values as the database would give them back; nothing as None."""
    if kind == "DateTime":
        return pd.to_datetime(column, utc=True).astype(object).where(column.notna(), None)
    if kind == "Date":
        days = pd.to_datetime(column, errors="coerce")
        return days.dt.date.astype(object).where(days.notna(), None)
    if kind in ("Integer", "Double", "Float"):
        return pd.to_numeric(column).astype("float64")
    if kind == "Boolean":
        return column.astype(bool).astype(object)
    return column.astype(str).astype(object).where(column.notna(), None)


def _said(kind: str, frame: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """List what a file says something about: a column that is empty throughout says nothing."""
    said = [c for c in rows.columns if c in frame and frame[c].notna().any()]
    said += [c for c in KINDS[kind].derived if c not in said]
    if SHAPE in rows and rows[SHAPE].notna().any():
        said.append(SHAPE)
    return said


def _first_of_repeated(kind: str, rows: pd.DataFrame) -> np.ndarray:
    """Say which rows are the first to say what they say; (m,) bool."""
    if not KINDS[kind].one_if_alike or rows.empty:
        return np.ones(len(rows), dtype=bool)
    return ~rows.duplicated(keep="first").to_numpy()


def compare_communities(session: Session, frame: gpd.GeoDataFrame) -> Tally:
    """Count communities by what storing them does; missing are those of the same towns."""
    if frame.empty:
        return Tally()
    stored = divisions.community_records(session)
    plain = [c for c in stored.columns if c not in (SHAPE, "geometry") and c in frame]
    left, right = stored[plain].copy(), pd.DataFrame(frame[plain]).reset_index(drop=True)
    for column in {"minimum", "target", "maximum"} & set(plain):
        left[column] = pd.to_numeric(left[column]).astype(float)
        right[column] = pd.to_numeric(right[column]).astype(float)
    said = [c for c in plain if frame[c].notna().any()]
    for column in said:
        kept = _stored_value(left, right, column)
        right[column] = right[column].where(right[column].notna(), kept)
    left[SHAPE], right[SHAPE] = shape_classes(
        np.array(stored["geometry"], dtype=object), np.array(frame["geometry"], dtype=object)
    )
    found = match_rows("communities", left, right, [*said, SHAPE])
    known = stored["code"].isin(frame["code"])
    towns = set(stored["code"][known].str[:_TOWN_DIGITS])
    gone = stored[~known & stored["code"].str[:_TOWN_DIGITS].isin(towns)]
    changed = int(found.is_changed.sum())
    new = int(found.is_new.sum())
    names = tuple(f"{r.code} {r.name}" for r in gone[["code", "name"]].itertuples(index=False))
    return Tally(new, changed, len(frame) - new - changed, 0, len(gone), names[:MOST_NAMED])


def _stored_value(stored: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.Series:
    """Give what is stored of a community where a file says nothing, for that leaves it."""
    return rows["code"].map(dict(zip(stored["code"], stored[column], strict=True)))


# Storing what was compared


def store_compared(session: Session, compared: Compared, batch_id: int, *, now: datetime) -> None:
    """Store new rows and bring changed ones up to date; nothing else is touched."""
    kind, found = compared.kind, compared.found
    insert_rows(session, kind, compared.rows[found.is_new], batch_id)
    known = compared.known
    changed = found.is_changed[known]
    if not changed.any():
        return
    rows, moved = _up_to_date(compared, batch_id), compared.is_moved[known]
    deliveries.update_rows(session, kind, rows[changed])
    ids = rows["id"]
    follow_changes(session, kind, changed=ids[changed].tolist(), moved=ids[moved].tolist(), now=now)


def _up_to_date(compared: Compared, batch_id: int) -> pd.DataFrame:
    """Give the known rows as they are to be stored: what the file says, else what is stored.

    Places that are said to be the same keep what is stored of them, to the last digit.
    """
    known = compared.known
    twins, given = compared.twins(), compared.rows.iloc[known].reset_index(drop=True)
    moved = compared.is_moved[known]
    rows = {"id": twins["id"], "import_batch_id": twins["import_batch_id"].mask(moved, batch_id)}
    if "import_row" in twins:
        numbers = pd.Series(compared.rows.index[known])
        rows["import_row"] = twins["import_row"].astype(object).mask(moved, numbers)
    shape = compared.found.changed.get(SHAPE, np.zeros(len(compared.rows), dtype=bool))[known]
    for column in given.columns:
        if column in (*_SPOT, "geom"):
            use = shape
        elif column in ("community_id", "block_id"):
            use = moved
        else:
            changed = compared.found.changed.get(column)
            use = np.zeros(len(known), dtype=bool) if changed is None else changed[known]
        rows[column] = twins[column].astype(object).mask(use, given[column].astype(object))
    return pd.DataFrame(rows)


def split_water(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Part barriers: lines, and polygons as water, whose outline is among the lines."""
    is_area = frame.geom_type.isin(["Polygon", "MultiPolygon"])
    areas = frame[is_area]
    lines = frame.copy()
    lines.loc[is_area, "geometry"] = areas.boundary
    lines = lines[~shapely.is_empty(np.array(lines.geometry))]
    water = gpd.GeoDataFrame(
        {"kind": "water", "name": areas["name"]}, geometry=areas.geometry, crs=frame.crs
    )
    return lines, water
