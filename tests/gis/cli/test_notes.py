"""Notes before a drawing: a few are told one by one, many as one line."""

from types import SimpleNamespace

import pytest

from gis.cli.notes import TOLD_SINGLY, tell_notes
from gis.geometry.partition.obstacles import Obstacle


def piece(name: str, households: float, *, rule: str = "piece", stops: bool = False):
    community = SimpleNamespace(code="990001001001", name=name)
    figures = {"total": households}
    return community, Obstacle(rule, f"about {name}.", "Do this.", (), stops, figures)


def test_alike_notes_are_summed_up_with_the_places_that_have_most():
    found = [piece("Vaduz", 0)] * 5 + [piece("Schaan", 0)] * 4 + [piece("Balzers", 8)] * 2
    lines = tell_notes(found, every="report.json")
    assert lines == [
        "9 separate pieces of ground without households share the grid of their neighbour"
        " (Vaduz 5, Schaan 4) [piece]; report.json tells each",
        *["990001001001 Balzers: about Balzers. Do this. [piece]"] * 2,
    ]


def test_of_many_places_only_the_first_are_named():
    found = [piece(f"Place{n}", 0) for n in range(40)]
    (line,) = tell_notes(found, every="x")
    assert line.startswith("40 separate") and line.count("Place") == 5 and "…)" in line


@pytest.mark.parametrize("rule", ["block_above_maximum", "below_minimum", "a_rule_to_come"])
def test_a_county_never_prints_one_line_for_each(rule):
    found = [piece(f"Place{n}", 9, rule=rule) for n in range(TOLD_SINGLY + 1)]
    (line,) = tell_notes(found, every="x")
    assert str(TOLD_SINGLY + 1) in line and f"[{rule}]" in line


def test_what_stops_the_work_is_not_a_note():
    assert tell_notes([piece("Vaduz", 0, stops=True)], every="x") == []
