"""The kinds of records that files bring, in the words of the page's language."""

from __future__ import annotations

from flask_babel import gettext as _


def kind_name(kind: str) -> str:
    """Name a kind of records."""
    names = {
        "communities": _("community outlines"),
        "barriers": _("barriers"),
        "land_cover": _("land cover"),
        "buildings": _("buildings"),
        "compounds": _("compounds"),
        "blocks": _("blocks"),
        "addresses": _("addresses"),
        "households": _("household records"),
        "residents": _("resident records"),
        "places": _("place records"),
        "incidents": _("incident records"),
    }
    return names.get(kind, kind)
