"""What a drawing will bear, told in few lines: alike notes of many communities are summed up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from gis.errors import Message, with_hints
from gis.geometry.partition.obstacles import Obstacle
from gis.store.area.divisions import Community

Told = tuple[Community, Obstacle]

TOLD_SINGLY = 3
"""This many notes of one kind are told one by one; more are summed up."""

PLACES_NAMED = 5

_SUMMED = {
    "piece": "{n} separate pieces of ground that no number of grids fits share the grid of their"
    " neighbour",
    "piece without": "{n} separate pieces of ground without households share the grid of their"
    " neighbour",
    "pieces_apart": "{n} communities lie in separate pieces that fit another number of grids",
    "no_households": "{n} communities have no households yet and become one grid each",
    "below_minimum": "{n} communities have less than one grid needs",
    "between_bands": "what {n} communities have fits no number of grids of the band",
    "block_above_maximum": "{n} blocks have more than a grid may and become grids of their own",
    "lock_above_maximum": "{n} locked grids are above the maximum",
}
"""How many obstacles of one kind are told as one; a kind that is not here is told by its name."""


def tell_notes(found: Iterable[Told], *, every: str) -> list[str]:
    """Give the lines that tell obstacles which stop nothing.

    Parameters
    ----------
    found
        Communities with one obstacle each.
    every
        Where every single one can be read, such as ``draw --check``.
    """
    kinds: dict[str, list[Told]] = defaultdict(list)
    for community, obstacle in found:
        if not obstacle.stops:
            kinds[_kind(obstacle)].append((community, obstacle))
    lines = []
    for kind, alike in kinds.items():
        if len(alike) <= TOLD_SINGLY:
            lines += [
                f"{c.code} {c.name}: {with_hints(o.message)} {with_hints(o.remedy)} [{o.rule}]"
                for c, o in alike
            ]
        else:
            lines.append(f"{_summed(kind, alike)} [{alike[0][1].rule}]; {every} tells each")
    return lines


def _kind(obstacle: Obstacle) -> str:
    """Ground without anybody is of no concern; apart from the rest it can be told as such."""
    empty = obstacle.rule == "piece" and obstacle.figures.get("total") == 0
    return "piece without" if empty else obstacle.rule


def _summed(kind: str, alike: Sequence[Told]) -> str:
    template = _SUMMED.get(kind, "{n} × " + kind.replace("_", " "))
    counts = Counter(community.name for community, _ in alike).most_common()
    places = [f"{name} {n}" for name, n in counts[:PLACES_NAMED]]
    places += ["…"] * (len(counts) > PLACES_NAMED)
    return f"{Message(template, n=len(alike))} ({', '.join(places)})"
