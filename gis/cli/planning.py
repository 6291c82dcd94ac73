"""Commands of the planner: blocks, drawing, and the life of plans."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import perf_counter

import click
from sqlalchemy import Engine

from gis.actions import blocks as block_actions
from gis.actions import draw as draw_actions
from gis.actions import plans as plan_actions
from gis.actions.counts import count_blocks
from gis.actions.geocode import locate_register
from gis.cli.context import answer, now, ready_engine, say, track, work_session
from gis.cli.parallel import work_in_processes
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, NotFound
from gis.exchange.writers import write_geopackage
from gis.store import divisions, plan_export
from gis.store.divisions import Community
from gis.store.engine import transaction


def _chosen(engine: Engine, code: str | None, every: bool) -> list[Community]:
    if bool(code) == every:
        raise click.UsageError("give either --community CODE or --all")
    with transaction(engine) as session:
        if code:
            return [divisions.get_community(session, SYSTEM, code)]
        found = divisions.communities(session, SYSTEM)
    if not found:
        raise NotFound("there are no communities yet; import them first: `import communities FILE`")
    return found


def _where(command):  # noqa: ANN001, ANN202
    command = click.option("--all", "every", is_flag=True, help="All communities.")(command)
    return click.option("--community", metavar="CODE", help="12-digit code.")(command)


@click.command("blocks")
@_where
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def blocks_command(community: str | None, every: bool, as_json: bool) -> None:
    """Cut the ground of communities into blocks by barriers and buildings."""
    engine = ready_engine()
    answer(build_blocks_of(engine, _chosen(engine, community, every)), as_json=as_json)


def build_blocks_of(engine: Engine, communities: list[Community]) -> list[dict]:
    """Build the blocks of communities whose ground has changed; gives a report row of each.

    A row says how many enclosures and blocks were kept, how many are new, and how long it took.
    """
    grounds = {}
    with transaction(engine) as session:
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
            report = block_actions.store_blocks(session, SYSTEM, ground, cut, now=now())
        seconds = round(cut.seconds + perf_counter() - begun, 1)
        rows.append({"community": code, **report, "seconds": seconds})
    if not grounds:
        say("all blocks are up to date")
        return rows
    with transaction(engine) as session:
        locate_register(session, SYSTEM)
    _say_what_waits(rows)
    return rows


def _say_what_waits(rows: list[dict]) -> None:
    """Tell what the new blocks leave to be done."""
    if waiting := sum(r["left_to_locate"] for r in rows):
        say(f"{waiting:,} records lie in no block; run `geocode` households, incidents, places")
    if anew := [r for r in rows if r["blocks_retired"]]:
        say(
            f"blocks of {len(anew)} communities changed: plans in force go on, each new block in"
            " the grid it lay in; drafts of these communities have to be drawn again"
        )


@click.command("draw")
@_where
@click.option("--weight", default="households", type=click.Choice(["households", "people"]))
@click.option("--min", "minimum", type=click.IntRange(1), help="Default: the community's band.")
@click.option("--max", "maximum", type=click.IntRange(1))
@click.option("--target", type=click.IntRange(1))
@click.option("--grids", "n_grids", type=click.IntRange(1), help="Number of grids.")
@click.option("--seed", default=0, show_default=True)
@click.option("--time-limit", "time_limit_s", type=float, help="Seconds per community.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def draw_command(community: str | None, every: bool, as_json: bool, **rules: object) -> None:
    """Divide communities into grids; each result is a new draft plan."""
    engine = ready_engine()
    answer(draw_plans_of(engine, _chosen(engine, community, every), **rules), as_json=as_json)


def draw_plans_of(engine: Engine, communities: list[Community], **rules: object) -> list[dict]:
    """Draw a draft plan for each community; gives a report row of each."""
    requests = {}
    with transaction(engine) as session:
        count_blocks(session, now=now())
        for community in communities:
            requests[community] = draw_actions.read_request(session, SYSTEM, community, **rules)
    rows = []
    results = work_in_processes(draw_actions.divide, requests.values())
    named = zip(requests.items(), results, strict=True)
    for (community, request), division in track(named, "draw", len(requests)):
        with transaction(engine) as session:
            moment = now()
            plan_id = draw_actions.store_draft(
                session,
                SYSTEM,
                community,
                request,
                division,
                name=f"{moment:%Y-%m-%d %H:%M}",
                now=moment,
            )
        rows.append(_drawn(community, plan_id, request, division))
    return rows


def _drawn(community: Community, plan_id: int, request, division) -> dict:  # noqa: ANN001
    weight = request.blocks.set_index("block_id")[request.weight]
    sums = weight.groupby(division.assignment).sum()
    within = sums[(sums >= request.minimum) & (sums <= request.maximum)].sum()
    return {
        "community": community.code,
        "name": community.name,
        "plan": plan_id,
        "grids": len(sums),
        request.weight: int(sums.sum()),
        "smallest": int(sums.min()),
        "largest": int(sums.max()),
        "share_in_band": round(float(within / sums.sum()), 3) if sums.sum() else None,
        "compactness": round(float(division.quality.grids["compactness"].mean()), 3),
        "flags": sorted({f.rule for f in division.flags}),
    }


@click.group("plan")
def plan_group() -> None:
    """List, compare, export and take plans through their steps."""


@plan_group.command("list")
@click.option("--community", metavar="CODE", help="12-digit code; all when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(community: str | None, as_json: bool) -> None:
    """List plans with their state and figures."""
    with work_session() as session:
        answer(plan_export.list_all_plans(session, SYSTEM, community), as_json=as_json)


@plan_group.command("show")
@click.argument("plan", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_command(plan: int, as_json: bool) -> None:
    """Show the grids of a plan with their figures and what is odd about them."""
    with work_session() as session:
        answer(plan_export.grid_rows(session, SYSTEM, plan), as_json=as_json)


@plan_group.command("compare")
@click.argument("plan", type=int)
@click.argument("base", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare_command(plan: int, base: int, as_json: bool) -> None:
    """Show what changes grid between a BASE plan and another PLAN of the same community."""
    with work_session() as session:
        answer(plan_export.changes(session, SYSTEM, plan, base), as_json=as_json)


@plan_group.command("export")
@click.argument("plan", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_command(plan: int, out: Path) -> None:
    """Write a plan to a GeoPackage: grids with figures, and blocks with their grid code."""
    with work_session() as session:
        layers = plan_export.plan_layers(session, SYSTEM, [plan])
    write_geopackage(out, layers)
    say(f"written: {out}")


_plans = click.argument("plans", metavar="PLAN…", type=int, nargs=-1, required=True)


def _step_command(name: str, step: str, words: str) -> None:
    @plan_group.command(name, help=words)
    @_plans
    def command(plans: tuple[int, ...]) -> None:
        with work_session() as session:
            for plan in plans:
                getattr(plan_actions, step)(session, SYSTEM, plan, now=now())
        say(f"plan {', '.join(map(str, plans))}: {name} done")


_step_command("submit", "submit_plan", "Hand in drafts for approval; all of them or none.")
_step_command("approve", "approve_plan", "Approve submitted plans; all of them or none.")
_step_command("retire", "retire_plan", "Give up plans that were never published.")


@plan_group.command("publish")
@_plans
@click.option("--from", "effective_from", type=click.DateTime(["%Y-%m-%d"]), help="Default: today.")
def publish_command(plans: tuple[int, ...], effective_from: object) -> None:
    """Put approved plans in force; the former ones are superseded in the same moment."""
    day: date = effective_from.date() if effective_from else now().date()
    with work_session() as session:
        for plan in plans:
            plan_actions.publish_plan(session, SYSTEM, plan, effective_from=day, now=now())
    say(f"in force from {day}: plan {', '.join(map(str, plans))}")


def publish_drafts(engine: Engine, plan_ids: list[int]) -> None:
    """Take drafts through all steps in one transaction."""
    if not plan_ids:
        raise InvalidInput("there are no drafts to publish")
    with transaction(engine) as session:
        for plan_id in plan_ids:
            plan_actions.submit_plan(session, SYSTEM, plan_id, now=now())
            plan_actions.approve_plan(session, SYSTEM, plan_id, now=now())
            plan_actions.publish_plan(
                session, SYSTEM, plan_id, effective_from=now().date(), now=now()
            )
