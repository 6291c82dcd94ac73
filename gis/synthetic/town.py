"""A town as a value: frames of every kind of record, notices for its pages, and the planted truth.

Pure: no files, no clock. Frames with shapes are in EPSG:4326, lon lat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.domain.kinds import KINDS

LON_LAT = "EPSG:4326"


@dataclass(frozen=True)
class Notice:
    """A sentence every page about the town must show, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Truth:
    """What the generator planted, to judge geocoding and hotspots by.

    Parameters
    ----------
    hotspots
        One point per planted hotspot: ``hotspot, topic, first_month, last_month, radius_m,
        n_incidents, lon, lat`` (months as ``YYYY-MM``, both included).
    households
        One row per household in order: ``number, lon, lat, address_text, noise`` with the clean
        text and the name of what was done to it (``""`` for nothing).
    incidents
        The same for incidents, with ``hotspot`` (-1 for background).
    """

    hotspots: gpd.GeoDataFrame
    households: pd.DataFrame
    incidents: pd.DataFrame


def empty_frame(kind: str) -> pd.DataFrame | gpd.GeoDataFrame:
    """Make a frame of a kind without rows.

    Examples
    --------
    >>> list(empty_frame("residents").columns)[:3]
    ['household_number', 'name', 'sex']
    """
    return make_frame(kind, {}, [] if KINDS[kind].geometry else None)


def make_frame(
    kind: str, columns: Mapping[str, Any], geometry: Any = None
) -> pd.DataFrame | gpd.GeoDataFrame:
    """Make a frame with exactly the columns of a kind; what is not given is None.

    Parameters
    ----------
    kind
        A key of `gis.domain.kinds.KINDS`.
    columns
        Values by column name; unknown names are refused.
    geometry
        Shapes in EPSG:4326, one per row; None for a kind without shapes.

    Returns
    -------
    frame
        Columns in the order of the kind, then ``geometry``.
    """
    names = [f.name for f in KINDS[kind].fields]
    unknown = set(columns) - set(names)
    if unknown:
        raise KeyError(f"{kind} have no column {', '.join(sorted(unknown))}")
    length = len(next(iter(columns.values()))) if columns else (0 if geometry is None else None)
    index = pd.RangeIndex(len(geometry) if length is None else length)
    absent = np.full(len(index), None, dtype=object)
    frame = pd.DataFrame({n: _column(columns.get(n, absent), index) for n in names})
    if geometry is None:
        return frame
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=LON_LAT)


def _column(values: Any, index: pd.Index) -> pd.Series:
    """Keep texts as objects, so that an absent one stays None."""
    values = np.asarray(values)
    return pd.Series(values, index=index, dtype=object if values.dtype.kind in "OUT" else None)


def _empty(kind: str) -> Any:
    return field(default_factory=lambda: empty_frame(kind))


@dataclass(frozen=True)
class Town:
    """Everything that is known of a demo town; kinds it does not have are empty frames.

    Parameters
    ----------
    name
        Short name, as on the command line.
    communities, barriers, land_cover, buildings, compounds, addresses
        The ground; columns as `gis.domain.kinds.KINDS` says.
    households, residents, places, incidents
        People and what happens, all synthetic.
    notices
        Sentences the pages must show.
    truth
        What was planted; for tests and for judging results, never imported.
    """

    name: str
    truth: Truth
    communities: gpd.GeoDataFrame = _empty("communities")
    barriers: gpd.GeoDataFrame = _empty("barriers")
    land_cover: gpd.GeoDataFrame = _empty("land_cover")
    buildings: gpd.GeoDataFrame = _empty("buildings")
    compounds: gpd.GeoDataFrame = _empty("compounds")
    addresses: gpd.GeoDataFrame = _empty("addresses")
    households: gpd.GeoDataFrame = _empty("households")
    residents: pd.DataFrame = _empty("residents")
    places: gpd.GeoDataFrame = _empty("places")
    incidents: gpd.GeoDataFrame = _empty("incidents")
    notices: tuple[Notice, ...] = ()

    def frames(self) -> dict[str, pd.DataFrame]:
        """List the frames that have rows, by kind, in an order fit for import."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name in KINDS}
        return {kind: frame for kind, frame in values.items() if len(frame)}
