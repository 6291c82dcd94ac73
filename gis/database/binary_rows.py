"""Rows in the binary format of PostgreSQL's COPY, packed column by column with numpy.

Ten times quicker than writing row by row, and exact: numbers travel as their bytes, points as
EWKB made from their coordinates alone. No database here; `gis.database.bulk` sends what is packed.

**Source**: PostgreSQL documentation, COPY, "Binary Format"; PostGIS documentation, EWKB.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import shapely

from gis.errors import InvalidInput

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
ROWS_AT_ONCE = 50_000
"""So many rows are laid out in memory at a time."""

_POINT_WITH_SRID = 0x20000001
_EPOCH = np.datetime64("2000-01-01")
_TEXT_OID = 25


@dataclass(frozen=True)
class Packed:
    """The bytes of one column.

    Parameters
    ----------
    sizes
        (n,) bytes of each value; -1 for null.
    data
        Bytes of all values, one after the other; (m,) uint8.
    """

    sizes: np.ndarray
    data: np.ndarray

    def slices(self, rows_at_once: int) -> Iterator[Packed]:
        """Cut the column into pieces of so many rows."""
        ends = np.cumsum(np.maximum(self.sizes, 0), dtype=np.int64)
        begin = 0
        for first in range(0, len(self.sizes), rows_at_once):
            sizes = self.sizes[first : first + rows_at_once]
            end = int(ends[first + len(sizes) - 1])
            yield Packed(sizes, self.data[begin:end])
            begin = end


def pack_rows(columns: Sequence[Packed], *, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[bytes]:
    """Give the whole COPY stream of some columns, piece by piece.

    Examples
    --------
    >>> stream = b"".join(pack_rows([pack_numbers(np.array([7]), "i4")]))
    >>> stream[19:-2].hex(" ", 2)
    '0001 0000 0004 0000 0007'
    """
    yield SIGNATURE
    for pieces in zip(*(c.slices(rows_at_once) for c in columns), strict=True):
        yield _lay_out(pieces)
    yield END


def _lay_out(columns: Sequence[Packed]) -> bytes:
    """Write rows: the number of fields, then size and bytes of each field."""
    sizes = np.stack([c.sizes for c in columns])
    if (sizes == sizes[:, :1]).all() and (sizes[:, 0] >= 0).all():
        return _lay_out_alike(columns, sizes[:, 0])
    lengths = np.maximum(sizes, 0).astype(np.int64)
    place = np.cumsum(np.vstack([np.full((1, sizes.shape[1]), 2), lengths + 4]), axis=0)
    starts = np.cumsum(place[-1]) - place[-1]
    out = np.empty(int(place[-1].sum()), dtype=np.uint8)
    _scatter(out, starts, _big_endian(np.full(len(starts), len(columns)), "i2"))
    for column, length, offset in zip(columns, lengths, place[:-1], strict=True):
        _scatter(out, starts + offset, _big_endian(column.sizes, "i4"))
        begins = starts + offset + 4 - (np.cumsum(length) - length)
        out[np.repeat(begins, length) + np.arange(len(column.data))] = column.data
    return out.tobytes()


def _lay_out_alike(columns: Sequence[Packed], sizes: np.ndarray) -> bytes:
    """Write rows that are all of the same size: whole columns at a time."""
    n_rows = len(columns[0].sizes)
    out = np.empty((n_rows, 2 + int((sizes + 4).sum())), dtype=np.uint8)
    out[:, :2] = _big_endian(np.array([len(columns)]), "i2")
    at = 2
    for column, size in zip(columns, sizes.tolist(), strict=True):
        out[:, at : at + 4] = _big_endian(np.array([size]), "i4")
        out[:, at + 4 : at + 4 + size] = column.data.reshape(n_rows, size)
        at += 4 + size
    return out.tobytes()


def _scatter(out: np.ndarray, places: np.ndarray, values: np.ndarray) -> None:
    out[places[:, None] + np.arange(values.shape[1])] = values


def _big_endian(values: np.ndarray, kind: str) -> np.ndarray:
    """Give the bytes of numbers as PostgreSQL reads them, (n, size)."""
    plain = np.ascontiguousarray(values).astype(f">{kind}")
    return plain.view(np.uint8).reshape(len(plain), plain.dtype.itemsize)


def pack_numbers(values: np.ndarray, kind: str, valid: np.ndarray | None = None) -> Packed:
    """Pack numbers of one numpy kind (``i4``, ``i8``, ``f8``, ``?``); null where not valid."""
    valid = np.ones(len(values), dtype=bool) if valid is None else valid
    encoded = _big_endian(values[valid], kind)
    sizes = np.where(valid, encoded.shape[1], -1).astype(np.int32)
    return Packed(sizes, encoded.reshape(-1))


def pack_points(lon: np.ndarray, lat: np.ndarray, *, srid: int) -> Packed:
    """Pack points as EWKB; null where a coordinate is missing.

    Examples
    --------
    >>> packed = pack_points(np.array([108.5, np.nan]), np.array([25.9, 25.9]), srid=4326)
    >>> packed.sizes.tolist(), len(packed.data)
    ([25, -1], 25)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    valid = ~(np.isnan(lon) | np.isnan(lat))
    layout = [("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")]
    points = np.empty(int(valid.sum()), dtype=layout)
    points["order"], points["kind"], points["srid"] = 1, _POINT_WITH_SRID, srid
    points["x"], points["y"] = lon[valid], lat[valid]
    sizes = np.where(valid, points.dtype.itemsize, -1).astype(np.int32)
    return Packed(sizes, points.view(np.uint8).reshape(-1))


