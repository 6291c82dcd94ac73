"""Importing: files and OpenStreetMap extracts into the database; a dry run unless --commit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.casework.topics import answering
from gis.actions.plan.import_blocks import import_blocks
from gis.actions.provenance.extract import import_extract
from gis.actions.provenance.imports import ImportOutcome, Source, import_records
from gis.actions.provenance.whereabouts import with_proposal
from gis.cli.context import now, ready_engine, say, work_session
from gis.cli.misplaced import tell_finding
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.kinds import KINDS
from gis.domain.topic import TopicAnswers, read_answers
from gis.errors import InvalidInput, Message, with_hints
from gis.exchange.columns import parse_mapping
from gis.exchange.osm import read_osm
from gis.exchange.records import ReadResult, read_records

FILE_KINDS = [name for name, kind in KINDS.items() if kind.from_files]
SHOWN = 30
ACCEPT_FAR = "Accept places outside the ground of their CRS or far from everything stored."
ACCEPT_REPAIRS = "Accept proposed repairs of shapes, and of overlaps and gaps of communities."
ACCEPT_SHIFT = "Accept a change of datum that is not exact (Xi'an 1980, Beijing 1954)."


@click.group("import")
def import_group() -> None:
    """Import data. Nothing is stored without --commit; defects are listed row by row."""


def _options(command):  # noqa: ANN001, ANN202
    for option in reversed(
        (
            click.option("--layer", help="Layer of a GeoPackage or zipped Shapefile."),
            click.option("--worksheet", help="Worksheet of an XLSX file."),
            click.option(
                "--map",
                "pairs",
                multiple=True,
                metavar="FIELD=COLUMN",
                help="Read a field from a column: number=ID; address_text=NO + STREET (joined); "
                "kind:=rail (constant); kind=CLASS{1:main_road,*:minor_road} (translated).",
            ),
            click.option("--crs", help="CRS of the file, e.g. EPSG:4545, when it states none."),
            click.option(
                "--datum",
                type=click.Choice(["wgs84", "gcj02", "bd09"]),
                default="wgs84",
                show_default=True,
                help="Datum of the coordinates.",
            ),
            click.option("--encoding", help="Text encoding, e.g. gb18030, when not detected."),
            click.option(
                "--code-prefix",
                help="9 digits (county and town) put before short community codes; new numbers of"
                " communities without codes begin with them.",
            ),
            click.option("--swap-axes", is_flag=True, help="Coordinates are given as lat, lon."),
            click.option("--accept-repairs", is_flag=True, help=ACCEPT_REPAIRS),
            click.option("--accept-far", is_flag=True, help=ACCEPT_FAR),
            click.option("--accept-shift", is_flag=True, help=ACCEPT_SHIFT),
            click.option(
                "--good-rows",
                "good_rows_only",
                is_flag=True,
                help="Store good rows although others have defects.",
            ),
            click.option(
                "--accept-moves",
                is_flag=True,
                help="Known references and numbers are the same things, wherever they lie now.",
            ),
            click.option("--attribution", help="Attribution line shown with the data."),
            click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
            click.option(
                "--commit", is_flag=True, help="Store; without it everything is a dry run."
            ),
        )
    ):
        command = option(command)
    return command


_NUMBERS = (
    click.option(
        "--number-communities",
        is_flag=True,
        help="Take the codes that are proposed for communities without.",
    ),
)
"""What a person answers about communities without codes."""

_ANSWERS = (
    click.option(
        "--topic",
        "translations",
        multiple=True,
        metavar="CATEGORY=TOPIC",
        help="A category of the file means this topic; remembered for later files.",
    ),
    click.option(
        "--new-topic",
        multiple=True,
        metavar="CODE=NAME",
        help="Add a topic named as a category of the file; CODE=中文/English gives both names.",
    ),
    click.option(
        "--sensitive/--not-sensitive",
        default=None,
        help="Whether the new topics are shown as counts only, small ones suppressed; yes as long"
        " as nobody has decided.",
    ),
)
"""What a person answers about categories that are no topics yet; incidents only."""


def _file_command(kind: str) -> click.Command:
    @click.command(kind, help=f"Import {kind} from GeoPackage, GeoJSON, Shapefile, CSV or XLSX.")
    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
    @_options
    def command(file: Path, **options: Any) -> None:
        rules = {name: options.pop(name) for name in ("good_rows_only", "accept_moves", "commit")}
        rules |= {name: options[name] for name in ("accept_far", "accept_repairs")}
        if kind == "communities":
            rules["number_communities"] = options.pop("number_communities")
            rules["code_prefix"] = options["code_prefix"]
        attribution, as_json = options.pop("attribution"), options.pop("as_json")
        answers = _answers(options)
        engine = ready_engine()
        read = _read(file, kind, options)
        source = Source(
            file.name,
            sha256=read.sha256,
            name=file.name if attribution else None,
            attribution=attribution or "",
            mapping=dict(read.columns),
            middle=read.middle,
            rounding=read.rounding,
        )
        with transaction(engine) as session:
            read = with_proposal(session, read)
            with answering(Work(session, SYSTEM, now()), answers, keep=rules["commit"]):
                outcome = _import(session, kind, read, source, rules)
        if as_json:
            click.echo(json.dumps([report_of(outcome)], ensure_ascii=False, indent=1))
        _report(outcome, read)

    for option in {"incidents": _ANSWERS, "communities": _NUMBERS}.get(kind, ()):
        command = option(command)
    return command


def _answers(options: dict) -> TopicAnswers:
    """Take the answers about categories out of the options of a command."""
    sensitive, new = options.pop("sensitive", None), options.pop("new_topic", ())
    if sensitive is not None and not new:
        raise click.UsageError("--sensitive and --not-sensitive are about a --new-topic")
    return read_answers(options.pop("translations", ()), new, sensitive=sensitive)


def _read(file: Path, kind: str, options: dict) -> ReadResult:
    pairs = options.pop("pairs")
    return read_records(file, kind, mapping=parse_mapping(pairs), today=now().date(), **options)


def _import(
    session: Session, kind: str, read: ReadResult, source: Source, rules: dict[str, Any]
) -> ImportOutcome:
    store = import_blocks if kind == "blocks" else import_records
    return store(
        Work(session, SYSTEM, now()),
        kind,
        read.frame,
        source=source,
        defects=tuple(read.defects),
        rows_read=read.n_rows,
        **rules,
    )


def _report(outcome: ImportOutcome, read: ReadResult | None = None) -> None:
    """Say what was read and stored; a refusal exits 1 with its defects."""
    for note in (read.notes if read else ())[:SHOWN]:
        say(f"note: {with_hints(note)}")
    words = {
        "committed": f"stored {_counted(outcome.rows_stored, outcome.kind)}",
        "dry_run": f"dry run: {_counted(outcome.rows_good, outcome.kind)} could be stored;"
        " add --commit",
        "unchanged": f"all {outcome.kind} are stored so already; nothing changed",
        "refused": Message("nothing stored: {n:,} defects; mend them", n=len(outcome.defects))
        + ", or --good-rows",
    }
    say(f"read {_counted(outcome.rows_read, 'rows')}; {words[outcome.state]}")
    if outcome.state != "refused":
        _say_tally(outcome)
    _say_where(outcome)
    if outcome.misplacement is not None:
        is_stored = outcome.state == "committed"
        found = tell_finding(outcome.misplacement, outcome.kind, is_stored=is_stored)
        say(f"warning: {found}")
    for doubt in outcome.doubts:
        say(f"warning: {with_hints(doubt)}")
    if outcome.defects and outcome.state in ("refused", "dry_run"):
        raise InvalidInput(
            "{n:,} defects in {kind}",
            outcome.defects,
            n=len(outcome.defects),
            kind=outcome.kind,
        )
    for defect in outcome.defects[:SHOWN]:
        say(f"left out: {with_hints(defect)}")


def _counted(number: int, plural: str) -> str:
    """Write a count of the summary line, in one form whatever the number: programs read it."""
    return f"{number:,} {plural}"


def report_of(outcome: ImportOutcome) -> dict:
    """Give what an import did, or would do, as the plain values of a report."""
    plain = ["kind", "state", "rows_read", "rows_good", "rows_stored", "rows_outside"]
    plain += ["waiting", "settled"]
    return {
        **{name: getattr(outcome, name) for name in plain},
        **{f"rows_{name}": value for name, value in vars(outcome.tally).items()},
        "blocks_out_of_date": list(outcome.stale),
        "notes": [with_hints(said) for said in outcome.doubts],
        "defects": [
            {"row": d.row, "field": d.field, "rule": d.code, "message": with_hints(d.message)}
            for d in outcome.defects
        ],
    }


def _say_tally(outcome: ImportOutcome) -> None:
    """Say how the rows compare with what is stored, and what follows."""
    tally = outcome.tally
    say(f"{tally.new:,} new, {tally.changed:,} changed, {tally.unchanged:,} unchanged")
    if tally.repeated:
        said = "{n:,} rows repeat another row in everything; stored once"
        say(f"note: {Message(said, n=tally.repeated)}")
    if tally.missing and outcome.kind == "blocks":
        said = "{n:,} blocks in use are not in this file and go out of use"
        say(f"note: {Message(said, n=tally.missing)}")
    elif tally.missing:
        named = ", ".join(tally.missing_names)
        more = ", …" if tally.missing > len(tally.missing_names) else ""
        template = "{n:,} stored " + outcome.kind
        template += " of the same deliveries are not in this file and stay"
        said = Message(template, n=tally.missing)
        say(f"note: {said}{f': {named}{more}' if named else ''}")
    if outcome.stale:
        say(f"note: the ground of {', '.join(outcome.stale)} changes; run `blocks` there")


def _say_where(outcome: ImportOutcome) -> None:
    """Say which rows wait for what, and what stored rows belong to now, or would."""
    if outcome.rows_outside:
        few = "reach into" if outcome.kind == "barriers" else "lie in"
        template = "{n:,} of {good:,} " + outcome.kind
        template += f" {few} no community until its outline is imported"
        said = Message(template, n=outcome.rows_outside, good=outcome.rows_good)
        say(f"note: {said}")
    if early := outcome.waiting.get("household"):
        template = (
            "{n:,} of {good:,} residents are of households that are not there, and wait, seen by"
            " nobody, until households with these numbers are imported"
        )
        say(f"note: {Message(template, n=early, good=outcome.rows_good)}")
    for kind, n in outcome.settled.items():
        if n:
            template = f"{{n:,}} stored {kind} {_adopted(outcome, kind)}"
            say(f"note: {Message(template, n=n)}")


def _adopted(outcome: ImportOutcome, kind: str) -> str:
    """Word what an import does, or would do, to stored rows of a kind."""
    would = outcome.state == "dry_run"
    if KINDS[kind].belongs_to:
        return "would join their households" if would else "joined their households"
    if kind == "blocks":
        waited = "that waited for these outlines"
        return f"{waited} would be put in use" if would else f"{waited} are in use"
    return f"{'would belong' if would else 'belong'} to another community with these outlines"


for _kind in FILE_KINDS:
    import_group.add_command(_file_command(_kind))


@import_group.command("osm")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--admin-level", type=int, help="Administrative level that holds the communities.")
@click.option(
    "--code-prefix",
    default="990001",
    show_default=True,
    help="6 or 9 digits for places without Chinese division codes.",
)
@click.option("--accept-repairs", is_flag=True, help=ACCEPT_REPAIRS)
@click.option("--accept-far", is_flag=True, help=ACCEPT_FAR)
@click.option("--commit", is_flag=True, help="Store; without it everything is a dry run.")
def osm_command(
    file: Path, admin_level: int | None, code_prefix: str, commit: bool, **accepted: bool
) -> None:
    """Import communities, barriers, land cover, buildings and addresses of an OSM extract."""
    osm = read_osm(file, admin_level=admin_level, code_prefix=code_prefix)
    with work_session() as session:
        work = Work(session, SYSTEM, now())
        for outcome in import_extract(work, osm, file.name, commit=commit, **accepted):
            _report(outcome)
    for note in osm.notes:
        say(f"note: {with_hints(note)}")
