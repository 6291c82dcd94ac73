"""Golden files: what a text must be read into, or which register entry must answer it.

``NAME.parts.csv`` has the columns ``text, parts``; parts are written ``number=12a; street=main
street``. Parts that are not named must be empty; ``kind`` is ``address`` unless named; ``range``
(first~last number) and ``notes`` are compared only where named.

``NAME.answers.csv`` has ``text, answer``, such as ``entry=7; level=number; status=accepted``; what
is not named is not compared. The register is ``NAME.register.csv`` (``address_id, text`` or the
parts, ``x_m, y_m`` in metres from a point of no importance), the streets, if there are any,
``NAME.streets.csv`` (``name, x0_m, y0_m, x1_m, y1_m`` and columns of number ranges).

``NAME.*.report.csv`` beside each is written by `renew_report`: the lines that fail today.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from gis.address.address import ADDRESS_PARTS, Address
from gis.address.distance import METRES_PER_DEGREE
from gis.address.geocoder import Geocoder
from gis.address.parse import parse

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "gis" / "address" / "golden"
_COMPARED = ("region", *ADDRESS_PARTS, "cross_street")


@dataclass(frozen=True)
class Failure:
    """A line whose answer is not the expected one."""

    text: str
    expected: str
    got: str


def golden_files() -> list[Path]:
    """List the golden files, in order of their names."""
    found = [*FOLDER.glob("*.parts.csv"), *FOLDER.glob("*.answers.csv")]
    return sorted(found)


def report_of(file: Path) -> Path:
    """Give the path of the report of a golden file."""
    return file.with_suffix(".report.csv")


def read_lines(file: Path) -> list[tuple[str, str]]:
    """Read text and expectation of each line."""
    with file.open(newline="", encoding="utf-8") as stream:
        return [tuple(row) for row in list(csv.reader(stream))[1:]]


def find_failures(file: Path) -> list[Failure]:
    """Give the lines of a golden file that fail today."""
    lines = read_lines(file)
    texts = [text for text, _ in lines]
    got = _answers(file, texts) if file.name.endswith(".answers.csv") else _parts(lines)
    return [
        Failure(text, expected, is_so)
        for (text, expected), is_so in zip(lines, got, strict=True)
        if is_so != _in_order(expected)
    ]


def read_report(file: Path) -> list[Failure]:
    """Read the failures that are known; none where there is no report."""
    path = report_of(file)
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        return [Failure(*row) for row in list(csv.reader(stream))[1:]]


def renew_report(file: Path) -> list[Failure]:
    """Write the report of a golden file anew; no report where nothing fails."""
    failures = find_failures(file)
    report_of(file).unlink(missing_ok=True)
    if failures:
        with report_of(file).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["text", "expected", "got"])
            writer.writerows((f.text, f.expected, f.got) for f in failures)
    return failures


def _fields(expected: str) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in expected.split(";") if piece.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _written(fields: dict[str, str]) -> str:
    return "; ".join(f"{name}={fields[name]}" for name in sorted(fields))


def _in_order(expected: str) -> str:
    return _written(_fields(expected))


def _parts(lines: list[tuple[str, str]]) -> list[str]:
    return [_written(_read(parse(text), _fields(expected))) for text, expected in lines]


def _read(address: Address, expected: dict[str, str]) -> dict[str, str]:
    """Give what was read in the words of the file; of nothing only that it was nothing."""
    if address.kind == "none":
        return {"kind": "none"}
    fields = {name: getattr(address, name) for name in _COMPARED}
    if address.kind != "address" or "kind" in expected:
        fields["kind"] = address.kind
    if "range" in expected:
        fields["range"] = f"{address.number_from}~{address.number_to}"
    if "notes" in expected:
        fields["notes"] = ",".join(address.notes)
    return {name: value for name, value in fields.items() if value}


def _answers(file: Path, texts: list[str]) -> list[str]:
    """Geocode the texts and write what each line names."""
    found = make_geocoder(file.name.split(".")[0]).geocode(texts)
    found["entry"] = [("" if e is None else str(e)) for e in found["address_id"]]
    out = []
    for row, (_, expected) in zip(found.to_dict("records"), read_lines(file), strict=True):
        out.append(_written({name: str(row[name]) for name in _fields(expected)}))
    return out


def make_geocoder(name: str) -> Geocoder:
    """Index the register, and the streets if there are any, that a file of answers is held to."""
    table = pd.read_csv(FOLDER / f"{name}.register.csv", dtype=str, keep_default_na=False)
    lon, lat = (pd.to_numeric(table[c]) / METRES_PER_DEGREE for c in ("x_m", "y_m"))
    register = table.drop(columns=["x_m", "y_m"]).assign(lon=lon, lat=lat)
    streets = FOLDER / f"{name}.streets.csv"
    return Geocoder(register, streets=_read_streets(streets) if streets.exists() else None)


def _read_streets(path: Path) -> gpd.GeoDataFrame:
    table = pd.read_csv(path)
    ends = table[["x0_m", "y0_m", "x1_m", "y1_m"]].to_numpy(float) / METRES_PER_DEGREE
    lines = shapely.linestrings(ends.reshape(-1, 2, 2))
    columns = [c for c in table.columns if not c.endswith("_m")]
    return gpd.GeoDataFrame(table[columns], geometry=lines, crs=4326)
