"""Every route × every role: nobody is told of a household what the rule does not show.

Each household of the tiny town has a name, a telephone number and a household number found
nowhere else. Whatever any route answers to any role is searched for them; what may be there is
computed from `gis.domain.disclosure`, plainly and again.
"""

import re

import pytest

from gis.domain.disclosure import MOST_LISTED, Sight, sight_of
from gis.store import tables as t
from gis.words.permissions import PERMISSIONS_OF_ROLE
from tests.factories import PASSWORD, make_plan
from tests.test_routes_guarded import LOGINS, address_of, routes

LEFT_OUT = {"login.sign_out", "login.sign_in", "account.change", "static"}
LEFT_OUT |= {"exchange_api.begin_sheets", "drawings_api.draw_draft"}  # work behind the answer


@pytest.fixture
def town(session, tiny_town):
    """Give the tiny town with planted people; one household of each community waits."""
    town = tiny_town
    first = town.communities[0]
    make_plan(session, first, state="submitted", name="One block", swap=frozenset({9}))
    everybody = [h for c in town.communities for h in c.households] + town.waiting
    for n, household in enumerate(everybody):
        household.head_name, household.phone = f"植名{n:03d}氏", f"1390013{n:04d}"
        household.number = f"PLANTED{n:03d}X"
    session.commit()
    return town


@pytest.fixture
def app(app, town):
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    return app


def signed_in(app, login):
    browser = app.test_client()
    if login:
        entered = browser.post("/login", data={"login": login, "password": PASSWORD})
        assert entered.status_code == 302
    return browser


def words_of(answer):
    """Give the words of an answer; of tiles and archives what can be read."""
    return answer.get_data().decode("utf-8", "replace")


def grids_of(town):
    """Say in which grid of the plan in force each household is: block numbers of the picture."""
    found = {}
    for community in town.communities:
        for household in community.households:
            number = next(b.number for b in community.blocks if b.id == household.block_id)
            half = 0 if number % 4 < 2 else 1
            found[household.id] = community.grids[half].code if community.grids else None
    return found


def addresses_with_people(app, town):
    """Fill routes with ids that exist, so that something could be told.

    What writes gets ids that do not exist, lest one role's turn changes what the next may see.
    """
    household, plan = town.communities[0].households, town.communities[0].plans[-1].id
    waiting = town.waiting[0]
    codes = [g.code for g in town.communities[0].grids]
    for rule, method in routes(app):
        if rule.endpoint in LEFT_OUT:
            continue
        at = address_of(rule)
        if "household_id" in rule.arguments:
            for one in (household[0], household[-1], town.communities[1].households[0], waiting):
                yield rule, method, re.sub(r"0{8}-.*?1(?=/|$)", str(one.id), at)
            continue
        if method != "GET":
            yield rule, method, re.sub(r"/1(?=/|$)", "/999999", at)
            continue
        if "subject_id" in rule.arguments:
            at = re.sub(r"0{8}-0000-0000-0000-0{11}1", str(waiting.id), at)
        if "plan_id" in rule.arguments:
            at = at.replace("/plans/1", f"/plans/{plan}")
        if "impact" in rule.rule:
            yield rule, method, f"{at}?from={codes[0]}&to={codes[1]}"
        yield rule, method, at


def test_no_route_tells_any_role_more_of_a_household_than_the_rule_shows(app, town):
    grids = grids_of(town)
    everybody = [h for c in town.communities for h in c.households] + town.waiting
    wrong, told = [], set()
    for login in LOGINS:
        browser, scope = signed_in(app, login), town.scope(login) if login else None
        sights = {}
        for h in everybody:
            reviewed = h in town.waiting and scope is not None and scope.may("review.decide")
            seen = sight_of(scope, h.community_id, grids.get(h.id)) if scope else Sight.NOTHING
            sights[h] = seen if grids.get(h.id) or reviewed else Sight.NOTHING
        for rule, method, at in addresses_with_people(app, town):
            body = {"json": {}} if method != "GET" else {}
            answer = browser.open(at, method=method, buffered=True, **body)
            text = words_of(answer) + str(answer.headers)
            for h, sight in sights.items():
                clear = h.phone in text
                named = h.head_name in text or h.number in text
                if (clear and sight is not Sight.CLEAR) or (named and sight is Sight.NOTHING):
                    wrong.append(f"{method} {at} tells {login} of {h.number} ({sight.name})")
                if clear or named:
                    told.add((login, rule.endpoint))
    assert wrong == []
    assert {("worker", "households_api.list_households"), ("worker", "households_api.reveal_phone"),
            ("community_manager", "households_api.one_household"),
            ("community_manager", "scenarios_api.show_impact"),
            ("community_manager", "review_api.waiting")} <= told, "the test bites"  # fmt: skip


def test_whatever_names_people_is_recorded_with_all_of_them_and_bounded(app, town, session):
    for login in ("worker", "community_manager"):
        browser = signed_in(app, login)
        for rule, method, at in addresses_with_people(app, town):
            before = session.query(t.AuditEntry).count()
            body = {"json": {}} if method != "GET" else {}
            text = words_of(browser.open(at, method=method, buffered=True, **body))
            named = set(re.findall(r"PLANTED\d{3}X", text))
            assert len(named) <= MOST_LISTED
            if not named or rule.endpoint == "review.index":
                continue
            ids = {str(h.id) for h in session.query(t.Household) if h.number in named}
            entries = session.query(t.AuditEntry).order_by(t.AuditEntry.id).all()
            since = entries if login == "worker" else entries[before:]
            recorded = {i for e in since for i in e.detail.get("households", ())}
            assert ids <= recorded, f"{method} {at} as {login}"


def test_no_address_title_or_record_holds_a_planted_person(app, town, session, caplog):
    with caplog.at_level("DEBUG"):
        for login in ("worker", "community_manager"):
            browser = signed_in(app, login)
            for _, method, at in addresses_with_people(app, town):
                body = {"json": {"reason": "a test"}} if method != "GET" else {}
                answer = browser.open(at, method=method, buffered=True, **body)
                title = re.search(r"<title>(.*?)</title>", words_of(answer))
                assert not title or "植名" not in title[1]
                assert "植名" not in (answer.location or "") + at
                assert "139001" not in (answer.location or "") + at
    kept = " ".join(str(e.detail) + str(e.object_id) for e in session.query(t.AuditEntry))
    for words in (kept, caplog.text):
        assert "植名" not in words and not re.search(r"1390013\d{4}", words)


def test_every_role_that_reads_households_is_one_the_rule_knows():
    reading = {
        r for r, may in PERMISSIONS_OF_ROLE.items() if any(p.startswith("household.") for p in may)
    }
    assert reading == {"worker", "community_manager"}
