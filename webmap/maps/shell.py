"""Build a map with Folium and hand it out in the three pieces a page needs.

The script piece is a module: it imports our layers, makes map and layers as Folium writes them,
and ends by calling ``start`` of the page's own script with the map, the layers by key, and the
page's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import folium
from branca.element import Figure, MacroElement
from folium.template import Template
from markupsafe import Markup

from webmap.maps.assets import check_links
from webmap.maps.layers import Keyed
from webmap.shell.joined import joined_script

MODULES = {
    "twoPlanes": "maps/planes",
    "contextLayer": "maps/context",
    "urlGeoJson": "maps/geojson",
    "clusterIcon": "maps/incidents",
    "layerControl": "maps/controls",
    "finishMap": "maps/controls",
}
"""What the layers and controls call, and the module each is exported by."""

FRAME = ("shell/frame", "location/search", "maps/paper")
"""What every page with a map has around it: bar and panel, the search box, the way to paper."""

Bounds = tuple[float, float, float, float]
WORLD: Bounds = (-170.0, -60.0, 170.0, 75.0)


@dataclass(frozen=True)
class MapShell:
    """The pieces of a map page: links for the head, the map's element, and its script.

    ``module`` is the address of the page's joined modules; what else the page does imports from
    it too, so that no module is there twice.
    """

    header: Markup
    html: Markup
    script: Markup
    module: str


class OwnMap(folium.Map):
    """A map of ours: Folium's, with its page, the corners to show and the lines it must bear."""

    def __init__(self, bounds: Bounds, attributions: Sequence[str]) -> None:
        west, south, east, north = bounds
        super().__init__(
            location=((south + north) / 2, (west + east) / 2),
            tiles=None,
            zoom_start=13,
            prefer_canvas=True,
            control_scale=False,
            zoom_control="bottomright",
            zoom_snap=0.25,
        )
        self.options |= {"min_zoom": 2, "max_zoom": 19, "attribution_control": False}
        self.corners = [[south, west], [north, east]]
        self.attribution_lines = list(attributions)
        self.figure = Figure()
        self.add_to(self.figure)


class Planes(MacroElement):
    """Has shapes drawn on two planes, with the roads and waters of the ground between them."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        twoPlanes({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = "Planes"


class LayerControl(MacroElement):
    """The grouped, labelled list of layers."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var layers_by_key = {
            {%- for layer in this.layers %}
            {{ layer.key|tojson }}: {{ layer.get_name() }},
            {%- endfor %}
        };
        layerControl({{ this._parent.get_name() }}, [
            {%- for layer in this.layers if layer.control and layer.label %}
            {key: {{ layer.key|tojson }}, group: {{ layer.group|tojson }},
             label: {{ layer.label|tojson }}, layer: {{ layer.get_name() }}},
            {%- endfor %}
        ], {{ this.titles|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, layers: Sequence[Keyed], titles: dict[str, str]) -> None:
        super().__init__()
        self._name = "LayerControl"
        self.layers, self.titles = layers, [*titles.items()]


class Glue(MacroElement):
    """Calls the page's script once the map stands: ``start(map, layers, data)``."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        finishMap({{ this._parent.get_name() }}, {{ this.attributions|tojson }},
            {{ this.corners|tojson }});
        {% if this.page %}
        start({{ this._parent.get_name() }}, layers_by_key, {{ this.data|tojson }});
        {% endif %}
        {% endmacro %}
        """
    )

    def __init__(self, page: str | None, data: dict, m: OwnMap) -> None:
        super().__init__()
        self._name = "Glue"
        self.page, self.data = page, data
        self.attributions, self.corners = m.attribution_lines, m.corners


def build_map(
    layers: Sequence[Keyed],
    *,
    bounds: Bounds | None,
    titles: dict[str, str],
    attributions: Sequence[str] = (),
    name: str = "main",
) -> OwnMap:
    """Make the Folium map: no base map, our layers, the grouped control, a scale.

    Parameters
    ----------
    layers
        Elements of `webmap.maps.layers`, bottom first.
    bounds
        West, south, east, north of what to show in the part of the map that panel, legend and
        cards leave free; None shows the world.
    titles
        Group -> title in the control, in the order they are shown.
    attributions
        Lines that must be on the map.
    name
        Of its element, ``map_main``; another for a second map of a page.
    """
    m = OwnMap(bounds or WORLD, attributions)
    m._id = name
    Planes().add_to(m)
    for layer in layers:
        layer.add_to(m)
    LayerControl(layers, titles).add_to(m)
    return m


def map_shell(
    m: OwnMap, *, page: str | None, data: dict | None = None, nonce: str = ""
) -> MapShell:
    """Render a map for a page whose script is the module ``page``, such as ``plan/pages/redraw``.

    The module exports ``start(map, layers, data)``; ``data`` is JSON and holds nothing personal.
    """
    script = folium_script(m, page=page, data=data)
    links = [c.render() for c in m.figure.header._children.values() if hasattr(c, "url")]
    module = joined_script(*FRAME, *MODULES.values(), *([page] if page else []))
    names = ", ".join([*MODULES, *(["start"] if page else [])])
    body = f'import {{ {names} }} from "{module}";\n{script}'
    return MapShell(
        Markup(check_links("\n".join(links))),  # noqa: S704  (Folium's own links)
        Markup(m.figure.html.render()),  # noqa: S704
        Markup(f'<script type="module" nonce="{nonce}">\n{body}\n</script>'),  # noqa: S704
        module,
    )


def folium_script(m: OwnMap, *, page: str | None, data: dict | None = None) -> str:
    """Give what Folium writes: the map, its layers, its control, and the call of the page."""
    Glue(page, data or {}, m).add_to(m)
    m.figure.render()
    return m.figure.script.render()
