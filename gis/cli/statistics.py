"""Statistics from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from gis.cli.answers import Shown, answer, reading
from gis.cli.context import say, work_session
from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import Message
from gis.exchange.writers import write_table
from gis.store.statistics.by_level import LEVELS, statistics
from gis.store.statistics.hotspots import find_hotspots
from gis.store.statistics.statistics_file import explained_table
from gis.store.statistics.stretches import count_stretches

HOTSPOTS = ("code", "name", "incidents", "expected", "z", "p_value", "gi_bin")
BRIEF = ("code", "name", "people", "incidents", "rate_per_1000", "suppressed")


@click.command("stats")
@click.option("--by", type=click.Choice(LEVELS), default="community", show_default=True)
@click.option("--topic", default="all", show_default=True, help="Topic code, or all.")
@click.option("--period", required=True, help="2025, 2025-Q1, 2025-03 or 2025-01..2025-06.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "xlsx", "json"]), default="table"
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--wide", is_flag=True, help="Show all columns of the table.")
def stats_command(
    by: str, topic: str, period: str, form: str, out: Path | None, as_json: bool, wide: bool
) -> None:
    """Count incidents and give rates per 1,000 people, under the plans in force."""
    question: dict[str, Any] = {"by": by, "topic": topic, "period": parse_period(period)}
    form = "json" if as_json else form
    with work_session() as session:
        table = statistics(session, SYSTEM, **question)
        n_stretches = count_stretches(session, SYSTEM, topic=topic, period=question["period"])
        if form != "table" or out is not None:
            table = explained_table(session, SYSTEM, table, **question)
    if form == "table" and out is None:
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        answer(rows, Shown(wide=wide), brief=BRIEF, title=f"{topic}, {period}")
        if n_stretches:
            said = "{n:,} incidents are known to a stretch of house numbers only"
            said = Message(said, n=n_stretches)
            say(f"{said}; each is counted in the block of its middle")
    else:
        write_table(out or sys.stdout.buffer, table, format="csv" if form == "table" else form)


@click.command("hotspots")
@click.option("--topic", default="all", show_default=True, help="Topic code, or all.")
@click.option("--period", required=True, help="2025, 2025-Q1, 2025-03 or 2025-01..2025-06.")
@click.option(
    "--alpha",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=0.05,
    show_default=True,
    help="Share of false ones among the finds that is accepted.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="CSV or XLSX file.")
@reading
def hotspots_command(topic: str, period: str, alpha: float, out: Path | None, shown: Shown) -> None:
    """List grids with more or fewer incidents than expected, the hottest first."""
    with work_session() as session:
        table = find_hotspots(
            session, SYSTEM, topic=topic, period=parse_period(period), alpha=alpha
        )
    table = table.sort_values(["gi_bin", "z"], ascending=False, na_position="last")
    if out is not None:
        form = "xlsx" if out.suffix.lower() == ".xlsx" else "csv"
        write_table(out, table, format=form)
        return
    rows = table.round({"expected": 1, "z": 2, "p_value": 5, "rate_per_1000": 2})
    told = rows.astype(object).where(rows.notna(), None).to_dict("records")
    answer(told, shown, brief=HOTSPOTS, title=f"{topic}, {period}")
    hot, cold = int((table["gi_bin"] > 0).sum()), int((table["gi_bin"] < 0).sum())
    said = Message("{hot} grids are hot, {cold} cold, of {n}", hot=hot, cold=cold, n=len(table))
    say(f"{said}; of them, {alpha:.0%} may be by chance")
