"""Where the data come from: what must be said on every map and table made of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.tables import DataSource


@dataclass(frozen=True)
class Source:
    """One source: attribution, licence, and what a reader must know, in both languages."""

    name: str
    attribution: str
    licence: str | None
    notice_zh: str | None
    notice_en: str | None
    synthetic: bool

    def notice(self, language: str) -> str | None:
        """Give the notice in ``zh`` or ``en``, or in the other when there is only that."""
        first, second = self.notice_zh, self.notice_en
        return (first or second) if language == "zh" else (second or first)


def list_sources(session: Session) -> list[Source]:
    """List all sources, in order of their coming."""
    rows = session.scalars(select(DataSource).order_by(DataSource.id))
    return [
        Source(r.name, r.attribution, r.licence, r.notice_zh, r.notice_en, r.synthetic)
        for r in rows
    ]


def list_notices(session: Session) -> list[Source]:
    """List the sources whose attribution or notice a map must carry."""
    return [s for s in list_sources(session) if s.attribution or s.notice_en is not None]
