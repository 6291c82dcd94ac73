"""Permissions and events are closed lists: nothing else is asked for or told, and none is idle."""

import ast
import re
from pathlib import Path

import pytest

import gis
import webmap
from gis.domain.access import SYSTEM, Scope, require
from gis.store.access.audit import list_audit, write_audit
from gis.store.tables import AuditEntry
from gis.words.events import EVENTS, FORMER, event_of, spellings
from gis.words.permissions import PERMISSIONS, PERMISSIONS_OF_ROLE
from tests.factories import NOW

PACKAGES = [Path(gis.__file__).parent, Path(webmap.__file__).parent]
LISTS = {"permissions.py", "events.py"}


def literals():
    """Give every text of the program, and what stands before the first value of a mixed one."""
    for path in (p for package in PACKAGES for p in package.rglob("*.py")):
        if path.parent.name == "words" and path.name in LISTS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                yield node.values[0].value + "{"
    for path in PACKAGES[1].rglob("*.html"):
        yield from re.findall(r'"([a-z_.]+)"', path.read_text("utf-8"))


@pytest.fixture(scope="module")
def said():
    return set(literals())


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_every_permission_is_asked_for_and_some_role_has_it(permission, said):
    assert any(permission in allowed for allowed in PERMISSIONS_OF_ROLE.values())
    if permission != "incident.handle":  # the role stands, its pages do not yet
        assert permission in said


def test_roles_have_permissions_of_the_list_only():
    assert set().union(*PERMISSIONS_OF_ROLE.values()) <= set(PERMISSIONS)


def test_a_permission_that_is_not_in_the_list_is_a_mistake_of_the_program():
    for scope in (SYSTEM, Scope(1, "w", "W", frozenset({"worker"}), None)):
        with pytest.raises(KeyError, match="no permission"):
            require(scope, "plan.eat")


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_told_somewhere_and_has_the_one_grammar(event, said):
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", event)
    beginnings = {event[: i + 1] + "{" for i in range(len(event))}
    told = event in said or not beginnings.isdisjoint(said)
    assert told, "nobody writes it"


def test_former_names_are_those_of_events(said):
    assert set(FORMER.values()) <= set(EVENTS)
    assert said.isdisjoint(FORMER), "an entry is still written by its former name"
    assert {event_of(name) for name in FORMER} == set(FORMER.values())


def test_an_event_that_is_not_in_the_list_is_not_written(session):
    with pytest.raises(KeyError, match="no event"):
        write_audit(session, SYSTEM, "plan.eaten", now=NOW)


def test_entries_of_earlier_releases_are_found_by_the_event(session):
    for action in ("branch plan", "plan.branch", "plan.submit", "word of long ago"):
        session.add(AuditEntry(at=NOW, actor="a", action=action, detail={}))
    session.flush()
    for beginning, found in (
        ("plan.b", 2),
        ("branch", 2),
        ("plan", 3),
        ("word", 1),
        ("nothing", 0),
    ):
        assert len(list_audit(session, SYSTEM, action=beginning)) == found
    assert spellings("plan.branch") == {"plan.branch", "branch plan"}
