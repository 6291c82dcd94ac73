"""What pages say about imports whose coordinates seem to be wrong as a whole."""

from __future__ import annotations

from flask_babel import gettext as _

from gis.actions.location.misplacement import Offer
from gis.geometry.correction import Correction, parse_correction
from webmap.shell.presentation import grouped


def offer_text(offer: Offer) -> str:
    """Say what was found, in the language of the page."""
    like = _likeness(parse_correction(offer.correction))
    values = {"n": grouped(offer.n_right_after), "all": grouped(offer.n_compared), "like": like}
    if offer.before_m is None:
        before = grouped(offer.n_right_before)
        return _(
            "Of %(all)s rows only %(before)s lie where they can, and %(n)s would if corrected:"
            " %(like)s.",
            before=before,
            **values,
        )
    return _(
        "%(n)s of %(all)s rows lie %(far)s from their addresses: %(like)s.",
        far=_distance(offer.before_m),
        **values,
    )


def _distance(metres: float) -> str:
    if metres < 20_000:
        return f"{grouped(round(metres))} m"
    return f"{grouped(round(metres / 1000))} km"


def _likeness(correction: Correction) -> str:
    names = {
        "gcj02": _("they seem to be GCJ-02 coordinates"),
        "bd09": _("they seem to be BD-09 coordinates"),
        "reverse_gcj02": _("they seem to be WGS84 coordinates that were taken for GCJ-02"),
        "reverse_bd09": _("they seem to be WGS84 coordinates that were taken for BD-09"),
        "swapped_axes": _("latitude seems to stand before longitude"),
        "zone": _("they seem to be read in a wrong zone"),
        "offset": _("all seem to lie off by the same way"),
        "metres": _("metres seem to be taken for degrees"),
    }
    return names[correction.kind]
