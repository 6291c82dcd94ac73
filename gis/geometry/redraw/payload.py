"""The ground of an edit as plain lists for a browser: whole numbers, lengths in decimetres."""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np

from gis.geometry.redraw.ground import KINDS, MEASURES, WorkingGround

PER_METRE = 10
"""Lengths are given in decimetres, areas in square metres, so that all are whole numbers."""

PER_WORK = 100
"""Workload is given in hundredths."""

_LENGTHS = ("perimeter_m", "outline_m", "shared_m", "along_m", "strong_m", "cost")


Payload = TypedDict(
    "Payload",
    {
        "block_id": list[int],
        "households": list[int],
        "people": list[int],
        "workload": list[int],
        "n_buildings": list[int],
        "area": list[int],
        "origin": list[int],
        "x": list[int],
        "y": list[int],
        "exclusive": dict[str, str],
        "from": list[int],
        "to": list[int],
        "kind": list[int],
        "kinds": list[str],
        "measure": str,
        "minimum": float,
        "maximum": float,
        "perimeter": list[int],
        "outline": list[int],
        "shared": list[int],
        "along": list[int],
        "strong": list[int],
        "cost": list[int],
    },
)
"""What `to_payload` gives."""


def to_payload(ground: WorkingGround) -> Payload:
    """Give a ground as lists of whole numbers, edges as two lists, loads by measure.

    Lengths (``perimeter``, ``outline``, ``shared``, ``along``, ``strong``, ``cost``) are in
    decimetres, ``workload`` in hundredths, ``x`` and ``y`` in metres from ``origin``.
    """
    origin = [int(np.floor(v.min())) if len(v) else 0 for v in (ground.x_m, ground.y_m)]
    payload: Any = {
        "block_id": ground.block_id.tolist(),
        "households": _ints(ground.loads[:, 0]),
        "people": _ints(ground.loads[:, 1]),
        "workload": _ints(ground.loads[:, 2] * PER_WORK),
        "n_buildings": ground.n_buildings.tolist(),
        "area": _ints(ground.area_m2),
        "origin": origin,
        "x": _ints(ground.x_m - origin[0]),
        "y": _ints(ground.y_m - origin[1]),
        "exclusive": {str(r): str(ground.exclusive[r]) for r in np.flatnonzero(~ground.is_common)},
        "from": ground.edges[:, 0].tolist(),
        "to": ground.edges[:, 1].tolist(),
        "kind": ground.kind.tolist(),
        "kinds": list(KINDS),
        "measure": ground.measure,
        "minimum": ground.minimum,
        "maximum": ground.maximum,
    }
    for name in _LENGTHS:
        payload[name.removesuffix("_m")] = _ints(getattr(ground, name) * PER_METRE)
    return payload


def from_payload(payload: dict) -> WorkingGround:
    """Read a ground back, as exact as it was written.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> blocks = gpd.GeoDataFrame({"block_id": [7, 8], "households": [30, 40]},
    ...                           geometry=shapely.box([0, 50], 0, [50, 90], 40), crs=32632)
    >>> ground = make_working_ground(blocks, minimum=20, maximum=80)
    >>> again = from_payload(to_payload(ground))
    >>> again.shared_m.tolist(), again.loads[:, 0].tolist()
    ([40.0], [30.0, 40.0])
    """
    lengths = {
        name: np.array(payload[name.removesuffix("_m")], float) / PER_METRE for name in _LENGTHS
    }
    exclusive = np.full(len(payload["block_id"]), "", dtype=object)
    for row, name in payload["exclusive"].items():
        exclusive[int(row)] = name
    loads = [np.array(payload[m], float) for m in MEASURES]
    loads[2] /= PER_WORK
    return WorkingGround(
        block_id=np.array(payload["block_id"], np.int64),
        loads=np.column_stack(loads),
        area_m2=np.array(payload["area"], float),
        n_buildings=np.array(payload["n_buildings"], np.int64),
        exclusive=exclusive,
        x_m=np.array(payload["x"], float) + payload["origin"][0],
        y_m=np.array(payload["y"], float) + payload["origin"][1],
        edges=np.array([payload["from"], payload["to"]], np.int64).T.reshape(-1, 2),
        kind=np.array(payload["kind"], np.int64),
        measure=payload["measure"],
        minimum=payload["minimum"],
        maximum=payload["maximum"],
        **lengths,
    )


def _ints(values: np.ndarray) -> list[int]:
    return np.rint(values).astype(np.int64).tolist()
