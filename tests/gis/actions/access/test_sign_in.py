"""Waits: an attacker is slowed down, and never stops anybody else from signing in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import Type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from gis.actions.access import passwords
from gis.actions.access.accounts import set_demo_password
from gis.actions.access.sign_in import Origin, resume, sign_in, sign_out, sign_out_everywhere
from gis.actions.access.work import Work
from gis.actions.provenance.imports import Source, import_records
from gis.actions.register.households import reveal_phone
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.sign_in import IDLE_TIME, IDLE_TIME_WORKER, LONGEST_TIME, PACES
from gis.errors import LimitReached, with_hints
from gis.store import tables as t
from tests.drawn_town import frame as drawn_frame
from tests.factories import NOW, PASSWORD, make_town

HOME, AWAY = Origin("10.0.0.7", "home"), Origin("10.9.9.9", "away")


@pytest.fixture
def town(tiny_town):
    return tiny_town


def attempt(session, login, password=PASSWORD, *, origin=HOME, now=NOW):
    return sign_in(session, login=login, password=password, origin=origin, now=now)


def fail(session, login, times, *, origin=AWAY, now=NOW):
    return [attempt(session, login, "no", origin=origin, now=now).refusal for _ in range(times)]


@pytest.mark.parametrize("login", ["planner", "nobody"])
def test_known_and_unknown_logins_wait_alike(session, town, login):
    assert fail(session, login, 7) == ["wrong"] * 5 + ["wait"] * 2
    wait = attempt(session, login, "no", origin=AWAY).wait
    assert wait == PACES["pair"].first
    later = NOW + wait
    assert fail(session, login, 2, now=later) == ["wrong", "wait"]
    assert attempt(session, login, "no", origin=AWAY, now=later).wait == 2 * wait


def test_the_same_work_is_done_for_known_unknown_and_passwordless_logins(
    session, town, monkeypatch
):
    town.users["official"].password_hash = passwords.NO_PASSWORD
    session.flush()
    worked = []
    hasher = passwords._HASHER

    class Counting:
        def verify(self, password_hash, password):
            worked.append(password_hash.split("$")[:4])
            return hasher.verify(password_hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for login in ("planner", "nobody", "official"):
        assert fail(session, login, 1) == ["wrong"]
    assert len(worked) == 3 and len({*map(tuple, worked)}) == 1, "the same parameters, once each"


def test_the_application_hashes_as_rfc_9106_asks_where_memory_is_scarce(real_hasher):
    assert real_hasher.type is Type.ID
    cost = (real_hasher.time_cost, real_hasher.memory_cost, real_hasher.parallelism)
    assert cost == (3, 64 * 1024, 4)


def test_a_victim_elsewhere_signs_in_while_one_address_fails(session, town):
    fail(session, "planner", 40)
    assert attempt(session, "planner", origin=HOME).scope is not None


def test_many_addresses_slow_strangers_down_but_not_a_place_the_account_knows(session, town):
    assert attempt(session, "planner", origin=HOME).scope is not None
    addresses = [Origin(f"10.1.{n // 250}.{n % 250 + 1}") for n in range(60)]
    refusals = [fail(session, "planner", 1, origin=o)[0] for o in addresses]
    assert refusals == ["wrong"] * 50 + ["wait"] * 10
    assert attempt(session, "planner", origin=Origin("10.2.2.2")).refusal == "wait"
    assert attempt(session, "planner", origin=HOME).scope is not None
    assert attempt(session, "official", origin=Origin("10.2.2.2")).scope is not None


def test_a_browser_the_account_knows_is_not_stopped_by_others_at_its_address(session, town):
    entered = attempt(session, "planner", origin=HOME)
    fail(session, "planner", 30, origin=HOME)
    for login in ("a1", "a2", "a3", "a4", "a5"):
        fail(session, login, 5, origin=HOME)
    assert attempt(session, "planner", origin=HOME).refusal == "wait"
    own = Origin(HOME.address, "home", entered.device)
    assert attempt(session, "planner", origin=own).scope is not None
    assert attempt(session, "official", origin=own).refusal == "wait", "known to one account only"
    assert fail(session, "planner", 6, origin=own) == ["wrong"] * 5 + ["wait"]


def test_one_address_cannot_try_one_password_on_every_account(session, town):
    refusals = [fail(session, f"name{n}", 1)[0] for n in range(25)]
    assert refusals == ["wrong"] * 20 + ["wait"] * 5
    assert attempt(session, "planner", origin=AWAY).refusal == "wait"
    assert attempt(session, "planner", origin=HOME).scope is not None


def test_an_account_of_one_s_own_does_not_wash_an_address(session, town):
    for n in range(20):
        fail(session, f"name{n}", 1)
        if n == 10:
            assert attempt(session, "official", origin=AWAY).scope is not None
    assert fail(session, "another", 1) == ["wait"]


def test_a_refused_attempt_is_not_counted_and_is_told_with_the_next_failure(session, town):
    fail(session, "planner", 5)
    assert fail(session, "planner", 100) == ["wait"] * 100
    assert attempt(session, "planner", origin=AWAY).wait == PACES["pair"].first
    fail(session, "planner", 1, now=NOW + timedelta(minutes=1))
    query = select(t.AuditEntry).where(t.AuditEntry.action == "login.failed")
    entries = session.scalars(query.order_by(t.AuditEntry.id)).all()
    assert len(entries) == 6, "what was refused unread leaves no line of its own"
    assert entries[-1].detail["refused"] == 101 and entries[-1].detail["wait_s"] == 60


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    gaps=st.lists(st.integers(0, 3600), min_size=1, max_size=40),
    n_addresses=st.integers(1, 5),
)
def test_whatever_an_attacker_does_a_known_browser_enters(
    session, town, monkeypatch, gaps, n_addresses
):
    monkeypatch.setattr(passwords, "matches", lambda kept, given: given == PASSWORD)
    monkeypatch.setattr("gis.actions.access.sign_in.matches", lambda kept, given: given == PASSWORD)
    with session.begin_nested() as undone:
        own = Origin("10.0.0.7", "", attempt(session, "planner").device)
        now, guessed = NOW, 0
        for n, gap in enumerate(gaps):
            now += timedelta(seconds=gap)
            origin = Origin(f"10.5.0.{n % n_addresses}")
            guessed += fail(session, "planner", 1, origin=origin, now=now)[0] == "wrong"
            assert attempt(session, "planner", origin=own, now=now).scope is not None
        pace = PACES["pair"]
        assert guessed <= n_addresses * (pace.free + 1 + (now - NOW) / pace.first)
        undone.rollback()


# Sessions


def test_a_session_ends_on_the_server(session, town):
    first, second = attempt(session, "planner"), attempt(session, "planner")
    sign_out(Work(session, first.scope, NOW), first.token)
    assert resume(session, first.token, now=NOW) is None
    assert resume(session, second.token, now=NOW) is not None
    assert sign_out_everywhere(Work(session, second.scope, NOW)) == 1
    assert resume(session, second.token, now=NOW) is None


@pytest.mark.parametrize(("login", "idle"), [("planner", IDLE_TIME), ("worker", IDLE_TIME_WORKER)])
def test_a_session_ends_when_idle_and_when_old(session, town, login, idle):
    tick = timedelta(seconds=1)
    token, now = attempt(session, login).token, NOW
    while now + idle <= NOW + LONGEST_TIME:
        now += idle
        assert resume(session, token, now=now) is not None, "used in time"
    assert resume(session, token, now=NOW + LONGEST_TIME + tick) is None
    token = attempt(session, login).token
    assert resume(session, token, now=NOW + idle + tick) is None
    assert resume(session, token, now=NOW) is None, "over is over"


def test_the_table_holds_no_key(session, town):
    entered = attempt(session, "planner")
    row = session.scalars(select(t.UserSession)).one()
    assert entered.token not in (row.token_digest, row.address, row.agent)
    assert resume(session, row.token_digest, now=NOW) is None


def test_old_sessions_are_cleared(session, town):
    attempt(session, "planner")
    attempt(session, "official", now=NOW + LONGEST_TIME * 2)
    assert session.scalar(select(func.count()).select_from(t.UserSession)) == 1


def test_signing_in_again_ends_the_browser_s_former_session(session, town):
    first = attempt(session, "planner").token
    sign_in(session, login="official", password=PASSWORD, now=NOW, previous=first)
    assert resume(session, first, now=NOW) is None


# Several server processes


def test_attempts_at_the_same_moment_are_let_in_one_by_one(committed_engine):
    with transaction(committed_engine) as session:
        make_town(session)

    def guess(_):
        with transaction(committed_engine) as session:
            return attempt(session, "planner", "no", origin=AWAY).refusal

    with ThreadPoolExecutor(8) as crew:
        refusals = sorted(crew.map(guess, range(16)))
    assert refusals == ["wait"] * 11 + ["wrong"] * 5


def test_a_number_too_many_is_not_shown_to_requests_at_the_same_moment(committed_engine):
    with transaction(committed_engine) as session:
        town = make_town(session)
        scope, ids = town.scope("community_manager"), [h.id for h in town.communities[0].households]

    def show(household_id):
        try:
            with transaction(committed_engine) as session:
                return reveal_phone(
                    Work(session, scope, NOW), household_id, reason="a test", most=5
                )
        except LimitReached:
            return None

    with ThreadPoolExecutor(8) as crew:
        shown = list(crew.map(show, ids))
    assert sum(number is not None for number in shown) == 5


def test_real_records_coming_in_close_the_demonstration_s_accounts(session, town):
    set_demo_password(session, login="planner")
    entered = attempt(session, "planner", "Demo-planner-2026")
    row = {"number": "R1", "head_name": "何真", "people": 2, "address_text": "River Street 1"}
    frame = drawn_frame("households", [row])
    source = Source("real.csv")
    dry = import_records(Work(session, SYSTEM, NOW), "households", frame, source=source)
    assert dry.doubts == () and resume(session, entered.token, now=NOW) is not None
    stored = import_records(
        Work(session, SYSTEM, NOW), "households", frame, source=source, commit=True
    )
    told = stored.doubts[-1]
    assert "planner" in str(told) and "user password LOGIN" in with_hints(told)
    assert resume(session, entered.token, now=NOW) is None
    assert attempt(session, "planner", "Demo-planner-2026").refusal == "published"
