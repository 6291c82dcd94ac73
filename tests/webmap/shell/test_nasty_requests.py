"""Values that nobody means are sent to every parameter of every route by every role.

Which parameters a route has is read from its module: every name that a query, a form, a JSON body
or a cookie is asked for. A new parameter is tried without anybody listing it here.
"""

import ast
import inspect
import io
import itertools
import json
import re
import textwrap
from functools import cache
from urllib.parse import urlsplit

import pytest
from sqlalchemy import inspect as inspect_database
from sqlalchemy import text

from gis.store import tables as t
from gis.words.permissions import PERMISSIONS_OF_ROLE
from tests.factories import PASSWORD
from tests.test_routes_guarded import may
from webmap.shell.api.openapi import describe

TEXTS = (
    "a\x00b",
    "\ud800",
    "x\udfffy",
    "99999999999999999999",
    "-1",
    "2147483648",
    "1e999",
    "NaN",
    "Infinity",
    "²",
    "１２",
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "0000",
    "0001-Q1",
    "1900",
    "2199-Q4",
    "//evil.example",
    "/\n/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "'); drop table grid; --",
    "%00",
    "{name!r:>99999}",
    "\u202e\u200b\ufeff",
    "x" * 70_000,
    "",
    "../../etc/passwd",
)
VALUES = (
    *TEXTS,
    None,
    True,
    -1,
    0,
    2**31,
    2**53,
    0.5,
    [],
    [[]],
    {},
    [None],
    [2**40],
    ["a\x00"],
    [{}],
    {"a": {"b": "\x00"}},
    [[2**31, -1]],
    [[181.0, 91.0], [0, 0]],
)
"""As JSON, beyond what the strict reader refuses before any view."""

HARDEST = ("a\x00b", "99999999999999999999", "2147483648", "²", "9999-12-31", "[x", "x" * 70_000)
SHAPES = (
    "a\x00b",
    "0001-01-01",
    True,
    2**31,
    -1,
    0.5,
    [],
    {},
    [None],
    [{}],
    [2**40],
    [[2**31, -1]],
)
"""What each parameter is tried with alone, the others fitting."""

BODIES = (
    b'{"name": NaN}',
    b'{"count": Infinity}',
    b'{"count": -Infinity}',
    b'{"lon": 1e999, "lat": 1}',
    b'{"count": ' + b"9" * 5_000 + b"}",
    b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"a": ' * 200 + b"1" + b"}" * 200,
    b'{"name": "a", "name": "b"}',
    b'{"name": "\\ud800"}',
    b'{"\\u0000": 1}',
    b'{"name": "\xff\xfe"}',
    b"\xff\xfe{",
    b"[]",
    b"null",
    b"3",
    b"",
    b"{",
)
FITTING = {
    "period": "2025",
    "topic": "noise",
    "by": "grid",
    "lon": "108.5",
    "lat": "25.93",
    "kind": "paint",
    "effective_from": "2026-05-01",
    "from": "2026-05-01",
}
"""What stands in the other parameters while one holds a nasty value."""

FORMS_WITH_FILES = {"exchange_api.take_over", "community_imports_api.take_in"}
LONG_WORK = {"exchange_api.begin_sheets", "drawings_api.draw_draft"}
"""Routes that start a thread when all is well: there only what must be refused is sent."""


TRAIL = ("audit_entry", "sign_in_wait", "sign_in_place", "user_session", "plan_workspace")
"""Tables in which the asking itself leaves a trace, also when it is refused."""


@pytest.fixture
def app(app, town):
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    return app


@pytest.fixture
def browsers(app):
    made = {login: app.test_client() for login in (*PERMISSIONS_OF_ROLE, None)}
    for login, browser in made.items():
        if login:
            assert browser.post("/login", data={"login": login, "password": PASSWORD})
    return made


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            if rule.endpoint not in ("static", "login.sign_out"):
                yield rule, method


def names_asked(app, rule):
    """Every name that a view, or what it calls of ours, reads from a request or describes."""
    path = re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule)
    view = inspect.unwrap(app.view_functions[rule.endpoint])
    return sorted(names_in(view, set()) | described(app).get(path, set()))


def names_in(function, seen):
    """Follow the functions of the pages that a function names."""
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    names = {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node).endswith(READING)
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant) and re.fullmatch("[a-z_]+", str(argument.value))
    }
    for name in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}:
        found = function.__globals__.get(name)
        if (
            inspect.isfunction(found)
            and found.__module__.startswith("webmap")
            and found not in seen
        ):
            names |= names_in(found, seen)
    return names


READING = ("get", "getlist", "_of", "_number", "_degrees", "_day")


def called(node):
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


