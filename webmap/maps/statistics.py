"""The official's map: the ground, the choropleth, borders, incidents, and how it is described."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from gis.store.provenance.sources import Source
from webmap.maps.layers import ContextLayer, DensityLayer, IncidentClusters, Keyed, UrlGeoJson
from webmap.maps.shell import Bounds, MapShell, build_map, map_shell
from webmap.shell.headers import csp_nonce

PAGE = "statistics/pages/official"


def shapes_url(level: str) -> str:
    """Give the address of the outlines of a level."""
    return f"/api/v1/maps/shapes/{level}"


def statistics_layers(*, by: str, empty: bool = False) -> list[Keyed]:
    """Give the layers of the statistics map, bottom first."""
    return [
        ContextLayer(_("Buildings, roads, water")),
        UrlGeoJson(
            "choropleth",
            _("Statistics"),
            "" if empty else shapes_url(by),
            style="choropleth",
            group="statistics",
        ),
        UrlGeoJson(
            "communities",
            _("Community borders"),
            "" if empty else shapes_url("community"),
            style="community",
            interactive=False,
            names="community",
            mask=True,
        ),
        DensityLayer(_("Event density")),
        IncidentClusters(_("Incidents at their blocks"), show=False),
    ]


def layer_titles() -> dict[str, str]:
    """Give the titles of the groups in the layer control."""
    return {
        "statistics": _("Statistics"),
        "divisions": _("Divisions"),
        "incidents": _("Incidents"),
        "ground": _("Ground"),
    }


def statistics_map(
    *, bounds: Bounds | None, by: str, data: dict, sources: Sequence[Source], empty: bool = False
) -> MapShell:
    """Make the map of the statistics page; the page's script fills the layers by the choices."""
    m = build_map(
        statistics_layers(by=by, empty=empty),
        bounds=bounds,
        titles=layer_titles(),
        attributions=[s.attribution for s in sources],
    )
    return map_shell(m, page=PAGE, data=data, nonce=csp_nonce())
