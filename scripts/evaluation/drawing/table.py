"""The one table: on the screen as it grows, and as a file."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts.evaluation.drawing.judge import Row

COLUMNS = {
    "case": ("case", "{:<34}", "{:<34}"),
    "method": ("method", "{:<30}", "{:<30}"),
    "grids": ("grids", "{:>5}", "{:>5d}"),
    "max_dev": ("max dev %", "{:>9}", "{:>9.1f}"),
    "mean_dev": ("mean dev %", "{:>10}", "{:>10.2f}"),
    "in_band": ("in band %", "{:>9}", "{:>9.1f}"),
    "border_km": ("border km", "{:>9}", "{:>9.2f}"),
    "cost": ("cost", "{:>9}", "{:>9.0f}"),
    "gap": ("gap %", "{:>7}", "{:>7.2f}"),
    "pp_mean": ("PP mean", "{:>7}", "{:>7.3f}"),
    "pp_min": ("PP min", "{:>6}", "{:>6.3f}"),
    "along": ("along %", "{:>7}", "{:>7.1f}"),
    "straddle": ("straddle", "{:>8}", "{:>8d}"),
    "first_s": ("first s", "{:>8}", "{:>8.2f}"),
    "final_s": ("final s", "{:>8}", "{:>8.2f}"),
    "cpu_s": ("cpu s", "{:>8}", "{:>8.2f}"),
    "verdict": ("verdict", "{:<24}", "{:<24}"),
    "note": ("note", "{}", "{}"),
}
"""Heading, and how an absent and a present value are set."""

LEGEND = """\
dev: deviation of a grid from the mean; in band: share of the weight in grids inside the band;
cost: border metres times the factor of what they follow (planted: drawn costs; small: cut edges);
gap: cost above the planted one or the proven bound; PP: Polsby-Popper; along: share of the
internal border within 3 m of a barrier; straddle: grids that a river, railway or motorway runs
through; verdict: by the independent checker on the polygons;
first s: seconds to the first valid division; final s: seconds in all; cpu s: of the processor."""


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
