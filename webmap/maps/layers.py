"""Layers of our maps as Folium elements: what they show comes by URL, how is in ``js/maps``.

Every layer has a ``key`` (its name for the page's script), a ``group`` and a ``label`` for the
layer control. The scripts they call are imported by `webmap.maps.shell`.
"""

from __future__ import annotations

from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.plugins import HeatMap, MarkerCluster
from folium.template import Template

from webmap.maps.assets import GROUND_SCRIPT
from webmap.shell.tokens import token

TILES_URL = "/tiles/context/{z}/{x}/{y}.mvt"

GROUPS = ("statistics", "divisions", "incidents", "work", "ground")
"""Groups of the layer control, from top to bottom."""


class Keyed(Layer):
    """What every layer of ours carries besides Folium's own."""

    key: str
    group: str
    label: str

    def keyed(self, key: str, group: str, label: str) -> Keyed:
        """Name the layer."""
        self.key, self.group, self.label = key, group, label
        return self


class ContextLayer(Keyed, JSCSSMixin):
    """Land, water, green, buildings, roads and rails: what makes a map look like a place."""

    default_js: list = [("protomaps-leaflet", GROUND_SCRIPT)]
    default_css: list = []
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = contextLayer({{ this.url|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, label: str = "", *, url: str = TILES_URL, show: bool = True) -> None:
        Layer.__init__(self, name=label, overlay=True, show=show)
        self._name = "ContextLayer"
        self.url = url
        self.keyed("context", "ground", label)


class UrlGeoJson(Keyed, JSCSSMixin):
    """Shapes fetched by URL and drawn on a canvas, in a style that ``js/maps/styles.js`` names.

    Parameters
    ----------
    key, label
        Name for the page's script and for people.
    url
        Where the GeoJSON is.
    style
        A key of ``STYLES`` in ``styles.js``.
    group
        Group of the layer control.
    interactive
        Whether it answers to the pointer.
    names
        What its shapes are, so that their names are written: county, town, community or grid.
    mask
        Whether the world outside its shapes is veiled; a code says outside which of them.
    """

    default_js: list = []
    default_css: list = []
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = urlGeoJson(
            {{ this.url|tojson }}, {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        key: str,
        label: str,
        url: str,
        *,
        style: str,
        group: str = "divisions",
        show: bool = True,
        interactive: bool = True,
        names: str | None = None,
        mask: bool | str = False,
    ) -> None:
        Layer.__init__(self, name=label, overlay=True, show=show)
        self._name = "UrlGeoJson"
        self.url = url
        self.options = {
            "style": style,
            "interactive": interactive,
            "key": key,
            "names": names,
            "mask": mask,
        }
        self.keyed(key, group, label)


class IncidentClusters(Keyed, MarkerCluster):
    """Incidents by count at their blocks, clustered; filled by the page's script."""

    def __init__(self, label: str, *, key: str = "clusters", show: bool = True) -> None:
        MarkerCluster.__init__(
            self,
            name=label,
            show=show,
            icon_create_function="clusterIcon",
            chunked_loading=True,
            show_coverage_on_hover=False,
            max_cluster_radius=46,
        )
        self.keyed(key, "incidents", label)


class DensityLayer(Keyed, HeatMap):
    """Event density, filled by the page's script. It says nothing about significance."""

    def __init__(self, label: str, *, key: str = "density", show: bool = False) -> None:
        gradient = {
            0.15: token("density-1"),
            0.4: token("density-2"),
            0.7: token("density-3"),
            1.0: token("density-4"),
        }
        HeatMap.__init__(
            self, [], name=label, show=show, radius=22, blur=18, min_opacity=0.15, gradient=gradient
        )
        self.keyed(key, "incidents", label)
