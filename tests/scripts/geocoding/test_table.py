"""The figures of a row follow from answers and truth; the table is set and written whole."""

import argparse
import csv
import importlib

import numpy as np
import pandas as pd
import pytest

from scripts.evaluation.geocoding.cases import CASES, NEEDS_DATA
from scripts.evaluation.geocoding.judge import judge, offsets_m, to_look_at
from scripts.evaluation.geocoding.setting import Setting
from scripts.evaluation.geocoding.table import COLUMNS, Row, Table, format_row


@pytest.fixture
def answers():
    return pd.DataFrame(
        {
            "level": ["number", "interpolated", "street", "none"],
            "status": ["accepted", "accepted", "review", "none"],
            "score": [1.0, 0.8, 0.5, 0.0],
            "n_candidates": 1,
            "evidence": "",
            "lon": [0.0, 0.0, 0.0, np.nan],
            "lat": [0.0, 0.01, 0.0, np.nan],
        }
    )


def judged(answers, **more):
    offset_m = offsets_m(answers, np.zeros(4), np.zeros(4))
    return judge(
        "drawn", "ours", answers, is_right=offset_m <= 300, offset_m=offset_m,
        among_first=np.array([False, False, True, False]), **more,
    )  # fmt: skip


def test_shares_count_levels_and_right_and_wrong_answers(answers):
    row = judged(answers)
    assert (row.house, row.interpolated, row.street, row.place) == (25, 25, 25, 0)
    assert (row.accepted, row.review, row.none) == (50, 25, 25)
    assert (row.right, row.wrong, row.right_in_review) == (25, 25, 25)


def test_distances_are_those_of_accepted_answers_only(answers):
    row = judged(answers)
    assert row.median_m == pytest.approx(0.005 * 111_320)
    assert row.over_300 == 50


def test_wrong_and_unresolved_rows_are_kept_for_a_person(answers):
    offset_m = offsets_m(answers, np.zeros(4), np.zeros(4))
    shown = to_look_at(
        "drawn", list("abcd"), answers, is_right=offset_m <= 300,
        among_first=np.array([False, False, True, False]), truth=list("wxyz"),
        offset_m=offset_m,
    )  # fmt: skip
    assert shown[["text", "verdict"]].values.tolist() == [["b", "wrong"], ["d", "unresolved"]]


def test_an_absent_figure_is_a_dash_and_the_file_holds_every_column(tmp_path):
    table = Table(quiet=True)
    table.add(Row("drawn", "ours", 4, house=25.0))
    table.write_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert set(row) == {*COLUMNS, "detail"} and row["house"] == "25.0" and row["wrong"] == ""
    assert format_row(table.rows[0]).split()[:5] == ["drawn", "ours", "4", "25.0", "-"]


def test_the_command_offers_every_case_and_leaves_out_those_without_data(tmp_path, capsys):
    command = importlib.import_module("scripts.evaluation.geocoding.command")
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    chosen = [word for name in sorted(NEEDS_DATA) for word in ("--case", name)]
    options = parser.parse_args(chosen)
    options.data = tmp_path / "nowhere"
    command.run(options, tmp_path)
    assert capsys.readouterr().err.count("left out") == len(NEEDS_DATA) and NEEDS_DATA.issubset(
        CASES
    )


def test_mapped_houses_are_found_again_in_every_way_of_writing(tmp_path):
    setting = Setting(tmp_path, quick=True)
    *rows, reported = CASES["liechtenstein"](setting)
    assert len(rows) == 4 and all(row.rows == 196 and row.right == 100 for row in rows)
    assert reported.rows > 1000 and reported.right > 88 and reported.wrong < 1.5
