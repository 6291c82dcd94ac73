"""The queue: who comes next, who holds the claim, what is begun again, what is cleared away."""

from datetime import timedelta

import pytest

from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.job import FILES_KEPT, KEPT, MOST_STARTS, SILENCE
from gis.errors import Conflict, NotFound
from gis.store.jobs import queue
from gis.store.jobs.files import KeptFile, given_file, keep_file, made_file
from gis.store.jobs.listing import job_row, list_jobs
from gis.store.tables import Job
from tests.factories import NOW

LATER = NOW + 2 * SILENCE


def ask(session, task="draw", by=None, **more):
    return queue.add_job(session, task, asked_by=by, now=more.pop("now", NOW), **more)


def begin(session, now=NOW, tasks=("draw",)):
    return queue.claim_next(session, tasks, now=now)


def state(session, job):
    session.expire_all()
    return session.get(Job, job.id).state


def test_jobs_are_begun_in_their_order_and_once(session):
    jobs = [ask(session) for _ in range(3)]
    assert [begin(session).id for _ in jobs] == [job.id for job in jobs]
    assert begin(session) is None


def test_whoever_has_least_running_comes_first(session, town):
    one, other = town.users["planner"].id, town.users["official"].id
    asked = [ask(session, by=one), ask(session, by=one), ask(session, by=other)]
    assert [begin(session).id for _ in asked] == [asked[0].id, asked[2].id, asked[1].id]


def test_a_job_waits_for_its_moment_and_for_a_worker_that_knows_its_task(session):
    ask(session, not_before=LATER)
    assert begin(session) is None and begin(session, LATER, tasks=("sheets",)) is None
    assert begin(session, LATER) is not None


def test_one_unfinished_job_is_about_one_thing(session):
    first = ask(session, exclusive_key="draw 1")
    with pytest.raises(Conflict, match="being drawn"):
        ask(session, exclusive_key="draw 1", taken="being drawn")
    assert queue.find_unfinished(session, "draw 1").id == first.id
    assert queue.end(session, begin(session), "done", now=NOW)
    assert queue.find_unfinished(session, "draw 1") is None
    ask(session, exclusive_key="draw 1")


def test_progress_never_goes_back(session):
    job = ask(session)
    held = begin(session)
    assert queue.hear(session, held, fraction=0.5, message="improving", now=NOW)
    assert queue.hear(session, held, fraction=0.2, message="again", now=NOW)
    session.expire_all()
    assert (session.get(Job, job.id).fraction, session.get(Job, job.id).message) == (0.5, "again")


def test_nobody_waits_for_a_job_that_is_storing_its_end(committed_engine):
    with transaction(committed_engine) as session:
        ask(session)
        held = begin(session)
    with transaction(committed_engine) as storing:
        assert queue.end(storing, held, "done", now=NOW)
        with transaction(committed_engine) as session:
            assert queue.hear(session, held, fraction=0.9, message="", now=NOW)
    with transaction(committed_engine) as session:
        assert not queue.hear(session, held, fraction=0.9, message="", now=NOW)


def test_who_lost_the_claim_can_neither_report_nor_end(session):
    job = ask(session)
    lost = begin(session)
    queue.begin_silent_again(session, now=LATER)
    assert state(session, job) == "asked"
    held = begin(session, LATER)
    assert not queue.hear(session, lost, fraction=1, message="", now=LATER)
    assert not queue.hold(session, lost) and queue.hold(session, held)
    assert not queue.end(session, lost, "done", now=LATER)
    assert queue.end(session, held, "done", now=LATER)
    assert state(session, job) == "done"


def test_a_job_that_loses_its_worker_again_and_again_ends(session):
    job = ask(session)
    for n in range(MOST_STARTS):
        assert state(session, job) == "asked"
        begin(session, NOW + n * 3 * SILENCE)
        queue.begin_silent_again(session, now=NOW + (n * 3 + 2) * SILENCE)
    assert state(session, job) == "failed"
    assert job_row(session, SYSTEM, job.id).message == str(queue.DIED)


def test_a_job_put_back_by_a_worker_that_stops_is_not_blamed(session):
    job = ask(session)
    for _ in range(MOST_STARTS + 2):
        queue.give_back(session, begin(session), now=NOW, blamed=False)
    assert state(session, job) == "asked"


def test_what_nobody_has_begun_is_cancelled_at_once(session):
    job = ask(session)
    assert queue.wish_cancelled(session, job.id, now=NOW)
    assert state(session, job) == "cancelled" and begin(session) is None
    assert not queue.wish_cancelled(session, job.id, now=NOW)


def test_what_runs_is_told_to_stop_and_never_becomes_done(session):
    job = ask(session)
    held = begin(session)
    queue.wish_cancelled(session, job.id, now=NOW)
    assert not queue.hear(session, held, fraction=0.9, message="", now=NOW)
    assert not queue.hold(session, held)
    assert not queue.end(session, held, "done", now=NOW)
    assert queue.end(session, held, "failed", now=NOW, message="too late")
    assert state(session, job) == "cancelled"


def test_a_wish_to_cancel_outlives_the_worker(session):
    job = ask(session)
    begin(session)
    queue.wish_cancelled(session, job.id, now=NOW)
    queue.begin_silent_again(session, now=LATER)
    assert state(session, job) == "cancelled"


def test_files_go_first_then_the_job(session, town):
    user = town.users["planner"].id
    job = ask(session, by=user)
    file = KeptFile("sheets.pdf", "application/pdf", b"%PDF\x00\xff")
    keep_file(session, job.id, file, given=True)
    keep_file(session, job.id, file, given=False)
    queue.end(session, begin(session), "done", now=NOW)
    queue.prune(session, now=NOW + FILES_KEPT)
    assert given_file(session, job.id) == made_file(session, town.scope("planner"), job.id) == file
    queue.prune(session, now=NOW + FILES_KEPT + timedelta(seconds=1))
    with pytest.raises(NotFound):
        made_file(session, town.scope("planner"), job.id)
    assert state(session, job) == "done"
    queue.prune(session, now=NOW + KEPT + timedelta(seconds=1))
    session.expire_all()
    assert session.get(Job, job.id) is None


def test_everybody_sees_their_own_and_an_administrator_all(session, town):
    mine = ask(session, by=town.users["planner"].id)
    own = ask(session)
    for login in ("official", "worker", "auditor"):
        assert list_jobs(session, town.scope(login), everyone=True) == []
        with pytest.raises(NotFound):
            job_row(session, town.scope(login), mine.id)
    assert [j.id for j in list_jobs(session, town.scope("planner"))] == [mine.id]
    assert list_jobs(session, town.scope("administrator")) == []
    everybodys = list_jobs(session, town.scope("administrator"), everyone=True)
    assert {j.id for j in everybodys} == {mine.id, own.id}


def test_a_file_is_only_for_who_asked(session, town):
    job = ask(session, by=town.users["planner"].id)
    keep_file(session, job.id, KeptFile("a", "text/plain", b"x"), given=False)
    for login in ("administrator", "official"):
        with pytest.raises(NotFound):
            made_file(session, town.scope(login), job.id)


def test_what_waits_knows_how_many_are_ahead(session, town):
    user = town.users["planner"].id
    jobs = [ask(session, by=user) for _ in range(3)]
    begin(session)
    ahead = {j.id: j.ahead for j in list_jobs(session, town.scope("planner"))}
    assert [ahead[job.id] for job in jobs] == [0, 0, 1]
