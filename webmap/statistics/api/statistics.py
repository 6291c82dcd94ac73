"""Statistics and topics: the numbers of the official's page, as JSON, CSV or XLSX."""

from __future__ import annotations

import io

from flask import Blueprint, Response, jsonify, request

from gis.domain.period import Period, parse_period
from gis.errors import InvalidInput
from gis.exchange.writers import write_table
from gis.store.provenance.sources import list_sources
from gis.store.statistics.by_level import list_topics
from gis.store.statistics.statistics_file import explained_table
from webmap.shell.access import allowed, signed_in
from webmap.shell.database import snapshot
from webmap.shell.session import current_scope
from webmap.statistics.official_view import statistics_table, statistics_value

blueprint = Blueprint("statistics_api", __name__, url_prefix="/api/v1")

_FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/statistics")
@allowed("statistics.view")
def statistics() -> Response:
    """Give counts and rates by level, topic and period."""
    question = {
        "by": request.args.get("by", "grid"),
        "topic": request.args.get("topic", "all"),
        "period": parse_period(request.args.get("period", "")),
    }
    form = request.args.get("format", "json")
    if form not in ("json", *_FILES):
        raise InvalidInput("format “{form}” is not known; ask for json, csv or xlsx", form=form)
    with snapshot() as session:
        if form == "json":
            return jsonify(statistics_value(session, current_scope(), **question))
        table = statistics_table(session, current_scope(), **question).drop(columns="notable")
        table = explained_table(session, current_scope(), table, **question)
    return _file(table, form, **question)


def _file(table, form: str, *, by: str, topic: str, period: Period) -> Response:  # noqa: ANN001
    content = io.BytesIO()
    write_table(content, table, format=form)
    name = f"statistics-{by}-{topic}-{period}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content.getvalue(), content_type=_FILES[form], headers=headers)


@blueprint.get("/topics")
@signed_in
def topics() -> Response:
    """List the topics with their names."""
    with snapshot() as session:
        rows = [
            {
                "code": topic.code,
                "name_zh": topic.name_zh,
                "name_en": topic.name_en,
                "category": topic.category,
                "sensitive": topic.sensitive,
                "sensitive_decided": topic.sensitive_decided,
            }
            for topic in list_topics(session)
        ]
    return jsonify(topics=rows)


@blueprint.get("/sources")
@signed_in
def sources() -> Response:
    """List where the data come from, with what must be said about them."""
    with snapshot() as session:
        return jsonify(sources=[vars(s) for s in list_sources(session)])


OPENAPI = {
    "/api/v1/statistics": {
        "get": {
            "summary": "Counts and rates per 1,000 people by grid, community, town or county",
            "parameters": [
                {
                    "name": "by",
                    "in": "query",
                    "schema": {"enum": ["grid", "community", "town", "county"], "default": "grid"},
                },
                {"name": "topic", "in": "query", "schema": {"type": "string", "default": "all"}},
                {
                    "name": "period",
                    "in": "query",
                    "required": True,
                    "schema": {"type": "string", "examples": ["2025", "2025-Q1", "2025-03"]},
                },
                {
                    "name": "format",
                    "in": "query",
                    "schema": {"enum": ["json", "csv", "xlsx"], "default": "json"},
                },
            ],
            "responses": {
                "200": {"description": "rows, totals, classes, basis; or a file"},
                "400": {"description": "an unknown level, topic, period or format"},
            },
        }
    },
    "/api/v1/topics": {
        "get": {"summary": "Topics", "responses": {"200": {"description": "topics"}}}
    },
    "/api/v1/sources": {
        "get": {
            "summary": "Sources of the data: attribution, licence, notices",
            "responses": {"200": {"description": "sources"}},
        }
    },
}
