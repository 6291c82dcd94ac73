"""Every route is tried with every role; a route that nobody listed here fails."""

import re

import pytest

from gis.words.permissions import PERMISSIONS_OF_ROLE
from tests.application import make_app
from tests.factories import PASSWORD
from webmap.shell.access import PUBLIC, SIGNED_IN, WHOEVER_MUST_CHANGE, mark_of

STATISTICS = {"statistics.view"}
REVIEW = {"review.decide"}
REGISTERS = {"register.view"}
PLANS = {"plan.view"}
EDIT = {"plan.edit"}
APPROVE = {"plan.approve"}
USERS = {"user.manage"}
HOUSEHOLDS = {"household.view", "household.view_own_grid"}

GUARDED = {
    "static": PUBLIC,
    "joined": PUBLIC,
    "login.sign_in_page": PUBLIC,
    "login.sign_in": PUBLIC,
    "login.change_language": PUBLIC,
    "login.health": PUBLIC,
    "openapi.description": PUBLIC,
    "login.start": SIGNED_IN,
    "login.sign_out": WHOEVER_MUST_CHANGE,
    "account.index": WHOEVER_MUST_CHANGE,
    "account.change": WHOEVER_MUST_CHANGE,
    "guide.index": SIGNED_IN,
    "guide.picture": SIGNED_IN,
    "guide.show": SIGNED_IN,
    "tiles.tile": SIGNED_IN,
    "door_tiles.doors": SIGNED_IN,
    "maps_api.shapes": SIGNED_IN,
    "maps_api.names": SIGNED_IN,
    "maps_api.incidents": STATISTICS,
    "statistics_api.topics": SIGNED_IN,
    "statistics_api.sources": SIGNED_IN,
    "statistics_api.statistics": STATISTICS,
    "official.index": STATISTICS,
    "planner.index": PLANS,
    "planner.community": PLANS,
    "planner.vacancies": PLANS,
    "redraw.edit": EDIT,
    "plans_api.communities": PLANS,
    "plans_api.grids_of_area": PLANS,
    "plans_api.balance": PLANS,
    "plans_api.grids": PLANS,
    "plans_api.blocks": PLANS,
    "plans_api.checks": PLANS,
    "plans_api.changes": PLANS,
    "plans_api.borders": PLANS,
    "drawings_api.check": EDIT,
    "drawings_api.draw_draft": EDIT,
    "drawings_api.drawing": EDIT,
    "drawings_api.cancel": EDIT,
    "editing_tools_api.propose": EDIT,
    "editing_tools_api.cut": EDIT,
    "editing_tools_api.explain_border": EDIT,
    "editing_tools_api.explain_change": EDIT,
    "exchange.import_division": EDIT,
    "exchange.sheets": PLANS,
    "exchange_api.take_over": EDIT,
    "exchange_api.export": PLANS,
    "exchange_api.begin_sheets": PLANS,
    "exchange_api.sheets_state": PLANS,
    "exchange_api.sheets_file": PLANS,
    "workspace_api.show": EDIT,
    "workspace_api.take_step": EDIT,
    "workspace_api.undo": EDIT,
    "workspace_api.redo": EDIT,
    "workspace_api.discard": EDIT,
    "workspace_api.save": EDIT,
    "workspace_api.preview_merge": EDIT,
    "workspace_api.merge": EDIT,
    "plans_api.submit": EDIT,
    "plans_api.retire": EDIT,
    "plans_api.approve": APPROVE,
    "plans_api.give_back": APPROVE,
    "plans_api.step_outlook": {"plan.edit", "plan.approve", "plan.publish"},
    "plans_api.publish": {"plan.publish"},
    "plans_api.withdraw": {"plan.publish"},
    "comparison_api.compare": PLANS,
    "compare.compare": PLANS,
    "scenarios_api.branch": EDIT,
    "scenarios_api.describe": EDIT,
    "scenarios_api.revert": EDIT,
    "scenarios_api.history": PLANS,
    "scenarios_api.show_impact": PLANS | {"household.view_own_grid"},
    "scenarios_api.working_impact": EDIT,
    "scenarios_api.grid_at": PLANS,
    "plans_api.assign": {"worker.assign"},
    "worker.index": {"household.view_own_grid"},
    "households_api.list_households": HOUSEHOLDS,
    "households_api.one_household": HOUSEHOLDS,
    "households_api.reveal_phone": HOUSEHOLDS,
    "households_api.own_grids": {"household.view_own_grid"},
    "registers.index": REGISTERS,
    "registers.show": REGISTERS,
    "registers.export": REGISTERS,
    "registers.template": REGISTERS | {"import"},
    "review.index": REVIEW,
    "search_api.suggestions": PLANS | STATISTICS | REVIEW | {"household.view_own_grid"},
    "review_bulk_api.preview": REVIEW,
    "review_bulk_api.decide": REVIEW,
    "review_bulk_api.undo": REVIEW,
    "review_bulk_api.export": REVIEW,
    "review_api.waiting": REVIEW,
    "review_api.candidates": REVIEW,
    "review_api.accept": REVIEW,
    "review_api.pin": REVIEW,
    "review_api.dismiss": REVIEW,
    "review_api.ties": REVIEW,
    "review_api.accept_ties": REVIEW,
    "review_api.undo": REVIEW,
    "jobs.index": SIGNED_IN,
    "jobs.rows": SIGNED_IN,
    "jobs.cancel": SIGNED_IN,
    "jobs_api.jobs": SIGNED_IN,
    "jobs_api.job": SIGNED_IN,
    "jobs_api.cancel": SIGNED_IN,
    "jobs_api.file": SIGNED_IN,
    "job_answers_api.answer": SIGNED_IN,
    "geocoding_api.begin": {"import"},
    "admin.index": {"user.manage", "audit.view"},
    "accounts.index": USERS,
    "accounts.blank": USERS,
    "accounts.add": USERS,
    "accounts.show": USERS,
    "accounts.rename": USERS,
    "accounts.change_rights": USERS,
    "accounts.give_grid": USERS,
    "accounts.close": USERS,
    "accounts.sign_out": USERS,
    "accounts.reset_password": USERS,
    "imports.index": {"import"},
    "imports.blank": {"import"},
    "imports.show": {"import"},
    "imports.extract": {"import"},
    "extracts_api.take_in": {"import"},
    "imports.undo": {"import"},
    "imports.correct": {"import"},
    "ground.index": {"import"},
    "ground.build": {"import"},
    "ground.locate": {"import"},
    "file_imports_api.take_in": {"import"},
    "imports_api.imports": {"import"},
    "imports_api.one_import": {"import"},
    "imports_api.undo": {"import"},
    "admin.audit": {"audit.view"},
    "backups.index": {"backup.make"},
    "backups.make": {"backup.make"},
    "topics.index": {"import"},
    "topics.add": {"import"},
    "topics.change": {"import"},
    "topics.retire": {"import"},
    "topics.add_word": {"import"},
    "topics.forget_word": {"import"},
}
"""Endpoint -> who may: everyone, everyone signed in, or those with one of the permissions."""

