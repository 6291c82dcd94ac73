"""The registry of the kinds of records: whoever works on all kinds, or on some, reads it here.

One module per kind says everything of it (`gis.domain.kinds.kind.RecordKind`): readers in
`gis.exchange` check files against its fields, generators make frames of it, the importer stores
it, lists and templates show it. A frame of a kind has exactly its columns (missing optional ones
are added as None); shapes are in column ``geometry``, EPSG:4326, lon lat. The kinds are those of
`gis.words.kinds`; the module of each is called as one of its records.
"""

from __future__ import annotations

from importlib import import_module

from gis.domain.kinds.fields import ADDRESS_PARTS
from gis.domain.kinds.kind import Field, Identity, RecordKind
from gis.words.kinds import RECORD_KINDS

__all__ = ["ADDRESS_PARTS", "KINDS", "KIND_OF_ONE", "Field", "Identity", "RecordKind"]

KINDS: dict[str, RecordKind] = {
    many: import_module(f"gis.domain.kinds.{word.one}").KIND for many, word in RECORD_KINDS.items()
}
"""Every kind of record by its plural name."""

KIND_OF_ONE: dict[str, RecordKind] = {kind.one: kind for kind in KINDS.values()}
"""Every kind of record by what one is called: the subject of reviews and of the audit trail."""
