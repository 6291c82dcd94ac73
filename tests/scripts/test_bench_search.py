"""The bench of search: a table of every design over the same typed texts."""

import pytest

from scripts.benchmarks.search import Row, time_search


@pytest.mark.slow
def test_every_design_is_asked_every_kind_of_text():
    lines = list(time_search(n_rows=2_000, n_queries=5))
    rows = [line for line in lines if isinstance(line, Row)]
    assert len(rows) == 6 * 3 and {r.method.split()[0] for r in rows} == {
        "stored",
        "trigrams",
        "sorted",
    }
    own = [r for r in rows if r.method.startswith("stored")]
    assert own[0].note == "100% answered"
    assert "2,000 addresses named" in lines[0] and "MB in every process" in lines[-1]