def pack_shapes(shapes: np.ndarray, *, srid: int) -> Packed:
    """Pack shapes of any kind as EWKB; null where missing."""
    shapes = np.asarray(shapes, dtype=object)
    kinds = shapely.get_type_id(shapes)
    flat_points = ((kinds == -1) | ((kinds == 0) & ~shapely.has_z(shapes))).all()
    if flat_points and not shapely.is_empty(shapes).any():
        return pack_points(shapely.get_x(shapes), shapely.get_y(shapes), srid=srid)
    with_srid = shapely.set_srid(shapes, srid)
    return _pack_bytes(list(shapely.to_wkb(with_srid, include_srid=True)))


def _pack_bytes(values: Sequence[bytes | None]) -> Packed:
    sizes = np.fromiter((-1 if v is None else len(v) for v in values), np.int32, len(values))
    blob = b"".join(v for v in values if v is not None)
    return Packed(sizes, np.frombuffer(blob, dtype=np.uint8))


def _of_each(encode: Callable[[Any], bytes]) -> Callable[[pd.Series], Packed]:
    """Make the packer of a kind of value that is encoded one by one."""

    def pack(column: pd.Series) -> Packed:
        missing = column.isna().to_numpy(dtype=bool)
        values = column.astype(object).tolist()
        return _pack_bytes([None if m else encode(v) for v, m in zip(values, missing, strict=True)])

    return pack


def _pack_integers(kind: str) -> Callable[[pd.Series], Packed]:
    limits = np.iinfo(kind)

    def pack(column: pd.Series) -> Packed:
        valid = column.notna().to_numpy(dtype=bool)
        given = column.to_numpy(dtype=object)[valid] if column.dtype == object else column[valid]
        numbers = np.asarray(given).astype(np.int64)
        if len(numbers) and not limits.min <= numbers.min() <= numbers.max() <= limits.max:
            raise InvalidInput(
                f"column {column.name} holds {numbers.max():,}: expected whole numbers between"
                f" {limits.min:,} and {limits.max:,}"
            )
        whole = np.zeros(len(column), dtype=np.int64)
        whole[valid] = numbers
        return pack_numbers(whole, kind, valid)

    return pack


def _pack_floats(column: pd.Series) -> Packed:
    valid = column.notna().to_numpy(dtype=bool)
    numbers = np.full(len(column), np.nan)
    numbers[valid] = column[valid].astype(float)
    return pack_numbers(numbers, "f8", valid)


def _pack_flags(column: pd.Series) -> Packed:
    valid = column.notna().to_numpy(dtype=bool)
    flags = np.zeros(len(column), dtype=bool)
    flags[valid] = column[valid].astype(bool)
    return pack_numbers(flags, "?", valid)


def _pack_moments(column: pd.Series) -> Packed:
    """Pack moments as microseconds since 2000; what they mean without a zone was decided before."""
    if any(isinstance(v, dt.datetime) and v.tzinfo is None for v in column.dropna()):
        raise ValueError(f"{column.name}: a time without a zone is no moment")
    moments = pd.DatetimeIndex(pd.to_datetime(column, utc=True)).tz_localize(None)
    micro = moments.as_unit("us").to_numpy() - _EPOCH
    return pack_numbers(micro.astype(np.int64), "i8", column.notna().to_numpy(dtype=bool))


def _date(value: dt.date) -> bytes:
    days = np.datetime64(value, "D") - _EPOCH
    return int(days.astype(int)).to_bytes(4, "big", signed=True)


def _text(value: object) -> bytes:
    return str(value).encode()


def _json(value: object) -> bytes:
    """Encode a document; text is taken as written already."""
    return b"\x01" + (value if isinstance(value, str) else json.dumps(value)).encode()


def _uuid(value: object) -> bytes:
    return (value if isinstance(value, UUID) else UUID(str(value))).bytes


def _texts(value: Sequence[object]) -> bytes:
    """Encode an array of texts."""
    if not len(value):
        return b"".join(n.to_bytes(4, "big") for n in (0, 0, _TEXT_OID))
    head = b"".join(n.to_bytes(4, "big") for n in (1, 0, _TEXT_OID, len(value), 1))
    encoded = [_text(v) for v in value]
    return head + b"".join(len(e).to_bytes(4, "big") + e for e in encoded)


PACKERS: dict[str, Callable[[pd.Series], Packed]] = {
    "Integer": _pack_integers("i4"),
    "BigInteger": _pack_integers("i8"),
    "Double": _pack_floats,
    "Boolean": _pack_flags,
    "DateTime": _pack_moments,
    "Date": _of_each(_date),
    "Text": _of_each(_text),
    "Uuid": _of_each(_uuid),
    "JSONB": _of_each(_json),
    "ARRAY": _of_each(_texts),
}
"""How the values of a column are packed, by the name of its SQLAlchemy type."""
