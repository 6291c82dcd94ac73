"""Statistics and topics: the numbers of the official's page, as JSON, CSV or XLSX."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, Response, request

from gis.domain.period import Period, parse_period
from gis.errors import InvalidInput
from gis.exchange.writers import write_table
from gis.store.provenance.sources import Source, list_sources
from gis.store.statistics.by_level import LEVELS, list_topics
from gis.store.statistics.statistics_file import explained_table
from webmap.shell.access import allowed, signed_in
from webmap.shell.answers import Media
from webmap.shell.database import snapshot
from webmap.shell.describing import says
from webmap.shell.session import current_scope
from webmap.statistics.official_view import PERIOD, Statistics, statistics_table, statistics_value

blueprint = Blueprint("statistics_api", __name__, url_prefix="/api/v1")

_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES = {"csv": f"{_CSV}; charset=utf-8", "xlsx": _XLSX}


@dataclass(frozen=True)
class TopicNames:
    """A topic of incidents.

    Parameters
    ----------
    sensitive
        Whether its small numbers are hidden.
    sensitive_decided
        Whether somebody said so, or it follows from the kind.
    """

    code: str
    name_zh: str
    name_en: str
    category: str
    sensitive: bool
    sensitive_decided: bool


@dataclass(frozen=True)
class Topics:
    """Topics of incidents, by category and code."""

    topics: list[TopicNames]


@dataclass(frozen=True)
class Sources:
    """Where the data come from, in order of their coming."""

    sources: list[Source]


@blueprint.get("/statistics")
@allowed("statistics.view")
def statistics() -> (
    Statistics | Annotated[Response, Media(_CSV)] | Annotated[Response, Media(_XLSX)]
):
    """Give counts and rates by level, topic and period."""
    by, topic = request.args.get("by", "grid"), request.args.get("topic", "all")
    period = parse_period(request.args.get("period", ""))
    form = request.args.get("format", "json")
    if form not in ("json", *_FILES):
        raise InvalidInput("format “{form}” is not known; ask for json, csv or xlsx", form=form)
    with snapshot() as session:
        if form == "json":
            return statistics_value(session, current_scope(), by=by, topic=topic, period=period)
        table = statistics_table(session, current_scope(), by=by, topic=topic, period=period)
        table = table.drop(columns="notable")
        table = explained_table(session, current_scope(), table, by=by, topic=topic, period=period)
    return _file(table, form, by=by, topic=topic, period=period)


def _file(table, form: str, *, by: str, topic: str, period: Period) -> Response:  # noqa: ANN001
    content = io.BytesIO()
    write_table(content, table, format=form)
    name = f"statistics-{by}-{topic}-{period}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content.getvalue(), content_type=_FILES[form], headers=headers)


@blueprint.get("/topics")
@signed_in
def topics() -> Topics:
    """List the topics with their names."""
    with snapshot() as session:
        return Topics(
            [
                TopicNames(
                    code=topic.code,
                    name_zh=topic.name_zh,
                    name_en=topic.name_en,
                    category=topic.category,
                    sensitive=topic.sensitive,
                    sensitive_decided=topic.sensitive_decided,
                )
                for topic in list_topics(session)
            ]
        )


@blueprint.get("/sources")
@signed_in
def sources() -> Sources:
    """List where the data come from, with what must be said about them."""
    with snapshot() as session:
        return Sources(list_sources(session))


OPENAPI = {
    "/api/v1/statistics": says(
        "get",
        "Counts and rates per 1,000 people by grid, community, town or county",
        {"name": "by", "in": "query", "schema": {"enum": [*LEVELS], "default": "grid"}},
        {"name": "topic", "in": "query", "schema": {"type": "string", "default": "all"}},
        PERIOD,
        {
            "name": "format",
            "in": "query",
            "schema": {"enum": ["json", "csv", "xlsx"], "default": "json"},
        },
        refused={400: "an unknown level, topic, period or format"},
    ),
    "/api/v1/topics": says("get", "Topics"),
    "/api/v1/sources": says("get", "Sources of the data: attribution, licence, notices"),
}
