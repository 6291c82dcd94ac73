"""Read KML (OGC 12-007r2), and what KMZ holds, through GDAL. Runs in the confined child.

The file is written anew before GDAL reads it. GDAL turns every sign of a field's name but ASCII
letters and digits into an underscore, so that names in Chinese are lost and may fall together:
fields are numbered before and named again after. Folders inside folders lie side by side, older
namespaces are that of KML 2.2, and values are taken as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from gis.errors import InvalidInput
from gis.exchange.layers import choose_layer, list_layers, read_layer
from gis.exchange.table import Table

DRIVER = "LIBKML"
KML = "{http://www.opengis.net/kml/2.2}"
EXTENSIONS = "{http://www.google.com/kml/ext/2.2}"
OWN_COLUMNS = (
    "id",
    "timestamp",
    "begin",
    "end",
    "altitudeMode",
    "tessellate",
    "extrude",
    "visibility",
    "drawOrder",
    "icon",
    "snippet",
)
"""How a mark is shown, which GDAL gives as columns and nobody asks for."""

_CHINESE = re.compile(rb"<\?xml[^>]*encoding=[\"'](gb\w+|big5)[\"']", re.I)
"""A declared encoding of several bytes a sign, which the parser does not know."""

TOLD = {"address": "address", "phoneNumber": "phone"}
"""Elements of a mark that are data, and what they are called here."""


def read_kml(path: Path, *, name: str, layer: str | None, usual: str | None = None) -> Table:
    """Read the marks of one folder; ``usual`` where none is named and there are several.

    Columns are ``Name``, ``description``, the marks' own data (``Data``, ``SimpleData``), and
    ``address`` and ``phone`` where marks tell them.

    Raises
    ------
    InvalidInput
        Damaged, with declarations of its own (entities), without a mark, or of several folders of
        which none was named.
    """
    root = _parse(path, name)
    names = _number_fields(root)
    ElementTree.ElementTree(_side_by_side(root, name)).write(path, "utf-8", xml_declaration=True)
    layers = list_layers(path, name=name, driver=DRIVER)
    chosen = choose_layer(layers, layer or (usual if usual in layers else None), name)
    table = read_layer(path, chosen, name=name, driver=DRIVER)
    kept = [n for n, column in enumerate(table.columns) if column not in OWN_COLUMNS]
    return Table(
        columns=[names.get(table.columns[n], table.columns[n]) for n in kept],
        rows=[[row[n] for n in kept] for row in table.rows],
        numbers=table.numbers,
        shapes=table.shapes,
        crs="EPSG:4326",
        n_rows=table.n_rows,
    )


def _parse(path: Path, name: str) -> Element:
    """Read the XML with every element of KML in the one namespace."""
    content = path.read_bytes()
    if any("<!ENTITY".encode(code) in content for code in ("ascii", "utf-16-le", "utf-16-be")):
        raise InvalidInput("{name}: the XML declares entities, which are not read", name=name)
    try:
        chinese = _CHINESE.match(content.removeprefix(b"\xef\xbb\xbf"))
        text = content.decode(chinese[1].decode()) if chinese else content
        root = ElementTree.fromstring(text)  # noqa: S314  (no entities; in the confined child)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InvalidInput("{name}: the file is damaged and cannot be read", name=name) from error
    for element in root.iter():
        if isinstance(element.tag, str) and not element.tag.startswith(EXTENSIONS):
            element.tag = KML + element.tag.rsplit("}", 1)[-1]
    return root


def _number_fields(root: Element) -> dict[str, str]:
    """Put numbers in place of the fields' names; gives what each was called."""
    numbers: dict[str, str] = {}

    def number_of(called: str) -> str:
        return numbers.setdefault(called, f"field{len(numbers) + 1}")

    for mark in root.iter(KML + "Placemark"):
        told = [e for e in mark if e.tag in {KML + tag for tag in TOLD} and (e.text or "").strip()]
        if told:
            data = mark.find(KML + "ExtendedData")
            data = SubElement(mark, KML + "ExtendedData") if data is None else data
            for element in told:
                field = SubElement(data, KML + "Data", name=TOLD[element.tag.removeprefix(KML)])
                SubElement(field, KML + "value").text = element.text
    for kind in ("Data", "SimpleData", "SimpleField"):
        for element in root.iter(KML + kind):
            element.set("name", number_of(" ".join(element.get("name", "").split())))
            if kind == "SimpleField":
                element.set("type", "string")
    return {number: called for called, number in numbers.items()}


def _side_by_side(root: Element, name: str) -> Element:
    """Give a document in which every folder with marks lies beside the others.

    Raises
    ------
    InvalidInput
        There is no mark.
    """
    flat = Element(KML + "kml")
    document = SubElement(flat, KML + "Document")
    document.extend(root.iter(KML + "Schema"))
    used: set[str] = set()
    for called, marks in _folders(root):
        title, n = called, 1
        while title in used:
            n += 1
            title = f"{called} ({n})"
        used.add(title)
        folder = SubElement(document, KML + "Folder")
        SubElement(folder, KML + "name").text = title
        folder.extend(marks)
    if used:
        return flat
    if root.find(f".//{KML}NetworkLink") is not None:
        raise InvalidInput(
            "{name}: the KML only points to another file (NetworkLink); open it and save its marks",
            name=name,
        )
    raise InvalidInput("{name}: the KML holds no mark (Placemark)", name=name)


def _folders(root: Element) -> Iterator[tuple[str, list[Element]]]:
    """Give name and marks of everything that holds marks itself."""
    for holder in root.iter():
        marks = holder.findall(KML + "Placemark")
        if marks:
            yield " ".join((holder.findtext(KML + "name") or "").split()) or "marks", marks
