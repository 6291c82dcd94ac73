"""Attempts become rows by the independent checker, rows become the table."""

import csv
from dataclasses import fields, replace

import numpy as np
import pytest

from scripts.evaluation.drawing.attempt import Attempt, Best
from scripts.evaluation.drawing.communities import Tally, most_in_band
from scripts.evaluation.drawing.judge import Row, judge
from scripts.evaluation.drawing.ours import run_draw, run_graph
from scripts.evaluation.drawing.planted import planted_instance, planted_parts
from scripts.evaluation.drawing.table import COLUMNS, Table, format_heading, format_row


@pytest.fixture(scope="module")
def one():
    return planted_instance(24)


def test_the_table_has_a_column_for_every_figure():
    assert [*COLUMNS, "detail"] == [field.name for field in fields(Row)]


def test_a_planted_division_is_judged_valid_with_no_gap(one):
    row = judge(one, Attempt("planted", planted_parts(24), 0.0, 0.0))
    assert row.verdict == "valid"
    assert (row.grids, row.in_band) == (36, 100)
    assert row.gap == pytest.approx(0, abs=1e-9)
    assert row.border_km == pytest.approx(4.8)
    assert row.pp_mean == pytest.approx(np.pi / 4)


def test_what_is_torn_or_out_of_band_is_said_in_words(one):
    part = planted_parts(24)
    torn = judge(one, Attempt("torn", np.where(np.arange(576) == 575, 0, part), None, 0.0))
    assert torn.verdict == "not_connected 1"
    half = judge(one, Attempt("merged", part // 2, None, 0.0))
    assert half.verdict == "above_maximum 18" and half.in_band == 0


def test_a_method_without_a_division_still_has_its_row(one):
    row = judge(one, Attempt("hangs", None, None, 5.0, "none after 5 s"))
    assert (row.verdict, row.grids, row.note) == ("none", None, "none after 5 s")
    assert "none after 5 s" in format_row(row)


@pytest.mark.parametrize("run", [run_graph, run_draw])
def test_a_method_gives_what_the_checker_can_judge(one, run):
    row = judge(one, run(one))
    assert row.grids == 36 and row.border_km > 0 and row.final_s > 0


def test_the_best_of_several_attempts_is_kept(one):
    best = Best(one)
    best.offer(np.zeros(576, int))
    assert best.first_s is None
    best.offer(planted_parts(24))
    best.offer(np.zeros(576, int))
    assert best.first_s is not None
    assert np.array_equal(best.part, planted_parts(24))


def test_many_communities_are_counted_by_what_became_of_them(one):
    tally = Tally("case", "method")
    assert tally.add(one, Attempt("m", planted_parts(24), 1.0, 2.0)) == "solved"
    assert tally.add(one, Attempt("m", None, None, 1.0, "proven infeasible: x")) == "infeasible"
    assert tally.add(one, Attempt("m", None, None, 1.0, "not found")) == "open"
    row = tally.row()
    assert row.note.startswith("1 solved, 1 infeasible, 1 open")
    assert (row.grids, row.first_s, row.final_s) == (36, 1.0, 4.0)
    assert row.in_band == pytest.approx(100 / 3)


def test_what_no_division_can_bring_into_the_band_is_not_asked_for(one):
    def most(*weights):
        blocks = one.blocks.iloc[: len(weights)].assign(households=np.array(weights, float))
        return most_in_band(replace(one, blocks=blocks, minimum=300.0, maximum=500.0))

    assert most(200, 200) == 400
    assert most(100, 100) == 0
    assert most(900, 400) == 400
    assert most(300, 250) == 500


def test_details_are_kept_but_not_printed(capsys):
    table = Table()
    table.add(Row("case", "sum"))
    table.add(Row("case: part", "method", detail=True))
    assert "case: part" not in capsys.readouterr().out
    assert len(table.rows) == 2


def test_the_file_holds_every_row_and_column(one, tmp_path):
    table = Table(quiet=True)
    table.add(judge(one, Attempt("planted", planted_parts(24), 0.0, 0.0)))
    table.add(Row("case", "nothing"))
    table.write_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["method"] for row in rows] == ["planted", "nothing"]
    assert list(rows[0]) == [*COLUMNS, "detail"]
    assert len(format_heading().split("  ")) >= len(COLUMNS)
