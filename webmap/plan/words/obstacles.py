"""What stands in the way of a drawing, in the words of the page's language.

Each is worded from its rule and figures; one that is not known here keeps its English message.
"""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from gis.geometry.partition.obstacles import Obstacle
from webmap.plan.words.findings import amount


def word_obstacle(obstacle: Obstacle) -> tuple[str, str]:
    """Give what is wrong, and the smallest change that helps."""
    write = _SENTENCES.get(obstacle.rule)
    if write is None:
        return obstacle.message, obstacle.remedy
    try:
        return write(obstacle.figures)
    except (KeyError, TypeError, ValueError):
        return obstacle.message, obstacle.remedy


def _n(number: float) -> str:
    return f"{number:,.0f}"


def _of(figures: dict, name: str) -> str:
    return amount(figures[name], figures["measure"])


def _too_few_blocks(f: dict) -> tuple[str, str]:
    says = _("%(n)s grids were asked for, but there are only %(blocks)s blocks.",
             n=_n(f["grids"]), blocks=_n(f["blocks"]))  # fmt: skip
    return says, _("Ask for at most %(n)s grids.", n=_n(f["blocks"]))


def _no_households(f: dict) -> tuple[str, str]:
    if f.get("waiting"):
        says = _("No household lies in these blocks yet: %(n)s wait for review.",
                 n=_n(f["waiting"]))  # fmt: skip
        return says, _("Settle them at the review desk first.")
    says = _("There are no households in these blocks; they become one grid.")
    return says, _("Import and locate the households first.")


def _below_minimum(f: dict) -> tuple[str, str]:
    says = _("The whole community has only %(total)s, below the minimum of %(limit)s.",
             total=_of(f, "total"), limit=_n(f["minimum"]))  # fmt: skip
    return says, _("Lower the minimum to %(limit)s, or join it with a neighbouring community.",
                   limit=_n(f["total"]))  # fmt: skip


def _between_bands(f: dict) -> tuple[str, str]:
    says = _("%(total)s fit no number of grids of %(min)s–%(max)s.",
             total=_of(f, "total"), min=_n(f["minimum"]), max=_n(f["maximum"]))  # fmt: skip
    return says, _("Raise the maximum to %(high)s (number of grids: %(few)s), or lower the minimum"
                   " to %(low)s (number of grids: %(many)s).", high=_n(f["raised"]),
                   few=_n(f["most"]), low=_n(f["lowered"]), many=_n(f["fewest"]))  # fmt: skip


def _ways(f: dict) -> str:
    if f["fewest"] < f["most"]:
        return _("%(few)s to %(many)s grids", few=_n(f["fewest"]), many=_n(f["most"]))
    return _("%(n)s grids", n=_n(f["most"]))


def _too_few(f: dict) -> tuple[str, str]:
    need = amount(f["grids"] * f["minimum"], f["measure"])
    says = _("%(n)s grids of at least %(min)s need %(need)s; there are %(total)s.",
             n=_n(f["grids"]), min=_n(f["minimum"]), need=need, total=_of(f, "total"))  # fmt: skip
    if not f["lowered"]:
        return says, _("Ask for %(ways)s.", ways=_ways(f))
    return says, _("Ask for %(ways)s, or lower the minimum to %(low)s.",
                   ways=_ways(f), low=_n(f["lowered"]))  # fmt: skip


def _too_many(f: dict) -> tuple[str, str]:
    hold = amount(f["grids"] * f["maximum"], f["measure"])
    says = _("%(n)s grids of at most %(max)s hold %(hold)s; there are %(total)s.",
             n=_n(f["grids"]), max=_n(f["maximum"]), hold=hold, total=_of(f, "total"))  # fmt: skip
    return says, _("Ask for %(ways)s, or raise the maximum to %(high)s.",
                   ways=_ways(f), high=_n(f["raised"]))  # fmt: skip


def _block_above_maximum(f: dict) -> tuple[str, str]:
    says = _("One block alone has %(has)s, above the maximum of %(limit)s; it becomes a grid of its"
             " own.", has=_of(f, "weight"), limit=_n(f["maximum"]))  # fmt: skip
    if not f.get("split"):
        return says, _("Cut the block between its buildings or entrances, or accept the grid.")
    parts = [f"{group[0]}–{group[-1]} ({_n(load)})" for group, load in f["split"]]
    return says, _("Its entrances would make %(n)s grids: %(parts)s.",
                   n=len(parts), parts=_(", ").join(parts))  # fmt: skip


def _piece(f: dict) -> tuple[str, str]:
    says = _("A separate piece of ground with %(blocks)s blocks has %(total)s, which no number of"
             " grids of %(min)s–%(max)s fits; it shares a grid with the nearest ground.",
             blocks=_n(f["blocks"]), total=_of(f, "total"), min=_n(f["minimum"]),
             max=_n(f["maximum"]))  # fmt: skip
    return says, _("Nothing need be done, unless the piece should be a grid of its own: then widen"
                   " the band.")  # fmt: skip


