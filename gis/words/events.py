"""What the audit trail may tell: every event, as ``object.what_happened``."""

from __future__ import annotations

from gis.words.kinds import LOCATED_KINDS, RECORD_KINDS

EVENTS = {
    "login": "somebody signed in",
    "login.failed": "somebody tried to sign in and was not let in",
    "logout": "somebody signed out",
    "logout.everywhere": "somebody ended the own sessions on every device",
    "user.create": "an account was added",
    "user.password": "a password was set for somebody else",
    "user.password.own": "somebody changed the own password",
    "user.password.refused": "changing the own password was refused: the present one was wrong",
    "user.rights": "roles or areas of an account were changed",
    "user.rename": "the name of an account was changed",
    "user.disable": "an account was disabled",
    "user.enable": "a disabled account was enabled",
    "user.sign_out": "all sessions of an account were ended by an administrator",
    "user.demo_closed": "the demonstration's accounts were closed: real records came",
    "backup.make": "a backup of the whole database was made",
    "topic.add": "a topic was added",
    "topic.change": "a topic was changed",
    "topic.retire": "a topic was retired",
    "topic.reopen": "a retired topic was taken into use again",
    "topic.translate": "a word of other people's files was given a topic",
    "topic.forget": "the topic of such a word was forgotten",
    "time_zone.change": "the platform's time zone was changed",
    **{f"import.{kind}": f"{kind} were imported" for kind in RECORD_KINDS},
    "import.undo": "an import was undone; what was there before is there again",
    **{f"geocode.{kind}": f"{kind} were located from their addresses" for kind in LOCATED_KINDS},
    "coordinates.correct": "the coordinates of an import were corrected as a whole",
    "coordinates.uncorrect": "such a correction was undone",
    "block.build": "blocks of a community were built",
    "block.settle": "blocks that waited took the place of the old ones",
    "block.cut": "a block was cut in two",
    "plan.draw": "a plan was drawn",
    "plan.branch": "a plan was branched from another",
    "plan.import": "a plan was taken over from a file",
    "plan.export": "a plan was exported",
    "plan.print": "map sheets of a plan were asked for",
    "plan.rename": "a plan was named anew",
    "plan.edit": "edits of a plan were saved",
    "plan.merge": "edits were saved together with those of somebody else",
    "plan.revert": "a plan was taken back to a former edition",
    "plan.submit": "a plan was handed in",
    "plan.return": "a plan was returned with remarks",
    "plan.approve": "a plan was approved",
    "plan.publish": "a plan was published, at once or for a later day",
    "plan.withdraw": "the announcement of a plan was withdrawn",
    "plan.begin": "an announced plan came into force",
    "plan.supersede": "another plan took the place of a plan",
    "plan.retire": "a plan was given up",
    "drawing.begin": "a drawing was asked for",
    "drawing.cancel": "a drawing was cancelled",
    "job.cancel": "a job was cancelled",
    "worker.assign": "a grid was given to a worker",
    "worker.end": "a worker's care of a grid was ended",
    "household.list": "households were shown in a list",
    "household.view": "one household was shown",
    "household.reveal_phone": "a number outside the own grids was shown",
    "register.export": "a register was exported",
    "incident.export": "incidents were exported",
    "review.candidate": "a record was placed at an address of the register",
    "review.pin": "a record was placed by hand",
    "review.dismiss": "a record was set aside as not to be placed",
    "review.undo": "a decision about a record was taken back",
    "review.bulk_accept": "many proposals were accepted together",
    "review.bulk_dismiss": "many records were set aside together",
    "review.export": "the list of what waits for review was exported",
}
"""Every event, and what it means."""

FORMER = {
    **{f"import {kind}": f"import.{kind}" for kind in RECORD_KINDS},
    **{f"geocode {kind}": f"geocode.{kind}" for kind in LOCATED_KINDS},
    "correct coordinates": "coordinates.correct",
    "undo correction of coordinates": "coordinates.uncorrect",
    "build blocks": "block.build",
    "settle blocks": "block.settle",
    "cut block": "block.cut",
    "draw plan": "plan.draw",
    "branch plan": "plan.branch",
    "import plan": "plan.import",
    "export plan": "plan.export",
    "print sheets": "plan.print",
    "rename plan": "plan.rename",
    "edited plan": "plan.edit",
    "merged plan": "plan.merge",
    "reverted plan": "plan.revert",
    "submit plan": "plan.submit",
    "return plan": "plan.return",
    "approve plan": "plan.approve",
    "publish plan": "plan.publish",
    "withdraw plan": "plan.withdraw",
    "begin plan": "plan.begin",
    "supersede plan": "plan.supersede",
    "retire plan": "plan.retire",
    "begin drawing": "drawing.begin",
    "cancel drawing": "drawing.cancel",
}
"""What entries of earlier releases call an event, which stays as it was written."""


def event_of(action: str) -> str:
    """Give the event that an entry tells of, whichever release wrote it.

    Examples
    --------
    >>> event_of("branch plan"), event_of("plan.branch")
    ('plan.branch', 'plan.branch')
    """
    return FORMER.get(action, action)


def spellings(beginning: str) -> frozenset[str]:
    """Give all that entries call the events whose name, or former name, begins so.

    Examples
    --------
    >>> sorted(spellings("drawing"))
    ['begin drawing', 'cancel drawing', 'drawing.begin', 'drawing.cancel']
    """
    found = {event for event in EVENTS if event.startswith(beginning)}
    found |= {event for old, event in FORMER.items() if old.startswith(beginning)}
    return frozenset(found | {old for old, event in FORMER.items() if event in found})
