"""What can be said of a request before any search: what rules it out, and what will have to give.

Each obstacle names its rule, where it lies, and the smallest change that helps. Those that stop are
contradictions in the request itself; the others are facts of the ground, which the nearest division
will bear with a flag.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.agreement import noun_for
from gis.errors import Message
from gis.geometry.adjacency import SHORTEST_BORDER_M
from gis.geometry.borders import shared_lengths
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.partition.entrances import offer_split
from gis.geometry.partition.graph import Graph, build_graph, find_components
from gis.geometry.partition.piece_counts import PieceCounts
from gis.geometry.partition.request import Request, read_request

Entrances = Mapping[int, Mapping[str, float]] | Mapping[str, Mapping[str, float]]
"""Weight behind each entrance of blocks, by block_id."""


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands in the way of what was asked for.

    Parameters
    ----------
    rule
        Stable name.
    message, remedy
        What is wrong and the smallest change that helps, in English.
    blocks
        Ids of the blocks it lies in, if it lies in some.
    stops
        Whether no division can be drawn at all.
    figures
        The numbers in the message; plain values, for wording in other languages.
    """

    rule: str
    message: str
    remedy: str
    blocks: tuple = ()
    stops: bool = False
    figures: dict = field(default_factory=dict, hash=False)


def find_obstacles(
    blocks: gpd.GeoDataFrame,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    n_grids: int | None = None,
    previous: Mapping | pd.Series | None = None,
    locked: Mapping | Set | None = None,
    exclusive: Mapping | pd.Series | None = None,
    entrances: Entrances | None = None,
) -> tuple[Obstacle, ...]:
    """Tell what stands in the way of dividing these blocks, without dividing them.

    Parameters
    ----------
    blocks, weight, minimum, maximum, n_grids, previous, locked, exclusive
        As `draw_grids` takes them.
    entrances
        Weight behind each entrance (单元) of a block, by block_id; a block above the maximum is
        then offered a split.

    Raises
    ------
    InvalidInput
        A column is missing, there are no blocks, or the band is not one.

    Examples
    --------
    >>> import shapely
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2], "households": [300, 250]},
    ...                           geometry=shapely.box([0, 1], 0, [1, 2], 1), crs=32632)
    >>> for obstacle in find_obstacles(blocks, weight="households", minimum=300, maximum=500):
    ...     print(obstacle.message, obstacle.remedy)
    550 households fit no number of grids of 300-500. Raise the maximum to 550 for 1 grid, or \
lower the minimum to 275 for 2.
    """
    request = read_request(
        blocks,
        weight=weight,
        minimum=minimum,
        maximum=maximum,
        n_grids=n_grids,
        previous=previous,
        locked=locked,
        exclusive=exclusive,
    )
    return list_obstacles(request, blocks, entrances)


def list_obstacles(
    request: Request,
    blocks: gpd.GeoDataFrame,
    entrances: Entrances | None = None,
) -> tuple[Obstacle, ...]:
    """Tell what stands in the way of a request on its blocks, what stops it first."""
    ids = blocks["block_id"].to_numpy()
    graph = _plain_graph(blocks, request)
    found = [
        *_about_total(request),
        *_about_towers(request, ids, entrances or {}),
        *_about_pieces(request, graph, ids),
        *_about_sum_of_pieces(request, graph),
        *_about_locks(request, graph, ids),
        *_about_exclusive(request, graph, ids),
    ]
    return tuple(sorted(found, key=lambda o: not o.stops))


def _plain_graph(blocks: gpd.GeoDataFrame, request: Request) -> Graph:
    shapes = to_metric(blocks, metric_crs_of(blocks)).geometry.to_numpy()
    edges, length_m = shared_lengths(shapes)
    near = np.asarray(length_m) > SHORTEST_BORDER_M
    return build_graph(request.weight, np.asarray(edges)[near], np.asarray(length_m)[near])


def _about_total(request: Request) -> list[Obstacle]:
    """Compare the total with the band and the number of grids asked for."""
    weight = np.minimum(request.weight[request.common], request.band.maximum)
    total, n_blocks, asked = float(weight.sum()), len(weight), request.n_grids
    (low, high), measure = request.band, request.measure
    fewest, most = request.band.counts(total)
    says: list[Obstacle] = []
    facts: dict = {"total": total, "minimum": low, "maximum": high, "measure": measure}
    if asked is not None:
        facts["grids"] = asked
        if asked > n_blocks:
            said = "{n} grids were asked for, but there are only {blocks} blocks."
            return [
                Obstacle(
                    "too_few_blocks",
                    Message(said, n=asked, blocks=n_blocks),
                    Message("Ask for at most {n} grids.", n=n_blocks),
                    stops=True,
                    figures={**facts, "blocks": n_blocks},
                )
            ]
        if not _may_ask(asked, fewest, most):
            return [_wrong_number(asked, total, fewest, most, facts)]
    if total == 0:
        message = f"There are no {measure} in these blocks; they become one grid."
        says.append(
            Obstacle(
                "no_households", message, "Import and locate the households first.", figures=facts
            )
        )
    elif total < low:
        message = f"The whole community has only {total:g} {measure}, below the minimum {low:g}."
        remedy = f"Lower the minimum to {total:g}, or join it with a neighbouring community."
        says.append(Obstacle("below_minimum", message, remedy, figures=facts))
    elif fewest > most:
        over, under = np.ceil(total / most), np.floor(total / fewest)
        message = f"{total:g} {measure} fit no number of grids of {low:g}-{high:g}."
        remedy = (
            f"Raise the maximum to {over:g} for {most} grid{'s' * (most > 1)}, or lower the minimum"
            f" to {under:g} for {fewest}."
        )
        facts |= {"raised": float(over), "lowered": float(under), "fewest": fewest, "most": most}
        says.append(Obstacle("between_bands", message, remedy, figures=facts))
    return says


