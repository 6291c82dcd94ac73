"""The command line: `community-grid`, or `python -m gis`.

Exit status: 0 done; 1 refused, with one clear line per defect on stderr; 2 wrong usage.
"""

from __future__ import annotations

import logging
import sys
from importlib.metadata import entry_points

import click

from gis import __version__
from gis.cli import (
    data,
    database,
    demo,
    drawing,
    imports,
    jobs,
    location,
    people,
    plan_files,
    plan_life,
    planning,
    register,
    statistics,
    topics,
)
from gis.errors import GisError, with_hints

MOST_DEFECTS_SHOWN = 50


_BROUGHT = entry_points(group="community_grid.commands")


class Commands(click.Group):
    """The commands of this package and, loaded when asked for, those that other packages bring."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of all commands."""
        return sorted({*super().list_commands(ctx), *_BROUGHT.names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by name."""
        if cmd_name in _BROUGHT.names:
            return _BROUGHT[cmd_name].load()
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="community-grid")
def cli() -> None:
    """Divide communities into grids, locate households and incidents in them, count and map.

    社区网格化管理：划分网格、定位住户与事件、统计并制图。
    """


for command in (
    database.init_command,
    database.time_zone_command,
    database.database_group,
    data.import_group,
    imports.imports_group,
    planning.blocks_command,
    drawing.draw_command,
    plan_files.plan_group,
    plan_life.plan_group,
    location.geocode_command,
    statistics.hotspots_command,
    statistics.stats_command,
    jobs.jobs_group,
    register.register_group,
    topics.topics_group,
    people.user_group,
    demo.demo_command,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line and turn refusals into plain lines and exit status 1."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        cli(standalone_mode=False)
    except GisError as error:
        _show(error)
        sys.exit(1)
    except click.exceptions.Abort:
        click.echo("stopped; nothing half-done was kept", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)


def _show(error: GisError) -> None:
    click.echo(f"refused: {with_hints(error)}", err=True)
    for defect in error.defects[:MOST_DEFECTS_SHOWN]:
        click.echo(f"  {with_hints(defect)}", err=True)
    hidden = len(error.defects) - MOST_DEFECTS_SHOWN
    if hidden > 0:
        click.echo(f"  … and {hidden} more", err=True)
