"""The cases of the table: which instances, which methods, with which limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from scripts.evaluation.drawing.attempt import Attempt
from scripts.evaluation.drawing.cambridge import census_instance, read_parcels
from scripts.evaluation.drawing.communities import Tally, prove
from scripts.evaluation.drawing.ground import Ground, community_instances
from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.judge import Row, judge
from scripts.evaluation.drawing.limited import Child
from scripts.evaluation.drawing.limits import limit_rows
from scripts.evaluation.drawing.oracle import cached_proof
from scripts.evaluation.drawing.ours import run_draw, run_graph
from scripts.evaluation.drawing.peers import attempts_of, list_peers
from scripts.evaluation.drawing.planted import SIDES, planted_instance
from scripts.evaluation.drawing.small import small_instances
from scripts.evaluation.drawing.stability import redraw_shifted, sum_up
from scripts.evaluation.drawing.taipei import community_instances as taipei_communities
from scripts.evaluation.drawing.towns import read_guzhou, read_liechtenstein


@dataclass(frozen=True)
class Limits:
    """How much is run: ``seeds`` of ours, seconds of each peer on one instance and of the oracle.

    ``every``, ``every_of_town``: only every n-th community is looked at. ``largest``: planted
    lattices with more blocks are left out.
    """

    seeds: int = 3
    peer_s: float = 60.0
    recom_steps: int = 10_000
    community_peer_s: float = 3.0
    oracle_s: float = 300.0
    feasibility_s: float = 20.0
    metis_runs: int = 50
    town_peer_s: float = 10.0
    every: int = 1
    every_of_town: int = 1
    largest: int = 1_000_000


COMMUNITY_STEPS, TOWN_STEPS = 50, 1000
"""Steps of GerryChain on each of many small communities, and on each community of a town."""

LARGEST_FOR_SPOPT = 400
"""Blocks of a community of a town above which spopt is left out: it does not finish."""

QUICK = Limits(
    seeds=1,
    peer_s=10.0,
    community_peer_s=2.0,
    oracle_s=10.0,
    feasibility_s=5.0,
    metis_runs=10,
    town_peer_s=3.0,
    every=20,
    every_of_town=6,
    largest=6000,
)


@dataclass(frozen=True)
class Setting:
    """Where the data lie, where things are kept, how much is run, and whether peers run too.

    ``drawn``: our divisions of towns, for pictures.
    """

    data: Path
    folder: Path
    limits: Limits = Limits()
    peers: bool = True
    child: Child = field(default_factory=Child)
    drawn: dict[str, tuple[Ground, list]] = field(default_factory=dict)

    def peer_attempts(
        self, instance: Instance, limit_s: float, steps: int, largest_for_spopt: int = 2_000
    ) -> Iterator[Attempt]:
        """Give what every installed peer makes of an instance."""
        if self.peers:
            peers = list_peers(
                metis_runs=self.limits.metis_runs,
                recom_steps=steps,
                largest_for_spopt=largest_for_spopt,
            )
            yield from attempts_of(peers, self.child, instance, limit_s)

    def peer_rows(self, instance: Instance, largest_for_spopt: int = 2_000) -> Iterator[Row]:
        """Run every installed peer on one instance."""
        limits = (self.limits.peer_s, self.limits.recom_steps, largest_for_spopt)
        for attempt in self.peer_attempts(instance, *limits):
            yield judge(instance, attempt)


def cambridge_census(setting: Setting) -> Iterator[Row]:
    """Divide Cambridge's census blocks into 34 within 5 percent."""
    one = census_instance(setting.data)
    for seed in range(setting.limits.seeds):
        yield judge(one, run_graph(one, seed=seed, time_first=True))
    for seed in range(setting.limits.seeds):
        yield judge(one, run_draw(one, seed=seed))
    yield from setting.peer_rows(one)


def cambridge_parcels(setting: Setting) -> Iterator[Row]:
    """Divide each neighbourhood of Cambridge by parcels, 300 to 500 dwellings."""
    yield from divide_town(setting, read_parcels(setting.data), "cambridge")


def liechtenstein(setting: Setting) -> Iterator[Row]:
    """Divide each municipality of the bundled town."""
    yield from divide_town(setting, read_liechtenstein(), "liechtenstein")


def guzhou(setting: Setting) -> Iterator[Row]:
    """Divide each community of the fictional town."""
    yield from divide_town(setting, read_guzhou(), "guzhou")


