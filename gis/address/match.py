"""One possible answer, and how the best of several is chosen."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from gis.address.distance import distance_m
from gis.address.evidence import RANK, is_doubtful, score_of

SAME_PLACE_M = 60.0
"""Answers nearer than this are one place to a person who stands there."""

RIVAL_MARGIN = 0.05
NEAR_M = 300.0
FAR_M = 1_000.0


class Match(NamedTuple):
    """A possible answer.

    Parameters
    ----------
    level
        One of `gis.address.evidence.LEVELS`.
    score
        In [0, 1].
    lon, lat
        Degrees, nan when unknown.
    row
        Row of the register, -1 when the answer is not one entry.
    codes
        Evidence codes.
    n_candidates
        Number of different places that fit as well, this one included.
    street
        Known street, estate, community or town the answer lies in, compact; "" when none.
    error_m
        How far the position may be off, in metres; nan for an entry, whose error is not known.
    margin
        Score above that of the best answer elsewhere; nan when there is none.
    number_from, number_to
        First and last house number where a range was written, else -1: the range is what was
        said, the position only its middle.
    """

    level: str
    score: float
    lon: float
    lat: float
    row: int
    codes: tuple[str, ...]
    n_candidates: int = 1
    street: str = ""
    error_m: float = float("nan")
    margin: float = float("nan")
    number_from: int = -1
    number_to: int = -1


NO_MATCH = Match("none", 0.0, float("nan"), float("nan"), -1, ("nothing_found",), 0)
NO_ADDRESS = NO_MATCH._replace(codes=("nothing_read",))


def make_match(
    level: str,
    lon: float,
    lat: float,
    row: int,
    codes: tuple[str, ...],
    *,
    similarity: float = 1.0,
    street: str = "",
    error_m: float = float("nan"),
) -> Match:
    """Build a match, its score from its codes and the likeness of its name."""
    if lon != lon:
        codes = (*codes, "no_coordinates")
    score = score_of(codes) if similarity == 1.0 else round(score_of(codes) * similarity, 4)
    return Match(level, score, lon, lat, row, codes, 1, street, error_m)


def add_codes(match: Match, *codes: str) -> Match:
    """Give the match with more evidence, its score lowered by it.

    Examples
    --------
    >>> add_codes(make_match("number", 0.0, 0.0, 7, ("number_exact",)), "no_admin").score
    0.9
    """
    return match._replace(
        codes=(*match.codes, *codes), score=round(match.score * score_of(codes), 4)
    )


_UNPROVED = {
    "number_unknown", "interpolated", "suffix_dropped", "suffix_added", "detail_unknown",
    "estate_differs", "parts_disagree", "range_end",
}  # fmt: skip
"""A name taken for a near one is proved by finding the very number there; by these it is not."""


_SURE_WHERE_PROVED = {
    "name_unsure": "name_near", "community_unsure": "community_near", "town_unsure": "town_near",
}  # fmt: skip


def add_reading(
    match: Match, likeness: float, codes: tuple[str, ...], *, is_proved: bool = False
) -> Match:
    """Give the match with the evidence of having read names otherwise than written.

    Parameters
    ----------
    is_proved
        Whether street and estate are both those of one entry, so that half a name is enough.

    Examples
    --------
    >>> found = make_match("number", 0.0, 0.0, 7, ("number_exact",))
    >>> add_reading(found, 0.9, ("name_near",)).score
    0.81
    """
    if is_proved:
        codes = tuple(_SURE_WHERE_PROVED.get(c, c) for c in codes)
    if codes and not _UNPROVED.isdisjoint(match.codes):
        codes = (*codes, "name_unsure")
    score = round(match.score * likeness * score_of(codes), 4)
    return match._replace(codes=(*match.codes, *codes), score=score)


_OTHERWISE = {"type_differs", "type_missing", "name_fuzzy", "street_partial"}


def unproved(match: Match) -> Match:
    """Doubt a name read otherwise than written where the number or detail was not found there.

    Examples
    --------
    >>> unproved(make_match("estate", 0.0, 0.0, -1, ("type_differs", "detail_unknown"))).codes
    ('type_differs', 'detail_unknown', 'name_unsure')
    """
    if _OTHERWISE.isdisjoint(match.codes) or _UNPROVED.isdisjoint(match.codes):
        return match
    return add_codes(match, "name_unsure")


def told_by_flat(match: Match) -> Match:
    """Take a badly written name for the one of the entry, as the very flat is there.

    Examples
    --------
    >>> found = make_match("room", 0.0, 0.0, 7, ("room_exact", "name_unsure"))
    >>> told_by_flat(found).codes
    ('room_exact', 'name_near')
    """
    if "name_unsure" not in match.codes:
        return match
    codes = tuple(dict.fromkeys("name_near" if c == "name_unsure" else c for c in match.codes))
    weight = score_of(("name_near",)) / score_of(("name_unsure",))
    return match._replace(codes=codes, score=round(match.score * weight, 4))


TOWN_SAID = frozenset(["town_agrees", "town_near"])
_OTHER_COMMUNITY = frozenset(["community_differs", "community_unknown"])


def overruled(match: Match) -> Match:
    """Let all else that was written overrule the community, where the town agrees.

    Examples
    --------
    >>> found = make_match("room", 0.0, 0.0, 7, ("room_exact", "community_differs", "town_agrees"))
    >>> overruled(found).codes
    ('room_exact', 'community_overruled', 'town_agrees')
    """
    against = next((c for c in match.codes if c in _OTHER_COMMUNITY), "")
    if TOWN_SAID.isdisjoint(match.codes) or not against:
        return match
    codes = tuple("community_overruled" if c == against else c for c in match.codes)
    weight = score_of(("community_overruled",)) / score_of((against,))
    return match._replace(codes=codes, score=round(match.score * weight, 4))


def without_doubles(matches: list[Match]) -> list[Match]:
    """Drop doubtful matches of an entry that another reading finds without doubt."""
    sure = {m.row for m in matches if m.row >= 0 and not is_doubtful(m.codes)}
    return [m for m in matches if m.row not in sure or not is_doubtful(m.codes)]


@cache
def evidence_of(codes: tuple[str, ...]) -> str:
    """Join codes for the ``evidence`` column, each once.

    Examples
    --------
    >>> evidence_of(("number_exact", "no_admin", "no_admin"))
    'number_exact;no_admin'
    """
    return ";".join(dict.fromkeys(codes))


def status_of(match: Match) -> str:
    """Give accepted, review or none."""
    if match.level == "none":
        return "none"
    return "review" if is_doubtful(match.codes) else "accepted"


def ranked(matches: list[Match]) -> list[Match]:
    """Sort best first: by score, then level, then row, so that ties never depend on chance."""
    return sorted(matches, key=lambda m: (-m.score, RANK[m.level], m.row))


def choose(matches: list[Match], near: tuple[float, float] | None = None) -> Match:
    """Take the best match; say so when others fit as well elsewhere.

    Parameters
    ----------
    matches
        Possible answers, in any order.
    near
        A known lon, lat of the thing, which settles ties and checks the answer.
    """
    if not matches:
        return NO_MATCH
    if len(matches) == 1 and near is None:
        return matches[0]
    matches = ranked(matches if near is None else _told_by_position(matches, near))
    best = _with_margin(matches)
    rivals = [m for m in matches[1:] if _is_rival(m, best)]
    if rivals and near is not None:
        tied = [best, *rivals]
        settled = _nearest(tied, near)
        if settled is not None:
            return add_codes(settled, "chosen_by_position")._replace(margin=0.0)
    if rivals:
        best = add_codes(best, "several_places")._replace(n_candidates=1 + len(rivals))
    if near is not None and RANK[best.level] <= RANK["intersection"] and best.lon == best.lon:
        far = distance_m(best.lon, best.lat, *near) > FAR_M
        return add_codes(best, "far_from_position") if far else best
    return best


def _is_elsewhere(other: Match, best: Match) -> bool:
    return not distance_m(other.lon, other.lat, best.lon, best.lat) <= SAME_PLACE_M


def _told_by_position(matches: list[Match], near: tuple[float, float]) -> list[Match]:
    """Take back the doubt of a name that other towns have too, where the position tells."""
    if not any(distance_m(m.lon, m.lat, *near) <= NEAR_M for m in matches):
        return matches
    weight = score_of(("name_elsewhere",))
    return [
        m._replace(
            codes=tuple(c for c in m.codes if c != "name_elsewhere"),
            score=round(m.score / weight, 4),
        )
        if "name_elsewhere" in m.codes
        else m
        for m in matches
    ]


def _is_rival(other: Match, best: Match) -> bool:
    return other.score >= best.score - RIVAL_MARGIN and _is_elsewhere(other, best)


def _with_margin(matches: list[Match]) -> Match:
    """Give the first of ranked matches with how far it is ahead of the next one elsewhere."""
    best = matches[0]
    second = next((m.score for m in matches[1:] if _is_elsewhere(m, best)), None)
    return best if second is None else best._replace(margin=round(best.score - second, 4))


def _nearest(tied: list[Match], near: tuple[float, float]) -> Match | None:
    """Give the tied match that is near, if no other is within twice its distance."""
    by_distance = sorted((distance_m(m.lon, m.lat, *near), i) for i, m in enumerate(tied))
    (first, i), (second, _) = by_distance[:2]
    return tied[i] if first <= NEAR_M and second >= 2 * first else None
