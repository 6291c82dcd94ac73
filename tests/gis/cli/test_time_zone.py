"""The time zone of the platform from end to end: imported, counted, exported, changed."""

import json
import time

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.database.engine import open_engine
from gis.store import tables as t
from tests.drawn_town import CODES, NAMES, addresses, barriers, buildings, communities


@pytest.fixture
def ground(run, database, tmp_path):
    """Give a database with ground, register and blocks."""
    for kind, records in (
        ("communities", communities()),
        ("barriers", barriers()),
        ("buildings", buildings()),
        ("addresses", addresses()),
    ):
        path = tmp_path / f"{kind}.geojson"
        records.dropna(axis=1, how="all").to_file(path, driver="GeoJSON")
        answer = run("import", kind, path, "--commit")
        assert answer.status == 0, answer.err
    assert run("blocks", "--all").status == 0
    return database


def put_incidents(run, tmp_path, *times, name="incidents.csv", **columns):
    rows = [
        {"number": f"{name[:3]}{n}", "topic": "noise", "occurred_at": at,
         "address_text": f"{NAMES[0]}滨江路3号", **columns}
        for n, at in enumerate(times)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / name, index=False)
    answer = run("import", "incidents", tmp_path / name, "--commit")
    assert answer.status == 0, answer.err
    assert run("geocode", "incidents").status == 0


def counted(run, period: str) -> int:
    asked = ("stats", "--by", "county", "--topic", "noise", "--period", period, "--json")
    answer = run(*asked)
    assert answer.status == 0, answer.err
    return json.loads(answer.out)[0]["incidents"]


@pytest.fixture(params=[None, "UTC", "America/New_York"])
def machine_zone(request, monkeypatch):
    """Set the zone of the machine (and of PostgreSQL's library), which must not matter."""
    if request.param:
        monkeypatch.setenv("TZ", request.param)
        monkeypatch.setenv("PGTZ", request.param)
        time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_a_time_on_local_clocks_counts_shows_and_leaves_as_it_came(
    run, machine_zone, ground, tmp_path
):
    put_incidents(run, tmp_path, "2024-05-01 07:30", "2024-05-01T07:30+08:00", "2024-04-30T23:30Z")
    assert (counted(run, "2024-05"), counted(run, "2024-04")) == (3, 0)
    for name in ("out.csv", "out.json", "out.xlsx", "out.gpkg"):
        answer = run("register", "export", "incidents", "--out", tmp_path / name)
        assert answer.status == 0, answer.err
    assert set(pd.read_csv(tmp_path / "out.csv")["occurred_at"]) == {"2024-05-01 07:30:00"}
    said = {row["occurred_at"] for row in json.loads((tmp_path / "out.json").read_text())}
    assert said == {"2024-05-01T07:30:00+08:00"}
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [str(c.value) for c in sheet["C"][1:]] == ["2024-05-01 07:30:00"] * 3
    found = gpd.read_file(tmp_path / "out.gpkg")
    assert set(found["occurred_at"]) == {"2024-05-01 07:30:00"} and found.geometry.notna().all()


def test_what_was_exported_comes_back_as_the_same_moments(run, ground, tmp_path, monkeypatch):
    monkeypatch.setenv("COMMUNITY_GRID_TIME_ZONE", "Europe/Zurich")
    assert run("init").status == 0
    hours = ("2024-10-27 02:30", "2024-10-27T02:30+01:00", "2024-03-31 02:30", "2024-12-31 23:59")
    put_incidents(run, tmp_path, *hours)
    out = tmp_path / "out.csv"
    assert run("register", "export", "incidents", "--out", out).status == 0
    table = pd.read_csv(out)
    assert table["occurred_at"].tolist() == [
        "2024-03-31 03:30:00", "2024-10-27 02:30:00+02:00", "2024-10-27 02:30:00+01:00",
        "2024-12-31 23:59:00",
    ]  # fmt: skip
    delivered = run("import", "incidents", out)
    assert "0 new, 0 changed, 4 unchanged" in delivered.err, delivered.err
    before = stored(ground)
    table.assign(number=table["number"] + "x").to_csv(tmp_path / "again.csv", index=False)
    assert run("import", "incidents", tmp_path / "again.csv", "--commit").status == 0
    after = stored(ground)
    assert {n: after[f"{n}x"] for n in before} == before


def stored(url: str) -> dict[str, object]:
    engine = open_engine(url)
    with Session(engine) as session:
        found = dict(session.execute(select(t.Incident.number, t.Incident.occurred_at)).all())
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2024-05-01", "2024-05"),
        ("20240501", "2024-05"),
        ("2024年5月1日 0时0分", "2024-05"),
        ("45413", "2024-05"),
        ("45413.3125", "2024-05"),
        ("2024-04-30T16:00:00Z", "2024-05"),
        ("2024-04-30T15:59:59Z", "2024-04"),
        ("2024-05-01 00:30:00+0900", "2024-04"),
        ("2024-04-30 23:59:59", "2024-04"),
    ],
)
def test_every_way_of_writing_a_time_counts_in_its_month(run, ground, tmp_path, written, month):
    put_incidents(run, tmp_path, written)
    assert counted(run, month) == 1


def test_the_setting_is_taken_when_the_database_is_made_and_must_agree_later(
    run, ground, tmp_path, monkeypatch
):
    shown = run("time-zone", "--json")
    assert json.loads(shown.out) == [{"time_zone": "Asia/Shanghai"}]
    monkeypatch.setenv("COMMUNITY_GRID_TIME_ZONE", "Europe/Zurich")
    refused = run("plan", "list")
    assert refused.status == 1 and "Europe/Zurich" in refused.err and "Asia/Shanghai" in refused.err
    assert "Europe/Zurich" in run("init").err, "nothing is counted yet, so the setting is taken"
    assert run("plan", "list").status == 0
    put_incidents(run, tmp_path, "2024-05-01 07:30")
    monkeypatch.setenv("COMMUNITY_GRID_TIME_ZONE", "Asia/Shanghai")
    for words in (("init",), ("plan", "list")):
        refused = run(*words)
        assert refused.status == 1 and "counts in Europe/Zurich" in refused.err
    monkeypatch.setenv("COMMUNITY_GRID_TIME_ZONE", "Asia/Beijing")
    assert "“Asia/Beijing” is not known" in run("init").err


@pytest.mark.parametrize(
    ("keep", "clock", "months"),
    [
        ("moments", "2024-04-30 23:30:00+02:00", (1, 1)),
        ("clock-times", "2024-05-01 05:30:00+02:00", (0, 2)),
    ],
)
def test_another_zone_counts_every_month_again(run, ground, tmp_path, keep, clock, months):
    put_incidents(run, tmp_path, "2024-05-01 05:30", "2024-05-15 12:00")
    assert (counted(run, "2024-04"), counted(run, "2024-05")) == (0, 2)
    refused = run("time-zone", "Europe/Zurich")
    assert refused.status == 1 and "--keep clock-times" in refused.err
    assert run("time-zone", "Europe/Zurich", "--keep", keep).status == 0
    assert (counted(run, "2024-04"), counted(run, "2024-05")) == months
    assert str(stored(ground)["inc0"]) == clock


def test_the_zone_does_not_change_under_a_running_server(run, ground):
    engine = open_engine(ground)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        refused = run("time-zone", "Europe/Zurich")
    engine.dispose()
    assert refused.status == 1 and "stop the server (community-grid serve)" in refused.err
    assert run("stats", "--by", "county", "--period", "2024").status == 0
    assert CODES[0][:6] in run("stats", "--by", "county", "--period", "2024", "--json").out
