"""Registers as files, in the columns that importing reads."""

from __future__ import annotations

from pathlib import Path

import click
import geopandas as gpd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.casework.incidents import export_incidents
from gis.actions.location.registers import REGISTERS, export_register
from gis.agreement import noun_for
from gis.cli.context import now, say, work_session
from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.errors import InvalidInput
from gis.exchange.template import KINDS_WITH_TEMPLATE, LANGUAGES, template_workbook
from gis.exchange.writers import FORMATS, replace_file, write_geopackage, write_table


@click.group("register")
def register_group() -> None:
    """Take registers out as files that can be imported again, or empty as templates."""


@register_group.command("export")
@click.argument("kind", type=click.Choice([*REGISTERS, "incidents"]))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--topic", help="Of incidents: only one topic, by its code.")
@click.option("--period", help="Of incidents: only 2025, 2025-Q1 or 2025-03.")
def export_command(kind: str, out: Path, topic: str | None, period: str | None) -> None:
    """Write KIND into FILE.csv, .xlsx, .json or .gpkg; times are those of the platform's clocks."""
    form = out.suffix.lower().lstrip(".")
    if form not in (*FORMATS, "gpkg"):
        raise InvalidInput(f"{out.name}: expected a name ending .csv, .xlsx, .json or .gpkg")
    with work_session() as session:
        rows = _rows(session, kind, topic, period)
        if form == "gpkg":
            write_geopackage(out, {kind: rows})
        else:
            write_table(out, rows, format=form)
    say(f"{len(rows):,} {noun_for(len(rows), kind)} written to {out}")


def _rows(session: Session, kind: str, topic: str | None, period: str | None) -> gpd.GeoDataFrame:
    if kind in REGISTERS:
        if topic or period:
            raise click.UsageError("--topic and --period are about incidents")
        return export_register(Work(session, SYSTEM, now()), kind)
    wanted = parse_period(period) if period else None
    return export_incidents(Work(session, SYSTEM, now()), topic=topic, period=wanted)


@register_group.command("template")
@click.argument("kind", type=click.Choice(KINDS_WITH_TEMPLATE))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="zh", help="Of the columns' names."
)
def template_command(kind: str, out: Path, language: str) -> None:
    """Write an empty FILE.xlsx of KIND: its columns, notes on each, lists to choose from."""
    if out.suffix.lower() != ".xlsx":
        raise InvalidInput(f"{out.name}: expected a name ending .xlsx")
    content = template_workbook(kind, language)
    replace_file(out, lambda path: path.write_bytes(content))
    say(f"template of {kind} written to {out}")
