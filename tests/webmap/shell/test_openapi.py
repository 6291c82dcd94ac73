import re

from webmap.shell.api.openapi import describe


def test_every_route_of_the_interface_is_described(app):
    described = {
        (path, method.upper()) for path, item in describe()["paths"].items() for method in item
    }
    routes = {
        (re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_the_description_says_what_each_parameter_is(client):
    answer = client.get("/api/v1/openapi.json").json
    assert answer["openapi"].startswith("3.1")
    for path, item in answer["paths"].items():
        for operation in item.values():
            assert operation["summary"]
            assert operation["responses"]
            given = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert given == set(re.findall(r"{(\w+)}", path)), path
