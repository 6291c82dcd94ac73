"""The bench of redrawing: it runs on a small lattice and tells what it measured."""

from scripts.benchmarks.redraw import lattice_code, make_lattice, time_redraw


def test_the_rows_tell_edits_faults_and_rebalancing_of_a_lattice():
    blocks, roads = make_lattice(8)
    rows = list(time_redraw("drawn", blocks, roads, lattice_code(8), n_edits=5, n_rebalances=2))
    assert [r.what for r in rows] == [
        "lay out", "effect of an edit", "all faults", "rebalance around it",
    ]  # fmt: skip
    assert rows[0].says.startswith("64 blocks, 4 grids")
    assert len(rows[1].milliseconds) == 5
    assert rows[3].says.endswith("after")
