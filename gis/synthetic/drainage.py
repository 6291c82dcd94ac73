"""Rivers, streams and gullies of an invented valley: where they run and how their beds fall.

Pure; plane coordinates and heights in metres. A channel starts on the bed of the one it runs into
and is cut into the ground that the channels before it left, so it falls all the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.relief import SAMPLE_M, Channel
from gis.synthetic.shapes import winding_line

SEA_M, FALL = 260.0, 0.0008
"""Height of the large river at the first tile, and how it falls to the east."""

KEEP_OFF_BORDER_M = 330.0
APART_M, SHORTEST_M = 760.0, 1_300.0
"""How far side valleys lie apart, and how long they are at least."""

BESIDE_M = ((0.0, 0.0), (100.0, 0.0), (-100.0, 0.0), (200.0, 0.0), (-200.0, 0.0),
            (200.0, 0.3), (200.0, -0.3), (-200.0, 0.3), (-200.0, -0.3))  # fmt: skip
"""Where beside a stream, how far and turned by how much, its bed is lower than the ground."""

GULLY_CLEAR_M = 260.0
"""How far a gully keeps from waters it does not run into."""


@dataclass(frozen=True)
class Drainage:
    """What drains a tile.

    Parameters
    ----------
    streams
        Lines from spring to mouth that carry water all year.
    channels
        The rivers, the streams and the dry gullies, the large river first.
    """

    streams: tuple[shapely.LineString, ...]
    channels: tuple[Channel, ...]


def make_drainage(
    large: shapely.LineString,
    small: shapely.LineString,
    floor_m: NDArray[np.float64],
    territory: shapely.Polygon,
    urban: shapely.Polygon,
    east_m: float,
    rng: Generator,
) -> Drainage:
    """Make the channels of a tile.

    Parameters
    ----------
    large
        The large river from west to east, beyond the territory.
    small
        The small river from its spring to the large one.
    floor_m
        (n,) half width of the valley floor at each vertex of the large river.
    east_m
        How far east of the first tile this one lies.
    """
    channels = [_large_channel(large, floor_m, east_m)]
    channels.append(
        _cut(
            shapely.reverse(small), channels, rise_m=95.0, bend=1.7, floor_m=(300.0, 60.0),
            bank=(1.8, 30.0), steepness=0.46, reach_m=1_900.0,
        )
    )  # fmt: skip
    lines, hollows = _valley_lines(large, small, territory, urban, rng)
    for line in (*lines, *hollows):
        channels.append(
            _cut(
                line, channels, rise_m=line.length * 0.055, bend=1.8, floor_m=(75.0, 14.0),
                bank=(1.2, 16.0), steepness=0.5, reach_m=1_300.0,
            )
        )  # fmt: skip
    parents = [(shapely.reverse(large), float(floor_m.min())), (shapely.reverse(small), 90.0)]
    parents += [(line, 25.0) for line in (*lines, *hollows)]
    channels += _gullies(_gully_lines(parents, territory, rng), channels)
    for k in range(1, 2 + len(lines)):
        channels[k] = _settled(channels[k], channels[:k] + channels[k + 1 :])
    return Drainage(tuple(shapely.reverse(line) for line in lines), tuple(channels))


def _samples(line: shapely.LineString) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give (n, 2) points of a line, its vertices among them, and (n,) how far along they are."""
    xy = shapely.get_coordinates(shapely.segmentize(line, SAMPLE_M))
    return xy, np.concatenate([[0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])


def _large_channel(
    line: shapely.LineString, floor_m: NDArray[np.float64], east_m: float
) -> Channel:
    xy, _ = _samples(shapely.reverse(line))
    floor = np.interp(xy[:, 0], shapely.get_coordinates(line)[:, 0], floor_m)
    bed = SEA_M - FALL * (xy[:, 0] + east_m)
    return Channel(xy, bed, floor, 2.5, 60.0, steepness=0.42, highest_m=430.0, reach_m=np.inf)


def _cut(
    line: shapely.LineString,
    before: Sequence[Channel],
    *,
    rise_m: float,
    bend: float,
    floor_m: tuple[float, float],
    bank: tuple[float, float],
    steepness: float,
    reach_m: float,
) -> Channel:
    """Cut a channel from its mouth into the ground that others left, rising more and more."""
    xy, along = _samples(line)
    ground = _ground_beside(xy, before, BESIDE_M)
    bed = _bed(along, ground[0, 0], ground.min(axis=0), rise_m, bend)
    floor = floor_m[0] + (floor_m[1] - floor_m[0]) * (along / along[-1]) ** 0.6
    return Channel(xy, bed, floor, *bank, steepness=steepness, highest_m=700.0, reach_m=reach_m)


def _bed(
    along: NDArray[np.float64],
    mouth: float,
    ground: NDArray[np.float64],
    rise_m: float,
    bend: float,
) -> NDArray[np.float64]:
    """Raise a bed from its mouth, more and more, yet below the ground and never falling."""
    wish = mouth + rise_m * (along / along[-1]) ** bend + 0.002 * along
    most = mouth + 0.8 * np.maximum(ground - mouth, 0.0)
    return np.minimum.accumulate(np.minimum(wish, most)[::-1])[::-1] + 2e-4 * along


def _gullies(lines: Sequence[shapely.LineString], before: Sequence[Channel]) -> list[Channel]:
    """Cut all gullies into the ground that rivers and streams left."""
    sampled = [_samples(line) for line in lines]
    if not sampled:
        return []
    ground = _ground_beside(np.concatenate([xy for xy, _ in sampled]), before, BESIDE_M[:1])[0]
    ends = np.cumsum([len(xy) for xy, _ in sampled])[:-1]
    return [
        Channel(
            xy, _bed(along, own[0], own, along[-1] * 0.2, 1.3), np.full(len(xy), 7.0), 0.0, 1.0,
            steepness=0.52, highest_m=700.0, reach_m=560.0,
        )
        for (xy, along), own in zip(sampled, np.split(ground, ends), strict=True)
    ]  # fmt: skip


def _settled(channel: Channel, others: Sequence[Channel]) -> Channel:
    """Sink a bed below what was carved beside it later, still falling all the way."""
    ground = _ground_beside(channel.xy, others, BESIDE_M[1:]).min(axis=0)
    steps = np.hypot(*np.diff(channel.xy, axis=0, prepend=channel.xy[:1]).T)
    least = channel.bed_m[0] + 3e-4 * np.cumsum(steps)
    bed = np.maximum(np.minimum(channel.bed_m, ground - 0.5), least)
    bed = np.minimum.accumulate(bed[::-1])[::-1]
    return replace(channel, bed_m=bed + 1e-4 * np.cumsum(steps))


def _ground_beside(
    xy: NDArray[np.float64], others: Sequence[Channel], look_m: Sequence[tuple[float, float]]
) -> NDArray[np.float64]:
    """Give the (looks, n) heights beside each sample of a line.

    Parameters
    ----------
    look_m
        How far to the left to look, and turned by how much.
    """
    along = np.gradient(xy, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1)
    points = np.concatenate(
        [xy + off * (np.cos(turn) * aside + np.sin(turn) * along) for off, turn in look_m]
    )
    ground = np.full(len(points), np.inf)
    for channel in others:
        near = np.flatnonzero(channel.within_reach(points))
        if len(near):
            ground[near] = np.minimum(ground[near], channel.surface(points[near]))
    return ground.reshape(len(look_m), len(xy))


def _valley_lines(
    large: shapely.LineString,
    small: shapely.LineString,
    territory: shapely.Polygon,
    urban: shapely.Polygon,
    rng: Generator,
) -> tuple[list[shapely.LineString], list[shapely.LineString]]:
    """Draw side valleys from the large river up to the hills on both sides, clear of one another.

    Returns
    -------
    streams, hollows
        Those with water, and the dry ones above the centre, which no stream runs through.
    """
    xy = shapely.get_coordinates(large)
    west, south, east, north = territory.bounds
    town_west, _, town_east, _ = urban.buffer(330).bounds
    inner = territory.buffer(-KEEP_OFF_BORDER_M)
    streams: list[shapely.LineString] = []
    hollows: list[shapely.LineString] = []
    for side in (1.0, -1.0):
        beside = [small] if side > 0 else []
        x = west + rng.uniform(500, 900)
        while x < east - 400:
            y = float(np.interp(x, xy[:, 0], xy[:, 1]))
            line = _valley_line((x, y), side, (south, north), inner, rng)
            if line is not None:
                own = line.difference(shapely.Point(x, y).buffer(60))
                clear = all(own.distance(w) > APART_M for w in beside)
                if clear and not own.intersects(large):
                    beside.append(line)
                    (hollows if town_west < x < town_east else streams).append(line)
                    x += APART_M
            x += rng.uniform(120, 420)
    return streams, hollows


def _valley_line(
    mouth: tuple[float, float],
    side: float,
    ends: tuple[float, float],
    inner: shapely.Geometry,
    rng: Generator,
) -> shapely.LineString | None:
    """Draw one winding side valley as far up as the territory has room; None where it has none."""
    x, y = mouth
    upright = shapely.LineString([mouth, (x, ends[1] if side > 0 else ends[0])])
    inside = shapely.get_coordinates(upright.intersection(inner))
    room = float(np.abs(inside[:, 1] - y).max()) if len(inside) else 0.0
    if room < SHORTEST_M:
        return None
    head = (x + rng.uniform(-500, 500), y + side * room * rng.uniform(0.75, 0.97))
    line = winding_line(mouth, head, rng, sway=0.13).simplify(2.5)
    return line if inner.contains(line) else None


def _gully_lines(
    parents: Sequence[tuple[shapely.LineString, float]],
    territory: shapely.Polygon,
    rng: Generator,
) -> list[shapely.LineString]:
    """Draw dry side valleys on both sides of every river and stream."""
    lines = []
    shapely.prepare(territory)
    for parent, foot_m in parents:
        others = shapely.union_all([w for w, _ in parents if w is not parent])
        ways = []
        for side in (1.0, -1.0):
            at = np.arange(rng.uniform(250, 600), parent.length - 60, 590.0)
            at = at + rng.uniform(-130, 130, len(at))
            a, b = (
                shapely.get_coordinates(shapely.line_interpolate_point(parent, at + d))
                for d in (-30, 30)
            )
            along = (b - a) / np.hypot(*(b - a).T)[:, None]
            aside = side * np.stack([-along[:, 1], along[:, 0]], axis=1)
            turn = rng.uniform(0.2, 0.6, len(at))[:, None]
            out = aside * np.cos(turn) + along * np.sin(turn)
            length = rng.uniform(450, 1_150, len(at))[:, None]
            t = np.linspace(0, 1, 12)[None, :, None]
            sway = (0.1 * length * rng.uniform(-1, 1, (len(at), 1)))[:, None]
            across = np.stack([-out[:, 1], out[:, 0]], axis=1)[:, None]
            start = ((a + b) / 2 + 0.8 * foot_m * out)[:, None]
            path = start + t * (length * out)[:, None] + sway * np.sin(2 * np.pi * t) * across
            ways.append(shapely.linestrings(np.round(path, 3)))
        made = np.concatenate(ways)
        free = shapely.contains(territory, made) & (shapely.distance(made, others) > GULLY_CLEAR_M)
        lines += made[free].tolist()
    return lines
