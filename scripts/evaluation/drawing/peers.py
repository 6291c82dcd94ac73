"""The peers that are installed, each with the settings it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec

from scripts.evaluation.drawing.attempt import Attempt
from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.limited import Child


@dataclass(frozen=True)
class Peer:
    """A method of another tool: its name in the table, package, function, and options.

    ``largest``: instances with more blocks are not tried, and that is said.
    """

    name: str
    package: str
    function: str
    options: dict = field(default_factory=dict)
    largest: int = 1_000_000

    @property
    def is_installed(self) -> bool:
        """Tell whether its package is there."""
        return find_spec(self.package) is not None

    def divide(self, child: Child, instance: Instance, limit_s: float) -> Attempt:
        """Run it in the child process."""
        if instance.n_blocks > self.largest:
            return Attempt(self.name, None, None, 0.0, f"not tried above {self.largest:,} blocks")
        module, function = self.function.split(":")
        method = getattr(import_module(f"scripts.evaluation.drawing.{module}"), function)
        return child.collect(self.name, method, instance, limit_s=limit_s, **self.options)


def list_peers(*, metis_runs: int, recom_steps: int, largest_for_spopt: int = 2_000) -> list[Peer]:
    """List every peer, installed or not; spopt only where any size is given for it."""
    best_of = f"METIS, best of {metis_runs}"
    peers = [
        Peer("METIS k-way, 1 run", "pymetis", "metis:divide_by_metis", {"n_runs": 1}),
        Peer(
            best_of,
            "pymetis",
            "metis:divide_by_metis",
            {"n_runs": metis_runs},
        ),
        Peer(
            f"GerryChain, {recom_steps:,} steps",
            "gerrychain",
            "recom:divide_by_recom",
            {"n_steps": recom_steps},
            largest=10_000,
        ),
    ]
    if not largest_for_spopt:
        return peers
    regions = {"max-p": "max_p", "Skater": "skater", "k-means": "k_means"}
    return peers + [
        Peer(f"spopt {name}", "spopt", f"regions:divide_by_{function}", largest=largest_for_spopt)
        for name, function in regions.items()
    ]


def attempts_of(
    peers: list[Peer], child: Child, instance: Instance, limit_s: float
) -> Iterator[Attempt]:
    """Give what every installed peer makes of an instance."""
    for peer in peers:
        if peer.is_installed:
            yield peer.divide(child, instance, limit_s)
