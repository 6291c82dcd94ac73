"""Counting how many of many communities a method solves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scripts.evaluation.drawing.attempt import Attempt
from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.judge import Row, judge
from scripts.evaluation.drawing.oracle import cached_proof


@dataclass
class Tally:
    """Collects one method's rows over many communities and sums them up."""

    case: str
    method: str
    rows: list[Row] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    states: Counter = field(default_factory=Counter)
    ceiling: float = 0.0

    def add(self, instance: Instance, attempt: Attempt) -> str:
        """Take in one community; gives 'solved', 'infeasible' or 'open'."""
        row = judge(instance, attempt)
        proven = attempt.note.startswith(("proven", "no number"))
        state = "solved" if row.verdict == "valid" else "infeasible" if proven else "open"
        self.states[state] += 1
        self.rows.append(row)
        self.weights.append(float(instance.weights.sum()))
        self.ceiling += most_in_band(instance)
        return state

    def row(self, note: str = "") -> Row:
        """Sum up: totals of grids, border, cost and seconds, means weighted by grids."""
        drawn = [row for row in self.rows if row.grids]
        grids = np.array([row.grids for row in drawn])
        share = np.array([row.in_band or 0.0 for row in self.rows])
        counts = ", ".join(f"{self.states[s]} {s}" for s in ("solved", "infeasible", "open"))
        along = [(row.along, row.border_km) for row in drawn if row.along is not None]
        possible = f"at most {100 * self.ceiling / sum(self.weights):.1f} % can be in band"
        return Row(
            self.case,
            self.method,
            grids=int(grids.sum()) or None,
            max_dev=max((row.max_dev for row in drawn), default=None),
            mean_dev=_mean([row.mean_dev for row in drawn], grids),
            in_band=_mean(share, self.weights),
            border_km=_total(row.border_km for row in drawn),
            cost=_total(row.cost for row in drawn),
            pp_mean=_mean([row.pp_mean for row in drawn], grids),
            pp_min=min((row.pp_min for row in drawn), default=None),
            along=_mean(*zip(*along, strict=True)) if along else None,
            straddle=_total(row.straddle for row in drawn),
            verdict=_join_verdicts(self.rows),
            first_s=_total(row.first_s for row in drawn),
            final_s=sum(row.final_s for row in self.rows),
            cpu_s=_total(row.cpu_s for row in self.rows),
            note="; ".join(filter(None, (counts, possible, note))),
        )


def most_in_band(instance: Instance) -> float:
    """Give the most weight that any division could have in grids inside the band.

    Blocks above the maximum are grids of their own, outside the band; the rest fits whole when some
    number of grids does, and otherwise fills as many full grids as there can be.
    """
    weights = instance.weights
    rest = float(weights[weights <= instance.maximum].sum())
    fewest = np.ceil(rest / instance.maximum - 1e-9)
    most = np.floor(rest / instance.minimum + 1e-9)
    return rest if fewest <= most else float(most * instance.maximum)


def _mean(values: Iterable[float], weights: Iterable[float]) -> float | None:
    values, weights = np.asarray(values, float), np.asarray(weights, float)
    return float(np.average(values, weights=weights)) if weights.sum() > 0 else None


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _join_verdicts(rows: list[Row]) -> str:
    rules: Counter = Counter()
    for row in rows:
        if row.verdict not in ("valid", "none"):
            for item in row.verdict.split(", "):
                rule, number = item.rsplit(" ", 1)
                rules[rule] += int(number)
        elif row.verdict == "none":
            rules["none"] += 1
    return ", ".join(f"{rule} {number}" for rule, number in sorted(rules.items())) or "valid"


def prove(instance: Instance, folder: Path, limit_s: float) -> str:
    """Tell by the exact solver whether a community can be divided: feasible, infeasible or open."""
    states = []
    total = instance.weights.sum()
    for count in instance.counts():
        if not count * instance.minimum <= total <= count * instance.maximum:
            return "infeasible"
        proof = cached_proof(folder, instance, count, limit_s=limit_s, any_will_do=True)
        if proof.part is not None:
            return "feasible"
        states.append(proof.state)
    return "infeasible" if set(states) == {"infeasible"} else "open"
