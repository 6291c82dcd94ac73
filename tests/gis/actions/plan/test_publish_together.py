"""Plans of many communities take effect at one moment: who reads meanwhile sees old or new, whole.

Real connections: what is committed by one is seen by the others.
"""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan import publishing
from gis.actions.plan.publishing import publish_plans, put_due_in_force
from gis.database.engine import snapshot, transaction
from gis.domain.access import SYSTEM
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store import tables as t
from gis.store.plan.balance import list_balances
from gis.store.plan.outlines import standing_grids
from scripts.benchmarks.county_plans import BEGUN, NOW, make_county

COMMUNITIES = 6
DAY = NOW.date()


@pytest.fixture
def county(committed_engine):
    """Six communities with a plan in force and an approved one each; gives the approved."""
    with transaction(committed_engine) as session:
        return make_county(session, COMMUNITIES)


def publish(session, plans, day=DAY):
    return publish_plans(Work(session, SYSTEM, NOW), plans, effective_from=day)


def in_force(session) -> set[int]:
    return set(session.scalars(select(t.LivePlan.plan_id)))


def generations(session: Session, new: list[int]) -> set[bool]:
    """Read as pages do, in several questions; tells which plans the answers come from."""
    rows = list_balances(session, SYSTEM, today=DAY)
    assert standing_grids(session, SYSTEM).count('"Feature"') == sum(
        row.balance.n_grids for row in rows
    )
    return {row.plan_id in new for row in rows}


def test_all_plans_of_a_county_come_into_force_together(committed_engine, county):
    with transaction(committed_engine) as session:
        done = publish(session, county)
        assert in_force(session) == set(county)
    assert {len(d.change.new) for d in done.values()} == {0, 1}
    with transaction(committed_engine) as session:
        plans = session.scalars(select(t.Plan)).all()
        assert {(p.state, p.effective_from, p.effective_to) for p in plans} == {
            ("superseded", BEGUN, DAY),
            ("published", DAY, None),
        }
        published = [p for p in plans if p.id in county]
        assert all(p.version == 2 and p.published_at == NOW for p in published)
        audits = session.scalars(select(t.AuditEntry.action)).all()
    assert sorted(audits) == ["plan.publish"] * COMMUNITIES + ["plan.supersede"] * COMMUNITIES


def test_together_and_one_by_one_change_the_same(committed_engine, county):
    with transaction(committed_engine) as session, session.begin_nested() as trial:
        together = publish(session, county)
        rows = _written(session)
        trial.rollback()
    with transaction(committed_engine) as session:
        single = {p: publish(session, [p])[p] for p in county}
        assert single == together
        assert _written(session) == rows


def _written(session):
    """Give what publishing leaves behind, but for ids."""
    lineage, code, worker = t.GridLineage, t.GridCode, t.GridWorker
    return [
        sorted(session.execute(query).all(), key=str)
        for query in (
            select(lineage.plan_id, lineage.parent_code, lineage.child_code, lineage.households),
            select(code.code, code.issued_at, code.retired_at),
            select(worker.grid_code, worker.valid_from, worker.valid_to),
            select(t.Grid.plan_id, t.Grid.number, t.Grid.code),
        )
    ]


def test_one_plan_that_is_refused_keeps_all_from_coming_into_force(committed_engine, county):
    with transaction(committed_engine) as session:
        session.execute(update(t.Plan).where(t.Plan.id == county[3]).values(state="submitted"))
    before = _live(committed_engine)
    with pytest.raises(Conflict, match="submitted"), transaction(committed_engine) as session:
        publish(session, county)
    assert _live(committed_engine) == before


def _live(engine) -> set[int]:
    with transaction(engine) as session:
        return in_force(session)


def test_a_plan_named_twice_or_never_made_is_refused(committed_engine, county):
    with transaction(committed_engine) as session:
        with pytest.raises(InvalidInput, match="one plan of each community"):
            publish(session, [county[0], county[0]])
        with pytest.raises(NotFound):
            publish(session, [county[0], 999_999])


def test_a_page_that_began_before_a_publication_ends_with_the_old_plans(committed_engine, county):
    with snapshot(committed_engine) as reader:
        assert {r.plan_id in county for r in list_balances(reader, SYSTEM, today=DAY)} == {False}
        with transaction(committed_engine) as session:
            publish(session, county)
        assert generations(reader, county) == {False}
    with snapshot(committed_engine) as reader:
        assert generations(reader, county) == {True}


def test_a_reader_never_waits_for_a_publication_that_is_under_way(committed_engine, county):
    with transaction(committed_engine) as session:
        publish(session, county)
        with snapshot(committed_engine) as reader:
            reader.execute(text("SET LOCAL lock_timeout = '1ms'"))
            assert generations(reader, county) == {False}


def test_a_snapshot_writes_nothing(committed_engine, county):
    with pytest.raises(Exception, match="read-only"), snapshot(committed_engine) as reader:
        reader.execute(update(t.Plan).values(name="x"))


def test_readers_that_go_on_and_on_see_no_mixture(committed_engine, county):
    """Publish community by community of one transaction while others read."""
    seen, end = [], threading.Event()

    def read():
        while not end.is_set():
            with snapshot(committed_engine) as reader:
                seen.append(frozenset(generations(reader, county)))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    with transaction(committed_engine) as session:
        for plan in county:
            publish(session, [plan])
            _wait_for_readings(seen, threads)
    _wait_for_readings(seen, threads)
    end.set()
    for thread in threads:
        thread.join()
    assert set(seen) == {frozenset({False}), frozenset({True})}


def _wait_for_readings(seen: list, threads: list[threading.Thread]) -> None:
    """Wait until four readings more were made."""
    wanted = len(seen) + 4
    while len(seen) < wanted:
        assert all(thread.is_alive() for thread in threads)
        threading.Event().wait(0.01)


def test_announced_plans_of_a_day_begin_together(committed_engine, county):
    coming = DAY + timedelta(days=9)
    with transaction(committed_engine) as session:
        publish(session, county, day=coming)
        assert in_force(session).isdisjoint(county)
    later = NOW + timedelta(days=9)
    with transaction(committed_engine) as session:
        begun, failed = put_due_in_force(Work(session, SYSTEM, later))
    assert sorted(begun) == sorted(county) and failed == []
    assert _live(committed_engine) == set(county)


def test_a_plan_that_cannot_begin_does_not_keep_the_others_from_it(
    committed_engine, county, monkeypatch
):
    with transaction(committed_engine) as session:
        publish(session, county, day=DAY + timedelta(days=1))
    real = publishing.apply_succession

    def refuse_one(session, plans, *arguments, **options):
        if any(p.id == county[2] for p in plans):
            raise Conflict("somebody else is at it")
        return real(session, plans, *arguments, **options)

    monkeypatch.setattr(publishing, "apply_succession", refuse_one)
    with transaction(committed_engine) as session:
        begun, failed = put_due_in_force(Work(session, SYSTEM, NOW + timedelta(days=1)))
    assert failed == [county[2]] and len(begun) == COMMUNITIES - 1
    assert _live(committed_engine) & set(county) == set(begun)
