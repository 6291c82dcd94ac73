"""What stands around a map on a sheet: title, figures, scale, what the lines mean, the source."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

MOST_COLOURS = 160

PAPER, INK, GRID_LINE, COMMUNITY_LINE, ODD = "#fbfaf7", "#2b2b2b", "#6d675f", "#2b2b2b", "#d1350f"
WATER, WATER_FILL = "#3f8fc9", "#b9dcf0"
HOUSE = "#a59d92"
BARRIERS = {
    "path": {"color": "#ffffff", "linewidth": 0.25},
    "minor_road": {"color": "#ffffff", "linewidth": 0.55},
    "main_road": {"color": "#e0a04a", "linewidth": 1.3},
    "motorway": {"color": "#d9822b", "linewidth": 1.9},
    "rail": {"color": "#55505c", "linewidth": 1.0, "linestyle": (0, (4, 2))},
    "river": {"color": WATER, "linewidth": 2.6},
}
"""How each kind of barrier is drawn, faintest first."""

WORDS = {"river": "water", "rail": "railway", "motorway": "motorway", "main_road": "main road"}


def draw_scale(axes: Axes, bounds: np.ndarray) -> None:
    """Draw a bar of a round number of metres below the lower left corner."""
    west, south, east, north = bounds
    room, high = (east - west) / 5, north - south
    length = max(
        step * 10**power for power in range(1, 6) for step in (1, 2, 5) if step * 10**power <= room
    )
    y, tick = south - 0.03 * high, 0.006 * high
    bar = ([west, west, west + length, west + length], [y + tick, y, y, y + tick])
    axes.plot(*bar, color=INK, linewidth=1.4)
    says = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(west + length / 2, y + tick, says, ha="center", va="bottom", fontsize=8, color=INK)


def draw_words(figure: Figure, *, title: str, figures: str, source: str, handles: list) -> None:
    """Write title and figures above the map, what the lines mean and the source below it."""
    wide, high = figure.get_size_inches()
    lines = wrap(figures, int(wide * 13))
    top = 0.42 + 0.19 * len(lines)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.55 / high, top=1 - (top + 0.1) / high)
    figure.text(0.5, 1 - 0.12 / high, title, ha="center", va="top", fontsize=15, color=INK)
    figure.text(
        0.5, 1 - 0.45 / high, "\n".join(lines), ha="center", va="top", fontsize=8.5, color=INK
    )
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.2 / high),
        ncols=8 if wide > 8 else 4,
        fontsize=8,
        frameon=False,
    )
    figure.text(0.5, 0.07 / high, source, ha="center", fontsize=7, color=GRID_LINE)


def handles_of(kinds: set[str], *, any_odd: bool) -> list:
    """Say what the lines are."""
    handles = [
        Line2D([], [], label=WORDS[kind], **BARRIERS[kind]) for kind in WORDS if kind in kinds
    ]
    handles.append(Line2D([], [], color=GRID_LINE, linewidth=0.8, label="grid"))
    handles.append(Line2D([], [], color=COMMUNITY_LINE, linewidth=1.3, label="community"))
    if any_odd:
        handles.append(Patch(facecolor="none", edgecolor=ODD, hatch="////", label="out of band"))
    return handles


def shrink(path: Path) -> None:
    """Write the picture again with few colours, for a small file."""
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(MOST_COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
