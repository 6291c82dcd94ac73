"""Answers of reading commands: a table that fits the terminal, or all of it for programs.

A table for people has few columns; `--wide` shows the rest. Codes are never broken over two lines:
what a narrow terminal has no room for is shown row by row, a line for each column.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from gis.exchange.writers import write_table

FORMS = ("table", "csv", "json")

PIPED_WIDTH = 240
"""Characters of a table that goes to a file or another program, so that no line is broken."""

IDENTIFIERS = frozenset(("block", "edition", "id", "pid", "plan", "postgresql", "row", "seed"))
"""Columns whose numbers name something; they are not grouped as amounts are."""

GAP = 2
"""Blanks between two columns."""

FOLDED = 16
"""Words longer than twice this (Chinese sentences have no blanks) may be folded to it."""


@dataclass(frozen=True)
class Shown:
    """How an answer is wanted: as ``table``, ``csv`` or ``json``, and with how many columns."""

    form: str = "table"
    wide: bool = False

    @property
    def is_table(self) -> bool:
        """Say whether a person reads it."""
        return self.form == "table"


def reading(command: Callable) -> Callable:
    """Add the options that say how an answer is wanted; the command gets them as `shown`."""

    @functools.wraps(command)
    def with_shown(*args: object, as_json: bool, form: str, wide: bool, **options: object):
        return command(*args, shown=Shown("json" if as_json else form, wide), **options)

    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON; as --format json."),
        click.option(
            "--format", "form", type=click.Choice(FORMS), default="table", show_default=True
        ),
        click.option("--wide", is_flag=True, help="Show all columns; csv and json always do."),
    ):
        with_shown = option(with_shown)
    return with_shown


def answer(
    rows: Sequence[dict],
    shown: Shown,
    *,
    brief: Sequence[str] = (),
    title: str | None = None,
) -> None:
    """Print rows on stdout.

    Parameters
    ----------
    rows
        The answer; all rows have the same names.
    shown
        How it is wanted.
    brief
        Names shown in a table that is not wide; all where none are given.
    title
        What stands above a table.
    """
    if shown.form == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False, default=str, indent=1))
    elif shown.form == "csv":
        plain = [{name: _joined(value) for name, value in row.items()} for row in rows]
        write_table(sys.stdout.buffer, pd.DataFrame(plain, dtype=object), format="csv")
    elif not rows:
        click.echo("nothing to show", err=True)
    else:
        names = list(rows[0]) if shown.wide or not brief else [n for n in brief if n in rows[0]]
        _print_table(rows, names, title)
        if hidden := len(rows[0]) - len(names):
            more = f"{hidden} more column{'s' * (hidden > 1)}"
            click.echo(f"{more}: --wide, or --format csv", err=True)


def _joined(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _print_table(rows: Sequence[dict], names: list[str], title: str | None) -> None:
    cells = [[cell_text(name, row[name]) for name in names] for row in rows]
    width = Console().width if sys.stdout.isatty() else PIPED_WIDTH
    columns = [[name, *(line[at] for line in cells)] for at, name in enumerate(names)]
    least = [_least_width(texts) for texts in columns]
    if sum(least) + GAP * len(names) > width:
        _print_records(names, cells, title)
        return
    table = Table(
        title=title,
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
    )
    for name, texts, needed in zip(names, columns, least, strict=True):
        table.add_column(
            name,
            justify="right" if all(_is_number(row[name]) for row in rows) else "left",
            overflow="fold",
            min_width=needed,
            no_wrap=max(map(cell_len, texts)) == needed,
        )
    for line in cells:
        table.add_row(*line)
    Console(width=width, highlight=False).print(table)


def _print_records(names: list[str], cells: list[list[str]], title: str | None) -> None:
    """Print a line for each column of each row."""
    if title:
        click.echo(title)
    margin = max(map(len, names))
    for number, line in enumerate(cells):
        if number:
            click.echo("")
        for name, value in zip(names, line, strict=True):
            click.echo(f"{name:<{margin}}  {value}")


def _least_width(texts: Sequence[str]) -> int:
    """Give the characters a column needs: its longest word, for texts are folded at blanks only."""
    longest = max(cell_len(word) for text in texts for word in text.split() or [""])
    return longest if longest <= 2 * FOLDED else FOLDED


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def cell_text(name: str, value: object) -> str:
    """Write a value as people read it.

    Examples
    --------
    >>> cell_text("households", 12345), cell_text("plan", 12345), cell_text("share", None)
    ('12,345', '12345', '–')
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    amount = isinstance(value, int) and not isinstance(value, bool)
    if amount and name not in IDENTIFIERS and not name.endswith("_id"):
        return f"{value:,}"
    return str(_joined(value))
