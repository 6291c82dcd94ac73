"""Statistics from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from gis.cli.answers import Shown, answer
from gis.cli.context import say, work_session
from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import Message
from gis.exchange.writers import write_table
from gis.store.statistics.by_level import LEVELS, statistics
from gis.store.statistics.statistics_file import explained_table
from gis.store.statistics.stretches import count_stretches

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
