"""`scripts/evaluate hotspots`: published clusters, power, false alarms, and the time of a scan."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from gis.analysis.scan import flexible_scan, scan_statistic
from scripts.evaluation.hotspots import chance, power

CASES = ("reference", "power", "chance", "speed")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--case", choices=CASES, action="append", help="all unless given")
    parser.add_argument("--maps", type=int, default=2000, help="of each pattern")
    parser.add_argument("--runs", type=int, default=200, help="maps of chance")
    parser.add_argument("--simulations", type=int, default=19, help="that are timed")


def run(options: argparse.Namespace, root: Path) -> None:  # noqa: ARG001  (all subjects have it)
    """Print the tables of the cases; those without their data are left out, and said so."""
    folder = options.data / "scan_reference"
    for case in options.case or CASES:
        print(f"\n{case}")
        if case in ("reference", "power") and not folder.is_dir():
            print(f"left out: there is no {folder}")
        elif case == "reference":
            _compare(folder)
        elif case == "power":
            print(power.HEADING)
            for row in power.measure_power(folder, options.maps):
                print(row, flush=True)
        elif case == "chance":
            print(chance.HEADING)
            for alarms in chance.measure_alarms(options.runs):
                print(alarms, flush=True)
        else:
            _time(options.simulations)


def _compare(folder: Path) -> None:
    """Hold the clusters of New York against those printed by the published programs."""
    tracts = pd.read_csv(folder / "new_york_281.csv")
    pairs = pd.read_csv(folder / "new_york_281_neighbours.csv") - 1
    told = json.loads((folder / "new_york_281_expected.json").read_text("utf-8"))
    near = [pairs["neighbour"][pairs["area"] == row].tolist() for row in range(len(tracts))]
    found = {
        f"circular_{share}_percent": scan_statistic(
            tracts["cases"],
            tracts["population"],
            tracts["lat"],
            tracts["lon"],
            max_share=share / 100,
            n_simulations=999,
        )
        for share in (50, 10)
    }
    found["restricted_flexible_K50"] = flexible_scan(
        tracts["cases"], tracts["expected_flexscan"], near, max_length=50
    )
    columns = f"{'case':<26} {'cases':>6} {'expected':>9} {'llr':>10} {'p':>7}"
    print(f"{columns}   published llr, p, members")
    for name, table in found.items():
        for row, known in zip(table.itertuples(), told[name], strict=False):
            members = sorted(tracts["area"].iloc[row.members].tolist())
            alike = "members" not in known or members == sorted(known["members"])
            ours = f"{name:<26} {row.observed:>6} {row.expected:9.4f} {row.llr:10.6f}"
            theirs = f"{known['llr']}, {known.get('p_value', '-')}"
            print(f"{ours} {row.p_value:7.3f}   {theirs}, {'alike' if alike else 'OTHERS'}")


def _time(n_simulations: int) -> None:
    """Time simulated maps of 2,000 areas and 36 months, windows up to 18 months."""
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 2000))
    people = np.exp(rng.uniform(0, np.log(100), 2000))
    cases = rng.poisson(np.repeat((people / people.mean())[:, None], 36, axis=1))
    print(f"{'limit':<8} {'processor s/simulation':>24} {'s/simulation':>14}")
    for share in (0.1, 0.5):
        scan_statistic(cases[:50, :4], people[:50], x[:50], y[:50], n_simulations=1)
        spent = []
        for times in (0, n_simulations):
            begun = perf_counter(), process_time()
            scan_statistic(cases, people, x, y, max_share=share, n_simulations=times)
            spent.append((perf_counter() - begun[0], process_time() - begun[1]))
        wall, processor = ((b - a) / n_simulations for a, b in zip(*spent, strict=True))
        print(f"{share:<8.0%} {processor:>24.2f} {wall:>14.2f}", flush=True)
