"""House numbers: ordered along a street, odd on the left side, even on the right.

Pure; coordinates in metres. Cost: one spatial index over the street pieces, one sort of houses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray


@dataclass(frozen=True)
class StreetPieces:
    """The pieces of named streets, each name turned into one direction.

    Parameters
    ----------
    names
        (m,) street name of each piece.
    lines
        (m,) LineStrings in metres, pieces of one name all pointing the same way.
    start_m
        (m,) measure at which each piece begins along its whole street.
    """

    names: NDArray[np.object_]
    lines: NDArray[np.object_]
    start_m: NDArray[np.float64]


def join_streets(names: NDArray[np.object_], lines: NDArray[np.object_]) -> StreetPieces:
    """Join the lines of each name and turn the pieces one way.

    Pieces of a name that do not touch are ordered along the main direction of the street.

    Examples
    --------
    >>> pieces = join_streets(
    ...     np.array(["A", "A"], dtype=object),
    ...     shapely.from_wkt(["LINESTRING (0 0, 5 0)", "LINESTRING (9 0, 5 0)"]),
    ... )
    >>> len(pieces.lines), float(pieces.lines[0].length)
    (1, 9.0)
    """
    out: list[tuple[str, shapely.LineString, float]] = []
    for name, group in pd.Series(lines, dtype=object).groupby(names, sort=True):
        parts = shapely.get_parts(shapely.line_merge(shapely.union_all(group.to_numpy())))
        axis = _main_direction(parts)
        for part in parts:
            ends = shapely.get_coordinates(part)[[0, -1]] @ axis
            out.append(
                (str(name), part if ends[0] <= ends[1] else shapely.reverse(part), min(ends))
            )
    out.sort(key=lambda piece: (piece[0], piece[2], piece[1].wkt))
    return StreetPieces(
        np.array([o[0] for o in out], dtype=object),
        np.array([o[1] for o in out], dtype=object),
        np.array([o[2] for o in out], dtype=float),
    )


def _main_direction(parts: NDArray[np.object_]) -> NDArray[np.float64]:
    """Direction in which the street is longest, pointing east (or north when due north)."""
    xy = shapely.get_coordinates(parts)
    _, _, vectors = np.linalg.svd(xy - xy.mean(axis=0), full_matrices=False)
    axis = vectors[0]
    return axis if (axis[0], axis[1]) > (1e-9, 0) or axis[1] > 0.99 else -axis


@dataclass(frozen=True)
class DoorPlates:
    """The street and number of each house; name None and number 0 where no street is near."""

    street: NDArray[np.object_]
    number: NDArray[np.int64]
    measure_m: NDArray[np.float64]


def number_houses(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    streets: StreetPieces,
    *,
    within: NDArray[np.object_],
    reach_m: float,
    rng: Generator,
    gap_share: float = 0.08,
) -> DoorPlates:
    """Give each house the nearest named street and a number on its side of it.

    Parameters
    ----------
    x_m, y_m
        (n,) coordinates of the houses in metres.
    streets
        Named streets from `join_streets`.
    within
        (n,) community of each house; numbers start anew in each community.
    reach_m
        A house farther than this from every named street gets none.
    rng
        Decides where a number is left out, as for an empty lot.
    gap_share
        Share of numbers left out.
    """
    n = len(x_m)
    street, number = np.full(n, None, dtype=object), np.zeros(n, dtype=np.int64)
    measure = np.full(n, np.nan)
    if not len(streets.lines) or not n:
        return DoorPlates(street, number, measure)
    points = shapely.points(x_m, y_m)
    house, piece = shapely.STRtree(streets.lines).query_nearest(
        points, max_distance=reach_m, all_matches=False
    )
    line = streets.lines[piece]
    along = shapely.line_locate_point(line, points[house])
    left = _is_left(line, along, points[house])
    street[house] = streets.names[piece]
    measure[house] = streets.start_m[piece] + along
    frame = pd.DataFrame(
        {"house": house, "street": street[house], "within": within[house], "left": left}
    )
    frame["measure"] = measure[house]
    frame = frame.sort_values(["within", "street", "left", "measure", "house"], kind="stable")
    step = 1 + (rng.random(len(frame)) < gap_share)
    rank = pd.Series(step, index=frame.index).groupby(
        [frame["within"], frame["street"], frame["left"]], sort=False
    ).cumsum()  # fmt: skip
    number[frame["house"]] = 2 * rank.to_numpy() - frame["left"].to_numpy(dtype=int)
    return DoorPlates(street, number, measure)


def _is_left(
    line: NDArray[np.object_], along: NDArray[np.float64], points: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Whether each point lies left of its line, seen in the direction of the line."""
    length = shapely.length(line)
    a = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(along - 1, 0)))
    b = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(along + 1, length)))
    p = shapely.get_coordinates(points)
    return (b[:, 0] - a[:, 0]) * (p[:, 1] - a[:, 1]) > (b[:, 1] - a[:, 1]) * (p[:, 0] - a[:, 0])
