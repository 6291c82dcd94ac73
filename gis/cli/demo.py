"""The whole way on a bundled town: import, blocks, geocode, draw, publish, count, map, serve."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
import pandas as pd
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gis.actions.access import accounts
from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.actions.location.register import load_register
from gis.actions.plan.workers import assign_worker
from gis.actions.provenance.extract import import_extract
from gis.actions.provenance.frame_digest import frame_digest
from gis.actions.provenance.imports import Source, import_records
from gis.cli.bundled import bundled_file
from gis.cli.context import installation_of, now, prepare_database, say
from gis.cli.drawing import check_plans_of, draw_plans_of
from gis.cli.planning import build_blocks_of, publish_drafts
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.password import demo_password
from gis.errors import InvalidInput
from gis.exchange.osm import read_osm
from gis.exchange.writers import write_geopackage
from gis.settings import Settings, read_settings
from gis.store.access.users import find_account
from gis.store.area import divisions
from gis.store.location.locations import SUBJECTS, count_undecided
from gis.store.plan import plan_export
from gis.store.statistics.town_report import town_report
from gis.synthetic.guzhou import make_guzhou
from gis.synthetic.liechtenstein import make_liechtenstein
from gis.synthetic.town import Town

OSM_FILE = "liechtenstein/liechtenstein-2013-08-03.osm.pbf"
OSM_PREFIX = "990001"
DEMO_EFFORT = 0.2
"""Share of the usual search: a demonstration should not keep anyone waiting."""

TIME_ZONES = {"liechtenstein": "Europe/Zurich", "guzhou": "Asia/Shanghai"}
"""A demonstration is told in the time of its town, whatever the settings say."""

DEMO_ROLES = ("planner", "official", "community_manager", "worker", "administrator", "auditor")

Done = TypeVar("Done")


class Steps:
    """Tells what is being done and keeps how long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def run(self, name: str, work: Callable[[], Done]) -> Done:
        """Do one step, saying so."""
        say(f"• {name}")
        begun = time.perf_counter()
        result = work()
        self.seconds[name] = round(time.perf_counter() - begun, 2)
        return result


