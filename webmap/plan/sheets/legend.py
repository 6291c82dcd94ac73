"""The legend of a sheet: a swatch and a name for everything that is drawn on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from gis.domain.kinds.barrier import BARRIER_KINDS
from webmap.plan.sheets import borders, ground
from webmap.plan.sheets.ink import attributes
from webmap.plan.words.findings import kind_names

SWATCH = (9.0, 3.6)
"""Width and height of a swatch, in millimetres."""


@dataclass(frozen=True)
class Entry:
    """One line of a legend."""

    name: str
    swatch: Markup


def legend_of(seen: Collection[str], *, whole: bool) -> list[Entry]:
    """List what a sheet shows: borders first, then barriers by strength, then areas.

    Parameters
    ----------
    seen
        Kinds of barriers and areas on the sheet.
    whole
        Whether the sheet is of a whole community.
    """
    names = kind_names() | {"water": _("water"), "green": _("green"), "building": _("building")}
    own = _("grid border") if whole else _("this grid")
    lines = [Entry(own, _line(borders.INNER if whole else borders.OWN_LINE))]
    if not whole:
        lines.append(Entry(_("neighbouring grid"), _line(borders.NEIGHBOUR)))
    lines.append(Entry(_("community border"), _line(borders.COMMUNITY)))
    lines += [Entry(names[k], _barrier(k)) for k in BARRIER_KINDS if k in seen]
    areas = [k for k in ("building", "water", "green") if k in seen]
    return lines + [Entry(names[k], _area(k)) for k in areas]


def _barrier(kind: str) -> Markup:
    if kind == "wall":
        return _line(ground.WALL)
    if kind == "path":
        return _line(ground.PATH)
    if kind == "rail":
        return _line(ground.RAIL, ground.SLEEPERS)
    if kind == "river":
        return _line({"stroke": ground.RIVER, "stroke_width": 1.6})
    wide = {"motorway": 2.2, "main_road": 1.8, "minor_road": 1.2}[kind]
    return _line(
        {"stroke": ground.CASING, "stroke_width": wide + 0.22},
        {"stroke": ground.ROAD_FILL[kind], "stroke_width": wide},
    )


def _line(*styles: dict) -> Markup:
    middle = SWATCH[1] / 2
    return _swatch(
        "".join(f'<path d="M0 {middle:g}H{SWATCH[0]:g}"{attributes(s)}/>' for s in styles)
    )


def _area(kind: str) -> Markup:
    water = {"fill": ground.COVER.get(kind), "stroke": ground.RIVER, "stroke_width": 0.1}
    style: Mapping[str, object] = ground.BUILDING if kind == "building" else water
    return _swatch(f'<rect x="1" y="0.4" width="7" height="2.8"{attributes(style)}/>')


def _swatch(inner: str) -> Markup:
    width, height = SWATCH
    return Markup(  # noqa: S704  (our own numbers and colours)
        f'<svg class="swatch" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width:g} {height:g}">{inner}</svg>'
    )
