"""The command line: help, exit status, one line per defect, JSON that parses, and the whole way."""

import json

import click
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.cli.main import cli
from gis.database.engine import open_engine
from gis.store import tables as t
from tests.drawn_town import (
    CODES,
    NAMES,
    addresses,
    barriers,
    buildings,
    communities,
    frame,
    household_rows,
    rectangle,
)


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """List every command and group by its words."""
    found = [path]
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append((*path, name))
    return found


def count(url: str, model) -> int:
    engine = open_engine(url)
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(model))
    engine.dispose()
    return number


def write(frame: gpd.GeoDataFrame, path) -> str:
    frame.dropna(axis=1, how="all").to_file(path, driver="GeoJSON")
    return str(path)


@pytest.fixture
def outlines(tmp_path) -> str:
    return write(communities(), tmp_path / "communities.geojson")


# Help and exit status


@pytest.mark.parametrize("words", commands(), ids=lambda words: " ".join(words) or "all")
def test_every_command_explains_itself(run, words):
    answer = run(*words, "--help")
    assert answer.status == 0 and answer.out.startswith("Usage: ")
    explained = answer.out.split("Options:")[0].split("\n\n")[1:]
    assert len(" ".join(explained).strip()) > 14, "says in words what it does"


def test_the_commands_of_the_design_are_there():
    top = {words[0] for words in commands() if words}
    assert top >= {"init", "db", "import", "blocks", "draw", "plan", "geocode", "stats"}
    assert top >= {"map", "user", "serve", "demo"}
    plan = {words[1] for words in commands() if words[:1] == ("plan",) and len(words) > 1}
    assert plan >= {"list", "show", "compare", "export", "submit", "approve", "publish", "retire"}


