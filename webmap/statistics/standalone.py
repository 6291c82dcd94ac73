"""One HTML file that shows the statistics map from disk: scripts, styles and data inside it.

It is the official's page with its data embedded under the addresses the page would ask. No
household, person or single incident is in it: counts at blocks, grids and communities only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import current_app, render_template
from flask_babel import force_locale
from markupsafe import Markup

from gis.database.engine import Session
from gis.domain.access import Scope
from gis.domain.period import parse_period
from gis.errors import NotFound
from gis.store.ground.landscape import read_landscape
from gis.store.statistics import maps
from gis.store.statistics.by_level import LEVELS
from webmap.maps.assets import VENDOR
from webmap.maps.inline import inline_script
from webmap.maps.layers import TILES_URL
from webmap.maps.packing import pack_ground
from webmap.maps.statistics import PAGE, statistics_layers
from webmap.shell.answers import to_plain
from webmap.shell.bundle import STATIC
from webmap.shell.language import LANGUAGES, script_messages
from webmap.statistics.official_view import statistics_value
from webmap.statistics.pages.official import StatisticsPage, choose, page_data, read_page

STYLES = ("shell/tokens.css", "shell/site.css", "maps/map.css")


def standalone_map(session: Session, scope: Scope, *, wished: dict[str, str], language: str) -> str:
    """Write the file.

    Parameters
    ----------
    session, scope
        The transaction, and whose area is shown.
    wished
        ``topic``, ``period``, ``by`` to open with; what is missing takes the default.
    language
        ``zh`` or ``en``.

    Raises
    ------
    NotFound
        There is no community to draw.
    """
    with current_app.test_request_context("/"), force_locale(LANGUAGES[language]):
        page = read_page(session, scope)
        if page.is_empty:
            raise NotFound("there is no community to draw; import communities first")
        state = choose(page, wished)
        data = dict(_embedded(session, scope, page, state))
        single = _one_period(page, state["period"])
        script = inline_script(
            statistics_layers(by=state["by"]),
            bounds=page.bounds,
            page=PAGE,
            data=page_data(single, state),
            attributions=[s.attribution for s in page.sources],
        )
        return render_template(
            "statistics/standalone.html",
            page=single,
            state=state,
            standalone=True,
            styles=Markup("\n".join(_styles())),  # noqa: S704  (our own files)
            vendored=Markup("\n".join(_vendored())),  # noqa: S704  (our own files)
            script=Markup(script),  # noqa: S704  (written by Folium and our modules)
            embedded=data,
            messages=script_messages(language),
        )


def _one_period(page: StatisticsPage, period: str) -> StatisticsPage:
    periods = {kind: [p for p in rows if p == period] for kind, rows in page.periods.items()}
    return StatisticsPage(page.topics, periods, page.places, page.sources, page.extent)


def _embedded(
    session: Session, scope: Scope, page: StatisticsPage, state: dict[str, str]
) -> Iterator[tuple[str, object]]:
    """Give every answer that the page may ask for, by its address."""
    yield TILES_URL, pack_ground(read_landscape(session))
    shapes = (maps.grid_shapes, maps.community_shapes, maps.town_shapes, maps.county_shapes)
    for level, read in zip(LEVELS, shapes, strict=True):
        yield f"/api/v1/maps/shapes/{level}", read(session, scope)
    names = [vars(n) for n in maps.list_names(session, scope)]
    yield "/api/v1/maps/names", {"names": names}
    if not state["period"]:
        return
    period = parse_period(state["period"])
    for topic in page.topics:
        code = topic["code"]
        for by in LEVELS:
            value = statistics_value(session, scope, by=by, topic=code, period=period)
            yield f"/api/v1/statistics?by={by}&topic={code}&period={period}", to_plain(value)
        if not topic["sensitive"]:
            rows = maps.incident_points(session, scope, topic=code, period=period)
            yield f"/api/v1/maps/incidents?topic={code}&period={period}", {"rows": rows}


def _styles() -> Iterator[str]:
    for path in (*sorted(VENDOR.rglob("*.css")), *(STATIC / "css" / name for name in STYLES)):
        yield re.sub(r"background-image: url\([^)]*\);|behavior: url\([^)]*\);", "", _read(path))


def _vendored() -> Iterator[str]:
    first = VENDOR / "leaflet-1.9.3" / "leaflet.js"
    for path in (first, *(p for p in sorted(VENDOR.rglob("*.js")) if p != first)):
        code = _read(path).replace("</script", "<\\/script")
        yield f"<script>{code}</script>"


def _read(path: Path) -> str:
    return path.read_text("utf-8")
