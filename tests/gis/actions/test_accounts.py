from datetime import timedelta

import pytest

from gis.actions.accounts import (
    create_user,
    set_disabled,
    set_password,
    sign_in,
)
from gis.domain.access import SYSTEM
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.store.tables import AuditEntry
from gis.store.users import find_account, find_standing, list_users
from tests.factories import NOW, PASSWORD, make_town

NEW = {"login": "li.na", "name": "Li Na", "password": "Rongjiang-2026", "roles": ["planner"]}


@pytest.fixture
def town(session):
    return make_town(session)


def test_a_new_user_may_sign_in_and_has_the_communities_below_his_area(session, town):
    codes = [town.town.code]
    user_id = create_user(session, SYSTEM, **NEW, area_codes=codes, now=NOW)
    outcome = sign_in(session, login="li.na", password=NEW["password"], now=NOW)
    assert outcome.scope.user_id == user_id
    assert outcome.scope.roles == {"planner"}
    assert outcome.scope.community_ids == {c.id for c in town.communities[:2]}


def test_an_area_of_every_county_is_everything(session, town):
    codes = [town.county.code]
    user_id = create_user(session, SYSTEM, **NEW, area_codes=codes, now=NOW)
    assert find_standing(session, user_id, today=NOW.date()).scope.community_ids is None


def test_without_an_area_a_planner_sees_nothing(session, town):
    user_id = create_user(session, SYSTEM, **NEW, now=NOW)
    assert find_standing(session, user_id, today=NOW.date()).scope.community_ids == frozenset()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"password": "short1A"}, "characters"),
        ({"password": "onlysmallletters"}, "three of"),
        ({"roles": ["king"]}, "king"),
        ({"roles": []}, "roles"),
        ({"roles": ["administrator", "auditor"]}, "two different people"),
        ({"login": "a b"}, "spaces"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(session, town, change, word):
    with pytest.raises(InvalidInput, match=word):
        create_user(session, SYSTEM, **(NEW | change), now=NOW)


def test_a_login_is_given_once_and_an_area_must_exist(session, town):
    with pytest.raises(Conflict):
        create_user(session, SYSTEM, **(NEW | {"login": "planner"}), now=NOW)
    with pytest.raises(NotFound, match="999999999999"):
        create_user(session, SYSTEM, **NEW, area_codes=["999999999999"], now=NOW)


def test_only_who_manages_users_makes_them(session, town):
    with pytest.raises(NotAllowed):
        create_user(session, town.scope("planner"), **NEW, now=NOW)
    with pytest.raises(NotAllowed):
        set_password(
            session, town.scope("planner"), login="official", password="Aa345678901", now=NOW
        )


def test_five_failures_lock_for_half_an_hour_and_success_forgets_them(session, town):
    for _ in range(4):
        assert sign_in(session, login="planner", password="x", now=NOW).refusal == "wrong"
    assert sign_in(session, login="planner", password=PASSWORD, now=NOW).scope is not None
    for _ in range(4):
        sign_in(session, login="planner", password="x", now=NOW)
    assert sign_in(session, login="planner", password="x", now=NOW).refusal == "locked"
    soon = NOW + timedelta(minutes=29)
    assert sign_in(session, login="planner", password=PASSWORD, now=soon).refusal == "locked"
    later = NOW + timedelta(minutes=31)
    assert sign_in(session, login="planner", password=PASSWORD, now=later).scope is not None


def test_a_new_password_or_a_closed_account_ends_the_sessions(session, town):
    account = find_account(session, "worker")
    epoch = account.session_epoch
    set_password(session, town.scope("worker"), login="worker", password="New-pass-word1", now=NOW)
    assert account.session_epoch == epoch + 1
    manager = town.scope("administrator")
    set_disabled(session, manager, login="worker", disabled=True, now=NOW)
    assert find_standing(session, account.id, today=NOW.date()) is None
    assert (
        sign_in(session, login="worker", password="New-pass-word1", now=NOW).refusal == "disabled"
    )
    with pytest.raises(Conflict, match="own account"):
        set_disabled(session, manager, login="administrator", disabled=True, now=NOW)


def test_everything_is_audited_and_no_password_or_typed_login_is_kept(session, town):
    create_user(session, SYSTEM, **NEW, now=NOW)
    sign_in(session, login="my secret by mistake", password="x", now=NOW)
    sign_in(session, login="li.na", password=NEW["password"], now=NOW)
    entries = session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [e.action for e in entries[-3:]] == ["user.create", "login.failed", "login"]
    kept = " ".join(f"{e.actor} {e.detail}" for e in entries)
    assert "secret" not in kept
    assert NEW["password"] not in kept


def test_the_list_of_users_shows_roles_and_areas(session, town):
    rows = {row.login: row for row in list_users(session, SYSTEM)}
    assert rows["planner"].roles == ("planner",)
    assert rows["planner"].areas == (town.town.code,)
