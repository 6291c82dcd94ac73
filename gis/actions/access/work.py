"""What every action is given: the transaction, who asks, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.access.audit import write_audit


@dataclass(frozen=True)
class Work:
    """One piece of work in one transaction.

    Parameters
    ----------
    session
        The transaction.
    scope
        Who asks: what the person may, and where.
    now
        The moment that counts for all of it, on the clock of the platform.
    """

    session: Session
    scope: Scope
    now: datetime

    def audit(
        self,
        action: str,
        *,
        object_kind: str | None = None,
        object_id: object | None = None,
        community_id: int | None = None,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Record what is done or seen, as `gis.store.access.audit.write_audit` does."""
        write_audit(
            self.session,
            self.scope,
            action,
            now=self.now,
            object_kind=object_kind,
            object_id=object_id,
            community_id=community_id,
            detail=detail,
        )
