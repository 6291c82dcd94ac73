"""Shapes as SVG: paths of what lies in the frame, no finer than paper shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import numpy as np
import shapely

FINEST_MM = 0.05
BLEED_MM = 3.0
"""How far lines go on beyond the frame, so that their ends are not seen."""


def clip_to(shapes: np.ndarray, width: float, height: float) -> np.ndarray:
    """Cut shapes on paper to the frame; what lies outside is left out."""
    shapes = np.asarray(shapes, dtype=object)
    frame = (-BLEED_MM, -BLEED_MM, width + BLEED_MM, height + BLEED_MM)
    inside = shapes[shapely.intersects(shapes, shapely.box(*frame))]
    inside = shapely.simplify(inside, FINEST_MM, preserve_topology=False)
    cut = shapely.clip_by_rect(inside[~shapely.is_empty(inside)], *frame)
    return cut[~shapely.is_empty(cut)]


def path_data(shapes: Iterable[object] | object) -> str:
    """Write shapes as the ``d`` of one path, hundredths of a millimetre.

    Examples
    --------
    >>> path_data(shapely.box(0, 0, 10, 5)), path_data(shapely.LineString([(0, 1), (2.004, 3)]))
    ('M10 0V5H0V0Z', 'M0 1L2 3')
    """
    parts = shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object)))
    parts = shapely.get_parts(parts)
    rings = [_ring(line) for line in _lines_of(parts)]
    return "".join(ring for ring in rings if ring)


def _lines_of(parts: np.ndarray) -> Iterable[tuple[np.ndarray, bool]]:
    for part in parts:
        kind = shapely.get_type_id(part)
        if kind in (1, 2):
            yield shapely.get_coordinates(part), kind == 2
        elif kind == 3:
            for ring in shapely.get_rings(part):
                yield shapely.get_coordinates(ring), True


def _ring(line: tuple[np.ndarray, bool]) -> str:
    xy, closed = line
    points = np.round(xy, 2)
    points = points[np.r_[True, (points[1:] != points[:-1]).any(axis=1)]]
    if len(points) < (3 if closed else 2):
        return ""
    if closed:
        points = points[:-1]
    text = [f"M{_n(points[0, 0])} {_n(points[0, 1])}"]
    for before, after in zip(points, points[1:], strict=False):
        if before[1] == after[1]:
            text.append(f"H{_n(after[0])}")
        elif before[0] == after[0]:
            text.append(f"V{_n(after[1])}")
        else:
            text.append(f"L{_n(after[0])} {_n(after[1])}")
    return "".join(text) + ("Z" if closed else "")


def _n(value: float) -> str:
    return f"{value + 0.0:g}"


def path(shapes: Iterable[object] | object, **style: object) -> str:
    """Write one path element; nothing when there is nothing to draw.

    Style names are written with ``_`` for ``-``.
    """
    data = path_data(shapes)
    return f'<path d="{data}"{attributes(style)}/>' if data else ""


def attributes(style: Mapping[str, object]) -> str:
    """Write attributes of an element.

    Examples
    --------
    >>> attributes({"stroke_width": 0.3, "fill": "none"})
    ' stroke-width="0.3" fill="none"'
    """
    return "".join(f' {k.replace("_", "-")}="{escape(str(v))}"' for k, v in style.items())
