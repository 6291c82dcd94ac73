"""Geocoding from the command line: stored records, or a file of addresses."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from gis.actions.access.work import Work
from gis.actions.location.coordinate_check import doubts_of_subject
from gis.actions.location.geocode import begin_run, locate_register, outcome_of, run_next_chunk
from gis.actions.location.misplacement import correct_subject, offers
from gis.actions.location.register import load_register
from gis.cli.address_columns import KNOWN, AddressColumns, find_address_columns
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, ready_engine, say, work_session
from gis.cli.geocode_file import geocode_file
from gis.cli.misplaced import tell_offer
from gis.cli.progress import Bar
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, Message, with_hints
from gis.exchange.whole import WholeTable, format_of, open_whole
from gis.store.location.locations import SUBJECTS
from gis.store.location.runs import lock_run


@click.command("geocode")
@click.argument("what", metavar="|".join([*SUBJECTS, "FILE"]))
@click.option("--everything", is_flag=True, help="Also what no change can have reached.")
@click.option(
    "--correct",
    metavar="CORRECTION|none",
    help="Read given coordinates as gcj02, bd09, …, where that is offered; none undoes it.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    help="Column of FILE that holds the address; several are joined in this order.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="For FILE.")
@click.option("--encoding", help="Of a CSV FILE, where it cannot be found out.")
@click.option("--worksheet", help="Of an XLSX FILE with several.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", help="Of the evidence.")
@reading
def geocode_command(
    what: str,
    everything: bool,
    correct: str | None,
    columns: tuple[str, ...],
    out: Path | None,
    encoding: str | None,
    worksheet: str | None,
    language: str,
    shown: Shown,
) -> None:
    """Locate stored records by address and coordinates, or the addresses of a CSV or XLSX.

    Both go on where they stopped when they were interrupted.
    """
    if correct is not None:
        answer(_correct_records(what, correct), shown)
        return
    if what in SUBJECTS:
        answer([_geocode_records(what, everything)], shown)
        _say_offers(what)
        return
    file = Path(what)
    if not file.is_file():
        raise InvalidInput(f"“{file}” is neither {', '.join(SUBJECTS)} nor a file that can be read")
    if out is None:
        raise click.UsageError("give --out FILE for the result")
    _geocode_file(file, columns, out, encoding, worksheet, language)


def _geocode_records(subject: str, everything: bool) -> dict:
    """Locate stored records, a stretch in each transaction."""
    engine = ready_engine()
    with transaction(engine) as session:
        locate_register(session, SYSTEM)
        register = load_register(session, now=now())
        run = begin_run(Work(session, SYSTEM, now()), subject, register, everything=everything)
        begun = lock_run(session, run)
        total, seen = begun.total, begun.seen
    if seen:
        say(f"going on with run {run} after {seen:,} of {total:,} {subject}")
    with Bar(f"geocode {subject}", 1) as bar:
        finished = False
        while not finished:
            with transaction(engine) as session:
                finished = run_next_chunk(Work(session, SYSTEM, now()), run, register)
                seen = lock_run(session, run).seen
            bar.move(0, seen / max(total, 1))
    with transaction(engine) as session:
        outcome = outcome_of(session, run)
    return {**vars(outcome), "by_level": _levels(outcome.by_level)}


def _correct_records(subject: str, correction: str) -> list[dict]:
    """Put a correction in force or take it away, and locate again what it is about."""
    with work_session() as session:
        outcomes = correct_subject(Work(session, SYSTEM, now()), subject, correction)
        return [{**vars(o), "by_level": _levels(o.by_level)} for o in outcomes]


def _say_offers(subject: str) -> None:
    """Say which imports of a subject seem to be wrong as a whole."""
    with work_session() as session:
        for offer in offers(session, SYSTEM):
            if offer.subject == subject and not offer.applied:
                say(f"warning: {tell_offer(offer)}")
        for file, doubt in doubts_of_subject(session, subject):
            say(f"warning: {file}: {with_hints(doubt)}")


def _levels(counts: dict[str, int]) -> str:
    return ", ".join(f"{level} {count:,}" for level, count in counts.items())


def _geocode_file(
    file: Path,
    columns: tuple[str, ...],
    out: Path,
    encoding: str | None,
    worksheet: str | None,
    language: str,
) -> None:
    format_of(out)
    if out.resolve() == file.resolve():
        raise InvalidInput(f"{file.name} would be overwritten; give another file after --out")
    with tempfile.TemporaryDirectory(prefix="community-grid-") as folder:
        table = open_whole(
            file,
            Path(folder),
            known=columns or KNOWN,
            encoding=encoding,
            worksheet=worksheet,
        )
        address = find_address_columns(table.columns, columns, table.name)
        _say_columns(table, address)
        for note in table.notes:
            say(f"{file.name}: {with_hints(note)}")
        with work_session() as session:
            register = load_register(session, now=now())
        done = geocode_file(table, address, register, out, language=language)
    if done.resumed_at:
        say(f"went on after row {done.resumed_at:,}")
    for name, instead in done.renamed.items():
        say(f"{file.name} has a column {name} already; the answer's is {instead}")
    counts = ", ".join(f"{n:,} {status}" for status, n in sorted(done.by_status.items()))
    written = Message("{n:,} rows written to {out}", n=done.n_rows, out=out)
    say(f"{written}; {counts or 'no rows'}")


def _say_columns(table: WholeTable, address: AddressColumns) -> None:
    """Say which columns the address is read from, and which others hold addresses too."""
    names = ", ".join(table.columns[at] for at in address.positions)
    joined = "joined from" if len(address.positions) > 1 else "taken from"
    say(f"{table.name}: the address is {joined} {names}")
    if address.left_out:
        others = ", ".join(address.left_out)
        say(f"{table.name}: not taken: {others}; name another with --column")
