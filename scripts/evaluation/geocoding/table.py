"""The one table: a row for each case and method, on the screen as it grows, and as a file."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What one method made of one case; None where a figure has no meaning.

    Parameters
    ----------
    case, method
        What was answered, and by what.
    rows
        Texts (or points) asked.
    house, interpolated, estate, crossing, street, place
        Percent of the rows answered at that level: ``house`` is room, unit, building or number,
        ``place`` community or town.
    accepted, review, none
        Percent of the rows by status.
    right, wrong
        Percent of the rows accepted and right, accepted and wrong.
    right_in_review
        Percent of the rows in review with the right one among the first three candidates.
    median_m, p95_m, over_300
        Distance of accepted answers from the recorded point, and percent of them beyond 300 m.
    questions
        Questions for each 1,000 rows (`scripts.evaluation.geocoding.questions`).
    rows_s, cpu_s
        Rows a second by the clock, and seconds of the processor.
    note
        What else must be known to read the row.
    detail
        Whether the row is a part of another one, shown only when details are asked for.
    """

    case: str
    method: str
    rows: int
    house: float | None = None
    interpolated: float | None = None
    estate: float | None = None
    crossing: float | None = None
    street: float | None = None
    place: float | None = None
    accepted: float | None = None
    review: float | None = None
    none: float | None = None
    right: float | None = None
    wrong: float | None = None
    right_in_review: float | None = None
    median_m: float | None = None
    p95_m: float | None = None
    over_300: float | None = None
    questions: float | None = None
    rows_s: float | None = None
    cpu_s: float | None = None
    note: str = ""
    detail: bool = False


COLUMNS = {
    "case": ("case", "{:<22}", "{:<22}"),
    "method": ("method", "{:<26}", "{:<26}"),
    "rows": ("rows", "{:>7}", "{:>7d}"),
    "house": ("house", "{:>6}", "{:>6.1f}"),
    "interpolated": ("interp", "{:>6}", "{:>6.1f}"),
    "estate": ("estate", "{:>6}", "{:>6.1f}"),
    "crossing": ("cross", "{:>6}", "{:>6.1f}"),
    "street": ("street", "{:>6}", "{:>6.1f}"),
    "place": ("place", "{:>6}", "{:>6.1f}"),
    "accepted": ("accept", "{:>6}", "{:>6.1f}"),
    "review": ("review", "{:>6}", "{:>6.1f}"),
    "none": ("none", "{:>6}", "{:>6.1f}"),
    "right": ("right", "{:>6}", "{:>6.1f}"),
    "wrong": ("wrong", "{:>7}", "{:>7.3f}"),
    "right_in_review": ("in rev", "{:>6}", "{:>6.1f}"),
    "median_m": ("med m", "{:>6}", "{:>6.1f}"),
    "p95_m": ("p95 m", "{:>6}", "{:>6.0f}"),
    "over_300": (">300 m", "{:>6}", "{:>6.2f}"),
    "questions": ("asked", "{:>6}", "{:>6.1f}"),
    "rows_s": ("rows/s", "{:>10}", "{:>10,.0f}"),
    "cpu_s": ("cpu s", "{:>7}", "{:>7.2f}"),
    "note": ("note", "{}", "{}"),
}
"""Heading, and how an absent and a present value are set."""

LEGEND = """\
asked: questions for each 1,000 rows, distinct texts in review or not found, or accepted coarsely
though they name a house;
house: room, unit, building or number; place: community or town; all shares in % of the rows, but
>300 m in % of the accepted rows; right, wrong: accepted and right, accepted and wrong; in rev: in
review with the right one among the first three candidates; med, p95: of accepted answers from the
recorded point; rows/s by the clock, building of indexes left out; cpu s: of the processor."""


def format_row(row: Row) -> str:
    """Set one row in columns."""
    cells = []
    for name, (_, empty, full) in COLUMNS.items():
        value = getattr(row, name)
        cells.append(empty.format("-") if value is None else full.format(value))
    return "  ".join(cells).rstrip()


def format_heading() -> str:
    """Set the headings in columns."""
    return "  ".join(empty.format(title) for title, empty, _ in COLUMNS.values()).rstrip()


@dataclass
class Table:
    """Rows in the order they come; printed at once, so that a long run shows how far it is."""

    quiet: bool = False
    details: bool = False
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Take a row in and print it."""
        if not self.rows and not self.quiet:
            print(format_heading(), flush=True)
        self.rows.append(row)
        if not self.quiet and (self.details or not row.detail):
            print(format_row(row), flush=True)

    def write_csv(self, path: Path) -> None:
        """Write all rows as a table of plain values."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=[*COLUMNS, "detail"])
            writer.writeheader()
            writer.writerows(asdict(row) for row in self.rows)
