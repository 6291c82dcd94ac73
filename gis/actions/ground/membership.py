"""Which community things on the ground belong to: decided here, for every importer and `blocks`.

What came before that which it belongs to waits: blocks of files in
`gis.actions.plan.given_blocks`, residents under the number of their household in
`gis.store.register.waiting_residents`.

A thing belongs to the community in whose outline its inner point lies, whichever came first: it
is asked when the thing is imported, again for everything when outlines are imported, and once
more before blocks are cut. On a border that communities share, the smaller code has it.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.area.community_locator import communities_of
from gis.domain.access import Scope, require
from gis.store.ground import membership
from gis.store.ground.membership import MEMBERS


def settle_ground(session: Session, scope: Scope) -> dict[str, int]:
    """Bring the community of everything on the ground up to the outlines as they are now.

    Returns
    -------
    dict
        How many rows of each kind changed their community.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    require(scope, "import")
    return {kind: _settle(session, kind) for kind in MEMBERS}


def _settle(session: Session, kind: str) -> int:
    rows = membership.read_members(session, kind)
    if rows.empty:
        return 0
    found = communities_of(session, rows.geometry)
    before = rows["community_id"].astype("Int64")
    after = pd.array(found, dtype="Int64")
    changed = ~((before == after).fillna(False) | (before.isna() & after.isna())).to_numpy(bool)
    if changed.any():
        membership.write_communities(session, kind, rows["id"][changed], found[changed])
    return int(changed.sum())
