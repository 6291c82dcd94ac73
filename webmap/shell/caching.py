"""Answers that a browser may keep: tagged by what they were made from and for whom."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable

from flask import Response, current_app, request

from gis.domain.access import Scope
from webmap.shell.answers import JSON, to_json

MOST_KEPT = 24


def scope_token(scope: Scope) -> str:
    """Give a token of what a person may see."""
    area = "all" if scope.community_ids is None else sorted(scope.community_ids)
    return f"{area}|{sorted(scope.permissions)}|{sorted(scope.grid_codes)}"


def unchanged(*parts: str) -> Response | None:
    """Answer 304 when the browser already has what these parts stand for."""
    if request.if_none_match.contains_weak(_tag(parts)):
        return tagged(Response(status=304), *parts)
    return None


def tagged(response: Response, *parts: str) -> Response:
    """Tag an answer; the browser keeps it and asks again each time."""
    response.set_etag(_tag(parts), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response


def kept_json(parts: tuple[str, ...], make: Callable[[], object]) -> Response:
    """Answer with JSON that is made once for what the parts stand for; the newest few are kept."""
    kept: OrderedDict = current_app.extensions.setdefault("kept_json", OrderedDict())
    tag = _tag(parts)
    if tag not in kept:
        kept[tag] = to_json(make())
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return tagged(Response(kept[tag], mimetype=JSON), *parts)


def _tag(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
