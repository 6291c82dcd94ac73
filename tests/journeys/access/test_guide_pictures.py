"""The script that makes the pictures of the guides: every page it names is there to be shown."""

import numpy as np
import pytest
from PIL import Image

from scripts.guides.pictures import LANGUAGES, PICTURES, make_pictures
from tests.factories import PASSWORD
from webmap.access.pages.guide import FOLDER

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_picture_of_the_guides_can_be_made(chromium, served, tmp_path):
    passwords = {picture.login: PASSWORD for picture in PICTURES}
    files = make_pictures(chromium, served.url, passwords, tmp_path)
    named = {f"{p.name}.{language}.webp" for p in PICTURES for language in LANGUAGES}
    assert {path.name for path in files} == named
    assert {path.name for path in (FOLDER / "pictures").iterdir()} == named
    for path in files:
        shown = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
        assert len(np.unique(shown, axis=0)) > 50, "a page, not a blank"