@pytest.mark.parametrize(
    "words",
    [
        ("dance",),
        ("blocks",),
        ("blocks", "--all", "--community", "1"),
        ("draw", "--all", "--min", "0"),
        ("plan", "show", "first"),
        ("import", "households", "/nowhere/h.csv"),
        ("stats", "--by", "moon", "--period", "2025"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(run, database, words):
    answer = run(*words)
    assert answer.status == 2 and "Error: " in answer.err and answer.out == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("blocks", "--all"), "import communities"),
        (("draw", "--community", "522632100001"), "522632100001"),
        (("plan", "show", "7"), "plan"),
        (("plan", "submit", "7"), "plan"),
        (("geocode", "dragons"), "dragons"),
        (("stats", "--period", "2025-13"), "2025-13"),
        (("stats", "--period", "2025", "--topic", "dragons"), "dragons"),
        (("user", "disable", "nobody"), "nobody"),
        (("db", "start"), "DATABASE_URL"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_refusal_exits_with_1_and_one_clear_line(run, database, words, says):
    answer = run(*words)
    assert answer.status == 1 and answer.out == ""
    (line,) = answer.err.strip().splitlines()
    assert line.startswith("refused: ") and says in line


def test_a_database_that_was_never_made_is_refused_with_the_command_to_run(
    run, empty_database, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", empty_database)
    answer = run("plan", "list")
    assert answer.status == 1 and "community-grid init" in answer.err
    assert run("init").status == 0 and run("plan", "list").status == 0


def test_a_server_that_is_not_there_is_refused(run, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    answer = run("plan", "list")
    assert answer.status == 1 and answer.err.startswith("refused: ")


# Importing


def test_a_dry_run_stores_nothing_and_commit_does(run, database, outlines):
    dry = run("import", "communities", outlines)
    assert dry.status == 0 and "dry run: 2 communities could be stored" in dry.err
    assert count(database, t.DivisionUnit) == 0
    done = run("import", "communities", outlines, "--commit")
    assert done.status == 0 and "stored 2 communities" in done.err
    assert count(database, t.DivisionUnit) == 4
    again = run("import", "communities", outlines, "--commit")
    assert again.status == 0 and "nothing changed" in again.err


def test_a_file_that_comes_again_is_counted_row_by_row(run, database, outlines, tmp_path):
    assert run("import", "communities", outlines, "--commit").status == 0
    file = write(buildings(), tmp_path / "b.geojson")
    assert "72 new, 0 changed, 0 unchanged" in run("import", "buildings", file, "--commit").err
    records = buildings().iloc[1:]
    records.loc[2, "levels"] = 8
    file = write(records, tmp_path / "b2.geojson")
    dry = run("import", "buildings", file, "--json")
    assert "0 new, 1 changed, 70 unchanged" in dry.err and "b000" in dry.err
    (report,) = json.loads(dry.out)
    assert (report["rows_new"], report["rows_changed"], report["rows_unchanged"]) == (0, 1, 70)
    assert (report["rows_missing"], report["rows_missing_names"]) == (1, ["b000"])
    assert (report["state"], report["rows_outside"], report["defects"]) == ("dry_run", 0, [])
    done = run("import", "buildings", file, "--commit")
    assert "stored 1 buildings" in done.err and count(database, t.Building) == 72


def test_buildings_before_their_communities_are_in_the_blocks_all_the_same(
    run, database, outlines, tmp_path
):
    file = write(buildings(), tmp_path / "b.geojson")
    first = run("import", "buildings", file, "--commit")
    assert "72 of 72 buildings lie in no community" in first.err
    done = run("import", "communities", outlines, "--commit")
    assert "72 stored buildings belong to another community" in done.err
    blocks = run("blocks", "--all", "--json")
    assert [row["buildings"] for row in json.loads(blocks.out)] == [36, 36]
    moved = run("import", "buildings", write(buildings().assign(geometry=list(
        buildings().geometry.translate(0.00005))), tmp_path / "m.geojson"))  # fmt: skip
    assert f"the ground of {CODES[0]}, {CODES[1]} changes; run `blocks` there" in moved.err


def test_blocks_warn_of_a_community_without_buildings(run, database, outlines):
    run("import", "communities", outlines, "--commit")
    assert f"no building lies in {CODES[0]}" in run("blocks", "--community", CODES[0]).err


def test_blocks_tell_which_buildings_were_kept_whole_over_a_road(run, database, outlines, tmp_path):
    houses = buildings()
    at_home = houses.geometry.iloc[0]
    west, south, east, north = at_home.bounds
    middle = (west + east) / 2
    road = frame("barriers", [{"kind": "minor_road"}], [
        shapely.LineString([(middle, south - 0.0001), (middle, north + 0.0001)])
    ])  # fmt: skip
    run("import", "communities", outlines, "--commit")
    run("import", "buildings", write(houses, tmp_path / "b.geojson"), "--commit")
    run("import", "barriers", write(road, tmp_path / "r.geojson"), "--commit")
    built = run("blocks", "--all", "--json")
    assert "note: 1 building lies across a road" in built.err
    assert f"kept whole: {houses['reference'].iloc[0]}\n" in built.err
    first, second = json.loads(built.out)
    assert (first["buildings_across"], second["buildings_across"]) == (1, 0)
    assert first["buildings_across_first"] == houses["reference"].iloc[0]
    assert first["buildings_cut"] == 0 and "kept_whole" not in first


def test_communities_without_codes_are_offered_numbers_and_taken_by_an_option(
    run, database, tmp_path
):
    file = write(communities().assign(code=None), tmp_path / "c.geojson")
    options = ("--code-prefix", CODES[0][:9])
    asked = run("import", "communities", file, *options)
    assert asked.status == 1 and "accept the proposed codes (--number-communities)" in asked.err
    done = run("import", "communities", file, *options, "--number-communities", "--commit")
    assert done.status == 0 and f"{NAMES[0]} had no code and gets {CODES[0][:9]}001" in done.err
    again = run("import", "communities", file, "--json")
    assert json.loads(again.out)[0]["rows_unchanged"] == 2


def test_defects_are_listed_one_a_line_with_file_row_and_field(run, database, tmp_path):
    file = tmp_path / "households.csv"
    file.write_text("户号,人数,地址\nH1,three,榕江大道1号\n,2,榕江大道2号\nH3,2,古州路3号\n")
    for commit in ((), ("--commit",)):
        answer = run("import", "households", file, *commit)
        assert answer.status == 1 and answer.out == ""
        lines = [x for x in answer.err.splitlines() if x.startswith("  households.csv, row ")]
        assert len(lines) == 2
        assert lines[0].startswith("  households.csv, row 1, people: ")
        assert lines[1].startswith("  households.csv, row 2, number: ")
    assert count(database, t.Household) == 0
    good = run("import", "households", file, "--commit", "--good-rows")
    assert good.status == 0 and "stored 1 households" in good.err
    assert good.err.count("left out: ") == 2


def test_communities_that_overlap_are_named(run, database, tmp_path):
    frame = communities()
    frame.loc[2, "geometry"] = rectangle(0.005, 0, 0.012, 0.004)
    answer = run("import", "communities", write(frame, tmp_path / "c.geojson"), "--commit")
    assert answer.status == 1 and f"{NAMES[1]} overlaps {NAMES[0]}" in answer.err


# The whole way


@pytest.fixture
def located(run, database, outlines, tmp_path):
    """Give the database of the drawn town with blocks, a plan drawn for it, and people located."""
    files = {
        "barriers": write(barriers(), tmp_path / "barriers.geojson"),
        "buildings": write(buildings(), tmp_path / "buildings.geojson"),
        "addresses": write(addresses(), tmp_path / "addresses.geojson"),
        "communities": outlines,
    }
    people = tmp_path / "households.csv"
    pd.DataFrame(household_rows()).to_csv(people, index=False)
    files["households"] = str(people)
    for kind in ("communities", "barriers", "buildings", "addresses", "households"):
        answer = run("import", kind, files[kind], "--commit")
        assert answer.status == 0, answer.err
    built = run("blocks", "--community", CODES[0], "--json")
    assert built.status == 0, built.err
    (report,) = json.loads(built.out)
    assert report["blocks"] == 36 and report["is_valid"]
    found = run("geocode", "households", "--json")
    assert json.loads(found.out)[0]["accepted"] == 360
    return database


def test_from_files_to_a_plan_in_force_and_its_export(run, located, tmp_path):
    again = run("blocks", "--community", CODES[0], "--json")
    assert json.loads(again.out) == [] and "up to date" in again.err
    drawn = run("draw", "--community", CODES[0], "--json")
    (plan,) = json.loads(drawn.out)
    assert (plan["households"], plan["share_in_band"]) == (180, 1.0)
    number = plan["plan"]
    early = run("plan", "publish", number)
    assert early.status == 1 and "cannot publish a plan that is draft" in early.err
    for step in ("submit", "approve", "publish"):
        assert run("plan", step, number).status == 0
    (listed,) = json.loads(run("plan", "list", "--json").out)
    assert (listed["plan"], listed["state"], listed["households"]) == (number, "published", 180)
    assert listed["share_in_band"] == 1.0 and listed["community"] == CODES[0]
    grids = json.loads(run("plan", "show", number, "--json").out)
    assert [g["code"] for g in grids] == [f"{CODES[0]}{n + 1:03d}" for n in range(len(grids))]
    assert sum(g["households"] for g in grids) == 180
    out = tmp_path / "plan.gpkg"
    assert run("plan", "export", number, "--out", out).status == 0
    assert len(gpd.read_file(out, layer="grids")) == len(grids)
    assert gpd.read_file(out, layer="blocks")["households"].sum() == 180


def test_the_tables_for_people_show_the_same(run, located):
    assert run("draw", "--community", CODES[0]).status == 0
    shown = run("plan", "list")
    assert CODES[0] in shown.out and "draft" in shown.out


def test_a_file_of_addresses_is_located_row_by_row(run, located, tmp_path):
    file, out = tmp_path / "texts.csv", tmp_path / "found.csv"
    texts = [f"{NAMES[0]}滨江路3号", "长安街1024号", ""]
    pd.DataFrame({"id": [7, 8, 9], "地址": texts}).to_csv(file, index=False)
    assert run("geocode", file).status == 2
    answer = run("geocode", file, "--out", out)
    assert answer.status == 0 and "1 accepted" in answer.err
    table = pd.read_csv(out, encoding="utf-8-sig", keep_default_na=False)
    assert table["id"].tolist() == [7, 8, 9]
    assert table["status"].tolist() == ["accepted", "none", "none"]
    refused = run("geocode", file, "--column", "street", "--out", out)
    assert refused.status == 1 and "地址" in refused.err


def test_statistics_come_in_every_format_with_the_same_numbers(run, located, tmp_path):
    for step in ("submit", "approve", "publish"):
        if step == "submit":
            (plan,) = json.loads(run("draw", "--community", CODES[0], "--json").out)
        assert run("plan", step, plan["plan"]).status == 0
    file = tmp_path / "incidents.csv"
    rows = [
        {
            "number": f"E{n}",
            "topic": "noise",
            "occurred_at": "2026-02-03 20:00",
            "address_text": f"{NAMES[0]}滨江路3号",
        }
        for n in range(6)
    ]
    pd.DataFrame(rows).to_csv(file, index=False)
    assert run("import", "incidents", file, "--commit").status == 0
    assert run("geocode", "incidents").status == 0
    asked = ("stats", "--by", "community", "--topic", "noise", "--period", "2026-02")
    found = {row["code"]: row for row in json.loads(run(*asked, "--json").out)}
    assert 6 in found[CODES[0]].values()
    text_ = run(*asked, "--format", "csv").out
    assert CODES[0] in text_
    out = tmp_path / "stats.xlsx"
    assert run(*asked, "--format", "xlsx", "--out", out).status == 0
    assert CODES[0] in pd.read_excel(out, dtype=str, engine="openpyxl").to_numpy().ravel()
    assert run(*asked).status == 0
    hot = ("hotspots", "--topic", "noise", "--period", "2026-02")
    assert run(*hot).status == 0
    assert {r["gi_bin"] for r in json.loads(run(*hot, "--json").out)} <= {None, -3, -2, 0, 2, 3}
    out = tmp_path / "hotspots.csv"
    assert run(*hot, "--out", out).status == 0 and "p_value" in out.read_text("utf-8-sig")


def test_a_plan_that_someone_gave_up_stays_in_the_list(run, located):
    (plan,) = json.loads(run("draw", "--community", CODES[0], "--json").out)
    assert run("plan", "retire", plan["plan"]).status == 0
    (listed,) = json.loads(run("plan", "list", "--json").out)
    assert listed["state"] == "retired"


def test_json_has_no_words_that_json_does_not_know(run, located):
    """A missing figure is null, never NaN, which other programs refuse."""
    (plan,) = json.loads(run("draw", "--community", CODES[0], "--json").out)
    engine = open_engine(located)
    with engine.begin() as connection:
        connection.execute(text("UPDATE grid SET barrier_share = NULL, deviation = NULL"))
    engine.dispose()
    shown = run("plan", "show", plan["plan"], "--json")
    assert "NaN" not in shown.out
    assert {g["barrier_share"] for g in json.loads(shown.out)} == {None}


# Accounts


def test_accounts_are_added_listed_and_closed(run, database, outlines):
    run("import", "communities", outlines, "--commit")
    password = "correct-horse-7"
    added = run(
        "user", "add", "li", "--name", "Li", "--role", "planner", "--area", CODES[0],
        "--password", password,
    )  # fmt: skip
    assert added.status == 0, added.err
    listed = run("user", "list", "--json")
    assert json.loads(listed.out)[0]["login"] == "li" and password not in listed.out
    assert run("user", "disable", "li").status == 0
    refused = run("user", "add", "li", "--name", "Li", "--role", "planner", "--password", password)
    assert refused.status == 1
