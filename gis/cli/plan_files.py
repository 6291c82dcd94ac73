"""Plans in and out of files: commands beside those of `gis.cli.planning`."""

from __future__ import annotations

from pathlib import Path

import click

from gis.actions.plan_files import CONTENTS, FORMATS, export_plan, read_wanted
from gis.cli.context import now, say, work_session
from gis.cli.planning import plan_group
from gis.domain.access import SYSTEM


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