def divide_town(setting: Setting, ground: Ground, picture: str) -> Iterator[Row]:
    """Divide every community of a town; a row for each and the sum by method."""
    tallies: dict[str, Tally] = {}
    drawn = []
    limits = setting.limits
    for one in islice(community_instances(ground, setting.folder), 0, None, limits.every_of_town):
        ours = run_draw(one)
        drawn.append((one, ours))
        peers = setting.peer_attempts(one, limits.town_peer_s, TOWN_STEPS, LARGEST_FOR_SPOPT)
        for attempt in (ours, *peers):
            tally = tallies.setdefault(attempt.method, Tally(ground.name, attempt.method))
            tally.add(one, attempt)
            yield replace(tally.rows[-1], detail=True)
    setting.drawn[picture] = (ground, drawn)
    for tally in tallies.values():
        yield tally.row()


def taipei(setting: Setting) -> Iterator[Row]:
    """Divide each community of Taipei; what nobody solves goes to the exact solver."""
    limits, tallies, unsolved = setting.limits, {}, []
    instances = list(taipei_communities(setting.data))[:: limits.every]
    for one in instances:
        peers = setting.peer_attempts(one, limits.community_peer_s, COMMUNITY_STEPS)
        states = []
        for attempt in (run_graph(one, effort=0.5), run_draw(one), *peers):
            tally = tallies.setdefault(attempt.method, Tally("Taipei communities", attempt.method))
            states.append(tally.add(one, attempt))
            yield replace(tally.rows[-1], detail=True)
        if "solved" not in states:
            unsolved.append(one)
    proofs = [prove(one, setting.folder, limits.feasibility_s) for one in unsolved]
    says = ", ".join(f"{proofs.count(s)} {s}" for s in ("feasible", "infeasible", "open"))
    note = f"{len(instances)} communities, {len(unsolved)} solved by nobody: by exact search {says}"
    for tally in tallies.values():
        yield tally.row(note)


def planted(setting: Setting) -> Iterator[Row]:
    """Divide lattices whose cheap borders are planted."""
    for side in SIDES:
        if side * side > setting.limits.largest:
            continue
        one = planted_instance(side)
        yield judge(one, run_graph(one, time_first=True))
        yield from setting.peer_rows(one)


def small(setting: Setting) -> Iterator[Row]:
    """Divide small graphs into few parts within half a percent, beside the exact solver."""
    for one in small_instances(setting.data):
        ours = run_graph(one, time_first=True)
        proof = cached_proof(
            setting.folder, one, one.n_grids, limit_s=setting.limits.oracle_s, start=ours.part
        )
        bounded = replace(one, known_cost=proof.cost if proof.state == "optimal" else None)
        yield judge(bounded, ours)
        yield judge(bounded, proof_attempt(proof))
        yield from setting.peer_rows(bounded, largest_for_spopt=0)


def proof_attempt(proof: object) -> Attempt:
    """Show what the exact solver found as a row of the table."""
    bound = "no bound" if proof.bound is None else f"bound {proof.bound:.1f}"
    part = None if proof.part is None else np.array(proof.part, np.int64)
    return Attempt("exact (HiGHS)", part, None, proof.seconds, f"{proof.state}, {bound}")


def stability(setting: Setting) -> Iterator[Row]:
    """Draw both demo towns again after 5 percent of the households have moved."""
    for ground in (read_liechtenstein(), read_guzhou()):
        instances = community_instances(ground, setting.folder)
        begun = perf_counter()
        shifts = [
            redraw_shifted(one) for one in islice(instances, 0, None, setting.limits.every_of_town)
        ]
        seconds = perf_counter() - begun
        total = sum_up([shift for shift in shifts if shift is not None])
        yield Row(
            f"{ground.name}, 5 % moved",
            "ours, draw_grids twice",
            grids=total.numbers,
            in_band=100 * total.in_band_after,
            final_s=seconds,
            verdict="kept",
            note=f"{total.moved / total.households:.2%} of households and"
            f" {total.numbers_changed / total.numbers:.2%} of grid numbers change; in band before"
            f" {total.in_band_before:.1%}",
        )


def limit(setting: Setting) -> Iterator[Row]:
    """Show what 3 and 30 seconds bring beside the usual work."""
    return limit_rows(setting.limits.every)


CASES: dict[str, Callable[[Setting], Iterable[Row]]] = {
    "cambridge": cambridge_census,
    "parcels": cambridge_parcels,
    "taipei": taipei,
    "liechtenstein": liechtenstein,
    "guzhou": guzhou,
    "planted": planted,
    "small": small,
    "stability": stability,
    "limit": limit,
}

NEEDS_DATA = {"cambridge", "parcels", "taipei", "small"}
"""Cases on data that are not in the clone."""

PICTURES = {"parcels": "cambridge", "liechtenstein": "liechtenstein", "guzhou": "guzhou"}
"""Towns whose divisions make pictures, by case."""