@click.command("demo")
@click.option(
    "--town",
    type=click.Choice(["liechtenstein", "guzhou"]),
    default="liechtenstein",
    show_default=True,
)
@click.option("--serve/--no-serve", default=True, help="Serve the pages at the end.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Default: out/TOWN.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_context
def demo_command(
    context: click.Context, town: str, serve: bool, out: Path | None, host: str, port: int
) -> None:
    """Run the whole job on a bundled town and serve it. A second run changes nothing."""
    out = out or Path("out") / town
    settings = replace(read_settings(), time_zone=TIME_ZONES[town])
    if not settings.database_url:
        settings = replace(settings, database_name=f"demo_{town}")
    cluster = installation_of(settings).cluster
    started = cluster is not None and cluster.status().state != "running"
    steps = Steps()
    engine = steps.run("database", lambda: prepare_database(settings))
    _refuse_other_town(engine, town)
    run_pipeline(engine, town, steps)
    out.mkdir(parents=True, exist_ok=True)
    steps.run("write grids.gpkg", lambda: _write_grids(engine, out / "grids.gpkg"))
    _report(engine, town, steps, out)
    _hand_over(settings.database_name)
    context.invoke(_map_command(context), out=out / "map.html")
    _finish(out)
    if not serve:
        say(f"serve the pages with: {_how_to_serve(settings)}")
        return
    engine.dispose()
    if cluster is not None and started:
        cluster.stop()  # the server starts it again, and stops it when it is stopped
    _serve_instead(host, port)


def _map_command(context: click.Context) -> click.Command:
    """Find the command that draws a map; it lives with the pages."""
    group = context.find_root().command
    found = group.get_command(context, "map") if isinstance(group, click.Group) else None
    if found is None:
        raise LookupError("the command line has no command “map”: the pages are not installed")
    return found


def _hand_over(database: str) -> None:
    """Let the commands that follow use the demo's database."""
    os.environ.pop("COMMUNITY_GRID_TIME_ZONE", None)
    if not os.environ.get("DATABASE_URL"):
        os.environ["COMMUNITY_GRID_DATABASE"] = database


def _how_to_serve(settings: Settings) -> str:
    """Give the command that serves this database, as it is typed in a shell here."""
    program = Path(sys.argv[0])
    if program.stem == "__main__":
        command = f"{Path(sys.executable).name} -m gis serve"
    else:
        here = Path.cwd()
        shown = program.relative_to(here) if program.is_relative_to(here) else program
        command = f"{shown} serve"
    name = "" if settings.database_url else f"COMMUNITY_GRID_DATABASE={settings.database_name} "
    return name + command


def _serve_instead(host: str, port: int) -> None:
    """Become the command that serves: a new program, as it is when a person starts it alone.

    Nothing of the work before (helper processes, open connections) is left for the processes
    that serve pages to inherit.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "gis", "serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, command)


def _refuse_other_town(engine: Engine, town: str) -> None:
    """Keep a demo out of a database that holds something else."""
    prefix = OSM_PREFIX if town == "liechtenstein" else "522632"
    with transaction(engine) as session:
        others = [
            c for c in divisions.communities(session, SYSTEM) if not c.code.startswith(prefix)
        ]
    if others:
        raise InvalidInput(
            f"this database holds other communities ({others[0].name}, …); "
            "give the demo an empty database"
        )


def run_pipeline(engine: Engine, town: str, steps: Steps) -> None:
    """Import, build, locate, draw, publish and staff a town; what is done already is left."""
    steps.run("import", lambda: _import_town(engine, town))
    with transaction(engine) as session:
        communities = divisions.communities(session, SYSTEM)
        live = plan_export.live_plan_ids(session)
    steps.run("blocks", lambda: build_blocks_of(engine, communities))
    steps.run("geocode", lambda: _geocode(engine))
    if not live:
        drawn = steps.run(
            "draw",
            lambda: draw_plans_of(engine, communities, effort=DEMO_EFFORT, notes_in="report.json"),
        )
        steps.run("publish", lambda: publish_drafts(engine, [r["plan"] for r in drawn]))
    steps.run("accounts", lambda: _staff(engine, communities))


def _import_town(engine: Engine, town: str) -> None:
    with transaction(engine) as session:
        if town == "liechtenstein":
            _import_liechtenstein(session)
        else:
            _import_frames(session, _guzhou(), attribution="china-division 2.7.0 (MIT / WTFPL)")


def _import_liechtenstein(session: Session) -> None:
    path = bundled_file(OSM_FILE)
    osm = read_osm(path, code_prefix=OSM_PREFIX)
    import_extract(Work(session, SYSTEM, now()), osm, path.name, commit=True)
    town = make_liechtenstein(
        osm.communities, buildings=osm.buildings, barriers=osm.streets, addresses=osm.addresses
    )
    _import_frames(session, town, attribution=osm.attribution)


def _guzhou() -> Town:
    def codes(name: str) -> pd.DataFrame:
        return pd.read_csv(bundled_file(f"china_codes/{name}.csv"), dtype=str)

    return make_guzhou(
        codes("rongjiang_522632_villages"),
        towns=codes("streets_guizhou_9digit"),
        counties=codes("areas"),
    )


def _import_frames(session: Session, town: Town, *, attribution: str) -> None:
    """Import every frame of a town, each under the town's own notices."""
    notices = [n for n in town.notices if n.code != "attribution"]
    for kind, frame in town.frames().items():
        source = Source(
            f"{town.name} (synthetic)",
            sha256=frame_digest(frame),
            name=f"{town.name} (synthetic)",
            attribution=attribution,
            notice_zh=" ".join(n.zh for n in notices),
            notice_en=" ".join(n.en for n in notices),
            synthetic=True,
        )
        outcome = import_records(
            Work(session, SYSTEM, now()), kind, frame, source=source, commit=True
        )
        if outcome.state == "refused":
            raise InvalidInput(f"{town.name}: {kind} cannot be imported", outcome.defects)


def _geocode(engine: Engine) -> None:
    with transaction(engine) as session:
        locate_register(session, SYSTEM)
        register = load_register(session, now=now())
        for subject in filter(partial(count_undecided, session), SUBJECTS):
            outcome = geocode_subject(Work(session, SYSTEM, now()), subject, register=register)
            say(
                f"  {subject}: {outcome.total:,} looked at, {outcome.accepted:,} accepted,"
                f" {outcome.review:,} in review, {outcome.unmatched:,} unmatched"
            )


def _staff(engine: Engine, communities: list[divisions.Community]) -> None:
    """Make an account of each role, and a worker for every grid; only the roles can sign in."""
    counties = sorted({c.code[:6] + "000000" for c in communities})
    with transaction(engine) as session:
        if find_account(session, "planner"):
            return
        made = {}
        for login in DEMO_ROLES:
            name = login.replace("_", " ").title()
            made[login] = _account(session, login, name, login, counties)
            accounts.set_demo_password(session, login=login)
        grids = plan_export.live_grid_codes(session)
        for number, code in enumerate(grids):
            worker = made["worker"]
            if number:
                worker = _account(
                    session,
                    f"worker{code[9:]}",
                    f"Worker {code[9:12]}-{code[12:]}",
                    "worker",
                    [code[:12]],
                )
            assign_worker(Work(session, SYSTEM, now()), code, worker, valid_from=now().date())


def _account(
    session: Session,
    login: str,
    name: str,
    role: str,
    areas: list[str],
) -> int:
    return accounts.create_user(
        Work(session, SYSTEM, now()),
        login=login,
        name=name,
        password=None,
        roles=[role],
        area_codes=areas,
    )


def _write_grids(engine: Engine, path: Path) -> None:
    with transaction(engine) as session:
        layers = plan_export.plan_layers(session, SYSTEM, plan_export.live_plan_ids(session))
    write_geopackage(path, layers)


def _report(engine: Engine, town: str, steps: Steps, out: Path) -> None:
    """Write what was made and how well, with the seconds of each step."""
    with transaction(engine) as session:
        report = {
            "town": town,
            "synthetic": True,
            "seconds": steps.seconds,
            **town_report(session, SYSTEM),
        }
        communities = divisions.communities(session, SYSTEM)
    report["notes"] = check_plans_of(engine, communities)
    text = json.dumps(report, ensure_ascii=False, indent=1, default=str)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")


def _finish(out: Path) -> None:
    say("")
    say(f"results: {out}/grids.gpkg, {out}/map.html, {out}/report.json")
    say("demo accounts (login / password):")
    for login in DEMO_ROLES:
        say(f"  {login:<18} {demo_password(login)}")
