import re
from dataclasses import dataclass
from typing import Annotated, Literal

import jsonschema_rs
import pytest
from flask import Response
from msgspec import UNSET, UnsetType

from tests.answers import WRITTEN_AS_JSON
from tests.application import make_app
from webmap.shell.access import public
from webmap.shell.answers import Media, to_json
from webmap.shell.api import openapi
from webmap.shell.api.openapi import describe
from webmap.shell.describing import answers_of, describe_answers, interface_views, says


@pytest.fixture
def document(app):
    return describe(app)


def test_every_route_of_the_interface_is_described(app, document):
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    assert described == {(path, method) for path, method, _ in interface_views(app)}


def test_every_route_declares_its_answer_and_every_json_answer_has_a_schema(app, document):
    for path, method, view in interface_views(app):
        responses = document["paths"][path][method]["responses"]
        assert {str(status) for status in answers_of(view)} <= set(responses), path
        for status, response in responses.items():
            assert response["description"] and response["content"], (path, status)
            for media, content in response["content"].items():
                if media in WRITTEN_AS_JSON:
                    assert content["schema"], (path, method, status)


def test_every_schema_is_one(document):
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        assert schema["description"], f"{name}: its dataclass has no docstring"


def test_the_description_says_what_each_parameter_is(client):
    answer = client.get("/api/v1/openapi.json").json
    assert answer["openapi"].startswith("3.1")
    for path, item in answer["paths"].items():
        for operation in item.values():
            assert operation["summary"]
            assert operation["responses"]
            given = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert given == set(re.findall(r"{(\w+)}", path)), path


@dataclass(frozen=True)
class Small:
    """A small answer.

    Parameters
    ----------
    n
        How many, in
        all.
    left, right
        Sides.
    """

    n: int
    left: str | None
    right: str | UnsetType = UNSET


@dataclass(frozen=True)
class Other:
    """Another answer."""

    word: Literal["a", "b"]


def made() -> (
    Small | tuple[Other | Small, Literal[201, 202]] | Annotated[Response, Media("text/csv")]
): ...


def undeclared() -> Response: ...


def unknown() -> dict: ...


def test_answers_are_read_from_the_annotation():
    csv, small, other = Media("text/csv"), Media(body=Small), Media(body=Other)
    assert answers_of(made) == {200: [small, csv], 201: [other, small], 202: [other, small]}
    for view in (undeclared, unknown):
        with pytest.raises(TypeError, match=view.__name__):
            answers_of(view)


def test_answers_and_fields_are_told_in_the_words_of_the_docstrings():
    told = {"/api/x": says("get", "X", refused={404: "No such x"})}
    paths, schemas = describe_answers(told, [("/api/x", "get", made)])
    responses = paths["/api/x"]["get"]["responses"]
    assert responses["200"]["description"] == "A small answer.; or text/csv"
    assert responses["200"]["content"]["text/csv"] == {}
    refs = [f"#/components/schemas/{name}" for name in ("Other", "Small")]
    assert responses["201"]["content"]["application/json"]["schema"] == {
        "anyOf": [{"$ref": ref} for ref in refs]
    }
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    assert responses["404"] == {"description": "No such x", "content": refusal}
    assert responses["default"]["content"] == refusal
    assert schemas["Small"]["description"] == "A small answer."
    assert schemas["Small"]["required"] == ["n", "left"]
    fields = {name: p.get("description") for name, p in schemas["Small"]["properties"].items()}
    assert fields == {"n": "How many, in all.", "left": "Sides.", "right": "Sides."}


def test_a_dataclass_is_written_as_its_schema_says():
    assert to_json(Small(1, None)) == b'{"n":1,"left":null}'
    assert to_json({"b": float("nan"), "a": Small(2, "x", "\u7f51")}) == (
        '{"a":{"n":2,"left":"x","right":"网"},"b":null}'.encode()
    )


@pytest.mark.parametrize(
    ("annotation", "given", "fits"),
    [
        (Small, Small(1, "x"), True),
        (Small, Small("1", "x"), False),
        (Small, Other("a"), False),
        (Small | Other, Other("a"), True),
        (Other, Other("c"), False),
        (Small, (Small(1, "x"), 201), False),
        (tuple[Small, Literal[201]], (Small(1, "x"), 201), True),
        (Annotated[Response, Media("text/csv")], Response("a", mimetype="text/csv"), True),
        (Annotated[Response, Media("text/csv")], Response("a", mimetype="text/plain"), False),
        (
            Annotated[Response, Media(body=Small)],
            Response("{}", mimetype="application/json"),
            False,
        ),
    ],
)
def test_an_answer_that_is_not_as_declared_fails_the_test_that_asked(
    connection, monkeypatch, annotation, given, fits
):
    app = make_app(connection)

    def view():
        return given

    view.__annotations__["return"] = annotation
    app.add_url_rule("/api/v1/tried", "tried", public(view))
    monkeypatch.setitem(openapi.OPENAPI, "/api/v1/tried", says("get", "Tried"))
    if fits:
        assert app.test_client().get("/api/v1/tried").status_code in (200, 201)
    else:
        with pytest.raises(AssertionError, match="/api/v1/tried"):
            app.test_client().get("/api/v1/tried")


def test_refusals_are_held_against_their_schema_too(client):
    for address, status in (("/api/v1/topics", 401), ("/api/nothing", 404)):
        answer = client.get(address)
        assert answer.status_code == status and set(answer.json) == {"status", "message"}
