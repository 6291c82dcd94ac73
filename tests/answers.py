"""Every JSON answer of the interface in a test is held against the description of the interface."""

from __future__ import annotations

import json
from functools import cache

import jsonschema_rs
from flask import Flask, Response, request

from webmap.shell.answers import JSON
from webmap.shell.api.openapi import describe
from webmap.shell.describing import path_of
from webmap.shell.geojson import MEDIA_TYPE

WRITTEN_AS_JSON = (JSON, MEDIA_TYPE)


def check_answers(app: Flask) -> Validators:
    """Fail every request to the interface whose answer is not the one that is described.

    What was wrong is also listed in what is returned, for an application in another thread.
    """
    validators = Validators()

    @app.after_request
    def check(response: Response) -> Response:
        if request.path.startswith("/api/") and request.method != "OPTIONS":
            try:
                validators.check(app, response)
            except AssertionError as error:
                validators.wrong.append(str(error))
                raise
        return response

    return validators


class Validators:
    """What each operation may answer, compiled once."""

    def __init__(self) -> None:
        self.document: dict | None = None
        self.wrong: list[str] = []
        self.of_content = cache(self._compile)

    def check(self, app: Flask, response: Response) -> None:
        """Hold an answer against its schema.

        Raises
        ------
        AssertionError
            The description does not tell of such an answer, or tells it otherwise.
        """
        if response.status_code == 304:
            return
        if self.document is None:
            self.document = described_closed(app)
        path = path_of(request.url_rule.rule) if request.url_rule else None
        method = {"HEAD": "get"}.get(request.method, request.method.lower())
        asked = f"{request.method} {request.path} ({response.status_code} {response.mimetype})"
        validator = self.of_content(path, method, response.status_code, response.mimetype)
        assert validator is not None, f"{asked}: the description knows no such answer"
        if validator is not True and request.method != "HEAD":
            wrong = next(validator.iter_errors(json.loads(response.get_data())), None)
            assert wrong is None, f"{asked}: {wrong}"[:2000]

    def _compile(
        self, path: str | None, method: str, status: int, mimetype: str
    ) -> jsonschema_rs.Draft202012Validator | bool | None:
        """Give the validator of a kind of answer; True where it has no schema, None if unknown."""
        content = {JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}}}
        operation = self.document["paths"].get(path, {}).get(method)
        if operation is not None:
            responses = operation["responses"]
            known = responses.get(str(status)) or (responses["default"] if status >= 400 else {})
            content = known.get("content", {})
        elif status < 400:
            return None
        if mimetype not in content:
            return None
        schema = content[mimetype].get("schema")
        if schema is None:
            return None if mimetype in WRITTEN_AS_JSON else True
        components = self.document["components"]
        return jsonschema_rs.Draft202012Validator(
            {**schema, "components": components}, validate_formats=True
        )


def described_closed(app: Flask) -> dict:
    """Give the description, with objects that hold nothing beyond what it names."""
    document = json.loads(json.dumps(describe(app)))
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document
