"""Peers run in a child process, cannot hang the run, and give what the checker can judge."""

import operator
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from scripts.evaluation.drawing.judge import judge
from scripts.evaluation.drawing.limited import Child
from scripts.evaluation.drawing.metis import divide_by_metis, settings
from scripts.evaluation.drawing.peers import Peer, attempts_of, list_peers
from scripts.evaluation.drawing.planted import planted_instance

PEERS = list_peers(metis_runs=4, recom_steps=20)


@pytest.fixture(scope="module")
def child():
    child = Child()
    yield child
    child.stop()


@pytest.fixture(scope="module")
def one():
    return planted_instance(8)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_gives_a_division_the_checker_can_judge(peer, one, child):
    if not peer.is_installed:
        pytest.skip(f"{peer.package} is not installed; it comes with the extra 'peers'")
    if "max-p" in peer.name:
        peer = replace(peer, options={"n_constructions": 3})
    row = judge(one, peer.divide(child, one, limit_s=60))
    assert row.note == "" and row.grids >= 2
    assert row.border_km > 0 and 0 < row.pp_min <= row.pp_mean <= 1
    assert 0 <= row.final_s <= 60


def test_metis_is_always_there_and_asked_for_whole_numbers_of_parts(one):
    assert PEERS[0].package == "pymetis" and PEERS[0].is_installed
    parts = list(divide_by_metis(one, n_runs=4))
    assert {len(np.unique(part)) for part in parts} == {4}
    assert [s["recursive"] for s in settings(4)] == [False, False, False, True]


def test_a_method_that_never_ends_is_stopped_and_what_it_found_is_kept(one, child):
    found = child.collect("metis", divide_by_metis, one, limit_s=0.5, n_runs=10**9)
    assert found.note == "stopped after 0.5 s"
    assert found.part is not None and found.first_s < 0.5


def test_a_method_that_fails_is_a_row_that_says_why(one, child):
    found = child.collect("fails", operator.index, one, limit_s=10)
    assert found.part is None and found.note.startswith("TypeError")


def test_the_child_serves_again_after_it_was_stopped(one, child):
    child.stop()
    assert child.collect("metis", divide_by_metis, one, limit_s=30).part is not None


def test_a_peer_that_is_too_slow_or_missing_is_said_or_left_out(one, child):
    slow = Peer("slow", "pymetis", "metis:divide_by_metis", largest=10)
    missing = Peer("missing", "no_such_package", "metis:divide_by_metis")
    assert find_spec("no_such_package") is None
    rows = list(attempts_of([slow, missing], child, one, 10))
    assert [(a.method, a.part, a.note) for a in rows] == [
        ("slow", None, "not tried above 10 blocks")
    ]
