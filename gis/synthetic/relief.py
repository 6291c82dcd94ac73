"""The height of invented ground: valleys carved by channels, crests where borders run.

Pure; plane coordinates and heights in metres. Each channel (a river, a stream, a dry gully) would
carve its own valley; the ground is the lowest of these, so the ridges lie between the channels and
every channel lies at the bottom of its valley. Cost: one nearest-sample search for each channel and
point within its reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

GRID_M = 50.0
SAMPLE_M = 40.0
FLOOR_RISE_M = 4.0
"""How much the flat floor of a valley rises from the bank to the foot of the slope."""

CREST_M, CREST_REACH_M, CREST_FROM_FLOOR_M = 130.0, 420.0, 300.0
"""How much higher the hills are at the border, how far inside that is felt, and how far from a
valley floor it is felt in full."""


@dataclass(frozen=True)
class Channel:
    """A line where water runs, or ran, and the valley it carved.

    Parameters
    ----------
    xy
        (n, 2) samples from the mouth to the head.
    bed_m
        (n,) height of the bed, rising from the mouth.
    half_width_m
        (n,) flat floor on either side.
    bank_m, bank_width_m
        How high the banks are, and how far from the middle they are that high.
    steepness
        Slope at the foot, as rise over run.
    highest_m
        What the slope tends to above the floor.
    reach_m
        How far from the line its valley is looked at.
    """

    xy: NDArray[np.float64]
    bed_m: NDArray[np.float64]
    half_width_m: NDArray[np.float64]
    bank_m: float
    bank_width_m: float
    steepness: float
    highest_m: float
    reach_m: float

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.xy)

    @cached_property
    def box(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """South-west and north-east corner of the ground that is looked at."""
        return self.xy.min(axis=0) - self.reach_m, self.xy.max(axis=0) + self.reach_m

    def within_reach(self, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points lie in the box around the channel."""
        low, high = self.box
        return np.asarray(((xy >= low) & (xy <= high)).all(axis=1))

    def surface(
        self, xy: NDArray[np.float64], crest_m: NDArray[np.float64] | float = 0.0
    ) -> NDArray[np.float64]:
        """Give the (n,) heights of the valley this channel would carve alone.

        Parameters
        ----------
        crest_m
            (n,) how much higher the hills are; beds and floors are not.
        """
        far, at = self._tree.query(xy, distance_upper_bound=self.reach_m)
        out = ~np.isfinite(far)
        at[out] = 0
        far, bed = self._beside(xy, at)
        off = np.maximum(far - self.half_width_m[at], 0.0)
        bank = self.bank_m * (1 - np.exp(-((far / self.bank_width_m) ** 2)))
        rise = FLOOR_RISE_M * np.minimum(far / self.half_width_m[at], 1.0) ** 2
        slope = self.highest_m * (1 - np.exp(-off * self.steepness / self.highest_m))
        hill = crest_m * np.minimum(off / CREST_FROM_FLOOR_M, 1.0)
        return np.where(out, np.inf, bed + bank + rise + slope + hill)

    def _beside(
        self, xy: NDArray[np.float64], at: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give how far points lie from the line, and the bed there, between two samples."""
        best, bed = np.full(len(xy), np.inf), np.zeros(len(xy))
        for first in (np.maximum(at - 1, 0), np.minimum(at, len(self.xy) - 2)):
            start, way = self.xy[first], self._ways[first]
            share = np.clip(((xy - start) * way).sum(axis=1) / self._lengths2[first], 0, 1)
            far = np.hypot(*(xy - start - share[:, None] * way).T)
            fall = self.bed_m[first] + share * (self.bed_m[first + 1] - self.bed_m[first])
            bed = np.where(far < best, fall, bed)
            best = np.minimum(far, best)
        return best, bed

    @cached_property
    def _ways(self) -> NDArray[np.float64]:
        return np.diff(self.xy, axis=0)

    @cached_property
    def _lengths2(self) -> NDArray[np.float64]:
        return (self._ways**2).sum(axis=1)


@dataclass(frozen=True)
class Relief:
    """The height of the ground of a tile.

    Parameters
    ----------
    channels
        What carved it, the large river first.
    border
        Line along which the ground rises to a crest, but for where the large river passes.
    """

    channels: tuple[Channel, ...]
    border: shapely.Geometry

    def height(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the (n,) heights of (n, 2) points."""
        xy = np.asarray(xy, dtype=float)
        crest = self._crest(xy)
        ground = self.channels[0].surface(xy, crest)
        for channel in self.channels[1:]:
            near = np.flatnonzero(channel.within_reach(xy))
            if len(near):
                ground[near] = np.minimum(ground[near], channel.surface(xy[near], crest[near]))
        return ground

    def _crest(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Say how much higher the hills are towards the border."""
        far, _ = self._border_tree.query(xy, distance_upper_bound=6 * CREST_REACH_M)
        return CREST_M * np.exp(-far / CREST_REACH_M)

    @cached_property
    def _border_tree(self) -> cKDTree:
        return cKDTree(shapely.get_coordinates(shapely.segmentize(self.border, SAMPLE_M)))

    @cached_property
    def axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Positions of the columns and rows of the grid."""
        west, south, east, north = self.border.bounds
        return np.arange(west - 80, east + 80, GRID_M), np.arange(south - 80, north + 80, GRID_M)

    @cached_property
    def grid(self) -> NDArray[np.float64]:
        """Heights on the grid, (rows, columns), smoothed by half a cell."""
        x, y = self.axes
        points = np.stack(np.meshgrid(x, y), axis=-1)
        flat = points.reshape(-1, 2)
        crest = self._crest(flat).reshape(len(y), len(x))
        ground = self.channels[0].surface(flat, crest.ravel()).reshape(crest.shape)
        for channel in self.channels[1:]:
            (west, south), (east, north) = channel.box
            rows = slice(*np.searchsorted(y, [south, north]))
            columns = slice(*np.searchsorted(x, [west, east]))
            part = ground[rows, columns]
            block = points[rows, columns].reshape(-1, 2)
            own = channel.surface(block, crest[rows, columns].ravel())
            np.minimum(part, own.reshape(part.shape), out=part)
        return gaussian_filter(ground, 0.7, mode="nearest")

    @cached_property
    def _gradient(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        down, across = np.gradient(gaussian_filter(self.grid, 0.7, mode="nearest"), GRID_M)
        return across, down

    def _sampled(self, grid: NDArray[np.float64], xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = self.axes
        at = np.stack([(xy[..., 1] - y[0]) / GRID_M, (xy[..., 0] - x[0]) / GRID_M])
        return map_coordinates(grid, at, order=1, mode="nearest")

    def rough_height(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give heights of (..., 2) points from the grid: quick, and blind to narrow beds."""
        return self._sampled(self.grid, np.asarray(xy, dtype=float))

    def gradient(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the (..., 2) direction in which the ground rises at points, as rise over run."""
        xy = np.asarray(xy, dtype=float)
        return np.stack([self._sampled(g, xy) for g in self._gradient], axis=-1)

    def slope(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give how steep the ground is at points, as rise over run."""
        return np.hypot(*np.moveaxis(self.gradient(xy), -1, 0))

    def along(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the direction of the contour at points, in radians from east."""
        across, up = np.moveaxis(self.gradient(xy), -1, 0)
        return np.arctan2(across, -up)

    def trace(
        self, start: NDArray[np.float64], step_m: ArrayLike, n: int, *, uphill: bool
    ) -> NDArray[np.float64]:
        """Walk from (m, 2) points along the contour, or up the slope, in steps of one length.

        Parameters
        ----------
        step_m
            One length, or (m, 1); below 0 it goes the other way.

        Returns
        -------
        path
            (m, n + 1, 2), the starts first.
        """
        path, step = [np.asarray(start, dtype=float)], np.asarray(step_m, dtype=float)
        for _ in range(n):
            here = path[-1]
            middle = here + step / 2 * self._unit(here, uphill=uphill)
            path.append(here + step * self._unit(middle, uphill=uphill))
        return np.stack(path, axis=1)

    def _unit(self, xy: NDArray[np.float64], *, uphill: bool) -> NDArray[np.float64]:
        up = self.gradient(xy)
        up = up / np.maximum(np.hypot(up[:, 0], up[:, 1]), 1e-9)[:, None]
        return up if uphill else np.stack([-up[:, 1], up[:, 0]], axis=1)


def contour_lines(
    grid: NDArray[np.float64],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    *,
    every_m: float,
    where: NDArray[np.bool_],
) -> NDArray[np.object_]:
    """Draw the contours of heights on a grid, piece by piece, each inside one triangle.

    Parameters
    ----------
    grid
        (rows, columns) heights.
    x_m, y_m
        Positions of columns and rows.
    every_m
        Height between two contours.
    where
        (rows - 1, columns - 1) cells to look at.

    Returns
    -------
    lines
        Joined LineStrings.
    """
    row, column = np.nonzero(where)
    corner = np.array([[0, 0], [0, 1], [1, 1], [1, 0]])
    triangles = np.concatenate([corner[[0, 1, 2]][None], corner[[0, 2, 3]][None]])
    rows = (row[:, None, None] + triangles[None, :, :, 0]).reshape(-1, 3)
    columns = (column[:, None, None] + triangles[None, :, :, 1]).reshape(-1, 3)
    height = grid[rows, columns] / every_m + 1e-7
    xy = np.stack([x_m[columns], y_m[rows]], axis=-1)
    order = np.argsort(height, axis=1, kind="stable")
    height = np.take_along_axis(height, order, axis=1)
    xy = np.take_along_axis(xy, order[:, :, None], axis=1)
    first, last = np.ceil(height[:, 0]).astype(int), np.floor(height[:, 2]).astype(int)
    count = np.maximum(last - first + 1, 0)
    of = np.repeat(np.arange(len(height)), count)
    level = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)

    def crossing(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        low, high = height[of, a], height[of, b]
        share = ((level - low) / np.maximum(high - low, 1e-12))[:, None]
        return xy[of, a] + share * (xy[of, b] - xy[of, a])

    zero, one, two = (np.full(len(of), k) for k in range(3))
    below = level <= height[of, 1]
    long_side = crossing(zero, two)
    short_side = crossing(np.where(below, zero, one), np.where(below, one, two))
    ends = np.round(np.stack([long_side, short_side], axis=1), 2)
    ends = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends)))
    return np.array(shapely.get_parts(merged), dtype=object)
