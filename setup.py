"""Only what `setup.cfg` cannot say: the folder `data/` is part of the package, as `gis.bundled`."""

from setuptools import find_namespace_packages, setup

BUNDLED = {"gis.bundled": "data"}

setup(
    packages=[*find_namespace_packages(include=["gis*", "webmap*"]), *BUNDLED],
    package_dir=BUNDLED,
)
