"""One worker per grid at a time, with history; grids without one are listed."""

from datetime import date

import pytest

from gis.actions.access.work import Work
from gis.actions.plan.workers import assign_worker, end_assignment
from gis.errors import InvalidInput, NotAllowed, NotFound
from gis.store.plan.workers import list_assignments, list_vacancies, list_workers
from gis.store.tables import AuditEntry
from tests.factories import NOW

MARCH, APRIL = date(2026, 3, 10), date(2026, 4, 1)


@pytest.fixture
def town(tiny_town):
    return tiny_town


def test_a_new_worker_ends_the_one_before_and_history_stays(session, town):
    scope, grid = town.scope("community_manager"), town.communities[0].grids[0]
    second = town.users["worker_without_grid"]
    assign_worker(Work(session, scope, NOW), grid.code, second.id, valid_from=MARCH)
    now_, before = list_assignments(session, scope, grid.code)
    assert (now_.worker, now_.valid_to) == (second.name, None)
    assert (before.worker, before.valid_to) == ("Worker", MARCH)
    assert session.query(AuditEntry).filter_by(action="worker.assign").count() == 1


def test_an_assignment_cannot_begin_before_one_that_stands(session, town):
    scope, grid = town.scope("town_coordinator"), town.communities[0].grids[0]
    second = town.users["worker_without_grid"].id
    with pytest.raises(InvalidInput, match="begins on 2026-01-01"):
        assign_worker(Work(session, scope, NOW), grid.code, second, valid_from=date(2026, 1, 1))


def test_ending_an_assignment_leaves_a_vacancy(session, town):
    scope, grid = town.scope("community_manager"), town.communities[0].grids[0]
    end_assignment(Work(session, scope, NOW), grid.code, valid_to=MARCH)
    assert grid.code not in {v.code for v in list_vacancies(session, scope, today=date(2026, 3, 9))}
    assert grid.code in {v.code for v in list_vacancies(session, scope, today=MARCH)}
    with pytest.raises(NotFound):
        end_assignment(Work(session, scope, NOW), grid.code, valid_to=APRIL)


def test_only_workers_of_the_community_can_be_assigned(session, town):
    scope, grid = town.scope("community_manager"), town.communities[0].grids[1]
    assert [w.login for w in list_workers(session, scope, town.communities[0].id)] == [
        "worker",
        "worker_without_grid",
    ]
    with pytest.raises(NotFound):
        assign_worker(
            Work(session, scope, NOW), grid.code, town.users["planner"].id, valid_from=MARCH
        )


def test_a_planner_cannot_assign_and_a_manager_not_elsewhere(session, town):
    worker = town.users["worker_without_grid"].id
    own, other = (c.grids[0].code for c in town.communities[:2])
    with pytest.raises(NotAllowed):
        assign_worker(Work(session, town.scope("planner"), NOW), own, worker, valid_from=MARCH)
    with pytest.raises(NotFound):
        assign_worker(
            Work(session, town.scope("community_manager"), NOW), other, worker, valid_from=MARCH
        )
