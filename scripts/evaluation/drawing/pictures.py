"""Pictures of divided towns: grids, what their borders follow, and which are out of band.

Needs matplotlib, which comes with the extra 'peers'. Coordinates in metres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib import font_manager, patheffects
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from scripts.evaluation.drawing.attempt import Attempt
from scripts.evaluation.drawing.ground import Ground, inner_points_within
from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.judge import check
from scripts.evaluation.drawing.sheet import (
    BARRIERS,
    COMMUNITY_LINE,
    GRID_LINE,
    HOUSE,
    INK,
    ODD,
    PAPER,
    WATER,
    WATER_FILL,
    draw_scale,
    draw_words,
    handles_of,
    shrink,
)

FILLS = ("#dfe9d5", "#f2e4cd", "#e4dcea", "#d4e5e1", "#f3dbd6", "#eeeac6", "#d9dfea", "#e9ddd0")
LONG_SIDE_INCHES, DPI = 11.0, 120
SMALLEST_SECOND_LABEL = 6.0

TITLES = {
    "cambridge": {"title": "Cambridge, Massachusetts", "word": "dwellings", "thing": "parcels"},
    "liechtenstein": {"title": "Liechtenstein", "word": "households", "thing": "buildings"},
    "guzhou": {"title": "Guzhou (fictional)", "word": "households", "thing": "buildings"},
}
"""What each town is called, what its band counts, and what no grid cuts."""


MUCH_SMALLER = 0.25
"""Communities below this share of the mean area have a picture of their own, the centre."""


@dataclass(frozen=True)
class Picture:
    """A divided town: its grids with number, band and community, and the figures of the title."""

    ground: Ground
    grids: gpd.GeoDataFrame
    title: str
    figures: str
    houses: bool


def collect(
    ground: Ground, drawn: list[tuple[Instance, Attempt]], *, title: str, word: str, thing: str
) -> Picture:
    """Put the divisions of all communities together.

    ``word``: what the band counts; ``thing``: what is never cut (buildings are drawn too).
    """
    frames, qualities = [], []
    for one, attempt in drawn:
        quality = check(one, attempt.part)
        qualities.append(quality)
        frame = quality.grids.reset_index()[["grid", "weight", "in_band"]]
        shapes = one.blocks.geometry.to_numpy()
        frame["geometry"] = [shapely.union_all(shapes[attempt.part == g]) for g in frame["grid"]]
        frames.append(frame)
    grids = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=drawn[0][0].blocks.crs)
    title = f"{title}: {len(grids)} grids of 300 to 500 {word}"
    figures = figures_of(grids, qualities, word, thing)
    return Picture(ground, grids, title, figures, houses=thing == "buildings")


def figures_of(grids: gpd.GeoDataFrame, qualities: list, word: str, thing: str) -> str:
    """Say how good the division is, by the checker."""
    border = sum(q.totals["internal_border_m"] for q in qualities)
    along = sum(q.borders["barrier_m"].sum() for q in qualities) / max(border, 1e-9)
    within = grids["weight"][grids["in_band"]].sum() / grids["weight"].sum()
    cut = sum(q.totals["buildings_cut"] for q in qualities)
    return (
        f"{within:.1%} of {grids['weight'].sum():,.0f} {word} in grids within the band  ·  "
        f"{along:.0%} of {border / 1000:,.0f} km of borders between grids along barriers"
        f"  ·  {cut} {thing} cut"
    )


def draw_picture(picture: Picture, path: Path) -> None:
    """Draw a town and write it as PNG."""
    plt.rcParams["font.family"] = font_families()
    figure, axes = plt.subplots(figsize=size_of(picture), dpi=DPI, facecolor=PAPER)
    kinds = draw_ground(axes, picture)
    draw_grids(axes, picture.grids)
    picture.ground.communities.boundary.plot(ax=axes, color=COMMUNITY_LINE, linewidth=1.3, zorder=6)
    draw_numbers(axes, picture.grids)
    draw_scale(axes, picture.ground.communities.total_bounds)
    any_odd = not picture.grids["in_band"].all()
    draw_words(
        figure,
        title=picture.title,
        figures=picture.figures,
        source=picture.ground.attribution,
        handles=handles_of(kinds, any_odd=any_odd),
    )
    axes.set_axis_off()
    axes.margins(0.01)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, facecolor=PAPER)
    plt.close(figure)
    shrink(path)


def font_families() -> list[str]:
    """Prefer a font with Chinese letters where one is installed."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in ("Noto Sans CJK SC", "Noto Sans CJK JP") if name in known] + [
        "DejaVu Sans"
    ]


def size_of(picture: Picture) -> tuple[float, float]:
    """Give width and height in inches, the longer side fixed."""
    west, south, east, north = picture.ground.communities.total_bounds
    wide, high = east - west, north - south
    scale = LONG_SIDE_INCHES / max(wide, high)
    return max(7.5, wide * scale), max(6.0, high * scale) + 0.8