@cache
def described(app):
    found = {}
    for path, operations in describe(app)["paths"].items():
        for operation in operations.values():
            names = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
            body = operation.get("requestBody", {}).get("content", {})
            schema = body.get("application/json", {}).get("schema", {})
            found.setdefault(path, set()).update(names, schema.get("properties", ()))
    return found


def who_may(endpoint):
    return [login for login in (*PERMISSIONS_OF_ROLE, None) if may(endpoint, login)]


def address_of(app, rule, town, **nasty):
    """Fill a rule with what is there; one part may be nasty."""
    there = {
        "plan_id": town.communities[1].plans[-1].id,
        "block_id": town.communities[0].blocks[0].id,
        "code": town.communities[0].unit.code,
        "layer": "context",
        "level": "grid",
        "subject": "household",
        "login": "handler",
        "tool": "split_halves",
        "job": "1",
    }
    values = {}
    for name in rule.arguments:
        kind = type(rule._converters[name]).__name__
        values[name] = there.get(name, "1")
        if kind == "UUIDConverter":
            values[name] = "00000000-0000-0000-0000-000000000001"
    parts = {**values, **nasty}
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda m: quoted(parts[m[1]]), rule.rule)


def quoted(value):
    data = str(value).encode("utf-8", "surrogatepass")
    return "".join(chr(b) if chr(b).isalnum() and b < 128 else f"%{b:02X}" for b in data)


def query_of(pairs):
    return "&".join(f"{quoted(k)}={quoted(v)}" for k, v in pairs.items())


class Tries:
    """Send requests and keep those that went wrong."""

    def __init__(self, browsers):
        self.browsers, self.wrong, self.count = browsers, [], 0

    def send(self, login, method, address, told, **more):
        self.count += 1
        answer = self.browsers[login].open(address, method=method, buffered=True, **more)
        if answer.status_code >= 500:
            self.wrong.append(f"{answer.status_code} {method} {address[:90]} as {login}: {told}")
        elif answer.status_code >= 400 and answer.mimetype == "application/json":
            body = answer.get_json()
            if not body["message"] or "None" in body["message"]:
                self.wrong.append(f"no message: {method} {address[:90]}: {told}")
        location = answer.headers.get("Location", "/")
        if urlsplit(location).netloc not in ("", "localhost") or location.startswith("//"):
            self.wrong.append(f"leads away: {method} {address[:90]} as {login}: {location[:60]}")
        return answer


@pytest.fixture
def tries(browsers):
    return Tries(browsers)


def body_of(pairs):
    return json.dumps(pairs).encode()


def test_the_names_that_views_ask_for_are_found(app):
    asked = {r.endpoint: set(names_asked(app, r)) for r, _ in routes(app)}
    assert {"period", "topic", "format", "by"} <= asked["statistics_api.statistics"]
    assert {"login", "password", "next"} <= asked["login.sign_in"]
    assert {"edition", "purpose", "name"} <= asked["scenarios_api.branch"]
    assert {"kind", "status", "community", "after"} <= asked["review_api.waiting"]
    assert {"a", "b"} <= asked["editing_tools_api.explain_border"]
    assert {"line", "around", "favour"} <= asked["editing_tools_api.propose"]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_value_in_any_query_makes_a_mistake_of_ours(app, town, tries):
    for rule, method in routes(app):
        if method != "GET" or not (names := names_asked(app, rule)):
            continue
        address, roles = address_of(app, rule, town), itertools.cycle(who_may(rule.endpoint))
        for value in TEXTS:
            query = query_of(dict.fromkeys(names, value))
            tries.send(next(roles), method, f"{address}?{query}", ("all", value[:20]))
        for name, value in itertools.product(names, HARDEST):
            query = query_of({**FITTING, name: value})
            tries.send(next(roles), method, f"{address}?{query}", (name, value[:20]))
    assert tries.wrong == []
    assert tries.count > 500


def test_no_value_in_any_address_makes_a_mistake_of_ours(app, town, tries):
    for rule, method in routes(app):
        roles = itertools.cycle(who_may(rule.endpoint))
        for name, value in itertools.product(sorted(rule.arguments), HARDEST):
            address = address_of(app, rule, town, **{name: value})
            kept = {"json": {}} if method != "GET" else {}
            tries.send(next(roles), method, address, (name, value[:20]), **kept)
    assert tries.wrong == []
    assert tries.count > 300


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_value_in_any_body_makes_a_mistake_of_ours_or_leaves_a_half(
    app, town, tries, connection
):
    half = []
    for rule, method in routes(app):
        if method == "GET":
            continue
        address, before = address_of(app, rule, town), fingerprint(connection)
        roles = itertools.cycle(who_may(rule.endpoint))
        for told, more in bodies_for(app, rule):
            answer = tries.send(next(roles), method, address, told, **more)
            if answer.status_code < 400:
                before = fingerprint(connection)
        after = fingerprint(connection)
        half += [f"{method} {rule.rule}: {t}" for t in after if after[t] != before[t]]
    assert tries.wrong == []
    assert half == []
    assert tries.count > 500


