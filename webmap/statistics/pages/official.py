"""The official's page: layered statistics on the map and in a table, what changed on top."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from gis.database.engine import Session
from gis.domain.access import Scope
from gis.store.area.home_extent import HomeExtent, home_extent
from gis.store.area.places import Place, list_places
from gis.store.provenance.sources import Source, list_sources
from gis.store.statistics.by_level import ALL, LEVELS, Topic, basis_of, list_topics
from gis.store.statistics.maps import Bounds
from webmap.maps.statistics import statistics_map
from webmap.shell.access import allowed
from webmap.shell.database import snapshot
from webmap.shell.language import current_language
from webmap.shell.session import current_scope
from webmap.statistics.official_view import period_choices
from webmap.statistics.words.measures import FIRST, MEASURES, choices

blueprint = Blueprint("official", __name__, url_prefix="/official")


@dataclass(frozen=True)
class StatisticsPage:
    """What the page is made of: choices, places, sources, the extent of the map."""

    topics: list[dict]
    periods: dict[str, list[str]]
    places: list[Place]
    sources: list[Source]
    extent: HomeExtent | None

    @property
    def measures(self) -> list[tuple[str, str]]:
        """List the measures to choose from, with their words."""
        return choices()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw yet."""
        return self.extent is None

    @property
    def bounds(self) -> Bounds | None:
        """Give the box that the map opens at."""
        return None if self.extent is None else self.extent.bounds

    @property
    def outside(self) -> tuple[str, ...]:
        """Name the communities far outside that box."""
        return () if self.extent is None else self.extent.outside


def read_page(session: Session, scope: Scope) -> StatisticsPage:
    """Read what the page offers to choose from."""
    return StatisticsPage(
        topics=topic_choices(list_topics(session)),
        periods=period_choices(basis_of(session, scope)),
        places=list_places(session, scope),
        sources=list_sources(session),
        extent=home_extent(session, scope),
    )


def topic_choices(topics: list[Topic]) -> list[dict]:
    """List the topics to choose from, all together first, in the page's language."""
    chinese = current_language() == "zh"
    whole = {"code": ALL, "label": _("All topics that are not sensitive"), "sensitive": False}
    return [whole] + [
        {"code": t.code, "label": t.name_zh if chinese else t.name_en, "sensitive": t.sensitive}
        for t in topics
    ]


def choose(page: StatisticsPage, wished: dict[str, str]) -> dict[str, str]:
    """Take the choices of the address where they exist, else the defaults.

    The default is all topics of the newest quarter by grid, as a rate.
    """
    periods = [p for kind in page.periods.values() for p in kind]
    newest = next(iter(page.periods["quarter"]), "")
    offers = {
        "topic": ([t["code"] for t in page.topics], ALL),
        "period": (periods, newest),
        "by": (list(LEVELS), "grid"),
        "measure": ([measure.name for measure in MEASURES], FIRST),
    }
    return {k: wished[k] if wished.get(k) in o else default for k, (o, default) in offers.items()}


def page_data(page: StatisticsPage, state: dict[str, str]) -> dict:
    """Give what the page's script needs to know."""
    return {
        "state": state,
        "topics": page.topics,
        "periods": page.periods,
        "places": [vars(p) for p in page.places],
        "measures": [measure.for_script() for measure in MEASURES],
        "synthetic": any(s.synthetic for s in page.sources),
    }


@blueprint.get("/")
@allowed("statistics.view")
def index() -> str:
    """Show the statistics map and its table."""
    with snapshot() as session:
        page = read_page(session, current_scope())
    state = choose(page, request.args.to_dict())
    shell = statistics_map(
        bounds=page.bounds,
        by=state["by"],
        data=page_data(page, state),
        sources=page.sources,
        empty=page.is_empty,
    )
    return render_template("statistics/index.html", shell=shell, page=page, state=state)
