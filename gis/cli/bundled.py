"""Where the bundled towns lie: beside the code in a clone, inside the package once installed."""

from __future__ import annotations

from pathlib import Path

import gis
from gis.errors import InvalidInput


def bundled_folder() -> Path:
    """Give the folder of the bundled data: `data/` of a clone, `gis/bundled` of a package."""
    package = Path(gis.__file__).parent
    installed = package / "bundled"
    return installed if installed.is_dir() else package.parent / "data"


def bundled_file(name: str) -> Path:
    """Give the path of a bundled file, such as ``liechtenstein/municipalities.csv``.

    Raises
    ------
    InvalidInput
        It is missing: the installation is not whole.
    """
    path = bundled_folder() / name
    if not path.is_file():
        raise InvalidInput(f"the bundled file {path} is missing; install Community Grid again")
    return path
