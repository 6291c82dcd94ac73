"""Answers on terminals of any width: few columns, whole codes, and all of it for programs."""

import csv
import io
import json
import re

import pytest

from gis.cli.answers import Shown, answer

ROWS = [
    {
        "code": f"99000100100100{n}",
        "name": name,
        "households": 1234 * n,
        "share": 0.5,
        "plan": 1000 + n,
        "flags": ["small", "ragged"],
        "reasons": "The grid is long or ragged. " * 3,
        "more": None,
    }
    for n, name in enumerate(("Vaduz", "古州镇东门社区"), 1)
]
BRIEF = ("code", "name", "households", "reasons")


@pytest.fixture
def shown(capfd, monkeypatch):
    """Give a function that answers on a terminal of a width, and tells what it shows."""

    def show(rows=ROWS, *, width=80, **how) -> tuple[str, str]:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        answer(rows, Shown(how.pop("form", "table"), how.pop("wide", False)), **how)
        out, err = capfd.readouterr()
        return re.sub(r"\x1b\[[0-9;]*m", "", out), err

    return show


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("wide", [False, True])
def test_no_code_is_broken_and_no_column_lost_at_any_width(shown, width, wide):
    out, _ = shown(width=width, wide=wide, brief=BRIEF)
    names = list(ROWS[0]) if wide else BRIEF
    assert all(name in out for name in names)
    assert all(row["code"] in out and row["name"] in out for row in ROWS)
    assert "2,468" in out


def test_a_table_that_fits_is_a_table_and_says_that_there_is_more(shown):
    out, err = shown(brief=BRIEF)
    assert out.splitlines()[0].split() == list(BRIEF)
    assert "4 more columns: --wide" in err


def test_numbers_that_name_something_are_not_grouped(shown):
    out, _ = shown(wide=True, width=200)
    assert "1001" in out and "1,001" not in out


def test_csv_and_json_have_every_column_of_every_row(shown):
    rows = list(csv.DictReader(io.StringIO(shown(form="csv", brief=BRIEF)[0].lstrip("\ufeff"))))
    assert [list(row) for row in rows] == [list(ROWS[0])] * 2
    assert (rows[1]["name"], rows[0]["flags"]) == (ROWS[1]["name"], "small, ragged")
    assert json.loads(shown(form="json", brief=BRIEF)[0]) == ROWS


def test_no_rows_are_said_to_be_none(shown):
    assert shown([])[1] == "nothing to show\n"
    assert json.loads(shown([], form="json")[0]) == []
