"""Plans in and out of files: commands beside those of `gis.cli.planning`."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
import pandas as pd

from gis.actions.access.work import Work
from gis.actions.plan.adoption import Adopted, adopt_file
from gis.actions.plan.adoption_report import FINDING_COLUMNS
from gis.actions.plan.plan_files import CONTENTS, FORMATS, export_plan, read_wanted
from gis.actions.provenance.whereabouts import hold_against_ground
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, ready_engine, say, work_session
from gis.cli.planning import chosen, plan_group, where
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, Message, ProgramMissing, with_hints
from gis.exchange.columns import parse_mapping
from gis.exchange.division_file import DivisionFile, read_division
from gis.exchange.whole import format_of
from gis.exchange.writers import write_table

BRIEF = ("community", "name", "plan", "grids", "smallest", "largest", "cut", "repaired")

SHOWN = 40
"""Findings printed; a report file has them all."""


@plan_group.command("export")
@click.argument("plan", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: by the name.")
@click.option("--content", type=click.Choice(CONTENTS), help="Only that; else all that fits.")
def export_command(plan: int, out: Path, format_: str | None, content: str | None) -> None:
    """Write a plan: grids and blocks as a map, blocks as a table, codes with history, a report."""
    wanted = read_wanted(out, format_, content)
    with work_session() as session:
        export_plan(Work(session, SYSTEM, now()), plan, out, wanted)
    say(f"written: {out}")


@plan_group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@where
@click.option("--layer", help="Layer of a GeoPackage or zipped Shapefile; “grids” when left out.")
@click.option("--worksheet", help="Worksheet of an XLSX file.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Read grid, block or household from a column, such as grid=WGBM.",
)
@click.option("--crs", help="CRS of the file, e.g. EPSG:4545, when it states none.")
@click.option("--datum", type=click.Choice(["wgs84", "gcj02", "bd09"]), default="wgs84")
@click.option("--encoding", help="Text encoding, e.g. gb18030, when not detected.")
@click.option("--swap-axes", is_flag=True, help="Coordinates are given as lat, lon.")
@click.option("--accept-repairs", is_flag=True, help="Accept proposed repairs of outlines.")
@click.option("--accept-far", is_flag=True, help="Accept outlines outside the ground of their CRS.")
@click.option("--accept-shift", is_flag=True, help="Accept a change of datum that is not exact.")
@click.option("--good-rows", is_flag=True, help="Go on although rows have defects.")
@click.option("--name", help="Name of the drafts; default: of the file.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every finding to a .csv, .xlsx or .json.",
)
@reading
@click.option("--commit", is_flag=True, help="Make drafts; without it everything is a dry run.")
def import_command(
    file: Path,
    community: str | None,
    every: bool,
    pairs: tuple[str, ...],
    good_rows: bool,
    name: str | None,
    report: Path | None,
    shown: Shown,
    commit: bool,
    **options: Any,
) -> None:
    """Take over an existing division: outlines of grids, or a table block or household -> grid.

    Blocks the file cuts go to the grid with most of them; gaps are closed and grids joined by the
    smallest change; every such thing is told. Nothing is in force until the draft is published.
    """
    engine = ready_engine()
    communities = chosen(engine, community, every)
    read = read_division(file, mapping=parse_mapping(pairs), **options)
    with transaction(engine) as session:
        read = replace(read, read=hold_against_ground(session, "grids", read.read, file=read.name))
        adopted = adopt_file(
            Work(session, SYSTEM, now()),
            read,
            communities,
            name=name,
            commit=commit,
            good_rows_only=good_rows,
        )
    for defect in read.read.defects[:SHOWN]:
        say(f"defect: {with_hints(defect)}")
    _tell(read, adopted, shown, report=report)
    if not commit:
        say("dry run: nothing was stored; add --commit to make drafts")
        if read.read.defects and not good_rows:
            n_rows = len({defect.row for defect in read.read.defects})
            raise InvalidInput("{n:,} rows have defects, listed before this line", n=n_rows)


def _tell(read: DivisionFile, adopted: list[Adopted], shown: Shown, *, report: Path | None) -> None:
    """Say what became of each community, and list what is not as the file has it."""
    for note in read.read.notes[:SHOWN]:
        say(f"note: {with_hints(note)}")
    findings = [
        {"community": part.community.code, **finding.as_row()}
        for part in adopted
        for finding in part.findings
    ]
    if report is not None:
        frame = pd.DataFrame(findings, columns=["community", *FINDING_COLUMNS], dtype=object)
        write_table(report, frame, format=format_of(report))
        say(f"written: {report}")
    answer([_adopted_row(part) for part in adopted], shown, brief=BRIEF)
    if shown.is_table:
        for line in findings[:SHOWN]:
            say(_in_words(line))
        if len(findings) > SHOWN:
            more = Message("… and {n:,} more findings", n=len(findings) - SHOWN)
            say(f"{more}; --report FILE has them all")


def _adopted_row(part: Adopted) -> dict:
    whole = {"community": part.community.code, "name": part.community.name, "plan": part.plan_id}
    return whole | part.figures


def _in_words(line: dict) -> str:
    """Write a finding on one line."""
    place = [f"{n} {line[n]}" for n in ("row", "block", "grid") if line[n] is not None]
    parts = [f"-> {line['other']}"] if line["other"] is not None else []
    if line["share"] is not None:
        parts.append(f"{line['share']:.0%} / {line['other_share']:.0%}")
    if line["households"] is not None:
        parts.append(Message("{n} households", n=line["households"]))
    if line["area_m2"] is not None:
        parts.append(f"{line['area_m2']:,.0f} m²")
    return f"{line['community']}: {' '.join([*place, *parts])}: {line['words']}"


@plan_group.command("sheets")
@click.argument("plan", type=int)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A .pdf or .html for all sheets, or a folder for a file of each.",
)
@click.option("--paper", type=click.Choice(["A4", "A3"]), default="A4", show_default=True)
@click.option("--grid", "codes", multiple=True, metavar="CODE", help="Only this grid; repeatable.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Default: of the installation.")
@click.option("--format", "format_", type=click.Choice(["pdf", "html"]), help="By the name.")
def sheets_command(
    plan: int,
    out: Path,
    paper: str,
    codes: tuple[str, ...],
    language: str | None,
    format_: str | None,
) -> None:
    """Write map sheets for printing: the whole plan, its list of grids, and one for each grid."""
    found = entry_points(group="community_grid.writers", name="sheets")
    if not found:
        raise ProgramMissing("sheets are drawn by the pages, which are not installed here")
    (write,) = found
    wished = {"paper": paper, "codes": codes, "format": format_, "language": language}
    write.load()(SYSTEM, plan, out, **wished, say=say)
