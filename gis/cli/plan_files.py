"""Plans in and out of files: commands beside those of `gis.cli.planning`."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import click

from gis.actions.plan_files import CONTENTS, FORMATS, export_plan, read_wanted
from gis.cli.context import now, say, work_session
from gis.cli.planning import plan_group
from gis.domain.access import SYSTEM
from gis.errors import ProgramMissing


@plan_group.command("export")
@click.argument("plan", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: by the name.")
@click.option("--content", type=click.Choice(CONTENTS), help="Only that; else all that fits.")
def export_command(plan: int, out: Path, format_: str | None, content: str | None) -> None:
    """Write a plan: grids and blocks as a map, blocks as a table, codes with history, a report."""
    wanted = read_wanted(out, format_, content)
    with work_session() as session:
        export_plan(session, SYSTEM, plan, out, wanted, now=now())
    say(f"written: {out}")


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
    write.load()(plan, out, paper=paper, codes=codes, format=format_, language=language, say=say)
