"""Maps of planners, workers and reviewers: the same ground, with the layers of the work on it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from gis.store.provenance.sources import Source
from webmap.maps.layers import ContextLayer, Keyed
from webmap.maps.shell import Bounds, MapShell, build_map, map_shell
from webmap.shell.headers import csp_nonce
from webmap.shell.language import current_language


def work_map(
    layers: Sequence[Keyed],
    *,
    bounds: Bounds | None,
    page: str,
    data: dict,
    sources: Sequence[Source] = (),
    name: str = "main",
) -> MapShell:
    """Make the map of a page of work: the ground below, the given layers above.

    ``name`` tells the maps of a page apart, where it has two.
    """
    titles = {
        "work": _("Work"),
        "divisions": _("Divisions"),
        "ground": _("Ground"),
    }
    m = build_map(
        [ContextLayer(_("Buildings, roads, water")), *layers],
        bounds=bounds,
        titles=titles,
        attributions=[s.attribution for s in sources],
        name=name,
    )
    return map_shell(m, page=page, data=data, nonce=csp_nonce())


def notices_of(sources: Sequence[Source]) -> list[str]:
    """List what a reader must know about the data, in the language of the page."""
    chinese = current_language() == "zh"
    notices = [(s.notice_zh if chinese else s.notice_en) or s.notice_en for s in sources]
    return [n for n in dict.fromkeys(notices) if n]
