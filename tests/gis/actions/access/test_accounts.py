import pytest

from gis.actions.access.accounts import (
    change_password,
    create_user,
    end_demo_sessions,
    set_demo_password,
    set_disabled,
    set_password,
    set_rights,
    sign_out_user,
)
from gis.actions.access.sign_in import Origin, resume, sign_in
from gis.actions.access.work import Work
from gis.domain.access import SYSTEM
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.store.access.users import find_account, find_standing, list_users
from gis.store.tables import AuditEntry, UserAccount
from tests.factories import NOW, PASSWORD

NEW = {"login": "li.na", "name": "Li Na", "password": "Rongjiang-2026", "roles": ["planner"]}


@pytest.fixture
def town(tiny_town):
    return tiny_town


def test_a_new_user_may_sign_in_and_has_the_communities_below_his_area(session, town):
    codes = [town.town.code]
    user_id = create_user(Work(session, SYSTEM, NOW), **NEW, area_codes=codes)
    outcome = sign_in(session, login="li.na", password=NEW["password"], now=NOW)
    assert outcome.scope.user_id == user_id
    assert outcome.scope.roles == {"planner"}
    assert outcome.scope.community_ids == {c.id for c in town.communities[:2]}


def test_an_area_of_every_county_is_everything(session, town):
    codes = [town.county.code]
    user_id = create_user(Work(session, SYSTEM, NOW), **NEW, area_codes=codes)
    assert find_standing(session, user_id, today=NOW.date()).scope.community_ids is None


