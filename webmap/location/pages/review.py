"""The review desk: addresses that the register did not settle, decided by a person one by one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from gis.actions.location.misplacement import offers
from gis.actions.location.review_bulk import MOST_EXPORTED
from gis.address.evidence import EVIDENCE
from gis.store.area.home_extent import home_extent
from gis.store.location.review import MODELS, count_waiting, list_decisions
from gis.store.provenance.sources import list_notices
from webmap.location.offers import offer_text
from webmap.maps.layers import UrlGeoJson
from webmap.maps.work import notices_of, work_map
from webmap.provenance.words.kinds import subject_heading, subject_names
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.language import current_language
from webmap.shell.session import current_scope

blueprint = Blueprint("review", __name__, url_prefix="/review")

FILTERS = ("kind", "status", "reason", "community")


@blueprint.get("/")
@allowed("review.decide")
def index() -> str:
    """Show the desk; what waits and its candidates come by the interface."""
    scope = current_scope()
    with transaction() as session:
        counts = count_waiting(session, scope)
        decisions = list_decisions(session, scope)
        extent = home_extent(session, scope)
        sources = list_notices(session)
        corrections = offers(session, scope)
    layers = [
        UrlGeoJson("grids", _("Grids"), "/api/v1/maps/shapes/grid", style="grid",
                   interactive=False, names="grid"),
        UrlGeoJson("communities", _("Communities"), "/api/v1/maps/shapes/community",
                   style="community", interactive=False, names="community", mask=True),
    ]  # fmt: skip
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    shell = work_map(
        layers,
        bounds=None if extent is None else extent.bounds,
        page="location/pages/review",
        data={"chosen": chosen, "kinds": subject_names(tuple(MODELS))},
        sources=sources,
    )
    return render_template(
        "location/index.html",
        shell=shell,
        total=sum(c.n for c in counts),
        options=_options(counts),
        chosen=chosen,
        decisions=decisions,
        offers=corrections,
        offer_text=offer_text,
        notices=notices_of(sources),
        most_exported=MOST_EXPORTED,
        outside=() if extent is None else extent.outside,
    )


def _options(counts: list[Any]) -> dict[str, list[tuple[str, str, int]]]:
    """Give the choices of each filter as (value, words, how many)."""
    kinds, statuses = Counter[str](), Counter[str]()
    reasons, communities = Counter[str](), Counter[str]()
    names: dict[str, str] = {}
    for row in counts:
        kinds[row.subject] += row.n
        statuses[row.status] += row.n
        for code in (row.evidence or "").split(";"):
            if code in EVIDENCE and EVIDENCE[code].doubt:
                reasons[code] += row.n
        if row.community_code:
            communities[row.community_code] += row.n
            english = current_language() == "en"
            names[row.community_code] = (row.community_en if english else None) or row.community
    kind_names = {subject: subject_heading(subject) for subject in kinds}
    status_names = {"review": _("with a proposal"), "none": _("nothing found")}
    words = {code: getattr(EVIDENCE[code], current_language()) for code in reasons}
    return {
        "kind": _listed(kinds, kind_names),
        "status": _listed(statuses, status_names),
        "reason": _listed(reasons, words),
        "community": _listed(communities, names),
    }


def _listed(counter: Counter, names: dict[str, str]) -> list[tuple[str, str, int]]:
    return [(value, names.get(value, value), n) for value, n in counter.most_common()]
