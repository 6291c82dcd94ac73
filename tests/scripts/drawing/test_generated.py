"""The graphs on which more time is measured."""

import numpy as np

from scripts.evaluation.drawing.generated import generated_instances
from scripts.evaluation.drawing.limits import is_connected


def test_twenty_connected_graphs_come_out_alike_each_time():
    first, again = list(generated_instances()), list(generated_instances())
    assert len(first) == 20 == len({g.name for g in first})
    for one, other in zip(first, again, strict=True):
        assert 300 <= len(one.weights) <= 1600
        assert (one.weights == other.weights).all() and (one.edges == other.edges).all()
        assert is_connected(np.zeros(len(one.weights), int), one.edges)
        low, high = one.band
        assert high / low < 1.0101
