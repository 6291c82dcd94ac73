"""Only what `setup.cfg` cannot say: folders beside the code that are part of the package."""

from setuptools import find_namespace_packages, setup

BUNDLED = {"gis.bundled": "data", "webmap.guide": "docs/guide"}

setup(
    packages=[*find_namespace_packages(include=["gis*", "webmap*"]), *BUNDLED],
    package_dir=BUNDLED,
)
