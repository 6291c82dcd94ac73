"""Imports whose coordinates are wrong as a whole: what the command line says, and advises."""

from __future__ import annotations

from gis.actions.location.misplacement import Offer, describe
from gis.geometry.correction import Correction, parse_correction
from gis.geometry.misplacement import Misplacement
from gis.store.location.locations import SUBJECTS

_AGAIN = {
    "gcj02": "import again with --datum gcj02",
    "bd09": "import again with --datum bd09",
    "reverse_gcj02": "import again with --datum wgs84",
    "reverse_bd09": "import again with --datum wgs84",
    "swapped_axes": "import again with --swap-axes",
    "offset": "ask where the coordinates come from",
}


def tell_offer(offer: Offer) -> str:
    """Say an offer in one line, with what can be done."""
    said = describe(
        parse_correction(offer.correction),
        offer.n_compared,
        offer.n_right_before,
        offer.n_right_after,
        offer.before_m,
    )
    if offer.applied:
        return f"{offer.file_name}: {said}; corrected as {offer.correction}"
    return (
        f"{offer.file_name}: {said}; apply it with `community-grid geocode {offer.subject} "
        f"--correct {offer.correction}`, undo it with --correct none"
    )


def tell_finding(found: Misplacement, kind: str, *, is_stored: bool) -> str:
    """Say what an import has wrong as a whole, and what can be done about it."""
    said = describe(
        found.correction,
        found.n_compared,
        found.n_right_before,
        found.n_right_after,
        found.before_m,
    )
    if not is_stored or kind not in SUBJECTS:
        return f"{said}; {advice(found.correction)}"
    return (
        f"{said}; apply `community-grid geocode {kind} --correct {found.correction}`"
        " (the given values are kept)"
    )


def advice(correction: Correction) -> str:
    """Say how a file is imported again so that it is right from the start.

    Examples
    --------
    >>> advice(Correction("zone", degrees=-3.0))
    'import again with the --crs of the zone whose meridian lies 3° further west'
    """
    if correction.kind == "zone":
        side = "east" if correction.degrees > 0 else "west"
        return (
            "import again with the --crs of the zone whose meridian lies "
            f"{abs(correction.degrees):g}° further {side}"
        )
    if correction.kind == "metres":
        swapped = " --swap-axes" if correction.is_swapped else ""
        return f"import again with --crs EPSG:{correction.epsg}{swapped}"
    return _AGAIN[correction.kind]
