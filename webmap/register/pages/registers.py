"""Registers as lists: the records of one kind in the area, by name, without anything personal."""

from __future__ import annotations

import io

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from gis.actions.location.registers import (
    REGISTERS,
    export_register,
    read_register,
    register_kind,
)
from gis.errors import NotFound
from gis.exchange.template import KINDS_WITH_TEMPLATE, column_name, template_workbook
from gis.exchange.writers import FORMATS, write_table
from webmap.provenance.words.kinds import kind_heading
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.language import current_language
from webmap.shell.paging import page_after
from webmap.shell.session import current_scope, current_work

blueprint = Blueprint("registers", __name__, url_prefix="/registers")


@blueprint.get("/")
@allowed("register.view")
def index() -> AnyResponse:
    """Lead to the first register."""
    if not REGISTERS:
        raise NotFound("there is no register yet")
    return redirect(url_for("registers.show", kind=REGISTERS[0]))


@blueprint.get("/<kind>")
@allowed("register.view")
def show(kind: str) -> str:
    """Show a page of a register."""
    record = register_kind(kind)
    named = request.args.get("name", "").strip()
    with transaction() as session:
        page = read_register(
            session, current_scope(), kind, named=named, after=page_after(request.args)
        )
    language = current_language()
    listed = [record.by_name[name] for name in record.listed]
    return render_template(
        "register/records.html",
        kind=kind,
        heading=kind_heading(kind),
        registers=[(name, kind_heading(name)) for name in REGISTERS],
        columns=[(f, column_name(f, language)) for f in listed],
        page=page,
        named=named,
        has_template=kind in KINDS_WITH_TEMPLATE,
    )


@blueprint.get("/<kind>/export.<form>")
@allowed("register.view")
def export(kind: str, form: str) -> Response:
    """Give a register as a file; recorded."""
    if form not in FORMATS:
        raise NotFound("there is no such page")
    content = io.BytesIO()
    with transaction() as session:
        rows = export_register(current_work(session), kind)
    write_table(content, rows, format=form)
    content.seek(0)
    return send_file(content, download_name=f"{kind}.{form}", as_attachment=True)


@blueprint.get("/<kind>/template.xlsx")
@allowed("register.view", "import")
def template(kind: str) -> Response:
    """Give the empty spreadsheet of a kind, its columns named in the page's language."""
    if kind not in KINDS_WITH_TEMPLATE:
        raise NotFound("there is no such page")
    content = io.BytesIO(template_workbook(kind, current_language()))
    return send_file(content, download_name=f"{kind}.xlsx", as_attachment=True)
