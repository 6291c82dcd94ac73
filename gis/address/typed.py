"""What a person types into a search box, in the form search keys are compared in.

Pure. Keys are made by `gis.address.pinyin.search_keys`; a typed text finds a name when one of the
name's keys begins with, or holds, `typed_form` of the text.
"""

from __future__ import annotations

import unicodedata

from gis.address.traditional import simplify


def typed_form(text: str) -> str:
    """Fold width, case, accents and traditional forms; keep letters and digits only.

    Examples
    --------
    >>> typed_form("Gu Rong"), typed_form("榕江大道 １２號"), typed_form("Rütistraße 4a")
    ('gurong', '榕江大道12号', 'rutistrasse4a')
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return simplify("".join(filter(str.isalnum, folded)))
