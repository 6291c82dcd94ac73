"""How the routes of the interface are described (OpenAPI 3.1).

A module says what its routes are for and what they ask (``OPENAPI``, made with `says`); what they
answer is read from the annotation of each view (see `webmap.shell.answers`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from flask import Flask, Response

from webmap.shell.answers import JSON, Media, Refusal

Answers = dict[int, list[Media]]
"""What a view answers, by status."""

_REFUSED = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}}}}


def in_path(name: str, kind: str = "string") -> dict:
    """Describe a parameter in the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def says(
    method: str,
    summary: str,
    *where: dict,
    refused: dict[int, str] | None = None,
    body: Mapping[str, str] | None = None,
    **bodies: str,
) -> dict:
    """Describe one operation: its parameters, when it refuses, and the JSON it takes.

    ``body`` holds fields of the JSON whose names are no words of Python, or are kept in a table.
    """
    told: dict[str, Any] = {"summary": summary, "parameters": list(where)}
    if refused:
        told["responses"] = {str(s): {"description": why} for s, why in refused.items()}
    if fields := bodies | dict(body or {}):
        schema = {"type": "object", "properties": {n: {"type": k} for n, k in fields.items()}}
        told["requestBody"] = {"content": {JSON: {"schema": schema}}}
    return {method: told}


def path_of(rule: str) -> str:
    """Write a rule of Flask as OpenAPI writes paths.

    Examples
    --------
    >>> path_of("/api/v1/plans/<int:plan_id>/file")
    '/api/v1/plans/{plan_id}/file'
    """
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule)


def interface_views(app: Flask) -> Iterator[tuple[str, str, Callable]]:
    """Give path, method and view of every route of the interface."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield path_of(rule.rule), method.lower(), app.view_functions[rule.endpoint]


def answers_of(view: Callable) -> Answers:
    """Read what a view answers from its annotation.

    Raises
    ------
    TypeError
        It declares no answer, or one of another form than `webmap.shell.answers` tells.
    """
    found: Answers = {}
    for option in _options(get_type_hints(view, include_extras=True).get("return")):
        statuses: tuple[int, ...] = (200,)
        if get_origin(option) is tuple:
            option, status = get_args(option)
            statuses = get_args(status)
        for status in statuses:
            found.setdefault(status, []).extend(_media(view, o) for o in _options(option))
    return found


def _options(hint: object) -> tuple:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _media(view: Callable, hint: Any) -> Media:  # noqa: ANN401  (an annotation)
    if is_dataclass(get_origin(hint) or hint):
        return Media(JSON, hint)
    if get_origin(hint) is Annotated:
        base, *more = get_args(hint)
        if base is Response and len(more) == 1 and isinstance(more[0], Media):
            return more[0]
    raise TypeError(f"{view.__module__}.{view.__name__} does not declare what it answers: {hint}")


def describe_answers(
    told: dict[str, dict], views: Iterable[tuple[str, str, Callable]]
) -> tuple[dict[str, dict], dict[str, dict]]:
    """Add what each operation answers.

    Returns
    -------
    paths, schemas
        The operations with all their answers, by path; and the schemas these refer to, by name.
    """
    answers = {(path, method): answers_of(view) for path, method, view in views}
    media = [m for found in answers.values() for options in found.values() for m in options]
    bodies = list(dict.fromkeys([Refusal, *(m.body for m in media if m.body is not None)]))
    refs, schemas = msgspec.json.schema_components(
        bodies, ref_template="#/components/schemas/{name}"
    )
    schema_of = dict(zip(bodies, refs, strict=True))
    paths: dict[str, dict] = {}
    for path, item in sorted(told.items()):
        for method, operation in item.items():
            given = answers[path, method]
            responses = _responses(operation, given, schema_of)
            paths.setdefault(path, {})[method] = operation | {"responses": responses}
    return paths, {name: _documented(schema) for name, schema in sorted(schemas.items())}


def _responses(operation: dict, answers: Answers, schema_of: dict) -> dict:
    refused = {s: r | _REFUSED for s, r in operation.get("responses", {}).items()}
    given = {str(status): _response(media, schema_of) for status, media in answers.items()}
    return given | refused | {"default": {"description": "Not done; says why"} | _REFUSED}


def _response(media: list[Media], schema_of: dict) -> dict:
    content: dict[str, dict] = {}
    for name in dict.fromkeys(m.name for m in media):
        bodies = [m.body for m in media if m.name == name and m.body is not None]
        schemas = [schema_of[body] for body in bodies]
        one = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        content[name] = {"schema": one} if schemas else {}
    told = dict.fromkeys(_told(m) for m in media)
    return {"description": "; or ".join(told), "content": content}


def _told(media: Media) -> str:
    kind = get_origin(media.body) or media.body
    words = inspect.getdoc(kind) if is_dataclass(kind) else None
    return words.splitlines()[0] if words else media.name


_PARAMETERS = re.compile(r"\n\s*Parameters\n\s*-+\n(.*?)(?:\n\s*[A-Z]\w+\n\s*-+\n|\Z)", re.S)
_FIELDS = re.compile(r"^(\w+(?:, \w+)*)\n((?:[ ]+\S.*\n?)+)", re.M)


def _documented(schema: dict) -> dict:
    """Take apart the docstring of a dataclass: what it is, and what each field is."""
    words = inspect.cleandoc(schema.get("description", ""))
    if not words:
        return schema
    properties = dict(schema.get("properties", {}))
    parameters = _PARAMETERS.search(words)
    for names, text in _FIELDS.findall(parameters[1] if parameters else ""):
        for name in names.split(", "):
            if name in properties:
                properties[name] = properties[name] | {"description": " ".join(text.split())}
    return schema | {"description": words.split("\n\n")[0], "properties": properties}
