"""Make frames of a kind of record: exactly its columns, plain Python values, EPSG:4326.

Columns have dtype object, so that a missing value is None and a count stays an int.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import pandas as pd

from gis.domain.kinds import KINDS, RecordKind

CRS = "EPSG:4326"


def frame_of_kind(
    kind: str | RecordKind,
    rows: Sequence[Mapping[str, object]],
    *,
    extra: tuple[str, ...] = (),
    index: Iterable[int] | None = None,
) -> gpd.GeoDataFrame:
    """Make a frame with the columns of `kind`, then `extra` ones, then ``geometry``.

    Parameters
    ----------
    kind
        A kind, or the name of one in `gis.domain.kinds.KINDS`.
    rows
        One mapping per row; what a row lacks becomes None.
    extra
        Columns beyond those of the kind.
    index
        Row labels, such as row numbers of a file; 0, 1, 2... by default.

    Examples
    --------
    >>> frame = frame_of_kind("compounds", [{"name": "梨子园"}], index=[7])
    >>> list(frame.columns), frame["name"][7], frame["kind"][7]
    (['reference', 'name', 'kind', 'exclusive', 'synthetic', 'geometry'], '梨子园', None)
    """
    record = KINDS[kind] if isinstance(kind, str) else kind
    names = [*(f.name for f in record.fields), *extra]
    labels = pd.RangeIndex(len(rows)) if index is None else pd.Index(list(index), dtype="int64")
    columns = {n: pd.Series([r.get(n) for r in rows], index=labels, dtype=object) for n in names}
    shapes = gpd.GeoSeries([r.get("geometry") for r in rows], index=labels, crs=CRS)
    return gpd.GeoDataFrame(columns, index=labels, geometry=shapes, crs=CRS)