def _pieces_apart(f: dict) -> tuple[str, str]:
    says = _("The %(pieces)s separate pieces of ground fit %(ways)s of %(min)s–%(max)s together,"
             " not %(n)s.", pieces=_n(f["pieces"]), ways=_ways(f), min=_n(f["minimum"]),
             max=_n(f["maximum"]), n=_n(f["grids"]))  # fmt: skip
    if f["raised"]:
        return says, _("Ask for %(ways)s, or raise the maximum to %(high)s.",
                       ways=_ways(f), high=_n(f["raised"]))  # fmt: skip
    if f["lowered"]:
        return says, _("Ask for %(ways)s, or lower the minimum to %(low)s.",
                       ways=_ways(f), low=_n(f["lowered"]))  # fmt: skip
    return says, _("Ask for %(ways)s.", ways=_ways(f))


def _locks_exceed_grids(f: dict) -> tuple[str, str]:
    says = _("%(locked)s grids are to be kept, but %(n)s were asked for.",
             locked=_n(f["locked"]), n=_n(f["grids"]))  # fmt: skip
    return says, _("Ask for at least %(n)s grids, or keep fewer.", n=_n(f["locked"]))


def _lock_torn(f: dict) -> tuple[str, str]:
    says = _("The blocks kept in grid %(grid)s are held apart by blocks kept in others.",
             grid=f"{f['grid']:03d}")  # fmt: skip
    return says, _("Do not keep the grids between them, or not grid %(grid)s.",
                   grid=f"{f['grid']:03d}")  # fmt: skip


def _lock_above_maximum(f: dict) -> tuple[str, str]:
    says = _("Grid %(grid)s, which is to be kept, has %(total)s, above the maximum of %(limit)s.",
             grid=f"{f['grid']:03d}", total=_of(f, "total"), limit=_n(f["maximum"]))  # fmt: skip
    return says, _("Do not keep it, or raise the maximum to %(limit)s.", limit=_n(f["total"]))


def _exclusive_torn(f: dict) -> tuple[str, str]:
    says = _("The exclusive grid “%(label)s” lies in several pieces.", label=f["label"])
    return says, _("Give each piece a name of its own, or add the blocks between them.")


def _exclusive_locked(f: dict) -> tuple[str, str]:
    says = _("A block of the exclusive grid “%(label)s” is to be kept in a common grid.",
             label=f["label"])  # fmt: skip
    return says, _("Do not keep that grid, or take the exclusive mark from the block.")


def _no_division(f: dict) -> tuple[str, str]:
    facts = {"blocks": _n(f["blocks"]), "min": _n(f["minimum"]), "max": _n(f["maximum"])}
    if f.get("grids"):
        says = _("Every division of these %(blocks)s blocks into %(n)s grids was looked at; none"
                 " has all grids within %(min)s–%(max)s.", n=_n(f["grids"]), **facts)  # fmt: skip
    else:
        says = _("Every division of these %(blocks)s blocks was looked at; none has all grids"
                 " within %(min)s–%(max)s.", **facts)  # fmt: skip
    ways = []
    if f.get("other_grids"):
        ways.append(_("ask for %(n)s grids", n=_n(f["other_grids"])))
    if f.get("raised"):
        ways.append(_way(_("raise the maximum to %(limit)s", limit=f["raised"]), f, "raised"))
    if f.get("lowered"):
        ways.append(_way(_("lower the minimum to %(limit)s", limit=f["lowered"]), f, "lowered"))
    if f.get("widened"):
        by = _("widen the band by %(limit)s on both sides", limit=f["widened"])
        ways.append(_way(by, f, "widened"))
    if not ways:
        return says, _("Widen the band, or cut a large block.")
    return says, _("Any one of these helps: %(ways)s.", ways=_("; ").join(ways))


def _way(way: str, f: dict, name: str) -> str:
    return way if f.get(f"{name}_exact") else _("%(change)s (less may do)", change=way)


_SENTENCES: dict[str, Callable[[dict], tuple[str, str]]] = {
    "too_few_blocks": _too_few_blocks,
    "no_households": _no_households,
    "below_minimum": _below_minimum,
    "between_bands": _between_bands,
    "too_few": _too_few,
    "too_many": _too_many,
    "no_division": _no_division,
    "block_above_maximum": _block_above_maximum,
    "piece": _piece,
    "pieces_apart": _pieces_apart,
    "locks_exceed_grids": _locks_exceed_grids,
    "lock_torn": _lock_torn,
    "lock_above_maximum": _lock_above_maximum,
    "exclusive_torn": _exclusive_torn,
    "exclusive_locked": _exclusive_locked,
}
