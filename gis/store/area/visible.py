"""The scope of a person in SQL, written once: rows of its communities, and of a worker's own grids.

Everything that chooses rows of people, places, plans or counts by who asks puts one of these into
its statement. Where a row has been read already, `gis.domain.access.Scope.covers` says the same.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, Text, any_, literal, true
from sqlalchemy.dialects.postgresql import ARRAY

from gis.domain.access import Scope


def visible(
    scope: Scope, community_id: SQLColumnExpression[int] | SQLColumnExpression[int | None]
) -> ColumnElement[bool]:
    """Say in SQL that a row lies in a community of the scope, by the column of its community.

    What has no community is seen only by who covers the whole area.
    """
    if scope.community_ids is None:
        return true()
    return community_id == any_(literal(sorted(scope.community_ids), ARRAY(Integer)))


def visible_in_text(community_id: str) -> str:
    """Say `visible` in a statement that is text; its value ``communities`` is `communities_of`.

    Examples
    --------
    >>> visible_in_text("g.community_id")
    '(CAST(:communities AS int[]) IS NULL OR g.community_id = ANY(:communities))'
    """
    return f"(CAST(:communities AS int[]) IS NULL OR {community_id} = ANY(:communities))"


def communities_of(scope: Scope) -> list[int] | None:
    """Give the communities of a scope as the value that `visible_in_text` needs; None: all."""
    return None if scope.community_ids is None else sorted(scope.community_ids)


def in_own_grids(scope: Scope, grid_code: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Say in SQL that a grid is assigned to the person as worker, by the column of its code."""
    return grid_code == any_(literal(sorted(scope.grid_codes), ARRAY(Text)))