VALUES = {
    "layer": "context",
    "level": "grid",
    "code": "522632100001",
    "subject": "household",
    "filename": "icon.svg",
    "path": "icon.svg",
    "z": "14",
    "x": "13130",
    "y": "6969",
}
LOGINS = (*PERMISSIONS_OF_ROLE, None)


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method


@pytest.fixture
def app(app, town):
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    return app


def address_of(rule):
    """Fill the placeholders; ids that do not exist are good enough to be refused or not found."""
    fill = {name: VALUES.get(name, "1") for name in rule.arguments}
    for name, kind in rule._converters.items():
        if type(kind).__name__ == "UUIDConverter":
            fill[name] = "00000000-0000-0000-0000-000000000001"
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda m: fill[m[1]], rule.rule)


def test_every_route_is_listed_with_who_may_use_it(app):
    found = {rule.endpoint: mark_of(app, rule.endpoint) for rule, _ in routes(app)}
    marks = {k: mark if isinstance(mark, str) else set(mark or ()) for k, mark in found.items()}
    assert marks == GUARDED


def test_every_role_reaches_exactly_what_is_listed(app):
    browsers = {login: app.test_client() for login in LOGINS}
    for login, browser in browsers.items():
        if login:
            answer = browser.post("/login", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 302, login
    wrong = []
    for rule, method in routes(app):
        if rule.endpoint in ("login.sign_out", "login.sign_in"):
            continue
        for login, browser in browsers.items():
            answer = browser.open(address_of(rule), method=method, buffered=True)
            if is_open(answer) != may(rule.endpoint, login):
                wrong.append(f"{method} {rule.rule} as {login}: {answer.status_code}")
    assert wrong == []


def may(endpoint, login):
    who = GUARDED[endpoint]
    if who == PUBLIC:
        return True
    if who in (SIGNED_IN, WHOEVER_MUST_CHANGE):
        return login is not None
    return login is not None and bool(who & PERMISSIONS_OF_ROLE[login])


def is_open(answer):
    """Tell an answer of the view (also “not found”, “outside your area”) from the guard's."""
    to_login = answer.status_code == 302 and answer.location.startswith("/login")
    guarded = answer.status_code == 403 and b"your roles do not include this page" in answer.data
    return not (answer.status_code == 401 or to_login or guarded)


def test_a_route_without_a_mark_answers_nobody(connection, town):
    app = make_app(connection)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    browser = app.test_client()
    browser.post("/login", data={"login": "administrator", "password": PASSWORD})
    assert browser.get("/forgotten").status_code == 403
