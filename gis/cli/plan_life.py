"""Commands of a plan's life: scenarios, what happened to it, and where a place was on any day."""

from __future__ import annotations

from datetime import date, datetime

import click

from gis.actions.access.work import Work
from gis.actions.plan import branching, editions
from gis.actions.plan import plans as plan_actions
from gis.actions.plan.publishing import put_due_in_force
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, say, work_session
from gis.cli.planning import plan_group
from gis.domain.access import SYSTEM
from gis.errors import Message
from gis.store.plan.place_grids import PlaceInGrid, list_grids_of_place, worker_on
from gis.store.plan.plan_history import PlanHistory, read_history

_plan = click.argument("plan", type=int)
_note = click.option("--note", default="", help="Why; kept in the history.")


@plan_group.command("branch")
@_plan
@click.option("--name", required=True, help="What the scenario is called.")
@click.option("--for", "purpose", default="", help="What it is for.")
@click.option("--edition", type=int, help="Edition of the plan to begin with; default: the newest.")
def branch_command(plan: int, name: str, purpose: str, edition: int | None) -> None:
    """Make a new draft from any plan, on the blocks there are now."""
    with work_session() as session:
        made = branching.branch_plan(
            Work(session, SYSTEM, now()), plan, name=name, purpose=purpose, edition=edition
        )
    say(f"plan {made.plan_id} made from plan {plan}")
    if made.unassigned:
        said = "{n} blocks are in no grid of it; assign them before it is submitted"
        say(Message(said, n=made.unassigned))
    elif made.needs_repair:
        say("some of its grids are torn by blocks built anew; repair it before it is submitted")


@plan_group.command("rename")
@_plan
@click.option("--name", help="What the scenario is called.")
@click.option("--for", "purpose", help="What it is for.")
def rename_command(plan: int, name: str | None, purpose: str | None) -> None:
    """Call a plan that never was in force something else, or say what it is for."""
    if name is None and purpose is None:
        raise click.UsageError("give --name, --for, or both")
    with work_session() as session:
        branching.describe_plan(Work(session, SYSTEM, now()), plan, name=name, purpose=purpose)
    say(f"plan {plan}: rename done")


@plan_group.command("history")
@_plan
@reading
def history_command(plan: int, shown: Shown) -> None:
    """Show what happened to a plan, newest first: editions and steps, who and why."""
    with work_session() as session:
        found = read_history(session, SYSTEM, plan)
    answer(_rows(found), shown)


def _rows(history: PlanHistory) -> list[dict]:
    editions = [
        (e.at, f"edition {e.edition}", e.kind, e.by, e.note, e.blocks) for e in history.editions
    ]
    steps = [(s.at, "step", s.step, s.by, s.note, None) for s in history.steps]
    names = ("at", "what", "kind", "by", "note", "blocks")
    rows = sorted([*editions, *steps], key=lambda row: row[0], reverse=True)
    return [dict(zip(names, (f"{row[0]:%Y-%m-%d %H:%M}", *row[1:]), strict=True)) for row in rows]


@plan_group.command("revert")
@_plan
@click.argument("edition", type=int)
@_note
def revert_command(plan: int, edition: int, note: str) -> None:
    """Save an earlier EDITION of a draft again, as its newest; nothing of the others is lost."""
    with work_session() as session:
        saved = editions.revert_plan(Work(session, SYSTEM, now()), plan, edition, note=note)
    back = Message("{n} blocks went back", n=saved.blocks)
    say(f"plan {plan}: edition {saved.edition}; {back}")


@plan_group.command("withdraw")
@_plan
@_note
def withdraw_command(plan: int, note: str) -> None:
    """Take back the publication of a plan whose day has not come."""
    with work_session() as session:
        plan_actions.withdraw_plan(Work(session, SYSTEM, now()), plan, note=note)
    say(f"plan {plan}: withdraw done")


@plan_group.command("due")
def due_command() -> None:
    """Put in force the plans announced for today or before.

    The pages and every other command do so too, with the first request or use of a day; run this
    soon after midnight on the platform's clocks where nobody does.
    """
    with work_session() as session:
        begun, failed = put_due_in_force(Work(session, SYSTEM, now()))
    begun_now = Message("{n} plans came into force now", n=len(begun))
    say(f"{begun_now}; {len(failed)} could not")


@plan_group.command("at")
@click.option("--lon", type=float, required=True, help="Degrees east.")
@click.option("--lat", type=float, required=True, help="Degrees north.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Default: every day, one row per plan."
)
@reading
def at_command(lon: float, lat: float, day: datetime | None, shown: Shown) -> None:
    """Tell which grid a place was in on a day, under the plan that was in force then."""
    with work_session() as session:
        found = list_grids_of_place(session, SYSTEM, lon, lat)
        chosen = found if day is None else [g for g in found if g.holds_on(day.date())]
        rows = [_row(g) for g in chosen]
        for row, grid in zip(rows, chosen, strict=True):
            row["worker"] = worker_on(session, grid.grid_code, _some_day(grid, day))
    answer(rows, shown)


def _row(place: PlaceInGrid) -> dict:
    return {
        "grid": place.grid_code,
        "community": place.community,
        "from": place.effective_from,
        "to": place.effective_to,
        "plan": place.plan_id,
        "plan_name": place.plan_name,
    }


def _some_day(place: PlaceInGrid, day: datetime | None) -> date:
    """Give the day asked about; else today, or the first day of a plan not in force today."""
    if day is not None:
        return day.date()
    today = now().date()
    return today if place.holds_on(today) else place.effective_from
