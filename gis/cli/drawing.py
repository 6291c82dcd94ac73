"""The command that draws: what stands in the way first, then all communities side by side."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

import click
from sqlalchemy import Engine

from gis.actions.access.work import Work
from gis.actions.plan import draw as draw_actions
from gis.actions.plan.block_loads import count_blocks
from gis.actions.plan.division_request import MEASURES, DivisionRequest
from gis.actions.plan.favour import FAVOURED
from gis.actions.plan.obstacles import check_request
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, ready_engine, say, track
from gis.cli.drawn import BRIEF, drawn_row, in_band, in_words
from gis.cli.notes import Told, tell_notes
from gis.cli.parallel import work_in_processes
from gis.cli.planning import chosen, where
from gis.cli.progress import Bar
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.errors import Defect, InvalidInput, with_hints
from gis.geometry.partition import Division
from gis.store.area.divisions import Community

Requests = dict[Community, DivisionRequest]

CHECKED = ("community", "name", "rule", "stops", "message", "remedy")
"""What of an obstacle is told at a glance."""


@click.command("draw")
@where
@click.option(
    "--weight",
    default="households",
    show_default=True,
    type=click.Choice(MEASURES),
    help="What the band limits; people and workload are balanced too.",
)
@click.option(
    "--min",
    "minimum",
    type=click.IntRange(1),
    help="Default: the community's band of households, in proportion for another weight.",
)
@click.option("--max", "maximum", type=click.IntRange(1))
@click.option("--target", type=click.IntRange(1), help="Usual size of a grid.")
@click.option("--grids", "n_grids", type=click.IntRange(1), help="Number of grids.")
@click.option(
    "--from",
    "from_plan",
    metavar="PLAN",
    type=int,
    help="Stay near this plan instead of the one in force.",
)
@click.option("--fresh", is_flag=True, help="Draw without regard to the plan in force.")
@click.option(
    "--lock",
    "locks",
    metavar="GRIDCODE",
    multiple=True,
    help="Keep this grid as it is; may be repeated.",
)
@click.option(
    "--favour",
    type=click.Choice(list(FAVOURED)),
    help="Count more: even loads, borders along roads and rivers, round grids, or few changes.",
)
@click.option("--check", is_flag=True, help="Only tell what stands in the way; draw nothing.")
@click.option("--seed", default=0, show_default=True, help="Same seed, same grids.")
@click.option(
    "--effort",
    type=click.FloatRange(0.01, 100),
    default=1.0,
    show_default=True,
    help="Multiple of the usual search: 0.2 is quick and nearly as good, 5 is patient.",
)
@click.option(
    "--time-limit",
    "time_limit_s",
    type=float,
    help="Seconds per community, used for ever better grids unless the best are proven.",
)
@reading
def draw_command(
    community: str | None, every: bool, check: bool, shown: Shown, **rules: Any
) -> None:
    """Divide communities into grids; each result is a new draft plan.

    A community with a plan in force is drawn again near to it: grids keep their codes where at
    least half of their households stay, so that workers do. What stands in the way of a request is
    told before any work; what makes it impossible refuses all of it. Each draft is stored whole as
    soon as it is drawn; Ctrl-C keeps those and stops the rest.
    """
    if rules["fresh"] and rules["from_plan"]:
        raise click.UsageError("--fresh and --from exclude one another")
    if every and rules["from_plan"]:
        raise click.UsageError("--from names a plan of one community; give --community CODE")
    engine = ready_engine()
    communities = chosen(engine, community, every)
    if check:
        answer(check_plans_of(engine, communities, **rules), shown, brief=CHECKED)
        return
    rows = draw_plans_of(engine, communities, **rules)
    answer([in_words(row) for row in rows] if shown.is_table else rows, shown, brief=BRIEF)


def check_plans_of(engine: Engine, communities: list[Community], **rules: Any) -> list[dict]:
    """Tell what stands in the way of drawing communities; gives a row for each obstacle."""
    return [
        {
            "community": community.code,
            "name": community.name,
            "rule": obstacle.rule,
            "stops": obstacle.stops,
            "message": with_hints(obstacle.message),
            "remedy": with_hints(obstacle.remedy),
            "blocks": len(obstacle.blocks),
        }
        for community, obstacle in _find_obstacles(_read(engine, communities, rules))
    ]


def draw_plans_of(
    engine: Engine,
    communities: list[Community],
    *,
    notes_in: str = "`draw --check`",
    **rules: Any,
) -> list[dict]:
    """Draw a draft plan for each community; gives a report row of each.

    Parameters
    ----------
    notes_in
        Where a person finds each of the notes that are summed up here.

    Raises
    ------
    InvalidInput
        Something makes a request impossible: nothing is drawn, every such cause is a defect.
    """
    requests = _read(engine, communities, rules)
    _refuse_impossible(_find_obstacles(requests), notes_in)
    rows: list[dict] = []
    with Bar("draw", len(requests), note=_so_far(rows, len(requests))) as bar:
        results = work_in_processes(draw_actions.divide, requests.values(), hear=bar.move)
        with closing(results):
            for (community, request), division in zip(requests.items(), results, strict=True):
                rows.append(_store(engine, community, request, division))
                bar.finish(len(rows) - 1, _so_far(rows, len(requests)))
    return rows


def _read(engine: Engine, communities: list[Community], rules: dict) -> Requests:
    with transaction(engine) as session:
        count_blocks(session, now=now())
        shared = _locks_by_community(communities, rules.get("locks", ()))
        return {
            community: draw_actions.read_request(
                session, SYSTEM, community, **{**rules, "locks": shared[community.code]}
            )
            for community in communities
        }


def _locks_by_community(
    communities: list[Community], locks: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    codes = [c.code for c in communities]
    strange = [lock for lock in locks if lock[:12] not in codes]
    if strange:
        raise InvalidInput(
            f"{strange[0]} is no grid of the communities to draw; a grid code begins with the"
            " 12 digits of its community"
        )
    return {code: tuple(lock for lock in locks if lock[:12] == code) for code in codes}


def _find_obstacles(requests: Requests) -> list[Told]:
    each: Iterable[tuple[Community, DivisionRequest]] = requests.items()
    if len(requests) > 1:
        each = track(each, "check", len(requests))
    return [(community, o) for community, request in each for o in check_request(request)]


def _refuse_impossible(found: list[Told], every: str) -> None:
    """Tell the obstacles, and refuse when one of them rules the request out."""
    for note in tell_notes(found, every=every):
        say(f"note: {note}")
    defects = [
        Defect(
            f"{c.code} {c.name}: {with_hints(o.message)} {with_hints(o.remedy)} [{o.rule}]",
            code=o.rule,
        )
        for c, o in found
        if o.stops
    ]
    if defects:
        raise InvalidInput("this cannot be drawn as asked; nothing was drawn", defects)


def _store(
    engine: Engine, community: Community, request: DivisionRequest, division: Division
) -> dict:
    with transaction(engine) as session:
        moment = now()
        plan_id = draw_actions.store_draft(
            Work(session, SYSTEM, moment),
            community,
            request,
            division,
            name=f"{moment:%Y-%m-%d %H:%M}",
        )
        return drawn_row(session, community, plan_id, request, division)


def _so_far(rows: list[dict], total: int) -> str:
    return f"{len(rows)} of {total} drawn, {sum(map(in_band, rows))} inside the band"