def _may_ask(asked: int, fewest: int, most: int) -> bool:
    """Whether a number of grids is among those that fit or, where none does, the nearest to it."""
    return fewest <= asked <= most or (fewest > most and asked in (max(most, 1), fewest))


def _ways(fewest: int, most: int) -> Message:
    """Say for how many grids to ask."""
    span = "Ask for {few} to {most} grids" if fewest < most else "Ask for {most} grids"
    return Message(span, few=fewest, most=most)


def _wrong_number(asked: int, total: float, fewest: int, most: int, facts: dict) -> Obstacle:
    """Say that the number of grids asked for cannot hold the total."""
    low, high, measure = facts["minimum"], facts["maximum"], facts["measure"]
    fewest, most = (fewest, most) if fewest <= most else (max(most, 1), fewest)
    ways = _ways(fewest, most)
    facts = {**facts, "fewest": fewest, "most": most}
    if asked > most:
        change = float(np.floor(total / asked))
        message = Message(
            "{n} grids of at least {low:g} need {need:g} {word}; there are {total:g}.",
            n=asked,
            low=low,
            need=asked * low,
            word=measure,
            total=total,
        )
        remedy = f"{ways}, or lower the minimum to {change:g}." if change else f"{ways}."
        return Obstacle("too_few", message, remedy, (), True, {**facts, "lowered": change})
    change = float(np.ceil(total / asked))
    message = Message(
        "{n} grids of at most {high:g} hold {hold:g} {word}; there are {total:g}.",
        n=asked,
        high=high,
        hold=asked * high,
        word=measure,
        total=total,
    )
    remedy = f"{ways}, or raise the maximum to {change:g}."
    return Obstacle("too_many", message, remedy, (), True, {**facts, "raised": change})


def _about_towers(request: Request, ids: np.ndarray, entrances: Entrances) -> list[Obstacle]:
    """Name each block above the maximum; with its entrances known, offer how to split it."""
    found, measure = [], request.measure
    for row in request.common[request.weight[request.common] > request.band.maximum]:
        block, weight = ids[row], float(request.weight[row])
        facts = {
            "weight": weight,
            "maximum": request.band.maximum,
            "measure": measure,
            "block": str(block),
        }
        message = (
            f"Block {block} alone has {weight:g} {noun_for(weight, measure)}, above the maximum"
            f" {request.band.maximum:g}; it becomes a grid of its own."
        )
        remedy = "Cut the block between its buildings or entrances, or accept the grid as it is."
        split = offer_split(entrances.get(block, {}), request.band)
        if split:
            parts = [f"{group[0]}-{group[-1]} ({load:g})" for group, load in split]
            said = "Its entrances would make {n} grids: {parts}."
            remedy = Message(said, n=len(split), parts=", ".join(parts))
            facts["split"] = [[list(group), load] for group, load in split]
        found.append(Obstacle("block_above_maximum", message, remedy, (block,), False, facts))
    return found


def _about_pieces(request: Request, graph: Graph, ids: np.ndarray) -> list[Obstacle]:
    """Name separate pieces of ground that no number of grids fits."""
    special = np.where(request.label >= 0, 1, 0)
    piece = find_components(graph, special)
    numbers = np.unique(piece[request.common])
    if len(numbers) < 2:
        return []
    found, measure = [], request.measure
    for number in numbers:
        rows = np.flatnonzero(piece == number)
        total = float(np.minimum(request.weight[rows], request.band.maximum).sum())
        fewest, most = request.band.counts(total)
        if fewest <= most:
            continue
        message = Message(
            "A separate piece of ground with {n} blocks has {total:g} {word}, which no number of"
            " grids of {low:g}-{high:g} fits; it shares a grid with the nearest ground.",
            n=len(rows),
            total=total,
            word=noun_for(total, measure),
            low=request.band.minimum,
            high=request.band.maximum,
        )
        facts = {"total": total, "blocks": len(rows), "measure": measure}
        facts |= request.band._asdict()
        remedy = (
            "Nothing need be done, unless the piece should be its own grid: then widen the band."
        )
        found.append(Obstacle("piece", message, remedy, tuple(ids[rows]), False, facts))
    return found


