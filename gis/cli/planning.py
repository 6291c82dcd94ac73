"""Commands of the planner: blocks, drawing, and the life of plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

import click
from sqlalchemy import Engine

from gis.actions.access.work import Work
from gis.actions.ground import blocks as block_actions
from gis.actions.ground.membership import settle_ground
from gis.actions.location.geocode import locate_accepted, locate_register
from gis.actions.plan import plans as plan_actions
from gis.actions.plan.grid_codes import Succession
from gis.actions.plan.plan_checks import PlanCheck, check_plan
from gis.actions.plan.renewed_blocks import settle_community, store_blocks
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, ready_engine, say, track, work_session
from gis.cli.parallel import work_in_processes
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, Message, NotFound
from gis.geometry.quality import Check
from gis.store.area import divisions
from gis.store.area.divisions import Community
from gis.store.ground.membership import count_outside
from gis.store.plan import plan_export

BLOCKS = ("community", "enclosures", "blocks", "blocks_new", "blocks_retired", "left_to_locate")
PLANS = ("plan", "community", "name", "state", "grids", "households", "share_in_band")
GRIDS = ("code", "households", "people", "deviation", "barrier_share", "reasons")
CHECKS = ("rule", "grid", "figure", "allowed", "unit", "verdict")
"""Columns of each answer that are told at a glance."""


def chosen(engine: Engine, code: str | None, every: bool) -> list[Community]:
    """Give the communities that ``--community`` or ``--all`` means."""
    if bool(code) == every:
        raise click.UsageError("give either --community CODE or --all")
    with transaction(engine) as session:
        if code:
            return [divisions.get_community(session, SYSTEM, code)]
        found = divisions.communities(session, SYSTEM)
    if not found:
        raise NotFound("there are no communities yet; import them first: `import communities FILE`")
    return found


def where(command):  # noqa: ANN001, ANN201
    """Add the options that say which communities."""
    command = click.option("--all", "every", is_flag=True, help="All communities.")(command)
    return click.option("--community", metavar="CODE", help="12-digit code.")(command)


@click.command("blocks")
@where
@reading
def blocks_command(community: str | None, every: bool, shown: Shown) -> None:
    """Cut the ground of communities into blocks by barriers and buildings."""
    engine = ready_engine()
    answer(build_blocks_of(engine, chosen(engine, community, every)), shown, brief=BLOCKS)


def build_blocks_of(engine: Engine, communities: list[Community]) -> list[dict]:
    """Build the blocks of communities whose ground has changed; gives a report row of each.

    A row says how many enclosures and blocks were kept, how many are new, and how long it took.
    """
    grounds = {}
    with transaction(engine) as session:
        _say_what_lies_where(settle_ground(session, SYSTEM), count_outside(session, "buildings"))
        for community in communities:
            ground = block_actions.read_ground(session, SYSTEM, community)
            if ground is not None:
                grounds[community.code] = ground
    rows = []
    results = work_in_processes(block_actions.cut_ground, grounds.values())
    named = zip(grounds.items(), results, strict=True)
    for (code, ground), cut in track(named, "blocks", len(grounds)):
        begun = perf_counter()
        with transaction(engine) as session:
            report = store_blocks(Work(session, SYSTEM, now()), ground, cut)
        seconds = round(cut.seconds + perf_counter() - begun, 1)
        rows.append({"community": code, **report, "seconds": seconds})
    _settle_the_rest(engine, [c for c in communities if c.code not in grounds])
    with transaction(engine) as session:
        locate_register(session, SYSTEM)
        waiting = locate_accepted(Work(session, SYSTEM, now()))
    if not grounds:
        say("all blocks are up to date")
        return rows
    _say_what_waits(rows, waiting)
    return rows


def _say_what_lies_where(settled: dict[str, int], outside: int) -> None:
    """Tell which stored things have found their community, and how many buildings lie in none."""
    for kind, n in settled.items():
        if n:
            template = "{n:,} stored " + kind
            template += " belong to another community by the outlines as stored"
            say(f"note: {Message(template, n=n)}")
    if outside:
        said = "{n:,} buildings lie in no community and are in no block"
        say(f"note: {Message(said, n=outside)}")


def _settle_the_rest(engine: Engine, communities: list[Community]) -> None:
    """Let blocks that are up to date meet their neighbours, as those of older releases did not."""
    n_settled = 0
    for community in communities:
        with transaction(engine) as session:
            n_settled += settle_community(Work(session, SYSTEM, now()), community)
    if n_settled:
        said = "{n:,} outlines now meet those of neighbouring communities in corners"
        say(Message(said, n=n_settled))


def _say_what_waits(rows: list[dict], waiting: int) -> None:
    """Tell what the new blocks leave to be done."""
    if bare := [r["community"] for r in rows if r["buildings"] == 0]:
        say(
            f"warning: no building lies in {', '.join(bare)}: the blocks there are whole"
            " enclosures; import the buildings and run `blocks` again"
        )
    if across := sum(r["buildings_across"] for r in rows):
        named = [r["buildings_across_first"] for r in rows if r["buildings_across"]]
        first = ", ".join(", ".join(named).split(", ")[: block_actions.MOST_NAMED])
        more = ", …" if across > block_actions.MOST_NAMED else ""
        said = Message(
            "{n:,} buildings lie across a road, another barrier or an edge of a compound and were"
            " kept whole",
            n=across,
        )
        say(f"note: {said}: {first}{more}")
    if waiting:
        said = Message("{n:,} records lie in no block", n=waiting)
        say(f"{said}; run `geocode` households, incidents, places")
    if anew := [r for r in rows if r["blocks_retired"]]:
        say(
            Message("blocks of {n} communities changed", n=len(anew))
            + ": plans in force go on, each new block in the grid it lay in; drafts made before"
            " have to be drawn again"
        )


@click.group("plan")
def plan_group() -> None:
    """List, compare, export and take plans through their steps."""


@plan_group.command("list")
@click.option("--community", metavar="CODE", help="12-digit code; all when left out.")
@reading
def list_command(community: str | None, shown: Shown) -> None:
    """List plans with their state and figures."""
    with work_session() as session:
        answer(plan_export.list_all_plans(session, SYSTEM, community), shown, brief=PLANS)


@plan_group.command("show")
@click.argument("plan", type=int)
@click.option("--checks", is_flag=True, help="Show how every rule stands, and where to look.")
@reading
def show_command(plan: int, checks: bool, shown: Shown) -> None:
    """Show the grids of a plan with their figures and what is odd about them."""
    with work_session() as session:
        if checks:
            found = check_plan(session, SYSTEM, plan, today=now().date())
            answer([_check_row(c) for c in found], shown, brief=CHECKS)
            return
        answer(plan_export.grid_rows(session, SYSTEM, plan), shown, brief=GRIDS)


def _check_row(found: PlanCheck) -> dict:
    check = found.check
    verdict = {True: "holds", False: "broken" if check.must_hold else "odd", None: "not judged"}
    return {
        "rule": check.rule,
        "grid": found.code,
        "figure": check.figure,
        "allowed": allowed_in_words(check),
        "unit": check.unit,
        "verdict": verdict[check.holds],
        "place": None if check.place is None else " ".join(map(str, check.place)),
    }


def allowed_in_words(check: Check) -> str:
    """Say what is allowed.

    Examples
    --------
    >>> allowed_in_words(Check("band", 1, 7, 300, 500)), allowed_in_words(Check("neck", 1, 3, 10))
    ('300 – 500', 'at least 10')
    """
    if check.least is not None and check.most is not None:
        return f"{check.least:g} – {check.most:g}"
    if check.least is not None:
        return f"at least {check.least:g}"
    return "none" if not check.most else f"at most {check.most:g}"


@plan_group.command("compare")
@click.argument("plan", type=int)
@click.argument("base", type=int)
@reading
def compare_command(plan: int, base: int, shown: Shown) -> None:
    """Show what changes grid between a BASE plan and another PLAN of the same community."""
    with work_session() as session:
        answer(plan_export.changes(session, SYSTEM, plan, base), shown)


_plans = click.argument("plans", metavar="PLAN…", type=int, nargs=-1, required=True)
_note = click.option("--note", default="", help="Why; kept in the history.")


def _step_command(name: str, step: Callable[..., object], words: str) -> None:
    @plan_group.command(name, help=words)
    @_plans
    @_note
    def command(plans: tuple[int, ...], note: str) -> None:
        with work_session() as session:
            for plan in plans:
                step(Work(session, SYSTEM, now()), plan, note=note)
        say(f"plan {', '.join(map(str, plans))}: {name} done")


_step_command(
    "submit", plan_actions.submit_plan, "Hand in drafts for approval; all of them or none."
)
_step_command("approve", plan_actions.approve_plan, "Approve submitted plans; all of them or none.")
_step_command("retire", plan_actions.retire_plan, "Give up plans that were never published.")


@plan_group.command("publish")
@_plans
@click.option("--from", "effective_from", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
@_note
def publish_command(plans: tuple[int, ...], effective_from: datetime | None, note: str) -> None:
    """Put approved plans in force; the former ones are superseded in the same moment.

    Plans published from a day to come take effect by themselves on that day.
    """
    day = effective_from.date() if effective_from else now().date()
    with work_session() as session:
        done = plan_actions.publish_plans(
            Work(session, SYSTEM, now()), plans, effective_from=day, note=note
        )
    for plan, succession in done.items():
        say(f"in force from {day}: plan {plan}: {_in_words(succession)}")


def _in_words(done: Succession) -> str:
    """Say what a plan in force changed."""
    change = done.change
    said = "{n:,} of {all:,} households change grid"
    parts: list[str] = [Message(said, n=change.moving, all=change.households)]
    parts.append(Message("{n} codes kept, {new} new", n=len(change.kept), new=len(change.new)))
    for word, codes in (("retired", change.retired), ("worker released", done.released)):
        if codes:
            parts.append(f"{word}: {', '.join(codes)}")
    if done.unstaffed:
        parts.append(Message("{n} grids without a worker", n=done.unstaffed))
    return "; ".join(parts)


def publish_drafts(engine: Engine, plan_ids: list[int]) -> None:
    """Take drafts through all steps in one transaction."""
    if not plan_ids:
        raise InvalidInput("there are no drafts to publish")
    with transaction(engine) as session:
        for plan_id in plan_ids:
            plan_actions.submit_plan(Work(session, SYSTEM, now()), plan_id)
            plan_actions.approve_plan(Work(session, SYSTEM, now()), plan_id)
        plan_actions.publish_plans(
            Work(session, SYSTEM, now()), plan_ids, effective_from=now().date()
        )
