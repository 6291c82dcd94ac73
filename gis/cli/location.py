"""Geocoding from the command line: stored records, or a file of addresses."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from gis.actions.geocode import geocode_subject, locate_register
from gis.actions.register import load_geocoder
from gis.address.evidence import explain
from gis.cli.context import answer, now, say, work_session
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput
from gis.exchange.writers import write_table
from gis.store.locations import SUBJECTS

ADDRESS_COLUMNS = ("address_text", "address", "text", "地址")


@click.command("geocode")
@click.argument("what", metavar="households|incidents|places|FILE.csv")
@click.option("--everything", is_flag=True, help="Also what was located before.")
@click.option("--column", help="Column of FILE.csv that holds the address.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="For FILE.csv.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def geocode_command(
    what: str, everything: bool, column: str | None, out: Path | None, as_json: bool
) -> None:
    """Locate stored records by address and coordinates, or the addresses of a CSV file."""
    if what not in SUBJECTS:
        _geocode_file(Path(what), column, out)
        return
    with work_session() as session:
        locate_register(session, SYSTEM)
        outcome = geocode_subject(session, SYSTEM, what, now=now(), everything=everything)
    answer([{**vars(outcome), "by_level": _levels(outcome.by_level)}], as_json=as_json)


def _levels(counts: dict[str, int]) -> str:
    return ", ".join(f"{level} {count:,}" for level, count in counts.items())


def _geocode_file(file: Path, column: str | None, out: Path | None) -> None:
    if not file.is_file():
        raise InvalidInput(f"“{file}” is neither {', '.join(SUBJECTS)} nor a file that can be read")
    if out is None:
        raise click.UsageError("give --out FILE for the result")
    table = pd.read_csv(file, dtype="string", keep_default_na=False)
    column = column or next((c for c in ADDRESS_COLUMNS if c in table.columns), None)
    if column not in table.columns:
        raise InvalidInput(
            f"{file.name} has no column {column or ' or '.join(ADDRESS_COLUMNS)};"
            f" it has {', '.join(table.columns)}; name one with --column"
        )
    with work_session() as session:
        found = load_geocoder(session).geocode(table[column])
    found["evidence"] = found["evidence"].map(lambda codes: explain(codes or "", "en"))
    result = pd.concat([table, found.set_index(table.index)], axis=1)
    write_table(out, result, format=out.suffix.lstrip(".") or "csv")
    say(
        f"{len(result):,} rows written to {out}; {(found['status'] == 'accepted').sum():,} accepted"
    )
