"""A division of a file taken over as a job: looked at, or made a draft."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask

from gis.actions.jobs.work import JobWork
from gis.actions.plan.adoption import Adopted, adopt_file
from gis.actions.provenance.whereabouts import hold_against_ground
from gis.domain.access import require
from gis.exchange.division_file import DivisionFile, read_division
from gis.store.plan.plan_drafts import community_of
from webmap.jobs.answers import answer_file

TASK = "import division"

Telling = Callable[[DivisionFile, Adopted], object]


def import_division(work: JobWork, app: Flask, tell: Telling) -> None:
    """Take over the division of the file that was given; a dry run unless it is to be stored.

    The arguments are ``reading`` and ``storing``: options of `read_division` and `adopt_file`.
    """
    with work.transaction() as session:
        scope = work.scope(session)
        community = community_of(session, scope, work.job.community_id)
        require(scope, "plan.edit", community.id)
    file = work.compute(_read, work)
    storing = work.arguments["storing"]
    with work.transaction() as session:
        file = replace(file, read=hold_against_ground(session, "grids", file.read, file=file.name))
        (adopted,) = adopt_file(work.within(session), file, [community], **storing)
        told = answer_file(app, lambda: tell(file, adopted))
        status = 201 if storing["commit"] else 200
        work.finish(session, {"status": status, "plan_id": adopted.plan_id}, told)


def _read(work: JobWork) -> DivisionFile:
    given = work.file()
    with tempfile.TemporaryDirectory(prefix="community-grid-import-") as folder:
        path = Path(folder) / given.name
        path.write_bytes(given.content)
        return read_division(path, **work.arguments["reading"])
