"""The script of a map for a file of its own: our modules and what Folium wrote, in one piece."""

from __future__ import annotations

from collections.abc import Sequence

from webmap.maps.layers import Keyed
from webmap.maps.shell import MODULES, Bounds, build_map, folium_script
from webmap.maps.statistics import layer_titles
from webmap.shell.bundle import STATIC, bundle, exported


def inline_script(
    layers: Sequence[Keyed],
    *,
    bounds: Bounds | None,
    page: str,
    data: dict,
    attributions: Sequence[str],
) -> str:
    """Give the whole script of a map whose page is the module ``page``."""
    m = build_map(layers, bounds=bounds, titles=layer_titles(), attributions=attributions)
    wanted = {**MODULES, "start": page}
    files = {name: STATIC / "js" / f"{path}.js" for name, path in wanted.items()}
    names = [f"const {name} = {exported(path, name)};" for name, path in files.items()]
    code = [bundle([*files.values()]), *names, folium_script(m, page=page, data=data)]
    return "(() => {\n" + "\n".join(code).replace("</script", "<\\/script") + "\n})();"
