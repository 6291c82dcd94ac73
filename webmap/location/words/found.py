"""What the search box finds, in the words of the page's language."""

from __future__ import annotations

from flask_babel import gettext as _

from gis.store.location.named_records import NAMED
from webmap.provenance.words.kinds import subject_names


def found_name(kind: str) -> str:
    """Name one thing of the kinds that the search box finds."""
    if kind in NAMED:
        return subject_names((kind,))[kind]
    names = {
        "county": _("county"),
        "town": _("town"),
        "community": _("community"),
        "grid": _("grid"),
        "street": _("street"),
        "estate": _("estate"),
        "village": _("village"),
        "address": _("address"),
    }
    return names[kind]