def draw_ground(axes: Axes, picture: Picture) -> set[str]:
    """Draw the grids' fills, and on them the barriers, faintest first; gives their kinds."""
    picture.grids.plot(ax=axes, color=fills_of(picture.grids), zorder=1)
    outline = picture.ground.communities.union_all()
    barriers = picture.ground.barriers
    flat = barriers[barriers.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(flat):
        flat.clip(outline).plot(ax=axes, color=WATER_FILL, edgecolor=WATER, linewidth=0.5, zorder=2)
    lines = barriers[~barriers.index.isin(flat.index)].clip(outline, keep_geom_type=True)
    if picture.houses:
        picture.ground.buildings.plot(ax=axes, color=HOUSE, linewidth=0, zorder=1.5)
    for order, (kind, style) in enumerate(BARRIERS.items()):
        chosen = lines[lines["kind"] == kind]
        if len(chosen):
            chosen.plot(ax=axes, zorder=2 + order / 10, **style)
    return {*lines["kind"], *(["river"] if len(flat) else [])}


def fills_of(grids: gpd.GeoDataFrame) -> list[str]:
    """Give neighbours different colours, the least used first."""
    shapes = grids.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=1.0)
    chosen = np.full(len(grids), -1)
    used = np.zeros(len(FILLS))
    for grid in np.argsort(-shapely.area(shapes)):
        taken = chosen[right[left == grid]]
        free = [c for c in range(len(FILLS)) if c not in taken] or list(range(len(FILLS)))
        chosen[grid] = min(free, key=lambda colour: used[colour])
        used[chosen[grid]] += 1
    return [FILLS[colour] for colour in chosen]


def draw_grids(axes: Axes, grids: gpd.GeoDataFrame) -> None:
    """Draw fine borders, and a strong outline inside what is out of band."""
    grids.boundary.plot(ax=axes, color=GRID_LINE, linewidth=0.8, zorder=4)
    odd = grids[~grids["in_band"]]
    if len(odd):
        odd.plot(
            ax=axes,
            facecolor="none",
            edgecolor=ODD,
            linewidth=1.8,
            hatch="////",
            alpha=0.55,
            zorder=5,
        )


def draw_numbers(axes: Axes, grids: gpd.GeoDataFrame) -> None:
    """Write each grid's number where it has most room; again in its other parts that have room."""
    parts = grids[["grid", "geometry"]].explode().reset_index()
    room = shapely.maximum_inscribed_circle(parts.geometry.to_numpy(), tolerance=5.0)
    at = shapely.get_coordinates(room).reshape(len(parts), 2, 2)[:, 0]
    point = shapely.length(room) * axes.figure.get_size_inches()[1] * 72
    point /= np.ptp(grids.total_bounds[1::2])
    main = parts.assign(point=point).groupby("index")["point"].transform("max") == point
    for (x, y), size, number, is_main in zip(at, 0.9 * point, parts["grid"], main, strict=True):
        if not is_main and size < SMALLEST_SECOND_LABEL:
            continue
        style = {"fontsize": float(np.clip(size, 4.5, 10)), "color": INK if is_main else GRID_LINE}
        text = axes.text(x, y, str(number), ha="center", va="center", zorder=8, **style)
        text.set_path_effects([patheffects.withStroke(linewidth=1.6, foreground="white")])


def write_pictures(drawn: dict[str, tuple[Ground, list]], folder: Path) -> list[Path]:
    """Draw every town that was divided; gives the files."""
    paths = []
    for name, (ground, divisions) in drawn.items():
        paths.append(folder / f"{name}.png")
        draw_picture(collect(ground, divisions, **TITLES[name]), paths[-1])
        ground, divisions = densest(ground, divisions)
        if divisions:
            paths.append(folder / f"{name}_centre.png")
            words = TITLES[name] | {"title": f"{TITLES[name]['title']}, centre"}
            draw_picture(collect(ground, divisions, **words), paths[-1])
    return paths


def densest(ground: Ground, drawn: list) -> tuple[Ground, list]:
    """Take the small communities of a town of small and large ones; none of an even one."""
    area = np.array([one.boundary.area for one, _ in drawn])
    small = area < MUCH_SMALLER * np.mean(area)
    if not 3 <= small.sum() <= 0.7 * len(area):
        return ground, []
    chosen = [pair for pair, is_small in zip(drawn, small, strict=True) if is_small]
    outlines = [one.boundary for one, _ in chosen]
    communities = ground.communities[ground.communities.geometry.isin(outlines)]
    home = inner_points_within(ground.buildings, communities)
    buildings = ground.buildings[home >= 0]
    return replace(ground, communities=communities, buildings=buildings), chosen