def _about_sum_of_pieces(request: Request, graph: Graph) -> list[Obstacle]:
    """Say where the grids asked for are not as many as the separate pieces fit together.

    Nothing is said where a piece fits no number, because it then shares a grid with another.
    """
    piece = find_components(graph, np.where(request.label >= 0, 1, 0))[request.common]
    inverse = np.unique(piece, return_inverse=True)[1]
    weight, asked = request.weight[request.common], request.n_grids
    sizes = np.bincount(inverse)
    if asked is None or len(sizes) < 2 or (weight > request.band.maximum).any():
        return []
    totals = np.bincount(inverse, weight)
    pieces = PieceCounts(totals, sizes, request.band)
    bounds = pieces.bounds()
    fewest, most = bounds.sum(axis=0).tolist()
    if (bounds[:, 0] > bounds[:, 1]).any() or fewest <= asked <= most:
        return []
    raised = pieces.least_maximum(asked) if asked < fewest else None
    lowered = pieces.greatest_minimum(asked) if asked > most else None
    low, high = request.band
    message = Message(
        "{pieces} separate pieces of ground fit another number of grids of {low:g}-{high:g}"
        " than {n}.",
        pieces=len(sizes),
        low=low,
        high=high,
        n=asked,
    )
    change = f", or raise the maximum to {raised}" if raised else ""
    change = f", or lower the minimum to {lowered}" if lowered else change
    facts = {"pieces": len(sizes), "grids": asked, "fewest": fewest, "most": most}
    facts |= {"minimum": low, "maximum": high, "measure": request.measure}
    facts |= {"raised": raised, "lowered": lowered}
    remedy = f"{_ways(fewest, most)}{change}."
    return [Obstacle("pieces_apart", message, remedy, (), False, facts)]


def _about_locks(request: Request, graph: Graph, ids: np.ndarray) -> list[Obstacle]:
    """Name locks that contradict one another, the number of grids or the band."""
    held = np.where(request.locked, request.number, -1)
    numbers = np.unique(held[held >= 0])
    found, measure = [], request.measure
    if request.n_grids is not None and len(numbers) > request.n_grids:
        said = "{n} grids are locked, but {asked} were asked for."
        found.append(
            Obstacle(
                "locks_exceed_grids",
                Message(said, n=len(numbers), asked=request.n_grids),
                Message("Ask for at least {n} grids, or unlock some.", n=len(numbers)),
                stops=True,
                figures={"locked": len(numbers), "grids": request.n_grids},
            )
        )
    for number in numbers:
        rows = np.flatnonzero(held == number)
        total = float(request.weight[rows].sum())
        reach = find_components(graph, np.where((held >= 0) & (held != number), 1, 0))
        whole = find_components(graph)
        torn = len(np.unique(reach[rows])) > len(np.unique(whole[rows]))
        facts = {
            "grid": int(number),
            "total": total,
            "maximum": request.band.maximum,
            "measure": measure,
        }
        if torn:
            message = (
                f"The blocks locked to grid {number} are kept apart by blocks locked to others."
            )
            remedy = f"Unlock blocks between them, or some of grid {number}."
            found.append(Obstacle("lock_torn", message, remedy, tuple(ids[rows]), True, facts))
        elif total > request.band.maximum:
            message = (
                f"The blocks locked to grid {number} have {total:g} {measure}, above the"
                f" maximum {request.band.maximum:g}."
            )
            remedy = f"Unlock some of them, or raise the maximum to {total:g}."
            blocks = tuple(ids[rows])
            found.append(Obstacle("lock_above_maximum", message, remedy, blocks, False, facts))
    return found


def _about_exclusive(request: Request, graph: Graph, ids: np.ndarray) -> list[Obstacle]:
    """Name exclusive grids in pieces, and exclusive blocks that are locked elsewhere."""
    found = []
    for number, label in enumerate(request.labels):
        rows = np.flatnonzero(request.label == number)
        facts = {"label": str(label), "blocks": len(rows)}
        pieces = np.unique(find_components(graph, np.where(request.label == number, 1, 0))[rows])
        if len(pieces) > len(np.unique(find_components(graph)[rows])):
            said = "The exclusive grid '{label}' lies in {n} pieces."
            told = Message(said, label=label, n=len(pieces))
            remedy = "Give each piece a name of its own, or add the blocks between them."
            found.append(Obstacle("exclusive_torn", told, remedy, tuple(ids[rows]), True, facts))
        clash = rows[request.locked[rows] & (request.number[rows] < 900)]
        if len(clash):
            message = (
                f"Block {ids[clash[0]]} of the exclusive grid '{label}' is locked to a common grid."
            )
            remedy = "Unlock the block, or take the exclusive mark from it."
            found.append(
                Obstacle("exclusive_locked", message, remedy, tuple(ids[clash]), True, facts)
            )
    return found