def test_without_an_area_a_planner_sees_nothing(session, town):
    user_id = create_user(Work(session, SYSTEM, NOW), **NEW)
    assert find_standing(session, user_id, today=NOW.date()).scope.community_ids == frozenset()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"password": "short1A"}, "characters"),
        ({"password": "onlysmallletters"}, "three of"),
        ({"password": "Ab1-" * 60}, "at most 200"),
        ({"password": "P@ssw0rd-2026"}, "among the commonest"),
        ({"password": "My-li.na-2026"}, "may not contain the login"),
        ({"password": "Li Na and 2026"}, "may not contain the login or the name"),
        ({"roles": ["king"]}, "king"),
        ({"roles": []}, "roles"),
        ({"roles": ["administrator", "auditor"]}, "two different people"),
        ({"login": "a b"}, "spaces"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(session, town, change, word):
    with pytest.raises(InvalidInput, match=word):
        create_user(Work(session, SYSTEM, NOW), **(NEW | change))


def test_a_login_is_given_once_and_an_area_must_exist(session, town):
    with pytest.raises(Conflict):
        create_user(Work(session, SYSTEM, NOW), **(NEW | {"login": "planner"}))
    with pytest.raises(NotFound, match="999999999999"):
        create_user(Work(session, SYSTEM, NOW), **NEW, area_codes=["999999999999"])


def test_only_who_manages_users_makes_them(session, town):
    with pytest.raises(NotAllowed):
        create_user(Work(session, town.scope("planner"), NOW), **NEW)
    with pytest.raises(NotAllowed):
        set_password(
            Work(session, town.scope("planner"), NOW), login="official", password="Aa345678901"
        )


def open_session(session, login, password=PASSWORD):
    entered = sign_in(session, login=login, password=password, now=NOW)
    assert entered.scope is not None, entered.refusal
    return entered.token


def is_open(session, token):
    return resume(session, token, now=NOW) is not None


def test_what_changes_an_account_ends_all_its_sessions_and_no_others(session, town):
    work = Work(session, town.scope("administrator"), NOW)
    new = {"login": "worker"}
    changes = [
        lambda: set_rights(work, roles=["worker"], area_codes=[], **new),
        lambda: sign_out_user(work, **new),
        lambda: set_disabled(work, disabled=True, **new),
        lambda: set_disabled(work, disabled=False, **new),
        lambda: set_password(work, password="New-pass-word1", **new),
    ]
    for change in changes:
        session.get(UserAccount, town.users["worker"].id).disabled_at = None
        tokens = [open_session(session, "worker") for _ in range(2)]
        other = open_session(session, "planner")
        change()
        assert [is_open(session, t) for t in (*tokens, other)] == [False, False, True]


def test_one_s_own_new_password_ends_all_sessions_and_needs_the_present_one(session, town):
    work = Work(session, town.scope("worker"), NOW)
    tokens = [open_session(session, "worker") for _ in range(2)]
    new = {"password": "New-pass-word1"}
    assert change_password(work, current="not it", **new).refusal == "wrong"
    assert is_open(session, tokens[0])
    assert change_password(work, current=PASSWORD, **new).refusal == ""
    assert [is_open(session, t) for t in tokens] == [False, False]
    open_session(session, "worker", "New-pass-word1")
    with pytest.raises(InvalidInput, match="is the present one"):
        change_password(work, current="New-pass-word1", **new)


def test_guessing_the_present_password_waits_like_signing_in(session, town):
    work, new = Work(session, town.scope("worker"), NOW), {"password": "New-pass-word1"}
    for _ in range(5):
        assert change_password(work, current="not it", **new).refusal == "wrong"
    assert change_password(work, current=PASSWORD, **new).refusal == "wait"
    open_session(session, "worker")


def test_a_password_set_by_somebody_else_must_be_changed_at_first_use(session, town):
    create_user(Work(session, SYSTEM, NOW), **NEW)
    assert sign_in(session, login="li.na", password=NEW["password"], now=NOW).must_change
    scope = find_standing(session, find_account(session, "li.na").id, today=NOW.date()).scope
    own = {"current": NEW["password"], "password": "My-own-words-5"}
    change_password(Work(session, scope, NOW), **own)
    assert not sign_in(session, login="li.na", password="My-own-words-5", now=NOW).must_change
    set_password(Work(session, SYSTEM, NOW), login="li.na", password="Set-again-now-8")
    assert sign_in(session, login="li.na", password="Set-again-now-8", now=NOW).must_change


def test_a_closed_account_is_told_only_to_who_knows_its_password(session, town):
    manager = town.scope("administrator")
    set_disabled(Work(session, manager, NOW), login="worker", disabled=True)
    assert sign_in(session, login="worker", password=PASSWORD, now=NOW).refusal == "disabled"
    assert sign_in(session, login="worker", password="guess", now=NOW).refusal == "wrong"
    with pytest.raises(Conflict, match="own account"):
        set_disabled(Work(session, manager, NOW), login="administrator", disabled=True)


def test_a_published_password_opens_no_database_that_holds_a_real_row(session, town):
    create_user(Work(session, SYSTEM, NOW), **(NEW | {"password": None}))
    with pytest.raises(InvalidInput, match="the login or the name"):
        set_password(Work(session, SYSTEM, NOW), login="planner", password="Demo-planner-2026")
    set_demo_password(session, login="planner")
    entered = sign_in(session, login="planner", password="Demo-planner-2026", now=NOW)
    assert entered.scope is not None and not entered.must_change
    town.communities[0].households[0].synthetic = False
    session.flush()
    told = sign_in(session, login="planner", password="Demo-planner-2026", now=NOW)
    assert told.refusal == "published" and told.token == ""
    taken = {"login": "li.na", "password": "Demo-planner-2026"}
    with pytest.raises(Conflict, match="real records"):
        set_demo_password(session, login="planner")
    with pytest.raises(Conflict, match="real records"):
        set_password(Work(session, SYSTEM, NOW), **taken)
    assert end_demo_sessions(session, now=NOW) == ("planner",)
    assert not is_open(session, entered.token)


def test_everything_is_audited_and_failures_keep_login_and_address(session, town):
    create_user(Work(session, SYSTEM, NOW), **NEW)
    origin = Origin("10.0.0.7", "Test browser")
    typed = "nobody\x00\n" + "x" * 100
    sign_in(session, login=typed, password="secret", now=NOW, origin=origin)
    sign_in(session, login="li.na", password="secret", now=NOW, origin=origin)
    sign_in(session, login="li.na", password=NEW["password"], now=NOW, origin=origin)
    entries = session.query(AuditEntry).order_by(AuditEntry.id).all()[-4:]
    assert [e.action for e in entries] == ["user.create", "login.failed", "login.failed", "login"]
    unknown, wrong = entries[1].detail, entries[2].detail
    assert unknown["login"].startswith("nobody??xxx") and len(unknown["login"]) == 64
    assert (wrong["login"], wrong["address"], wrong["reason"]) == ("li.na", "10.0.0.7", "wrong")
    assert all(e.actor == "anonymous" for e in entries[1:3])
    kept = " ".join(f"{e.actor} {e.detail}" for e in entries)
    assert "secret" not in kept and NEW["password"] not in kept


def test_the_list_of_users_shows_roles_and_areas(session, town):
    rows = {row.login: row for row in list_users(session, SYSTEM)}
    assert rows["planner"].roles == ("planner",)
    assert rows["planner"].areas == (town.town.code,)
    assert rows["planner"].last_sign_in_at is None
    open_session(session, "planner")
    rows = {row.login: row for row in list_users(session, SYSTEM)}
    assert rows["planner"].last_sign_in_at == NOW
