"""Registers as files, in the columns that importing reads."""

from __future__ import annotations

from pathlib import Path

import click

from gis.actions.casework.incidents import export_incidents
from gis.agreement import noun_for
from gis.cli.context import now, say, work_session
from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import InvalidInput
from gis.exchange.writers import FORMATS, write_geopackage, write_table


@click.group("register")
def register_group() -> None:
    """Take registers out as files that can be imported again."""


@register_group.command("export")
@click.argument("kind", type=click.Choice(["incidents"]))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--topic", help="Only one topic, by its code.")
@click.option("--period", help="Only 2025, 2025-Q1 or 2025-03.")
def export_command(kind: str, out: Path, topic: str | None, period: str | None) -> None:
    """Write KIND into FILE.csv, .xlsx, .json or .gpkg; times are those of the platform's clocks."""
    form = out.suffix.lower().lstrip(".")
    if form not in (*FORMATS, "gpkg"):
        raise InvalidInput(f"{out.name}: expected a name ending .csv, .xlsx, .json or .gpkg")
    wanted = parse_period(period) if period else None
    with work_session() as session:
        rows = export_incidents(session, SYSTEM, topic=topic, period=wanted, now=now())
        if form == "gpkg":
            write_geopackage(out, {kind: rows})
        else:
            write_table(out, rows, format=form)
    say(f"{len(rows):,} {noun_for(len(rows), kind)} written to {out}")
