"""Names on a map: each where it fits, none over another. Pure; millimetres on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from shapely import affinity

from webmap.plan.sheets.ink import attributes

LATIN_WIDTH = 0.56
"""Width of a letter that is not Chinese, as a share of the size of the type."""

STRAIGHT = 0.965
"""A name is written along a stretch of line whose ends are at least so far apart."""

STEP_MM = 3.0
STEEP = 50.0
"""Chinese names along lines steeper than this are written from above, their signs upright."""

REPEAT_MM = 110.0
"""A street is named again after so much of the map."""


@dataclass(frozen=True)
class Label:
    """A piece of text in its place: middle, size of type, angle (clockwise), and looks."""

    text: str
    x: float
    y: float
    size: float
    angle: float = 0.0
    look: str = "name"

    @property
    def box(self) -> shapely.Polygon:
        """Give the ground that the text covers."""
        half_w, half_h = text_width(self.text, self.size) / 2 + 0.6, self.size * 0.62
        flat = shapely.box(self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h)
        return affinity.rotate(flat, self.angle) if self.angle else flat

    def svg(self) -> str:
        """Write the text with a bright edge, so that it reads on any ground."""
        stands = abs(self.angle) > STEEP and is_chinese(self.text)
        turn = self.angle - 90 * np.sign(self.angle) if stands else self.angle
        style = {"x": f"{self.x:.2f}", "y": f"{self.y:.2f}", "font_size": f"{self.size:g}"}
        if turn:
            style["transform"] = f"rotate({turn:.1f} {self.x:.2f} {self.y:.2f})"
        look = f"{self.look} upright" if stands else self.look
        return f'<text class="{look}"{attributes(style)}>{escape(self.text)}</text>'


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is.

    Examples
    --------
    >>> text_width("河滨路", 3.0), round(text_width("Am", 2.0), 2)
    (9.0, 2.24)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return size * (wide + LATIN_WIDTH * (len(text) - wide))


def is_chinese(text: str) -> bool:
    """Tell whether a text is of signs as wide as high only.

    Examples
    --------
    >>> is_chinese("河滨路"), is_chinese("Am Rhein")
    (True, False)
    """
    return all(unicodedata.east_asian_width(c) in "WF" for c in text)


class LabelBoard:
    """The labels of one map; a new one is taken only where it covers no other."""

    def __init__(self, width: float, height: float) -> None:
        self.frame = shapely.box(1.0, 1.0, width - 1.0, height - 1.0)
        self.labels: list[Label] = []
        self._taken: list[shapely.Geometry] = []

    def block(self, shape: shapely.Geometry) -> None:
        """Keep some ground free of labels."""
        self._taken.append(shape)

    def is_free(self, label: Label) -> bool:
        """Tell whether a label lies within the frame and over nothing."""
        box = label.box
        if not self.frame.contains(box):
            return False
        return not self._taken or not shapely.intersects(np.array(self._taken), box).any()

    def put(self, label: Label) -> bool:
        """Write a label unless it covers something; tells whether it was written."""
        if not self.is_free(label):
            return False
        self.labels.append(label)
        self._taken.append(label.box)
        return True

    def put_inside(
        self, area: shapely.Geometry, text: str, size: float, look: str, *, least: float = 0.5
    ) -> bool:
        """Write a label in the roomiest part of an area, smaller where it must be.

        Parameters
        ----------
        least
            Share of the text that must lie inside the area when it cannot lie there whole.
        """
        shape = shapely.intersection(area, self.frame)
        if shape.area < 1:
            return False
        spots = _spots(shape, size)
        for share in (0.98, least):
            for smaller in (1.0, 0.85, 0.7, 0.55):
                for x, y in spots:
                    label = Label(text, x, y, round(size * smaller, 2), look=look)
                    if _inside(label, shape) >= share and self.put(label):
                        return True
        return False

    def put_along(self, line: shapely.Geometry, text: str, size: float, look: str) -> int:
        """Write a name along a line where it runs straight, again after a while.

        Returns
        -------
        int
            How many times it was written.
        """
        done: list[Label] = []
        for label in _stretches(line, text, size, look):
            far = all(np.hypot(label.x - d.x, label.y - d.y) > REPEAT_MM for d in done)
            if far and self.put(label):
                done.append(label)
        return len(done)


def _inside(label: Label, area: shapely.Geometry) -> float:
    """Give the share of a label that lies in an area."""
    box = label.box
    return shapely.intersection(box, area).area / box.area


def _spots(shape: shapely.Geometry, size: float) -> list[tuple[float, float]]:
    """List where to try: the middle, the roomiest place, and places around both."""
    part = max(shapely.get_parts(shape), key=shapely.area)
    middle = shapely.centroid(part)
    roomy = shapely.get_point(shapely.maximum_inscribed_circle(part, tolerance=1.0), 0)
    first = [p for p in (middle, roomy) if part.contains(p)]
    return [spot for p in first for spot in _around(p.x, p.y, size)]


def _around(x: float, y: float, size: float) -> Iterable[tuple[float, float]]:
    yield x, y
    for step in (1.3, 2.6, 4.0):
        for dx, dy in ((0, -1), (0, 1), (-1.6, 0), (1.6, 0)):
            yield x + dx * step * size, y + dy * step * size


def _stretches(line: shapely.Geometry, text: str, size: float, look: str) -> list[Label]:
    """List where a text may stand along a line, the straightest and most central first."""
    need = text_width(text, size) + 2
    found = []
    for part in shapely.get_parts(line):
        length = shapely.length(part)
        starts = np.arange(0, length - need, STEP_MM) if length > need else np.array([])
        if not len(starts):
            continue
        a = shapely.get_coordinates(shapely.line_interpolate_point(part, starts))
        b = shapely.get_coordinates(shapely.line_interpolate_point(part, starts + need))
        middle = shapely.get_coordinates(shapely.line_interpolate_point(part, starts + need / 2))
        straight = np.hypot(*(b - a).T) / need
        off = np.abs(starts + need / 2 - length / 2) / length
        for i in np.flatnonzero(straight >= STRAIGHT).tolist():
            angle = _upright(np.degrees(np.arctan2(*(b[i] - a[i])[::-1])))
            x, y = (a[i] + b[i] + 2 * middle[i]) / 4
            rank = round((1 - straight[i]) * 20 + off[i] - length / 400, 4)
            found.append((rank, Label(text, float(x), float(y), size, angle, look)))
    return [label for _, label in sorted(found, key=lambda pair: pair[0])]


def _upright(angle: float) -> float:
    """Turn a text that would stand on its head."""
    angle = (angle + 90) % 180 - 90
    return 0.0 if abs(angle) < 1 else round(float(angle), 1)