def bodies_for(app, rule):
    json_type = {"content_type": "application/json"}
    for content in BODIES:
        yield content[:30], {"data": content, **json_type}
    if rule.endpoint in LONG_WORK:
        return
    names = names_asked(app, rule)
    if not rule.rule.startswith("/api/") or rule.endpoint in FORMS_WITH_FILES:
        for name, value in itertools.product(names, HARDEST):
            yield (name, value[:30]), {"data": {name: value}}
        return
    for value in VALUES:
        yield ("all", repr(value)[:30]), {"data": body_of(dict.fromkeys(names, value)), **json_type}
    for name, value in itertools.product(names, SHAPES):
        yield (name, repr(value)), {"data": body_of({**FITTING, name: value}), **json_type}


def fingerprint(connection):
    """Tell what is stored, but for the trail of who signed in."""
    found = {}
    for table in inspect_database(connection).get_table_names():
        if table in TRAIL:
            continue
        row = f'SELECT count(*), sum(hashtext(t::text)) FROM "{table}" t'
        found[table] = connection.execute(text(row)).one()
    return found


@pytest.mark.parametrize("name", ["User-Agent", "Accept", "Accept-Language", "Referer", "Origin"])
@pytest.mark.parametrize("value", ["\xff\xfe", "a" * 9000, "*/*;q=1e999", "%00", "zh;q=NaN, -"])
def test_no_header_makes_a_mistake_of_ours(tries, name, value):
    for address in ("/login", "/official/", "/api/v1/topics"):
        tries.send("official", "GET", address, (name, value[:20]), headers={name: value})
    assert tries.wrong == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("If-None-Match", '"' * 99),
        ("If-Modified-Since", "Sat, 31 Dec 9999 23:59:60 GMT"),
        ("If-Modified-Since", "Mon, 01 Jan 0000 00:00:00 GMT"),
        ("Range", "bytes=99999999999999999999-0"),
        ("X-CSRFToken", "\xe9" * 50),
        ("Content-Length", "99999999999999999999"),
        ("Cookie", "language=\\000; community_grid=\xff"),
        ("Cookie", "community_grid=." + "A" * 4000),
        ("Cookie", "remember_token=1|x; community_grid="),
        ("Authorization", "Basic \xff"),
    ],
)
def test_no_odd_header_or_cookie_makes_a_mistake_of_ours(tries, name, value):
    for address in ("/login", "/static/icon.svg", "/api/v1/maps/shapes/grid", "/healthz"):
        tries.send(None, "GET", address, (name, value[:20]), headers={name: value})
    assert tries.wrong == []


@pytest.mark.parametrize("value", ["a\x00b", "x" * 100_000, "'", "\u202e"])
@pytest.mark.parametrize("name", ["login", "password", "next"])
def test_bad_input_to_login_is_refused_without_a_mistake(tries, name, value):
    form = {"login": "planner", "password": "wrong", name: value}
    answer = tries.send(None, "POST", "/login", name, data=form)
    assert answer.status_code in (400, 401) and tries.wrong == []


def test_what_is_refused_says_which_field_and_in_the_language_of_the_page(browsers):
    browser = browsers["planner"]
    browser.set_cookie("language", "zh")
    answer = browser.get("/api/v1/search?q=a%00b")
    assert answer.status_code == 400 and answer.get_json()["message"].startswith("q：含有")
    answer = browser.post(
        "/api/v1/plans/1/submit", data=b'{"note": NaN}', content_type="application/json"
    )
    assert answer.status_code == 400 and "NaN" in answer.get_json()["message"]


def test_a_file_name_of_odd_signs_is_no_mistake_of_ours(app, town, tries):
    code = town.communities[0].unit.code
    for name in ("a\x00.csv", "../../x.csv", "x" * 3000 + ".csv", "\u202e.zip", ".", "CON"):
        form = {"file": (io.BytesIO(b"grid,block\n\x00,\xff\n"), name)}
        tries.send("planner", "POST", f"/api/v1/communities/{code}/divisions", name, data=form)
    assert tries.wrong == []


def test_the_review_list_is_exported_while_a_record_is_not_geocoded_yet(session, town, browsers):
    waiting = session.query(t.Household).filter(t.Household.status == "review").first()
    waiting.evidence = None
    session.commit()
    answer = browsers["community_manager"].get("/api/v1/review/waiting.csv")
    assert answer.status_code == 200
    assert waiting.number in answer.get_data(as_text=True)
