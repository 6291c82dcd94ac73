"""The installed package is whole: what a clone has, a wheel has."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOOK = """
import sys
from gis.cli.bundled import bundled_file
from gis.cli.demo import OSM_FILE
from webmap.access.pages.guide import FOLDER, GUIDES
from webmap.shell import language
assert all((FOLDER / tongue / f"{name}.md").is_file() for name in GUIDES for tongue in ("en", "zh"))
print(bundled_file(OSM_FILE).stat().st_size, bundled_file("china_codes/areas.csv"))
"""


def run(*command: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Build the wheel from what git would give a user, and unpack it as pip does."""
    folder = tmp_path_factory.mktemp("package")
    source = folder / "source"
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT)
    for name in filter(None, listed.split("\0")):
        place = source / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((ROOT / name).read_bytes())
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('dist'))"
    run(sys.executable, "-W", "ignore", "-c", build, folder=source)
    (wheel,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_wheel_has_the_bundled_towns_and_the_guides_and_finds_them(installed, tmp_path):
    code = f"import sys; sys.path.insert(0, {str(installed)!r})\n{LOOK}"
    size, areas = run(sys.executable, "-P", "-c", code, folder=tmp_path).split()
    assert (
        int(size) == (ROOT / "data/liechtenstein/liechtenstein-2013-08-03.osm.pbf").stat().st_size
    )
    assert Path(areas).is_relative_to(installed)


def test_a_wheel_has_every_file_that_the_code_needs(installed):
    for folder in ("gis", "webmap"):
        wanted = {
            p.relative_to(ROOT)
            for p in (ROOT / folder).rglob("*")
            if p.is_file() and "__pycache__" not in p.parts and p.suffix not in (".nbi", ".nbc")
        }
        missing = {p for p in wanted if not (installed / p).is_file()}
        assert not missing
